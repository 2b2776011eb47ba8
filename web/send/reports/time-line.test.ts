import { expect, it } from 'vitest'
import { alongOneLine } from './time-line.ts'

const at = (clock: string) => `2026-11-22T${clock}:00.000Z`

it('has no line before anything happened', () => {
  expect(alongOneLine([{ bucket_seconds: 3600, from: null, points: [] }])).toBeUndefined()
})

it('puts clicks that began later, in finer buckets, beside the opens', () => {
  expect(
    alongOneLine([
      { bucket_seconds: 3600, from: at('08:00'), points: [10, 4, 1] },
      { bucket_seconds: 1800, from: at('09:00'), points: [1, 2, 3] },
      { bucket_seconds: 3600, from: null, points: [] },
    ]),
  ).toEqual({
    from: Date.parse(at('08:00')),
    bucket: 3_600_000,
    series: [
      [10, 4, 1],
      [0, 3, 3],
      [0, 0, 0],
    ],
  })
})

it('draws no more bars than can be told apart, and loses nobody', () => {
  const points = Array.from({ length: 1000 }, () => 1)
  const line = alongOneLine([{ bucket_seconds: 60, from: at('08:00'), points }])
  expect(line?.series[0]?.length).toBeLessThanOrEqual(96)
  expect(line?.series[0]?.reduce((sum, value) => sum + value, 0)).toBe(1000)
})
