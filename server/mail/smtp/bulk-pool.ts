import type { BulkMail, BulkOwner, Lost } from './bulk-session.ts'
import { BulkSession } from './bulk-session.ts'
import { SmtpError } from './client-channel.ts'
import type { Opened } from './client-opening.ts'

export interface BulkPoolOptions {
  /** Open at once. */
  connections: number
  /** Tried over one connection before it is closed; fewer with a server that closes earlier. */
  messagesEach: number
  /** Before an unused connection is closed. */
  idleMs: number
  /** Of the time limits of RFC 5321 section 4.5.3.2. */
  timeoutFactor: number
  /** Rejects with SmtpError. */
  open: (stop: AbortSignal) => Promise<Opened>
  /** The mail was not begun, for there is no connection. */
  unreachable: (mail: BulkMail, error: SmtpError) => void
}

/** RFC 5321 section 4.5.3.2.1: for the greeting; the login is included here. */
const OPENING_MS = 5 * 60_000
/** A server that takes no more connections now may take them later. */
const SHY_MS = 60_000
/** A mail that has cost so many connections waits: it might be its own fault. */
const MOST_TRIES = 2

/** Connections for bulk mail to one server: opened as they are needed, a few at a time, and kept for what comes next. */
export class BulkPool {
  readonly #options: BulkPoolOptions
  readonly #limits: { messagesEach: number; timeoutFactor: number }
  readonly #sessions = new Set<BulkSession>()
  readonly #idle: BulkSession[] = []
  readonly #waiting: BulkMail[] = []
  readonly #opening = new Set<AbortController>()
  readonly #owner: BulkOwner
  readonly #ticking: NodeJS.Timeout
  /** How many connections the server is known to allow, until then. */
  #allowed = Infinity
  #shyUntil = 0
  #closed = false

  constructor(options: BulkPoolOptions) {
    this.#options = options
    const { messagesEach, timeoutFactor, idleMs } = options
    this.#limits = { messagesEach, timeoutFactor }
    this.#owner = {
      take: () => this.#waiting.shift(),
      idle: session => this.#rest(session),
      gone: (session, again, why) => this.#gone(session, again, why),
    }
    this.#ticking = setInterval(() => this.#tick(), Math.min(1000, Math.max(10, idleMs / 10)))
    this.#ticking.unref()
  }

  /** How it ends is told to the mail, or to `unreachable`. */
  send(mail: BulkMail): void {
    if (this.#closed) return this.#options.unreachable(mail, new SmtpError('connect', 'closing'))
    const session = this.#idle.pop()
    if (session !== undefined) return session.begin(mail)
    this.#waiting.push(mail)
    this.#grow()
  }

  /** What is under way is lost. */
  close(): void {
    this.#closed = true
    clearInterval(this.#ticking)
    for (const stop of this.#opening) stop.abort('closing')
    for (const session of this.#idle.splice(0)) session.quit()
    for (const session of this.#sessions) session.abort('closing')
    this.#sessions.clear()
    this.#giveUp(new SmtpError('connect', 'closing'))
  }

  /** One, and when it stands two, and then four: a server that is down or counts is not run down. */
  #grow(): void {
    const { connections } = this.#options
    if (performance.now() > this.#shyUntil) this.#allowed = Infinity
    const most = Math.min(connections, this.#allowed)
    while (
      !this.#closed &&
      this.#opening.size < this.#waiting.length &&
      this.#opening.size < Math.max(1, this.#sessions.size) &&
      this.#opening.size + this.#sessions.size < most
    )
      void this.#open()
  }

  async #open(): Promise<void> {
    const stop = new AbortController()
    this.#opening.add(stop)
    const timer = setTimeout(() => stop.abort('not ready in time'), OPENING_MS * this.#options.timeoutFactor)
    let opened: Opened | undefined
    let failure: unknown
    try {
      opened = await this.#options.open(stop.signal)
    } catch (error) {
      failure = error
    } finally {
      clearTimeout(timer)
      this.#opening.delete(stop)
    }
    if (opened === undefined) this.#refused(failure)
    else if (this.#closed) opened.channel.destroy()
    else this.#put(new BulkSession(opened, this.#owner, this.#limits))
  }

  #put(session: BulkSession): void {
    this.#sessions.add(session)
    const mail = this.#waiting.shift()
    if (mail === undefined) this.#rest(session)
    else session.begin(mail)
    this.#grow()
  }

  #refused(failure: unknown): void {
    if (this.#sessions.size > 0) {
      this.#allowed = this.#sessions.size
      this.#shyUntil = performance.now() + SHY_MS
    } else if (this.#opening.size === 0)
      this.#giveUp(
        failure instanceof SmtpError ? failure : new SmtpError('connect', (failure as Error).message),
      )
  }

  #giveUp(error: SmtpError): void {
    for (const mail of this.#waiting.splice(0)) this.#options.unreachable(mail, error)
  }

  #rest(session: BulkSession): void {
    session.idleSince = performance.now()
    this.#idle.push(session)
  }

  #gone(session: BulkSession, again: BulkMail | undefined, why: Lost | undefined): void {
    this.#sessions.delete(session)
    const at = this.#idle.indexOf(session)
    if (at >= 0) this.#idle.splice(at, 1)
    if (again !== undefined && why !== undefined) this.#tryAgain(session, again, why)
    else if (why === undefined) this.#allowMore()
    this.#grow()
  }

  /** A 421 may have had another reason than the number of mails. */
  #allowMore(): void {
    const { messagesEach } = this.#limits
    this.#limits.messagesEach = Math.min(this.#options.messagesEach, Math.ceil(messagesEach * 1.1))
  }

  #tryAgain(session: BulkSession, mail: BulkMail, { text, reply }: Lost): void {
    const isFirst = session.tried <= 1
    // It counts, and says so in this way.
    if (reply !== undefined && !isFirst)
      this.#limits.messagesEach = Math.max(1, Math.min(this.#limits.messagesEach, session.tried - 1))
    if (mail.tries < MOST_TRIES && !this.#closed && (reply === undefined || !isFirst))
      return void this.#waiting.unshift(mail)
    this.#options.unreachable(mail, new SmtpError('MAIL', reply ?? text))
  }

  #tick(): void {
    const now = performance.now()
    for (const session of this.#sessions) session.tick(now)
    const { idleMs } = this.#options
    // The first is the one that was used longest ago.
    while (this.#idle[0] !== undefined && now - this.#idle[0].idleSince > idleMs) {
      const session = this.#idle.shift()
      if (session === undefined) break
      this.#sessions.delete(session)
      session.quit()
    }
    this.#grow()
  }
}
