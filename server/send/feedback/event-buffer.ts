import { storable } from '../../accounts/storable.ts'
import type { Log } from '../../log.ts'
import type { Storage } from '../../storage/database.ts'
import { asFault } from '../../storage/faults.ts'

/** A request for our pixel or for one of our links, as the writing thread is told of it (keep-tracking.ts). */
export interface TrackedEvent {
  deliveryId: number
  kind: 'opened' | 'clicked'
  at: number
  /** Of the link; 0 is the hidden one, and of an open it says nothing. */
  number: number
  /** Where it led, if it is another for each recipient. */
  url: string | null
  method: string
  agent: string
  ip: string
  isPrefetch: boolean
}

/** What a killed process loses of opens and clicks. */
const WRITTEN_EVERY_MS = 1_000
/** Of a minute in which the storage takes nothing; each is half a kilobyte. */
const MOST = 50_000
/** Mail that arrives meanwhile waits for one of these portions, some 10 ms. */
const PORTION = 500
const MOST_AGENT = 300

/**
 * Opens and clicks on their way to the storage: nobody who follows a link waits for the disk. Unsubscribes and bounces
 * never come this way.
 */
export class EventBuffer {
  readonly #storage: Pick<Storage, 'perform'>
  readonly #log: Log
  #waiting: TrackedEvent[] = []
  #dropped = 0
  #timer: NodeJS.Timeout | undefined
  #flushing: Promise<void> | undefined

  constructor(storage: Pick<Storage, 'perform'>, log: Log) {
    this.#storage = storage
    this.#log = log
  }

  add(event: TrackedEvent): void {
    if (this.#waiting.length >= MOST) {
      this.#dropped++
      return
    }
    this.#waiting.push({ ...event, agent: storable(event.agent.slice(0, MOST_AGENT)) })
    this.#timer ??= setTimeout(() => void this.flush(), WRITTEN_EVERY_MS)
  }

  /** What was added before is in the storage when this resolves, unless that is in trouble: then later. */
  async flush(): Promise<void> {
    await this.#flushing
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#flushing = this.#write().finally(() => {
      this.#flushing = undefined
    })
    await this.#flushing
  }

  async #write(): Promise<void> {
    if (this.#dropped > 0)
      this.#log.warn('opens and clicks were not kept: more came than the storage took', {
        count: this.#dropped,
      })
    this.#dropped = 0
    while (this.#waiting.length > 0) {
      const portion = this.#waiting.splice(0, PORTION)
      try {
        await this.#storage.perform('keep_tracking', portion)
      } catch (error) {
        const fault = asFault(error)
        this.#log.warn('opens and clicks could not be kept', { error, count: portion.length })
        // What the storage will never take must not stand in the way of the rest.
        if (!fault.passing) continue
        this.#waiting.unshift(...portion)
        if (fault.code !== 'CLOSING') this.#timer ??= setTimeout(() => void this.flush(), WRITTEN_EVERY_MS)
        return
      }
    }
  }

  async close(): Promise<void> {
    await this.flush()
    clearTimeout(this.#timer)
  }
}
