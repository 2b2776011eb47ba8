import { expect, it } from 'vitest'
import { RateLimit } from './rate-limit.ts'

it('counts in fixed windows that begin with the first request of a key', () => {
  const limit = new RateLimit({ count: 2, seconds: 10 })
  expect(limit.take('a', 5_000)).toEqual({ allowed: true, limit: 2, remaining: 1, retryAfter: 10 })
  expect(limit.take('a', 7_500)).toEqual({ allowed: true, limit: 2, remaining: 0, retryAfter: 8 })
  expect(limit.take('a', 14_999)).toEqual({ allowed: false, limit: 2, remaining: 0, retryAfter: 1 })
  expect(limit.take('b', 14_999)).toMatchObject({ allowed: true, remaining: 1 })
  expect(limit.take('a', 15_000)).toMatchObject({ allowed: true, remaining: 1, retryAfter: 10 })
})

it('looks without counting, and takes back', () => {
  const limit = new RateLimit({ count: 1, seconds: 10 })
  expect(limit.look('a', 0)).toMatchObject({ allowed: true, remaining: 1 })
  limit.take('a', 0)
  expect(limit.look('a', 1)).toMatchObject({ allowed: false, remaining: 0 })
  limit.giveBack('a')
  expect(limit.look('a', 1)).toMatchObject({ allowed: true })
  expect(limit.look('a', 10_000)).toMatchObject({ allowed: true, remaining: 1 })
})

it('forgets windows that are over, and does not grow without end', () => {
  const limit = new RateLimit({ count: 1, seconds: 10 })
  limit.take('live', 20_000)
  for (let i = 0; i < 300_000; i++) limit.take(`address ${i}`, 20_000)
  expect(limit.size).toBeLessThanOrEqual(200_000)
  for (let i = 0; i < 300_000; i++) limit.take(`later ${i}`, 40_000 + i * 10)
  expect(limit.size).toBeLessThan(30_000)
})
