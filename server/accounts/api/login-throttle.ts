import { type Limit, RateLimit } from '../../http/rate-limit.ts'
import { Problem } from '../../problem.ts'
import { emailKey } from '../users.ts'
import { networkOf } from '../../http/network.ts'

/**
 * Guessing is slowed down per person and address, per address, and, against many addresses at once, per person;
 * the last is wide, so that a stranger cannot easily lock somebody out.
 */
const LIMITS = {
  both: { count: 5, seconds: 60 },
  address: { count: 30, seconds: 300 },
  person: { count: 300, seconds: 900 },
} satisfies Record<string, Limit>

/** Hashing a password takes 32 ms and 19 MiB; more at once would starve everything else. */
const MAX_AT_ONCE = 8

export class LoginThrottle {
  readonly #both = new RateLimit(LIMITS.both)
  readonly #address = new RateLimit(LIMITS.address)
  readonly #person = new RateLimit(LIMITS.person)
  #running = 0

  /**
   * Runs one attempt. Counted before the answer is known: a thousand guesses sent at once are a thousand.
   * @throws Problem `too_many`
   */
  async attempt<T>(
    address: string,
    person: string,
    tryIt: () => Promise<T | undefined>,
  ): Promise<T | undefined> {
    const from = networkOf(address)
    const who = emailKey(person).slice(0, 255)
    const taken: [RateLimit, string][] = [
      [this.#both, `${from} ${who}`],
      [this.#address, from],
      [this.#person, who],
    ]
    // In this order, and not further than the first refusal: whoever is held up cannot use up the person's own.
    for (const [limit, key] of taken) {
      const { allowed, retryAfter } = limit.take(key)
      if (!allowed) throw tooMany(retryAfter)
    }
    if (this.#running >= MAX_AT_ONCE) throw tooMany(1)
    this.#running++
    try {
      const found = await tryIt()
      if (found !== undefined) for (const [limit, key] of taken) limit.giveBack(key)
      return found
    } finally {
      this.#running--
    }
  }
}

function tooMany(retryAfter: number): Problem {
  return new Problem('too_many', 'Too many attempts, try again later', { retryAfter })
}
