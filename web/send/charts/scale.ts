/** Round values of an axis from 0 up to at least `most`, three to five of them, the highest last. */
export function ticksUpTo(most: number): number[] {
  if (most <= 0) return [0, 1]
  const rough = most / 4
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = Math.max(1, [1, 2, 5, 10].map(factor => factor * power).find(one => one >= rough) ?? power)
  return Array.from({ length: Math.ceil(most / step) + 1 }, (_, at) => at * step)
}

/** About `wanted` places out of `length`, evenly spread, the first among them. */
export function spread(length: number, wanted: number): number[] {
  const step = Math.max(1, Math.ceil(length / wanted))
  return Array.from({ length: Math.ceil(length / step) }, (_, at) => at * step)
}
