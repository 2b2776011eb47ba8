import type { Database } from '../storage/schema.ts'

const EVERY_MS = 60_000
/** One statement names so many tokens. */
const PORTION = 500

interface Options {
  write: Database
  onError: (error: unknown) => void
}

/**
 * When each API token was last used. Nothing is written while a request is answered, and what is written is written
 * together, once a minute: every write makes all that was learnt about callers be looked up again.
 */
export class TokenUses {
  readonly #options: Options
  #uses = new Map<number, number>()
  readonly #timer: NodeJS.Timeout

  constructor(options: Options) {
    this.#options = options
    this.#timer = setInterval(() => void this.flush(), EVERY_MS)
    this.#timer.unref()
  }

  note(tokenId: number): void {
    this.#uses.set(tokenId, Date.now())
  }

  /** What is not written yet, so that a page need not be a minute behind. */
  since(tokenId: number): number | null {
    return this.#uses.get(tokenId) ?? null
  }

  async flush(): Promise<void> {
    const uses = [...this.#uses]
    if (uses.length === 0) return
    this.#uses = new Map()
    try {
      for (let at = 0; at < uses.length; at += PORTION) await this.#keep(uses.slice(at, at + PORTION))
    } catch (error) {
      // The next use says it again.
      this.#options.onError(error)
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    await this.flush()
  }

  /** One time for all of them, which is that of the latest: to the minute, and never set back. */
  async #keep(uses: [id: number, at: number][]): Promise<void> {
    const latest = Math.max(...uses.map(([, at]) => at))
    await this.#options.write
      .updateTable('tokens')
      .set({ last_used_at: latest })
      .where(
        'id',
        'in',
        uses.map(([id]) => id),
      )
      .where(either => either.or([either('last_used_at', 'is', null), either('last_used_at', '<', latest)]))
      .execute()
  }
}
