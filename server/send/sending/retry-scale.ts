const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/** Between the attempts at one mail, and between looks at a service that is down. Two hours from then on. */
const WAITS = [5 * SECOND, 15 * SECOND, 45 * SECOND, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, 2 * HOUR]
const LONGEST = 2 * HOUR

/** All waits together stay below a day: after that nobody waits for a newsletter any more. */
export const MOST_ATTEMPTS = 18

/**
 * @param failures how many there were, this one included
 * @param scale makes all waits shorter or longer, for tests
 * @returns milliseconds; what failed together need not come back together
 */
export function waitAfter(failures: number, scale: number, random = Math.random()): number {
  const wait = WAITS[failures - 1] ?? LONGEST
  return Math.round(wait * scale * (0.8 + 0.4 * random))
}
