import type { Inbox } from './inboxes.ts'

/** What is asked about; without a limit of its own the server's counts. */
type Rated = Pick<Inbox, 'id' | 'rate_count' | 'rate_seconds'>

/** How many messages an inbox takes per window; a fixed window, as the API's limits are. */
export interface Rates {
  /** Counts one more message of the inbox; false if that is one too many. */
  take(inbox: Rated): boolean
}

interface Limit {
  count: number
  seconds: number
}

export function createRates(usual: Limit | undefined): Rates {
  const windows = new Map<number, { seconds: number; end: number; taken: number }>()
  return {
    take({ id, rate_count, rate_seconds }) {
      const limit =
        rate_count === null || rate_seconds === null ? usual : { count: rate_count, seconds: rate_seconds }
      if (limit === undefined) return true
      const now = Date.now()
      let window = windows.get(id)
      if (window === undefined || now >= window.end || window.seconds !== limit.seconds) {
        window = { seconds: limit.seconds, end: now + limit.seconds * 1_000, taken: 0 }
        windows.set(id, window)
      }
      return ++window.taken <= limit.count
    },
  }
}
