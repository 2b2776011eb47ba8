import type { Worker } from 'node:worker_threads'
import { Problem } from '../problem.ts'
import { startThread } from '../storage/thread.ts'
import type { PreviewOptions } from './html-preview.ts'
import { type Reading, readMessage, type Wanted } from './reading.ts'

export interface Job {
  raw: Uint8Array<ArrayBuffer>
  task: { wanted: Wanted } | { options: PreviewOptions }
}

/** See Preview. */
export interface EncodedPreview {
  html: Uint8Array<ArrayBuffer>
  remoteContent: number
}

interface Pending {
  job: Job
  resolve(value: unknown): void
  reject(reason: unknown): void
}

/** Up to here taking a message apart costs the event loop less than a few milliseconds. */
const ON_THE_SPOT = 1 << 20

/** Longer than an honest message of 25 MB takes. */
const DEADLINE_MS = 15_000

/** Opens messages for those who look at them, without ever holding up the event loop for long. */
export class MessageReader {
  #worker: Worker | undefined
  #current: Pending | undefined
  #deadline: NodeJS.Timeout | undefined
  readonly #waiting: Pending[] = []
  readonly #deadlineMs: number

  constructor(deadlineMs = DEADLINE_MS) {
    this.#deadlineMs = deadlineMs
  }

  /** @throws Problem `unavailable` if the message could not be read in time */
  async read(raw: Buffer, wanted: Wanted): Promise<Reading> {
    if (raw.length <= ON_THE_SPOT) return readMessage(raw, wanted)
    return (await this.#ask(raw, { wanted })) as Reading
  }

  /**
   * The HTML made safe for display, in UTF-8; undefined if the message has none.
   * @throws Problem `unavailable` if that could not be done in time
   */
  async preview(raw: Buffer, options: PreviewOptions): Promise<EncodedPreview | undefined> {
    return (await this.#ask(raw, { options })) as EncodedPreview | undefined
  }

  async close(): Promise<void> {
    const reason = new Problem('unavailable', 'The server is stopping')
    for (const { reject } of this.#waiting.splice(0)) reject(reason)
    await this.#stop(reason)
  }

  #ask(raw: Buffer, task: Job['task']): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ job: { raw: new Uint8Array(raw), task }, resolve, reject })
      this.#next()
    })
  }

  #next(): void {
    if (this.#current) return
    this.#current = this.#waiting.shift()
    if (!this.#current) return
    this.#worker ??= this.#start()
    this.#deadline = setTimeout(
      () => void this.#stop(new Problem('unavailable', 'The message takes too long to read')),
      this.#deadlineMs,
    )
    const { job } = this.#current
    this.#worker.postMessage(job, [job.raw.buffer])
  }

  /** Lazily, because most runs never need it; it does not keep the process alive. */
  #start(): Worker {
    const worker = startThread(new URL('./reader-thread.ts', import.meta.url))
    worker.unref()
    worker.on('message', value => this.#done(pending => pending.resolve(value)))
    worker.on('error', cause => {
      if (worker === this.#worker)
        void this.#stop(new Problem('unavailable', 'The message could not be read', { cause }))
    })
    return worker
  }

  /** Ends the thread with whatever it is at; the next job starts a new one. */
  async #stop(reason: Problem): Promise<void> {
    const worker = this.#worker
    this.#worker = undefined
    this.#done(pending => pending.reject(reason))
    await worker?.terminate()
  }

  #done(tell: (pending: Pending) => void): void {
    clearTimeout(this.#deadline)
    const pending = this.#current
    this.#current = undefined
    if (pending) tell(pending)
    this.#next()
  }
}
