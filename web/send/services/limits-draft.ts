import type { ServiceLimitsWire } from '../../calls/email-services.ts'
import { warmUpDays } from './warm-up-plan.ts'

/** Limits as they are being typed. */
export interface LimitsDraft {
  per_second: string
  per_hour: string
  per_day: string
  domains: { domain: string; per_minute: string }[]
  warm_up: WarmUpDraft | undefined
}

export interface WarmUpDraft {
  started_on: string
  first: string
  last: string
  days: string
  /** As it is saved; undefined once anything else was typed. */
  kept: number[] | undefined
}

export function draftOf(limits: ServiceLimitsWire): LimitsDraft {
  const { per_second, per_hour, per_day, domains = [], warm_up } = limits
  return {
    per_second: String(per_second ?? ''),
    per_hour: String(per_hour ?? ''),
    per_day: String(per_day ?? ''),
    domains: domains.map(({ domain, per_minute }) => ({ domain, per_minute: String(per_minute) })),
    warm_up: warm_up && {
      started_on: warm_up.started_on,
      first: String(warm_up.per_day[0] ?? ''),
      last: String(warm_up.per_day.at(-1) ?? ''),
      days: String(warm_up.per_day.length),
      kept: warm_up.per_day,
    },
  }
}

/** @param today as `2026-11-22` */
export function newWarmUp(today: string): WarmUpDraft {
  return { started_on: today, first: '50', last: '20000', days: '14', kept: undefined }
}

const MOST_DAYS = 120

/** How many on each day; empty while that cannot be said. */
export function daysOf({ first, last, days, kept }: WarmUpDraft): number[] {
  if (kept) return kept
  const [from, to, length] = [first, last, days].map(Number) as [number, number, number]
  if (!(from >= 1) || !(to >= 1) || !(length >= 1)) return []
  return warmUpDays(Math.round(from), Math.round(to), Math.min(MOST_DAYS, Math.round(length)))
}

/** What is empty is no limit; what is no number is left to the server to refuse. */
export function limitsIn(draft: LimitsDraft): ServiceLimitsWire {
  const { per_second, per_hour, per_day, domains, warm_up } = draft
  const named = domains.filter(({ domain, per_minute }) => domain.trim() && per_minute.trim())
  const plan = warm_up && daysOf(warm_up)
  return {
    ...(per_second.trim() && { per_second: Number(per_second) }),
    ...(per_hour.trim() && { per_hour: Number(per_hour) }),
    ...(per_day.trim() && { per_day: Number(per_day) }),
    ...(named.length > 0 && {
      domains: named.map(({ domain, per_minute }) => ({
        domain: domain.trim().toLowerCase(),
        per_minute: Number(per_minute),
      })),
    }),
    ...(warm_up && plan && plan.length > 0 && { warm_up: { started_on: warm_up.started_on, per_day: plan } }),
  }
}
