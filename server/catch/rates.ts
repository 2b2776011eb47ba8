/** How many messages an inbox takes per window; a fixed window, as the API's limits are. */
export interface Rates {
  /** Counts one more message of the inbox; false if that is one too many. */
  take(inboxId: number): boolean
}

export function createRates(limit: { count: number; seconds: number } | undefined): Rates {
  if (limit === undefined) return { take: () => true }
  let windowEnd = 0
  const taken = new Map<number, number>()
  return {
    take(inboxId) {
      const now = Date.now()
      if (now >= windowEnd) {
        taken.clear()
        windowEnd = now + limit.seconds * 1_000
      }
      const count = (taken.get(inboxId) ?? 0) + 1
      taken.set(inboxId, count)
      return count <= limit.count
    },
  }
}
