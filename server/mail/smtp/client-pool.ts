import { SmtpError } from './client-channel.ts'
import { checkEnvelope, ClientSession } from './client-session.ts'
import type { SubmitTarget } from './client-opening.ts'
import type { SubmitEnvelope, Submitted } from './client-session.ts'

export interface PoolOptions {
  /** Open at once. */
  connections: number
  /** Sent over one connection before it is closed; some servers count. */
  messagesEach: number
  /** Before an unused connection is closed. RFC 5321 section 4.5.3.2.7 lets servers close after five minutes; many do after one. */
  idleSeconds: number
  /** For one message in all, connecting included: a server that answers a byte a minute never runs into a timeout. */
  messageSeconds: number
}

/** Connections to one server, kept for the next message: greeting, TLS and login cost more than most messages. */
export class SmtpPool {
  readonly #target: SubmitTarget
  readonly #options: PoolOptions
  readonly #idle: { session: ClientSession; timer: NodeJS.Timeout }[] = []
  readonly #busy = new Set<AbortController>()
  readonly #waiting: (() => void)[] = []
  #closed = false

  constructor(target: SubmitTarget, options: PoolOptions) {
    this.#target = target
    this.#options = options
  }

  /** Waits for a connection if all are busy. Rejects with SmtpError, as `submit` does. */
  async send(envelope: SubmitEnvelope, bytes: Buffer): Promise<Submitted> {
    checkEnvelope(envelope)
    while (this.#busy.size >= this.#options.connections)
      await new Promise<void>(wake => this.#waiting.push(wake))
    if (this.#closed) throw new SmtpError('connect', 'closing')
    const stop = new AbortController()
    this.#busy.add(stop)
    const { messageSeconds } = this.#options
    const timer = setTimeout(() => stop.abort(`not done within ${messageSeconds} s`), messageSeconds * 1000)
    try {
      return await this.#sendOnce(envelope, bytes, stop.signal)
    } finally {
      clearTimeout(timer)
      this.#busy.delete(stop)
      this.#waiting.shift()?.()
    }
  }

  /** Nothing more is taken. What is under way fails now. */
  close(): void {
    this.#closed = true
    for (const { session, timer } of this.#idle.splice(0)) {
      clearTimeout(timer)
      session.quit()
    }
    for (const stop of this.#busy) stop.abort('closing')
    for (const wake of this.#waiting.splice(0)) wake()
  }

  async #sendOnce(envelope: SubmitEnvelope, bytes: Buffer, stop: AbortSignal): Promise<Submitted> {
    const kept = this.#takeIdle()
    if (kept !== undefined)
      try {
        return await this.#over(kept, envelope, bytes, stop)
      } catch (error) {
        // It was dead already, or as good as that, and the message has not been sent. A new one will tell more.
        const isUnfit =
          error instanceof SmtpError && (error.code === 0 || error.code === 421 || error.moment === 'RSET')
        if (!isUnfit || kept.handedOver || stop.aborted) throw error
      }
    return this.#over(await ClientSession.open(this.#target, stop), envelope, bytes, stop)
  }

  async #over(
    session: ClientSession,
    envelope: SubmitEnvelope,
    bytes: Buffer,
    stop: AbortSignal,
  ): Promise<Submitted> {
    const abort = () => session.abort(String(stop.reason))
    stop.addEventListener('abort', abort)
    if (stop.aborted) abort()
    try {
      return await session.send(envelope, bytes)
    } finally {
      stop.removeEventListener('abort', abort)
      this.#keep(session)
    }
  }

  #keep(session: ClientSession): void {
    if (!session.usable) return session.abort('given up')
    if (this.#closed || session.tried >= this.#options.messagesEach) return session.quit()
    const timer = setTimeout(() => {
      this.#idle.splice(
        this.#idle.findIndex(one => one.session === session),
        1,
      )
      session.quit()
    }, this.#options.idleSeconds * 1000)
    this.#idle.push({ session, timer })
  }

  /** The one used last: the others get their chance to become idle. */
  #takeIdle(): ClientSession | undefined {
    for (let one = this.#idle.pop(); one; one = this.#idle.pop()) {
      clearTimeout(one.timer)
      if (one.session.usable) return one.session
      one.session.abort('given up')
    }
    return undefined
  }
}
