const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

const MONTH = String.raw`(?<name>${MONTHS.join('|')})[a-z]{0,6}\.?`
/** Longer than any of these. */
const MAX_LENGTH = 64
/** Full calendar dates as PHP takes them. */
const DATES = [
  String.raw`(?<y>\d{4})-(?<m>\d{1,2})-(?<d>\d{1,2})`,
  String.raw`(?<y>\d{4})/(?<m>\d{1,2})/(?<d>\d{1,2})`,
  String.raw`(?<y>\d{4})(?<m>\d\d)(?<d>\d\d)`,
  // As Americans write it with slashes, and others with dashes and dots.
  String.raw`(?<m>\d{1,2})/(?<d>\d{1,2})/(?<y>\d{4})`,
  String.raw`(?<d>\d{1,2})[-.](?<m>\d{1,2})[-.](?<y>\d{4})`,
  String.raw`(?:[a-z]{3,9},?\s+)?(?<d>\d{1,2})(?:st|nd|rd|th)?[\s-]+${MONTH}[\s,-]+(?<y>\d{4})`,
  String.raw`(?:[a-z]{3,9},?\s+)?${MONTH}\s+(?<d>\d{1,2})(?:st|nd|rd|th)?,?\s+(?<y>\d{4})`,
]
const TIME = String.raw`(?<h>\d{1,2}):(?<i>\d\d)(?::(?<s>\d\d)(?:[.,](?<f>\d{1,9}))?)?(?:\s?(?<half>[ap])\.?m\.?)?`
const ZONE = String.raw`(?<zone>z|utc|gmt|(?:utc|gmt)?(?<sign>[+-])(?<zh>\d{1,2}):?(?<zi>\d\d)?)`
const FORMS = DATES.map(date => new RegExp(`^${date}(?:(?:t|\\s+)${TIME})?(?:\\s*${ZONE})?$`, 'i'))

/**
 * A date out of a request, in any of the usual ways; without an offset it is in UTC (contract, section 1.5).
 * @returns undefined for what names no day that the calendar has, like `tomorrow`
 */
export function dateFrom(text: string): number | undefined {
  if (text.length > MAX_LENGTH) return undefined
  for (const form of FORMS) {
    const groups = form.exec(text)?.groups
    if (groups !== undefined) return instantOf(groups)
  }
  return undefined
}

function instantOf(g: Record<string, string | undefined>): number | undefined {
  const month = g.name === undefined ? number(g.m) : MONTHS.indexOf(g.name.toLowerCase()) + 1
  const [year, day, minute, second] = [number(g.y), number(g.d), number(g.i), number(g.s)]
  let hour = number(g.h)
  if (g.half !== undefined) {
    if (hour < 1 || hour > 12) return undefined
    hour = (hour % 12) + (g.half.toLowerCase() === 'p' ? 12 : 0)
  }
  const millis = Math.floor(Number(`0.${g.f ?? 0}`) * 1000)
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day || year < 1) return undefined
  if (hour > 23 || minute > 59 || second > 59) return undefined
  date.setUTCHours(hour, minute, second, millis)
  const offset = (number(g.zh) * 60 + number(g.zi)) * (g.sign === '-' ? -1 : 1)
  if (Math.abs(offset) > 15 * 60) return undefined
  const instant = date.getTime() - offset * 60_000
  return instant >= EARLIEST && instant <= LATEST ? instant : undefined
}

function number(text: string | undefined): number {
  return Number(text ?? 0)
}

/** What can be written with four digits of a year. */
const EARLIEST = Date.parse('0001-01-01T00:00:00Z')
const LATEST = Date.UTC(9999, 11, 31, 23, 59, 59, 999)

/** `2026-11-21 20:15:00`, in UTC. */
export function dateText(instant: number): string {
  return new Date(instant).toISOString().slice(0, 19).replace('T', ' ')
}
