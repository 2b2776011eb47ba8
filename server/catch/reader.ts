import type { PreviewOptions } from './html-preview.ts'
import { JobThread } from '../job-thread.ts'
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

/** Up to here taking a message apart costs the event loop less than a few milliseconds. */
const ON_THE_SPOT = 1 << 20

/** Longer than an honest message of 25 MB takes. */
const DEADLINE_MS = 15_000

/** Opens messages for those who look at them, without ever holding up the event loop for long. */
export class MessageReader {
  readonly #thread: JobThread<Job>

  constructor(deadlineMs = DEADLINE_MS) {
    this.#thread = new JobThread(new URL('./reader-thread.ts', import.meta.url), {
      deadlineMs,
      tooLong: 'The message takes too long to read',
      broken: 'The message could not be read',
    })
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

  close(): Promise<void> {
    return this.#thread.close()
  }

  #ask(raw: Buffer, task: Job['task']): Promise<unknown> {
    const job = { raw: new Uint8Array(raw), task }
    return this.#thread.ask(job, [job.raw.buffer])
  }
}
