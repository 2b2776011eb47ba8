import { SmtpError } from '../mail/smtp/client-channel.ts'
import type { Outcome } from './outgoing.ts'

const MINUTE = 60_000
const DELAYS = [0.5 * MINUTE, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, 120 * MINUTE]
/** When nothing goes out at all, everything waits; it should not wait for hours once the relay is back. */
const LONGEST_FOR_RELAY = 5 * MINUTE

/** Before the first of these is over, no word has been said about any mail. */
const OPENING = new Set(['connect', 'EHLO', 'HELO', 'STARTTLS', 'AUTH'])

/**
 * What a failed attempt means for the mail: a 5xx to one of its own commands ends it (RFC 5321 section 4.2.1). A relay
 * that is away, refuses our login or wants one (530) says nothing about the mail; the operator will mend that.
 * @param attempts this one included
 */
export function verdict(error: unknown, attempts: number, random = Math.random()): Outcome {
  const delay = DELAYS[attempts - 1] ?? 120 * MINUTE
  if (!(error instanceof SmtpError))
    return { status: 'queued', reply: 'trouble of our own', retryInMs: delay }
  const reply = error.message
  const isRelay = isAboutRelay(error)
  if (!isRelay && error.code >= 500) return { status: 'failed', reply }
  const wait = isRelay ? Math.min(delay, LONGEST_FOR_RELAY) : delay
  // What failed together need not come back together.
  return { status: 'queued', reply, retryInMs: Math.round(wait * (0.8 + 0.4 * random)) }
}

/** Whether it would be the same with any other mail. */
export function isAboutRelay(error: SmtpError): boolean {
  return OPENING.has(error.moment) || error.code === 530 || error.code === 421
}
