import type { ResourceLimits, Transferable, Worker } from 'node:worker_threads'
import { Problem } from './problem.ts'
import { startThread } from './storage/thread.ts'

interface JobThreadOptions {
  /** Ends a job that takes longer, and the thread with it. */
  deadlineMs: number
  /** Ends the thread when nothing was asked of it for so long; without it the thread stays. */
  idleMs?: number
  /** Jobs that may wait; without it any number. */
  most?: number
  limits?: ResourceLimits
  /** What a Problem says when the deadline has passed, when the thread broke down over a job, when too many wait. */
  tooLong: string
  broken: string
  tooMany?: string
}

interface Pending<J> {
  job: J
  transfer: Transferable[]
  resolve(value: unknown): void
  reject(reason: unknown): void
}

/**
 * A thread that does one job after the other. It is started when first needed, and again after it broke down
 * or hung; it does not keep the process alive.
 */
export class JobThread<J> {
  readonly #entry: URL
  readonly #options: JobThreadOptions
  readonly #waiting: Pending<J>[] = []
  #worker: Worker | undefined
  #current: Pending<J> | undefined
  #timer: NodeJS.Timeout | undefined

  constructor(entry: URL, options: JobThreadOptions) {
    this.#entry = entry
    this.#options = options
  }

  /** @throws Problem `unavailable`: not done in time, broken down over it, too many wait */
  ask(job: J, transfer: Transferable[]): Promise<unknown> {
    if (this.#waiting.length >= (this.#options.most ?? Infinity))
      return Promise.reject(new Problem('unavailable', this.#options.tooMany ?? ''))
    return new Promise((resolve, reject) => {
      this.#waiting.push({ job, transfer, resolve, reject })
      this.#next()
    })
  }

  async close(): Promise<void> {
    const reason = new Problem('unavailable', 'The server is stopping')
    for (const { reject } of this.#waiting.splice(0)) reject(reason)
    await this.#stop(reason)
  }

  #next(): void {
    if (this.#current) return
    clearTimeout(this.#timer)
    this.#current = this.#waiting.shift()
    if (!this.#current) return this.#rest()
    this.#worker ??= this.#start()
    const { deadlineMs, tooLong } = this.#options
    this.#timer = setTimeout(() => void this.#stop(new Problem('unavailable', tooLong)), deadlineMs)
    this.#worker.postMessage(this.#current.job, this.#current.transfer)
  }

  #rest(): void {
    const { idleMs } = this.#options
    const worker = this.#worker
    if (idleMs === undefined || worker === undefined) return
    this.#timer = setTimeout(() => {
      this.#worker = undefined
      void worker.terminate()
    }, idleMs).unref()
  }

  #start(): Worker {
    const worker = startThread(this.#entry, undefined, this.#options.limits)
    worker.unref()
    worker.on('message', value => this.#done(pending => pending.resolve(value)))
    worker.on('error', cause => {
      if (worker === this.#worker)
        void this.#stop(new Problem('unavailable', this.#options.broken, { cause }))
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

  #done(tell: (pending: Pending<J>) => void): void {
    clearTimeout(this.#timer)
    const pending = this.#current
    this.#current = undefined
    if (pending) tell(pending)
    this.#next()
  }
}
