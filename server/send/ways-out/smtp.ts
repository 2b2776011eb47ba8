import { type BulkEnd, type BulkMail } from '../../mail/smtp/bulk-session.ts'
import { BulkPool } from '../../mail/smtp/bulk-pool.ts'
import { SmtpError } from '../../mail/smtp/client-channel.ts'
import {
  type Credentials,
  openChannel,
  type Opened,
  type SubmitTarget,
} from '../../mail/smtp/client-opening.ts'
import { checkEnvelope } from '../../mail/smtp/client-session.ts'
import { AccessToken } from './access-token.ts'
import type { SettingValues } from './email-service-types.ts'
import { answerOf, outcomeOf } from './smtp-outcome.ts'
import type { WayOutTools } from './open-way-out.ts'
import { answerText, type Gate, type Outcome, type OutgoingMail, type WayOut } from './way-out.ts'

const CONNECTIONS = 20
const MESSAGES_EACH = 1000
/** RFC 5321, section 4.5.3.2.7, lets servers close after five minutes; many do after one, some after less. */
const IDLE_MS = 10_000
/** Seconds; RFC 5321, section 4.5.3.2.1. */
const OPENING_TIMEOUT = 300

const MECHANISMS = { plain: 'PLAIN', login: 'LOGIN', 'cram-md5': 'CRAM-MD5' } as const

/** To any SMTP server that takes mail from us: a relay, or the SMTP door of a provider. */
export function smtpWayOut(settings: SettingValues, tools: WayOutTools): WayOut {
  const { guard, heloName, timeoutScale, ca } = tools
  const host = String(settings.host)
  const token = AccessToken.of(settings, guard)
  const connections = Number(settings.connections ?? CONNECTIONS)
  const target = {
    host,
    port: Number(settings.port),
    secure: security(settings),
    heloName,
    timeout: OPENING_TIMEOUT * timeoutScale,
    ...(ca !== undefined && { ca }),
  }
  const pool = new BulkPool({
    connections,
    messagesEach: Number(settings.messages_per_connection ?? MESSAGES_EACH),
    idleMs: IDLE_MS * timeoutScale,
    timeoutFactor: timeoutScale,
    unreachable(mail, { code, enhanced, text }) {
      const answer = answerOf({ code, enhanced, text })
      ;(mail as Task).resolve({ is: 'deferred', scope: 'service', answer })
    },
    open: stop => open(stop),
  })

  async function open(stop: AbortSignal): Promise<Opened> {
    const addresses = await guard.addressesOf(host).catch((error: Error) => {
      throw new SmtpError('connect', error.message, { cause: error })
    })
    let failure: unknown
    for (const { address } of addresses)
      try {
        return await openAt({ ...target, address }, stop)
      } catch (error) {
        failure = error
        // Only where nobody has spoken is another address another chance.
        if (!(error instanceof SmtpError) || error.moment !== 'connect' || error.code !== 0) throw error
      }
    throw failure
  }

  async function openAt(at: SubmitTarget, stop: AbortSignal): Promise<Opened> {
    const auth = await credentials(settings, token)
    try {
      return await openChannel({ ...at, ...(auth && { auth }) }, stop)
    } catch (error) {
      if (error instanceof SmtpError && error.moment === 'AUTH') token?.refused()
      throw error
    }
  }

  return {
    takes: 'bytes',
    // One on its way, and one whose envelope goes with it.
    capacity: 2 * connections,
    send: (mail, gate) =>
      new Promise(resolve => {
        try {
          checkEnvelope({ reversePath: mail.reversePath, forwardPaths: [mail.forwardPath] })
        } catch (error) {
          return resolve({ is: 'refused', answer: answerOf(error as SmtpError) })
        }
        pool.send(new Task(mail, gate, resolve))
      }),
    close: () => pool.close(),
  }
}

/** RFC 8314, section 7.3: port 465 is TLS from the first byte. */
function security({ encryption, port }: SettingValues): NonNullable<SubmitTarget['secure']> {
  if (encryption === 'ssl' || Number(port) === 465) return 'tls'
  return encryption === 'tls' ? 'starttls' : 'opportunistic'
}

async function credentials(
  { username, password, auth }: SettingValues,
  token: AccessToken | undefined,
): Promise<Credentials | undefined> {
  if (username === null || username === undefined) return undefined
  if (token !== undefined) return { username: String(username), token: await token.current() }
  const mechanism = MECHANISMS[auth as keyof typeof MECHANISMS]
  return { username: String(username), password: String(password ?? ''), ...(mechanism && { mechanism }) }
}

class Task implements BulkMail {
  readonly reversePath: string
  readonly forwardPath: string
  readonly bytes: Buffer
  readonly gate: Gate
  readonly resolve: (outcome: Outcome) => void
  tries = 0

  constructor({ reversePath, forwardPath, bytes }: OutgoingMail, gate: Gate, resolve: Task['resolve']) {
    this.reversePath = reversePath
    this.forwardPath = forwardPath
    this.bytes = bytes
    this.gate = gate
    this.resolve = resolve
  }

  ended(end: BulkEnd): void {
    if (end.is === 'answered') return this.resolve(outcomeOf(end.moment, end.reply))
    if (end.is === 'stopped') return this.resolve(end)
    const answer = { code: 0, enhanced: null, text: answerText(end.text) }
    this.resolve(end.handedOver ? { is: 'ambiguous', answer } : { is: 'deferred', scope: 'service', answer })
  }
}
