import { type Guard, type GuardedRequest, NothingWritten, RefusedTarget } from '../../guard.ts'
import { KeptConnections } from '../../kept-connections.ts'
import { jsonIn } from './outside-json.ts'
import { type Answer, answerText, type OutgoingMail, type Outcome, type WayOut } from './way-out.ts'

/** What a way out over HTTP works with. */
export interface ProviderTools {
  guard: Guard
  /** Of all timeouts; 1 if absent. */
  timeoutScale?: number
  /** Instead of the provider's own address, as `http://127.0.0.1:8080`: for tests. */
  baseUrl?: string
}

/** A provider's answer, as far as it is JSON. */
export interface ProviderReply {
  status: number
  header(name: string): string | undefined
  body: unknown
  /** As it was, where it is no JSON. */
  text: string
}

/** What is particular to one provider. */
export interface Provider {
  takes: WayOut['takes']
  /** @throws RefusedTarget: it cannot be asked with these settings */
  request(mail: OutgoingMail): Pick<GuardedRequest, 'headers' | 'body'> & { url: string }
  /** The name that it gave to the mail, out of an answer of success; null: it says none. */
  idIn(reply: ProviderReply, mail: OutgoingMail): string | null
  /** What it says went wrong, out of any other answer. */
  said(body: unknown): string | undefined
  /** Where the status alone does not say whether it is about this mail. Undefined: it does. */
  judge?(reply: ProviderReply): Judgement | undefined
}

export interface Judgement {
  is: 'sent' | 'refused' | 'service'
  retryAfterMs?: number
}

/** Large attachments over a slow line have arrived by then. */
const TIMEOUT_MS = 60_000
/** However little a test waits: a busy machine is not a silent provider. */
const LEAST_TIMEOUT_MS = 1_000
const MAX_REPLY = 65_536
/** More at a time than any of the providers takes from one account for long. */
const CAPACITY = 32

/**
 * A way out over HTTP: one request for each mail. The gate is asked when the connection stands and nothing is written
 * yet; whatever has no answer after that is ambiguous, and no provider here can tell a repeated request.
 */
export function providerWayOut(provider: Provider, { guard, timeoutScale = 1 }: ProviderTools): WayOut {
  const connections = new KeptConnections()
  return {
    takes: provider.takes,
    capacity: CAPACITY,
    async send(mail, gate) {
      let isStopped = false
      const ready = async () => {
        isStopped = !(await gate())
        return !isStopped
      }
      try {
        const { url, ...request } = provider.request(mail)
        const reply = await guard.fetch(url, {
          method: 'POST',
          ...request,
          timeoutMs: Math.max(LEAST_TIMEOUT_MS, TIMEOUT_MS * timeoutScale),
          maxBytes: MAX_REPLY,
          connections,
          ready,
        })
        const text = reply.body.toString()
        const read: ProviderReply = {
          status: reply.status,
          header: name => [reply.headers[name] ?? []].flat()[0],
          body: jsonIn(text),
          text,
        }
        return outcomeOf(provider, read, mail)
      } catch (error) {
        if (isStopped) return { is: 'stopped' }
        const answer = { code: 0, enhanced: null, text: answerText((error as Error).message) }
        if (error instanceof NothingWritten || error instanceof RefusedTarget)
          return { is: 'deferred', scope: 'service', answer }
        return { is: 'ambiguous', answer }
      }
    },
    close: () => connections.close(),
  }
}

function outcomeOf(provider: Provider, reply: ProviderReply, mail: OutgoingMail): Outcome {
  const { status, body } = reply
  const judged = provider.judge?.(reply)
  const is = judged?.is ?? judgementOf(status)
  const text = answerText((is === 'sent' ? undefined : provider.said(body)) ?? reply.text)
  const retryAfterMs = judged?.retryAfterMs ?? retryAfterOf(reply)
  const answer: Answer = {
    code: status,
    enhanced: null,
    text,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  }
  if (is === 'sent') return { is, answer, providerId: provider.idIn(reply, mail) }
  return is === 'refused' ? { is, answer } : { is: 'deferred', scope: 'service', answer }
}

/** 4xx is about the mail, except where it is about who sends, how often, or how slowly. */
function judgementOf(status: number): Judgement['is'] {
  if (status >= 200 && status <= 299) return 'sent'
  const isOfMail = status >= 400 && status <= 499 && ![401, 402, 403, 407, 408, 425, 429].includes(status)
  return isOfMail ? 'refused' : 'service'
}

/** RFC 9110, section 10.2.3: seconds, or a date. */
function retryAfterOf({ header }: ProviderReply): number | undefined {
  const given = header('retry-after')
  if (given === undefined) return undefined
  const ms = /^\d{1,9}$/.test(given) ? Number(given) * 1000 : Date.parse(given) - Date.now()
  return Number.isNaN(ms) ? undefined : Math.max(0, ms)
}

/** HTTP Basic (RFC 7617). */
export function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
}

/** A setting as text; the settings of a service were checked when they were given. */
export function setting(settings: Record<string, string | number | null>, key: string): string {
  return String(settings[key] ?? '')
}
