import { Problem } from '../../problem.ts'
import type { Storage } from '../../storage/database.ts'
import { JobThread } from '../../job-thread.ts'
import type { Message } from '../messages.ts'
import { rawMessage } from '../raw.ts'
import type { Blacklists } from './blacklists.ts'
import type { HtmlReport } from './html-support.ts'
import { findReports, keepReport, type Kind } from './message-reports.ts'
import { SharedRuns } from './shared-runs.ts'
import { Slots } from './slots.ts'
import type { SpamReport } from './spam-report.ts'
import { type Spamd, spamReport } from './spamc.ts'

/** spamd has five children where nobody says otherwise; others may want one too. */
const SPAMD_AT_ONCE = 4
const MOST_WAITING = 100

/** A source of two megabytes takes a tenth of a second. */
const HTML_DEADLINE_MS = 10_000
const HTML_IDLE_MS = 30_000
const HTML_MEGABYTES = 192

/**
 * What can be said about a message. Each check is run when first asked for, once for all who ask, and what it
 * said is kept with the message; a run that failed is not.
 */
export class Checks {
  readonly spamd: Spamd | undefined
  /** Undefined: they are off. */
  readonly blacklists: Blacklists | undefined
  readonly #storage: Storage
  readonly #spam = new SharedRuns<SpamReport>()
  readonly #html = new SharedRuns<HtmlReport>()
  readonly #slots = new Slots(SPAMD_AT_ONCE, MOST_WAITING)
  readonly #thread: JobThread<Uint8Array<ArrayBuffer>>

  constructor(
    storage: Storage,
    { spamd, blacklists }: { spamd: Spamd | undefined; blacklists: Blacklists | undefined },
  ) {
    this.#storage = storage
    this.spamd = spamd
    this.blacklists = blacklists
    this.#thread = new JobThread(new URL('./html-thread.ts', import.meta.url), {
      deadlineMs: HTML_DEADLINE_MS,
      idleMs: HTML_IDLE_MS,
      most: MOST_WAITING,
      limits: { maxOldGenerationSizeMb: HTML_MEGABYTES },
      tooLong: 'The HTML takes too long to check',
      broken: 'The HTML could not be checked',
      tooMany: 'Too many messages are waiting for it',
    })
  }

  /** @throws Problem `unavailable`, with the reason; `absent` if the message was deleted */
  spam(message: Message): Promise<SpamReport> {
    const { spamd } = this
    if (spamd === undefined) return Promise.reject(new Problem('unavailable', 'No spamd is configured'))
    return this.#spam.of(message.id, () =>
      this.#known(message, 'spam', () =>
        this.#slots.run(async () => spamReport(spamd, await this.#raw(message))),
      ),
    )
  }

  /**
   * Undefined if the message has no HTML.
   * @throws Problem as above
   */
  async html(message: Message): Promise<HtmlReport | undefined> {
    if (message.html_size === 0) return undefined
    return this.#html.of(message.id, () =>
      this.#known(message, 'html', async () => {
        const raw = new Uint8Array(await this.#raw(message))
        const report = (await this.#thread.ask(raw, [raw.buffer])) as HtmlReport | undefined
        return report ?? { rules: [] }
      }),
    )
  }

  async close(): Promise<void> {
    await this.#thread.close()
    await this.blacklists?.close()
  }

  async #known<T>(message: Message, kind: Kind, run: () => Promise<T>): Promise<T> {
    const known = (await findReports(this.#storage.read, [message.id], kind)).get(message.id)
    if (known !== undefined) return known as T
    const report = await run()
    // A report that cannot be kept, because the disk is full, is a report all the same.
    await keepReport(this.#storage.write, message, kind, report).catch(() => {})
    return report
  }

  async #raw(message: Message): Promise<Buffer> {
    const raw = await rawMessage(this.#storage.read, message.id)
    if (raw === undefined) throw new Problem('absent')
    return raw
  }
}
