/** So many in a second, with no burst beyond one second's worth. Time is that of `performance.now()`: no clock jumps. */
export class TokenBucket {
  readonly #perMs: number
  readonly #most: number
  #tokens: number
  #at: number

  /** @param rate per second */
  constructor(rate: number, now: number) {
    this.#perMs = rate / 1000
    this.#most = Math.max(1, rate)
    // One, and not a second's worth: a limit is not met with a burst at every start.
    this.#tokens = 1
    this.#at = now
  }

  take(now: number): boolean {
    if (this.peek(now) > 0) return false
    this.#tokens -= 1
    return true
  }

  /** Milliseconds until the next may be taken; 0: now. */
  peek(now: number): number {
    this.#tokens = Math.min(this.#most, this.#tokens + (now - this.#at) * this.#perMs)
    this.#at = now
    // A hair less than one is one: sums of thousandths do not come out even.
    return this.#tokens > 1 - 1e-9 ? 0 : Math.ceil((1 - this.#tokens) / this.#perMs)
  }
}
