import { expect } from 'vitest'

/** `expect.poll` with the patience of the browser's own waiting: a machine that runs all tests at once is slow. */
export function soon<T>(look: () => T) {
  return expect.poll(look, { timeout: 20_000 })
}
