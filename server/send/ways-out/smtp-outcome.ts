import type { ServerReply } from '../../mail/smtp/client-channel.ts'
import { type Answer, answerText, type Outcome } from './way-out.ts'

/**
 * Refusals that say nothing about the mail: no service (421), a login that is wanted, refused or not to be had now (432,
 * 454, 530, 534, 535, 538: RFC 4954, section 6), a host that takes no mail at all (521: RFC 7504), and what servers say
 * to those who have not said enough of themselves (503).
 */
const OF_SERVICE = new Set([421, 432, 454, 503, 521, 530, 534, 535, 538])

/** RFC 3463: the host's or the way's own trouble, and policy, of which the usual one is "too much of you". */
const OF_DOMAIN = /^4\.(?:1\.2|3\.\d+|4\.\d+|7\.\d+)$/

/** Is told of one recipient at a time, with the enhanced code of a policy. */
const GREYLISTING = /gr[ea]y-?list|postgrey/i

/** @param moment the command that was answered: MAIL, RCPT, DATA or message */
export function outcomeOf(moment: string, reply: ServerReply): Outcome {
  const answer = answerOf(reply)
  const { code, enhanced } = answer
  if (moment === 'message') {
    if (code >= 200 && code < 300) return { is: 'sent', answer, providerId: null }
    // RFC 5321, section 4.2.1: a reply of 4xx means that the message was not taken.
    if (code === 421) return { is: 'deferred', scope: 'mail', answer }
  }
  if (OF_SERVICE.has(code)) return { is: 'deferred', scope: 'service', answer }
  if (code >= 500) return { is: 'refused', answer }
  if (enhanced === null || GREYLISTING.test(answer.text)) return { is: 'deferred', scope: 'mail', answer }
  // Nobody has been named yet for whom there could be no room.
  if (moment === 'MAIL' && enhanced.startsWith('4.3.')) return { is: 'deferred', scope: 'service', answer }
  return { is: 'deferred', scope: OF_DOMAIN.test(enhanced) ? 'domain' : 'mail', answer }
}

export function answerOf({ code, enhanced, text }: ServerReply): Answer {
  const words = answerText(text)
  const retryAfterMs = code >= 400 && code < 500 ? waitIn(words) : undefined
  return { code, enhanced: enhanced ?? null, text: words, ...(retryAfterMs && { retryAfterMs }) }
}

/** As greylisting servers say it: `try again in 300 seconds`. */
function waitIn(text: string): number | undefined {
  const [, number, unit] =
    /\b(?:in|after|for|wait) (\d{1,5}) ?(s|sec|m|min|minute|second)s?\b/i.exec(text) ?? []
  return number === undefined
    ? undefined
    : Number(number) * (unit?.toLowerCase().startsWith('m') ? 60_000 : 1000)
}
