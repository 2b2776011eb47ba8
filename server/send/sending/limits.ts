/** How much an email service may be given; what is absent has no limit. */
export interface ServiceLimits {
  per_second?: number
  per_hour?: number
  per_day?: number
  /** For single recipient domains, lower case; `*` is every domain that is not named. */
  domains?: { domain: string; per_minute: number }[]
  /** A new sender begins small: at most so many on its first day, its second, …; after the last no more than the other limits. */
  warm_up?: { started_on: string; per_day: number[] }
}

/** @param text as `email_services.limits` */
export function limitsOf(text: string | null): ServiceLimits {
  return text === null ? {} : JSON.parse(text)
}

const DAY = 86_400_000

/** What warming up allows today, by UTC; undefined: nothing to be warmed up. */
export function warmUpToday({ warm_up }: ServiceLimits, now: number): number | undefined {
  if (warm_up === undefined) return undefined
  const day = Math.floor((now - Date.parse(warm_up.started_on)) / DAY)
  return day < 0 ? 0 : warm_up.per_day[day]
}
