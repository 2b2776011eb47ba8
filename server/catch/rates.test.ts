import { afterEach, expect, it, vi } from 'vitest'
import { createRates } from './rates.ts'

afterEach(() => vi.useRealTimers())

const usual = (id: number) => ({ id, rate_count: null, rate_seconds: null })
const own = (count: number, seconds: number) => ({ id: 3, rate_count: count, rate_seconds: seconds })

it('counts each inbox by itself, anew in each window', () => {
  vi.useFakeTimers()
  const rates = createRates({ count: 2, seconds: 10 })
  expect([1, 1, 1, 2].map(id => rates.take(usual(id)))).toEqual([true, true, false, true])
  vi.advanceTimersByTime(9_999)
  expect(rates.take(usual(1))).toBe(false)
  vi.advanceTimersByTime(1)
  expect(rates.take(usual(1))).toBe(true)
})

it("holds an inbox to its own limit instead of the server's, from the moment it is set", () => {
  vi.useFakeTimers()
  const rates = createRates({ count: 1, seconds: 10 })
  expect([own(2, 60), own(2, 60), own(2, 60)].map(inbox => rates.take(inbox))).toEqual([true, true, false])
  vi.advanceTimersByTime(10_000)
  expect(rates.take(own(2, 60))).toBe(false)
  expect(rates.take(own(5, 60))).toBe(true)
  expect([rates.take(usual(3)), rates.take(usual(3))]).toEqual([true, false])
})

it('takes everything without a limit', () => {
  const rates = createRates(undefined)
  expect(Array.from({ length: 1000 }, () => rates.take(usual(1))).every(Boolean)).toBe(true)
})
