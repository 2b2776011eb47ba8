import type { ServiceLimitsWire } from '../../calls/email-services.ts'

type WarmUp = NonNullable<ServiceLimitsWire['warm_up']>

const DAY = 86_400_000

/** From the first day's number to the last day's by the same factor each day, in numbers people would choose. */
export function warmUpDays(first: number, last: number, days: number): number[] {
  if (days <= 1) return days === 1 ? [first] : []
  const factor = (last / first) ** (1 / (days - 1))
  return Array.from({ length: days }, (_, at) =>
    at === 0 ? first : at === days - 1 ? last : rounded(first * factor ** at),
  )
}

/** Two digits that count. */
function rounded(value: number): number {
  const power = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1)
  return Math.max(1, Math.round(value / power) * power)
}

/** The day of the plan that a moment is on, from 0; before its beginning negative. By UTC, as the server counts. */
export function dayOfPlan({ started_on }: WarmUp, now = Date.now()): number {
  return Math.floor((now - Date.parse(started_on)) / DAY)
}

/** What may still count as today's limit: the plan's, or that of the service, whichever is less. */
export function allowedToday({ per_day, warm_up }: ServiceLimitsWire, now = Date.now()): number | undefined {
  const day = warm_up === undefined ? undefined : dayOfPlan(warm_up, now)
  const warming = day === undefined ? undefined : day < 0 ? 0 : warm_up?.per_day[day]
  if (warming === undefined) return per_day
  return per_day === undefined ? warming : Math.min(warming, per_day)
}
