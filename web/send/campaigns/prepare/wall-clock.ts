/** A time of day on a date, as a clock on the wall shows it: `2026-12-24T18:30`. */
export function wallTime(instant: string, zone: string): string {
  const at = Math.round(Date.parse(instant) / 60_000) * 60_000
  return new Date(at + offset(zone, at)).toISOString().slice(0, 16)
}

/** When clocks of that zone show it; null: it is no time. One that summer time leaves out is that much later. */
export function instantAt(wall: string, zone: string): string | null {
  const asUtc = Date.parse(`${wall}Z`)
  if (Number.isNaN(asUtc)) return null
  const guess = asUtc - offset(zone, asUtc)
  return new Date(asUtc - offset(zone, guess)).toISOString()
}

/** As GMT+1. */
export function zoneShort(zone: string, instant: number): string {
  return partsIn(zone, instant, 'shortOffset')
}

/** Milliseconds east of UTC. */
function offset(zone: string, instant: number): number {
  const [, sign, hours = 0, minutes = 0] =
    /^GMT([+-])(\d\d):(\d\d)/.exec(partsIn(zone, instant, 'longOffset')) ?? []
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000
}

function partsIn(timeZone: string, instant: number, timeZoneName: 'shortOffset' | 'longOffset'): string {
  try {
    const format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName })
    return format.formatToParts(instant).find(({ type }) => type === 'timeZoneName')?.value ?? ''
  } catch {
    // The server may know a zone that this browser does not.
    return ''
  }
}
