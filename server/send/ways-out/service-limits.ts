import type { ServiceLimits } from '../sending/limits.ts'

const MOST = 1_000_000_000
const MOST_DOMAINS = 500
const MOST_DAYS = 365
const DOMAIN =
  /^(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?)(?:\.[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?)*$/u

/**
 * Limits as they are given from outside: whole, what is absent or null has no limit.
 * @returns faults by field, as `limits.per_hour`
 */
export function readLimits(given: unknown): { limits: ServiceLimits; faults: Record<string, string[]> } {
  const limits: ServiceLimits = {}
  const faults: Record<string, string[]> = {}
  const fault = (key: string, text: string) => {
    faults[key === '' ? 'limits' : `limits.${key}`] = [text]
  }
  if (given === null || given === undefined) return { limits, faults }
  if (!isObject(given)) {
    fault('', 'must be an object')
    return { limits, faults }
  }
  for (const [key, value] of Object.entries(given)) {
    if (value === null || value === undefined) continue
    switch (key) {
      case 'per_second':
        if (typeof value === 'number' && value > 0 && value <= MOST) limits.per_second = value
        else fault(key, 'must be a number above 0')
        break
      case 'per_hour':
      case 'per_day':
        if (isCount(value)) limits[key] = value
        else fault(key, 'must be a whole number, at least 1')
        break
      case 'domains': {
        const domains = readDomains(value)
        if (domains === undefined)
          fault(key, 'must be a list of {domain, per_minute}, each domain once, * for all others')
        else if (domains.length > 0) limits.domains = domains
        break
      }
      case 'warm_up': {
        const warmUp = readWarmUp(value)
        if (warmUp === undefined)
          fault(key, 'must be {started_on, per_day}: a date, and how many mails on each day from then on')
        else limits.warm_up = warmUp
        break
      }
      default:
        // One that is spelled wrongly would limit nothing.
        fault(key, 'is not a limit')
    }
  }
  return { limits, faults }
}

function readDomains(value: unknown): ServiceLimits['domains'] | undefined {
  if (!Array.isArray(value) || value.length > MOST_DOMAINS) return undefined
  const perMinute = new Map<string, number>()
  for (const one of value as unknown[]) {
    if (!isObject(one) || typeof one.domain !== 'string' || !isCount(one.per_minute)) return undefined
    const domain = one.domain.trim().toLowerCase()
    if ((domain !== '*' && !DOMAIN.test(domain)) || domain.length > 253 || perMinute.has(domain))
      return undefined
    perMinute.set(domain, one.per_minute)
  }
  return [...perMinute].map(([domain, per_minute]) => ({ domain, per_minute }))
}

function readWarmUp(value: unknown): ServiceLimits['warm_up'] | undefined {
  if (!isObject(value)) return undefined
  const { started_on, per_day } = value
  if (typeof started_on !== 'string' || !isDay(started_on) || !Array.isArray(per_day)) return undefined
  if (per_day.length === 0 || per_day.length > MOST_DAYS || !per_day.every(isCount)) return undefined
  return { started_on, per_day }
}

/** 2026-02-30 is none, though it can be read as one. */
function isDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= MOST
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
