import type { Log } from '../log.ts'
import { SmtpError } from '../mail/smtp/client-channel.ts'
import { SmtpPool } from '../mail/smtp/client-pool.ts'
import type { Storage } from '../storage/database.ts'
import {
  claimDue,
  type Claimed,
  countQueued,
  nextDue,
  type Outcome,
  renew,
  settle,
  sweep,
} from './outgoing.ts'
import type { RelayServer } from './relay-url.ts'
import { isAboutRelay, verdict } from './verdict.ts'

const CONNECTIONS = 5
const POOL = { connections: CONNECTIONS, messagesEach: 100, idleSeconds: 10, messageSeconds: 600 }
const REPLY_SECONDS = 60

/** A process that is killed lets go of its mail after this. */
const LEASE_MS = 20_000
const RENEW_EVERY_MS = 5_000
/** Others may have put mail into the queue, or have let go of it. */
const LOOK_EVERY_MS = 5_000
const SWEEP_EVERY_MS = 3_600_000

interface Options {
  storage: Pick<Storage, 'read' | 'write'>
  server: RelayServer
  /** What we call ourselves. */
  heloName: string
  log: Log
  /** Told how each attempt ended. */
  ended(status: Outcome['status']): void
}

/**
 * The way out: takes mail from the queue and hands it to the operator's relay, a few at a time. Any number of nodes may
 * do so with one database. A mail whose reply was lost (the process killed, the connection cut behind the final dot)
 * is sent again: it may then arrive twice, never not at all. A copy bears the Message-ID of its original, so that a
 * mailbox can tell.
 */
export class Relay {
  readonly #options: Options
  readonly #pool: SmtpPool
  readonly #inFlight = new Map<number, Claimed>()
  readonly #ends = new Set<Promise<void>>()
  readonly #renewing: NodeJS.Timeout
  readonly #sweeping: NodeJS.Timeout
  #next: NodeJS.Timeout | undefined
  #looking = false
  #again = false
  #closing = false
  #complainedAt = 0
  #queued = 0
  #countedAt = 0

  constructor(options: Options) {
    this.#options = options
    this.#pool = new SmtpPool({ ...options.server, heloName: options.heloName, timeout: REPLY_SECONDS }, POOL)
    this.#renewing = setInterval(() => void this.#renew(), RENEW_EVERY_MS)
    this.#sweeping = setInterval(() => void this.#sweep(), SWEEP_EVERY_MS)
    void this.#sweep()
    this.wake()
  }

  /** Waiting for its turn or its next attempt, as of a few seconds ago. */
  get queued(): number {
    return this.#queued
  }

  /** There may be something to do. */
  wake(): void {
    if (this.#closing) return
    this.#again = true
    if (!this.#looking) void this.#look()
  }

  /** Takes nothing more, and waits for what is under way; what is not done by then is left for later. */
  async close(graceSeconds: number): Promise<void> {
    this.#closing = true
    clearTimeout(this.#next)
    clearInterval(this.#sweeping)
    const grace = setTimeout(() => this.#pool.close(), graceSeconds * 1000)
    while (this.#ends.size > 0 || this.#looking) await Promise.race([...this.#ends, turn()])
    clearTimeout(grace)
    clearInterval(this.#renewing)
    this.#pool.close()
  }

  async #look(): Promise<void> {
    this.#looking = true
    clearTimeout(this.#next)
    let due: number | undefined
    try {
      while (this.#again && !this.#closing) {
        this.#again = false
        due = await this.#begin()
      }
    } catch (error) {
      this.#options.log.warn('the queue of outgoing mail could not be read', { error })
    }
    this.#looking = false
    if (this.#closing) return
    // Not at once: what is due and was not to be had is being claimed by another node.
    const wait = Math.min(Math.max((due ?? Infinity) - Date.now(), 50), LOOK_EVERY_MS)
    // With all connections busy the first that is free looks again.
    this.#next = setTimeout(() => this.wake(), this.#inFlight.size >= CONNECTIONS ? LOOK_EVERY_MS : wait)
  }

  /** Starts what is due, as far as there are connections. Says when the next is due. */
  async #begin(): Promise<number | undefined> {
    const { read, write } = this.#options.storage
    await this.#count()
    const due = await nextDue(read)
    const free = CONNECTIONS - this.#inFlight.size
    if (due === undefined || due > Date.now() || free <= 0) return due
    for (const mail of await claimDue(write, free, LEASE_MS)) {
      const ours = this.#inFlight.get(mail.id)
      // The lease ran out under us (this machine slept), and nobody else took it.
      if (ours !== undefined) ours.attempts = mail.attempts
      else this.#start(mail)
    }
    return nextDue(write)
  }

  #start(mail: Claimed): void {
    this.#inFlight.set(mail.id, mail)
    const end = this.#send(mail)
      .then(outcome => this.#settle(mail, outcome))
      .finally(() => {
        this.#inFlight.delete(mail.id)
        this.#ends.delete(end)
        this.wake()
      })
    this.#ends.add(end)
  }

  async #send(mail: Claimed): Promise<Outcome> {
    const envelope = { reversePath: mail.reverse_path, forwardPaths: [mail.forward_path] }
    try {
      const { code, enhanced, text } = (await this.#pool.send(envelope, mail.bytes)).reply
      return { status: 'sent', reply: [code, enhanced, text].filter(Boolean).join(' ') }
    } catch (error) {
      if (this.#closing) return { status: 'queued', reply: 'the server was stopped meanwhile', retryInMs: 0 }
      if (!(error instanceof SmtpError)) this.#options.log.error('a mail could not be sent', { error })
      else if (isAboutRelay(error)) this.#complain(error)
      return verdict(error, mail.attempts)
    }
  }

  /** Until it is written down: if the relay has taken the mail and the disk is full, it must not be sent again and again. */
  async #settle(mail: Claimed, outcome: Outcome): Promise<void> {
    const { storage, log, ended } = this.#options
    for (;;)
      try {
        const status = await settle(storage.write, mail, outcome)
        if (status === 'failed') log.warn('outgoing mail has failed', { id: mail.id, reply: outcome.reply })
        return ended(status)
      } catch (error) {
        if (this.#closing) return log.error('what became of a mail is not known', { id: mail.id, error })
        log.warn('what became of a mail could not be written down yet', { id: mail.id, error })
        await new Promise(resolve => setTimeout(resolve, 1_000))
      }
  }

  async #renew(): Promise<void> {
    for (const mail of this.#inFlight.values())
      await renew(this.#options.storage.write, mail, LEASE_MS).catch(() => {})
  }

  async #sweep(): Promise<void> {
    const { storage, log } = this.#options
    await sweep(storage.write).catch(error => log.warn('old outgoing mail could not be removed', { error }))
  }

  async #count(): Promise<void> {
    if (Date.now() < this.#countedAt + LOOK_EVERY_MS) return
    this.#countedAt = Date.now()
    this.#queued = await countQueued(this.#options.storage.read)
  }

  /** Not once for each mail that waits. */
  #complain(error: SmtpError): void {
    if (Date.now() < this.#complainedAt + 60_000) return
    this.#complainedAt = Date.now()
    this.#options.log.warn('the relay takes no mail now', { says: error.message })
  }
}

function turn(): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, 20))
}
