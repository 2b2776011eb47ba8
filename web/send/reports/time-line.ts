import type { OverTimeWire } from '../../../server/send/api/reports-wire.ts'

/** Several counts over one time. */
export interface TimeLine {
  /** Milliseconds. */
  from: number
  bucket: number
  /** As many series as were given, of one length. */
  series: number[][]
}

/** More bars than that are hairs. */
const MOST_BARS = 96

/**
 * Puts series that begin at different moments, in buckets of different sizes, into the same buckets; undefined: nothing
 * has happened yet.
 */
export function alongOneLine(given: readonly OverTimeWire[]): TimeLine | undefined {
  const begun = given.filter(({ from }) => from !== null)
  if (begun.length === 0) return undefined
  const starts = begun.map(({ from }) => Date.parse(from as string))
  const from = Math.min(...starts)
  const end = Math.max(
    ...begun.map((one, at) => (starts[at] as number) + one.points.length * one.bucket_seconds * 1000),
  )
  let bucket = Math.max(...begun.map(one => one.bucket_seconds)) * 1000
  while ((end - from) / bucket > MOST_BARS) bucket *= 2
  const length = Math.max(1, Math.ceil((end - from) / bucket))
  const series = given.map(one => {
    const sums = Array.from({ length }, () => 0)
    if (one.from === null) return sums
    const start = Date.parse(one.from)
    for (const [at, value] of one.points.entries()) {
      const index = Math.floor((start + at * one.bucket_seconds * 1000 - from) / bucket)
      sums[index] = (sums[index] ?? 0) + value
    }
    return sums
  })
  return { from, bucket, series }
}
