import { TokenBucket } from './token-bucket.ts'

const MINUTE = 60_000

/** Mails to one domain that were put off, none sent between them: then it is left alone for a while. */
const DEFERRALS = 20
const FIRST_PAUSE = 30_000
const LONGEST_PAUSE = 30 * MINUTE

interface State {
  bucket: TokenBucket | undefined
  deferred: number
  pauses: number
  until: number
}

/**
 * How fast each recipient domain may be written to: so many a minute where somebody said so, and not at all for a
 * while when it puts everything off. What is held back is given back, and holds nobody else up.
 */
export class DomainPace {
  readonly #limits: ReadonlyMap<string, number>
  readonly #scale: number
  readonly #states = new Map<string, State>()

  constructor(limits: readonly { domain: string; per_minute: number }[], scale: number) {
    this.#limits = new Map(limits.map(limit => [limit.domain, limit.per_minute]))
    this.#scale = scale
  }

  /** Milliseconds for which nothing may go there; 0: it may now. */
  hold(domain: string, now: number): number {
    const state = this.#states.get(domain)
    if (state !== undefined && state.until > now) return state.until - now
    const bucket = this.#stateOf(domain, now)?.bucket
    return bucket === undefined ? 0 : bucket.peek(now)
  }

  take(domain: string, now: number): void {
    this.#states.get(domain)?.bucket?.take(now)
  }

  took(domain: string): void {
    const state = this.#states.get(domain)
    if (state !== undefined) Object.assign(state, { deferred: 0, pauses: 0, until: 0 })
  }

  deferred(domain: string, now: number): void {
    const state = this.#stateOf(domain, now, true)
    if (state === undefined || state.until > now || ++state.deferred < DEFERRALS) return
    state.deferred = 0
    state.until = now + Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** state.pauses++) * this.#scale
  }

  #stateOf(domain: string, now: number, always = false): State | undefined {
    const known = this.#states.get(domain)
    const limit = this.#limits.get(domain) ?? this.#limits.get('*')
    if (known !== undefined || (limit === undefined && !always)) return known
    // Bounded: an audience may have more domains than anybody wants to keep in mind.
    if (this.#states.size >= 50_000) this.#states.clear()
    const state = {
      bucket: limit === undefined ? undefined : new TokenBucket(limit / 60, now),
      deferred: 0,
      pauses: 0,
      until: 0,
    }
    this.#states.set(domain, state)
    return state
  }
}
