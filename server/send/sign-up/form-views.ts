import type { Log } from '../../log.ts'
import type { Storage } from '../../storage/database.ts'
import { countForm } from './forms.ts'

/** A number that moves a little late is worth less than a page that waits for the disk. */
const WRITTEN_EVERY_MS = 5_000
/** More forms than that are not looked at in five seconds, except by a machine. */
const MOST = 10_000

/** How often each form was shown, counted here and written every few seconds; a crash loses what was not. */
export class FormViews {
  readonly #storage: Pick<Storage, 'write'>
  readonly #log: Log
  #seen = new Map<number, number>()
  #timer: NodeJS.Timeout | undefined

  constructor(storage: Pick<Storage, 'write'>, log: Log) {
    this.#storage = storage
    this.#log = log
  }

  add(formId: number): void {
    if (this.#seen.size >= MOST && !this.#seen.has(formId)) return
    this.#seen.set(formId, (this.#seen.get(formId) ?? 0) + 1)
    this.#timer ??= setTimeout(() => void this.flush(), WRITTEN_EVERY_MS)
  }

  async flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const seen = this.#seen
    this.#seen = new Map()
    if (seen.size === 0) return
    try {
      await this.#storage.write.transaction().execute(async trx => {
        // Ascending: two nodes that hold rows in different order would wait for each other.
        for (const [id, shown] of [...seen].toSorted(([a], [b]) => a - b)) await countForm(trx, id, { shown })
      })
    } catch (error) {
      this.#log.warn('views of forms could not be counted', { error })
    }
  }
}
