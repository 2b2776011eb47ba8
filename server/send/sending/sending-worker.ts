import { mkdirSync, unlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import type { Worker } from 'node:worker_threads'
import type { Storage } from '../../storage/database.ts'
import { startThread } from '../../storage/thread.ts'
import type { Answer, OutgoingMail, Outcome } from '../ways-out/way-out.ts'
import { journalsIn } from './hand-over-journal.ts'
import { LEASE_MS, registerNode, removeNode, sayAlive } from './nodes.ts'
import type { Ended, FromThread, SendingThreadData, ServiceOrder, ToThread } from './thread-messages.ts'

const BEAT_MS = 2_000

/** Puts a mail into one of our own inboxes. @returns why it is not taken; null: it is kept */
export type DeliverToInbox = (
  workspaceId: number,
  inboxId: number,
  mail: { reversePath: string; forwardPath: string; bytes: Buffer },
) => Promise<Answer | null>

interface Options {
  storage: Storage
  data: Omit<SendingThreadData, 'node'>
  deliver: DeliverToInbox
  /** What became of rows; when this has resolved the database knows. */
  settle(node: number, rows: Ended[]): Promise<void>
  onTrouble(message: string): void
  /** It ended by itself: its rows have to be recovered. */
  onCrash(node: number, error: unknown): void
  /** Nodes of this process, for whoever recovers those of others. */
  own: Set<number>
}

/** The main thread's side of one sending thread, which is a node of its own. */
export class SendingWorker {
  readonly node: number
  /** Nodes at work on this database. */
  nodes = 1
  readonly #options: Options
  readonly #worker: Worker
  readonly #asks = new Map<number, (message: FromThread) => void>()
  readonly #beat: NodeJS.Timeout
  #nextAsk = 1
  #settling: Promise<void> | undefined
  #unsettled: Ended[] = []
  #reported = 0
  #gone = false
  #closing = false
  #closed: (() => void) | undefined
  readonly #ready: Promise<void>
  #isReady: () => void = () => {}

  static async start(options: Options): Promise<SendingWorker> {
    mkdirSync(options.data.folder, { recursive: true, mode: 0o700 })
    const node = await registerNode(options.storage.write, `${hostname()} ${process.pid}`)
    options.own.add(node)
    const worker = new SendingWorker(node, options)
    // Rows that were claimed before there is a journal would all be ambiguous after a kill.
    await worker.#ready
    return worker
  }

  private constructor(node: number, options: Options) {
    this.node = node
    this.#options = options
    this.#ready = new Promise(resolve => {
      this.#isReady = resolve
    })
    const data: SendingThreadData = { node, ...options.data }
    this.#worker = startThread(new URL('./sending-thread.ts', import.meta.url), data)
    this.#worker.on('message', (message: FromThread) => this.#heard(message))
    this.#worker.on('error', error => this.#crashed(error))
    this.#worker.on('exit', () => this.#crashed(new Error('the sending thread ended')))
    this.#beat = setInterval(() => void this.#sayAlive(), BEAT_MS)
    this.#beat.unref()
    void this.#sayAlive()
  }

  post(message: ToThread): void {
    this.#worker.postMessage(message)
  }

  /** Claimed rows, to be written and handed over. */
  hand(mails: Omit<Extract<ToThread, { do: 'mails' }>, 'do'>): void {
    if (!this.#gone) return this.post({ do: 'mails', ...mails })
    // It ended while they were being claimed.
    const { emailServiceId, campaignId, rows } = mails
    void this.#options.settle(
      this.node,
      rows.map(({ id, attempts, domain }) => ({
        id,
        attempts,
        domain,
        campaignId,
        emailServiceId,
        at: Date.now(),
        is: 'stopped',
        scope: null,
        begun: false,
        answer: { code: 0, enhanced: null, text: '' },
        providerId: null,
        subject: null,
        waitMs: 0,
      })),
    )
  }

  async stop(subscriberIds: readonly number[], campaignIds: readonly number[], at: number): Promise<void> {
    await this.#ask(ask => ({ do: 'stop', ask, at, subscriberIds, campaignIds }))
  }

  async handOver(service: ServiceOrder, mail: OutgoingMail): Promise<Outcome> {
    const answer = await this.#ask(ask => ({ do: 'hand over', ask, service, mail }))
    if (answer.is === 'handed over') return answer.outcome
    return {
      is: 'deferred',
      scope: 'service',
      answer: { code: 0, enhanced: null, text: 'the sending thread stopped' },
    }
  }

  /** Waits for answers to what was begun, and for the database. */
  async close(graceMs: number): Promise<void> {
    if (this.#gone) return
    this.#closing = true
    const closed = new Promise<void>(resolve => (this.#closed = resolve))
    this.post({ do: 'close', graceMs })
    await closed
    this.#gone = true
    clearInterval(this.#beat)
    await this.#settling
    await this.#worker.terminate()
    const { storage, data } = this.#options
    for (const path of journalsIn(data.folder).get(this.node) ?? []) unlinkSync(path)
    await removeNode(storage.write, this.node)
  }

  #ask(message: (ask: number) => ToThread): Promise<FromThread> {
    if (this.#gone) return Promise.resolve({ is: 'closed' })
    return new Promise(resolve => {
      const ask = this.#nextAsk++
      this.#asks.set(ask, resolve)
      this.post(message(ask))
    })
  }

  #heard(message: FromThread): void {
    switch (message.is) {
      case 'ready':
        this.#isReady()
        return
      case 'report':
        this.#reported = message.report
        this.#unsettled.push(...message.rows)
        this.#settling ??= this.#settleAll().finally(() => {
          this.#settling = undefined
        })
        return
      case 'stopped':
      case 'handed over':
        this.#asks.get(message.ask)?.(message)
        this.#asks.delete(message.ask)
        return
      case 'deliver':
        void this.#deliver(message)
        return
      case 'trouble':
        this.#options.onTrouble(message.message)
        return
      case 'closed':
        this.#closed?.()
        return
    }
  }

  /** What is reported while the database is being told becomes the next portion: one sync of the disk serves them all. */
  async #settleAll(): Promise<void> {
    while (this.#unsettled.length > 0) {
      const rows = this.#unsettled
      const report = this.#reported
      this.#unsettled = []
      await this.#options.settle(this.node, rows)
      if (!this.#gone) this.post({ do: 'settled', report })
    }
  }

  async #deliver(message: Extract<FromThread, { is: 'deliver' }>): Promise<void> {
    const { ask, workspaceId, inboxId, reversePath, forwardPath, bytes } = message
    const mail = { reversePath, forwardPath, bytes: Buffer.from(bytes) }
    const refusal = await this.#options.deliver(workspaceId, inboxId, mail).catch(() => ({
      code: 451,
      enhanced: '4.3.0',
      text: 'the message could not be kept',
    }))
    if (!this.#gone) this.post({ do: 'delivered', ask, refusal })
  }

  async #sayAlive(): Promise<void> {
    const began = performance.now()
    try {
      this.nodes = await sayAlive(this.#options.storage.write, this.node)
      if (!this.#gone) this.post({ do: 'lease', ms: LEASE_MS / 2 - (performance.now() - began) })
    } catch {
      // The storage is in trouble. Not heard of for too long, the thread stops by itself.
    }
  }

  #crashed(error: unknown): void {
    if (this.#gone) return
    // Its last word may have been lost.
    if (this.#closing) return this.#closed?.()
    this.#gone = true
    clearInterval(this.#beat)
    for (const resolve of this.#asks.values()) resolve({ is: 'closed' })
    this.#asks.clear()
    this.#closed?.()
    this.#isReady()
    void this.#tellOfCrash(error)
  }

  async #tellOfCrash(error: unknown): Promise<void> {
    await this.#settling
    this.#options.onCrash(this.node, error)
  }
}
