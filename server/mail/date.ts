const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

/** RFC 5322 section 4.3, in minutes. Military letters mean nothing sure and count as UTC, as it says there. */
const zones: Record<string, number> = {
  ut: 0,
  utc: 0,
  gmt: 0,
  est: -300,
  edt: -240,
  cst: -360,
  cdt: -300,
  mst: -420,
  mdt: -360,
  pst: -480,
  pdt: -420,
}

/**
 * Milliseconds since 1970 of an RFC 5322 date, obsolete forms included: comments, two-digit years, zone
 * names, no weekday, no seconds, no zone. ISO 8601 is taken too. Undefined if it cannot be understood.
 */
export function parseDate(value: string): number | undefined {
  if (value.length > 1000) return undefined
  const text = withoutComments(value).trim().toLowerCase()
  const iso = /^\d{4}-\d\d-\d\d[t ]\d\d:\d\d/.test(text)
  if (iso) return valid(Date.parse(text.toUpperCase()))

  const dayFirst =
    /^(?:[a-z]+\.?\s*,?\s*)?(\d{1,2})[\s-]+([a-z]{3})[a-z]*\.?[\s,-]+(\d{2,4})[\s,]+(\d{1,2})[:.](\d{1,2})(?:[:.](\d{1,2})(?:\.\d+)?)?\s*(.*)$/.exec(
      text,
    )
  if (dayFirst) {
    const [, day, month, year, hour, minute, second, zone] = dayFirst
    return instant(year, month, day, hour, minute, second, zone)
  }
  // ctime, as some scripts write it: Fri Nov 20 14:05:00 2026
  const ctime =
    /^(?:[a-z]+,?\s+)?([a-z]{3})[a-z]*\s+(\d{1,2})\s+(\d{1,2}):(\d\d)(?::(\d\d))?\s+(?:([a-z]+|[+-]\d{4})\s+)?(\d{4})(.*)$/.exec(
      text,
    )
  if (!ctime) return undefined
  const [, month, day, hour, minute, second, zone, year, zoneAfter] = ctime
  return instant(year, month, day, hour, minute, second, zone ?? zoneAfter)
}

function instant(
  yearText: string | undefined,
  monthText: string | undefined,
  dayText: string | undefined,
  hourText: string | undefined,
  minuteText: string | undefined,
  secondText: string | undefined,
  zone: string | undefined,
): number | undefined {
  const month = months.indexOf(monthText ?? '')
  const day = Number(dayText)
  const hour = Number(hourText)
  const minute = Number(minuteText)
  const second = Number(secondText ?? 0)
  if (month === -1 || day < 1 || day > 31 || hour > 24 || minute > 59 || second > 60) return undefined
  const time = new Date(0)
  time.setUTCFullYear(fullYear(yearText ?? ''), month, day)
  time.setUTCHours(hour, minute, second)
  return valid(time.getTime() - zoneMinutes((zone ?? '').trim()) * 60_000)
}

/** RFC 5322 section 4.3: two digits below 50 are 2000 and on, other two and three digits 1900 and on. */
function fullYear(text: string): number {
  const year = Number(text)
  if (text.length === 2 && year < 50) return year + 2000
  return text.length < 4 ? year + 1900 : year
}

function zoneMinutes(zone: string): number {
  const offset = /^(?:gmt|utc?)?\s*([+-])(\d\d):?(\d\d)/.exec(zone)
  if (offset) {
    const minutes = Number(offset[2]) * 60 + Number(offset[3])
    return offset[1] === '-' ? -minutes : minutes
  }
  const name = /^[a-z]+/.exec(zone)?.[0] ?? ''
  return Object.hasOwn(zones, name) ? (zones[name] ?? 0) : 0
}

function withoutComments(value: string): string {
  if (!value.includes('(')) return value
  let out = ''
  let depth = 0
  for (let i = 0; i < value.length; i++) {
    const char = value[i]
    if (char === '\\' && depth > 0) i++
    else if (char === '(') depth++
    else if (char === ')' && depth > 0) depth--
    else if (depth === 0) out += char
  }
  return out
}

function valid(milliseconds: number): number | undefined {
  return Number.isNaN(milliseconds) ? undefined : milliseconds
}
