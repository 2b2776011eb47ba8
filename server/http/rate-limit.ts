export interface Limit {
  count: number
  seconds: number
  /** The count for whoever is not known; absent: the same. */
  unknown?: number
}

/** What one limit counts with. */
export interface RateLimits {
  known: RateLimit
  /** Addresses that wrong credentials came from, or none. */
  unknown: RateLimit
}

export function rateLimits({ count, seconds, unknown = count }: Limit): RateLimits {
  const known = new RateLimit({ count, seconds })
  return { known, unknown: unknown === count ? known : new RateLimit({ count: unknown, seconds }) }
}

export interface Standing {
  allowed: boolean
  limit: number
  remaining: number
  /** Seconds until the window ends, at least 1. */
  retryAfter: number
}

interface Window {
  used: number
  ends: number
}

/** Past this many keys those whose window is over are forgotten. */
const SWEEP_AT = 10_000
/** Past this many even live ones are: an attacker with many addresses must not fill the memory. */
const FORGET_AT = 100_000

/** Fixed windows in memory: the first request of a key starts one; what was refused does not count. */
export class RateLimit {
  readonly #limit: Limit
  readonly #windows = new Map<string, Window>()
  #sweepAt = SWEEP_AT

  constructor(limit: Limit) {
    this.#limit = limit
  }

  /** How many keys are remembered. */
  get size(): number {
    return this.#windows.size
  }

  /** Counts one request, if it is allowed. */
  take(key: string, now = Date.now()): Standing {
    const window = this.#windows.get(key)
    if (window !== undefined && window.ends > now) {
      const allowed = window.used < this.#limit.count
      if (allowed) window.used++
      return this.#standing(window, allowed, now)
    }
    const fresh = { used: 1, ends: now + this.#limit.seconds * 1000 }
    this.#windows.set(key, fresh)
    if (this.#windows.size > this.#sweepAt) this.#sweep(now)
    return this.#standing(fresh, true, now)
  }

  /** How a key stands, without counting. */
  look(key: string, now = Date.now()): Standing {
    const window = this.#windows.get(key)
    if (window === undefined || window.ends <= now)
      return { allowed: true, limit: this.#limit.count, remaining: this.#limit.count, retryAfter: 1 }
    return this.#standing(window, window.used < this.#limit.count, now)
  }

  /** The last one taken was none, after all. */
  giveBack(key: string): void {
    const window = this.#windows.get(key)
    if (window !== undefined && window.used > 0) window.used--
  }

  #standing(window: Window, allowed: boolean, now: number): Standing {
    return {
      allowed,
      limit: this.#limit.count,
      remaining: this.#limit.count - window.used,
      retryAfter: Math.max(1, Math.ceil((window.ends - now) / 1000)),
    }
  }

  #sweep(now: number): void {
    for (const [key, window] of this.#windows) if (window.ends <= now) this.#windows.delete(key)
    if (this.#windows.size > FORGET_AT) this.#windows.clear()
    // Sweeping again with each request would cost more than it frees while most windows are live.
    this.#sweepAt = Math.max(SWEEP_AT, this.#windows.size * 2)
  }
}
