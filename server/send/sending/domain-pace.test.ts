import { expect, it } from 'vitest'
import { DomainPace } from './domain-pace.ts'
import { MOST_ATTEMPTS, waitAfter } from './retry-scale.ts'
import { TokenBucket } from './token-bucket.ts'

const SECOND = 1000

it('takes so many in a second, without a burst at the start or after a rest', () => {
  const bucket = new TokenBucket(10, 0)
  const taken = (from: number, to: number) => {
    let count = 0
    for (let now = from; now < to; now++) if (bucket.take(now)) count++
    return count
  }
  expect(taken(0, SECOND)).toBe(10)
  expect(taken(SECOND, 2 * SECOND)).toBe(10)
  expect(taken(60 * SECOND, 61 * SECOND)).toBeLessThanOrEqual(20)
  expect(bucket.peek(61 * SECOND)).toBeLessThanOrEqual(100)
})

it('leaves a domain alone that puts everything off, longer each time, and no other', () => {
  const pace = new DomainPace([], 1)
  const defer = (now: number) => {
    for (let i = 0; i < 20; i++) pace.deferred('slow.test', now)
  }
  defer(0)
  expect(pace.hold('slow.test', 0)).toBe(30 * SECOND)
  expect(pace.hold('quick.test', 0)).toBe(0)
  expect(pace.hold('slow.test', 31 * SECOND)).toBe(0)
  defer(31 * SECOND)
  expect(pace.hold('slow.test', 31 * SECOND)).toBe(60 * SECOND)
  pace.took('slow.test')
  expect(pace.hold('slow.test', 31 * SECOND)).toBe(0)
})

it('holds back what is above the limit of a domain, and of all that are not named', () => {
  const pace = new DomainPace(
    [
      { domain: 'big.test', per_minute: 60 },
      { domain: '*', per_minute: 6 },
    ],
    1,
  )
  const through = (domain: string) => {
    let count = 0
    for (let now = 0; now < 60 * SECOND; now += 50)
      if (pace.hold(domain, now) === 0) {
        pace.take(domain, now)
        count++
      }
    return count
  }
  expect(through('big.test')).toBe(60)
  expect(through('small.test')).toBe(6)
})

it('waits longer after each failure, and gives up within a day', () => {
  const waits = Array.from({ length: MOST_ATTEMPTS - 1 }, (_, i) => waitAfter(i + 1, 1, 0.5) / SECOND)
  expect(waits.slice(0, 8)).toEqual([5, 15, 45, 120, 600, 1800, 7200, 7200])
  expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeLessThan(86_400)
  expect(waitAfter(1, 0.1, 0)).toBe(400)
})
