const words = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
const STEPS = [
  ['year', 31_557_600_000],
  ['month', 2_629_800_000],
  ['week', 604_800_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const

/** How long ago, in the largest unit that fits: 3 hours ago, yesterday, last year. `now` in milliseconds. */
export function ago(instant: string, now: number): string {
  const past = now - new Date(instant).getTime()
  for (const [unit, length] of STEPS)
    if (Math.abs(past) >= length) return words.format(-Math.trunc(past / length), unit)
  return 'just now'
}
