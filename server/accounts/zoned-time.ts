/** Zones that are UTC itself are written with `Z`, others that happen to agree with it with `+00:00`. */
const IS_UTC = /^(?:Etc\/)?(?:UTC|UCT|Universal|Zulu)$/

/** No zone changes its offset within a quarter of an hour that begins at a full one. */
const QUARTER_MS = 15 * 60_000

/** Asking for an offset costs 20 µs, and a list of messages asks a hundred times. */
const MAX_REMEMBERED = 5_000

const offsets = new Map<string, number | undefined>()

/** ISO 8601 with milliseconds in the given zone; UTC if nobody knows the zone. */
export function timeIn(zone: string, instant: number): string {
  const offset = IS_UTC.test(zone) ? undefined : offsetIn(zone, instant)
  if (offset === undefined) return new Date(instant).toISOString()
  const minutes = Math.trunc(Math.abs(offset) / 60)
  const local = new Date(instant + offset * 1000).toISOString()
  return `${local.slice(0, -1)}${offset < 0 ? '-' : '+'}${two(Math.trunc(minutes / 60))}:${two(minutes % 60)}`
}

/** Seconds east of UTC at that instant; undefined for a zone that nobody knows (IANA names). */
export function offsetIn(zone: string, instant: number): number | undefined {
  const key = `${zone} ${Math.floor(instant / QUARTER_MS)}`
  if (!offsets.has(key)) {
    if (offsets.size >= MAX_REMEMBERED) offsets.clear()
    offsets.set(key, lookUp(zone, instant))
  }
  return offsets.get(key)
}

export function isTimeZone(zone: string): boolean {
  return lookUp(zone, 0) !== undefined
}

function lookUp(timeZone: string, instant: number): number | undefined {
  let name: string | undefined
  try {
    const format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' })
    name = format.formatToParts(instant).find(part => part.type === 'timeZoneName')?.value
  } catch {
    return undefined
  }
  const [, sign = '+', hours = '0', minutes = '0', seconds = '0'] =
    /^GMT([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(name ?? '') ?? []
  return (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds))
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}
