import { afterEach, expect, it, vi } from 'vitest'
import { createRates } from './rates.ts'

afterEach(() => vi.useRealTimers())

it('counts each inbox by itself, anew in each window', () => {
  vi.useFakeTimers()
  const rates = createRates({ count: 2, seconds: 10 })
  expect([rates.take(1), rates.take(1), rates.take(1), rates.take(2)]).toEqual([true, true, false, true])
  vi.advanceTimersByTime(9_999)
  expect(rates.take(1)).toBe(false)
  vi.advanceTimersByTime(1)
  expect(rates.take(1)).toBe(true)
})

it('takes everything without a limit', () => {
  const rates = createRates(undefined)
  expect(Array.from({ length: 1000 }, () => rates.take(1)).every(Boolean)).toBe(true)
})
