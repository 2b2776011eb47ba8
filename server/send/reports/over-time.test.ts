import { expect, it } from 'vitest'
import { inBuckets } from './over-time.ts'

const HOUR = 60
const DAY = 24 * HOUR
/** A whole week since 1970, in minutes. */
const START = 7 * DAY * 3_000

// Contract, section 5.6, up to two days.
it.for([
  [30, 1],
  [31, 2],
  [HOUR, 2],
  [2 * HOUR, 4],
  [3 * HOUR, 5],
  [6 * HOUR, 10],
  [12 * HOUR, 30],
  [DAY, HOUR],
  [2 * DAY, 2 * HOUR],
  [7 * DAY, 6 * HOUR],
  [31 * DAY, DAY],
  [100 * DAY, 7 * DAY],
] as const)('has buckets for %i minutes of %i', ([span, bucket]) => {
  const { bucketSeconds, from, points } = inBuckets(
    [
      { minute: START, count: 3 },
      { minute: START + span - 1, count: 2 },
    ],
    null,
  )
  expect({ bucketSeconds, from }).toEqual({ bucketSeconds: bucket * 60, from: START * 60_000 })
  expect(points).toHaveLength(Math.ceil(span / bucket))
  expect([points[0], points.at(-1), points.length > 2 && points[1]]).toEqual([3, 2, points.length > 2 && 0])
})

it('shows so many hours behind the first, and takes them for the span', () => {
  const counts = [0, 11 * HOUR, 12 * HOUR, 40 * HOUR].map(minute => ({ minute: START + minute, count: 1 }))
  expect(inBuckets(counts, 12)).toMatchObject({ bucketSeconds: 1800, points: { length: 23 } })
  expect(inBuckets(counts, 24).points.reduce((a, b) => a + b)).toBe(3)
  expect(inBuckets(counts, null).points.reduce((a, b) => a + b)).toBe(4)
  expect(inBuckets([], 24)).toEqual({ bucketSeconds: 60, from: null, points: [] })
})
