import { offsetIn } from '../../accounts/zoned-time.ts'

/** When a campaign may be sent: on these days of the week, between these hours. */
export interface SendWindow {
  /** ISO 8601: 1 is Monday. */
  days: readonly number[]
  /** As `08:00`; the window of a day ends before `to`, at `24:00` with the day. */
  from: string
  to: string
  zone: string
}

const MINUTE = 60_000
const DAY = 86_400_000
/** A week and the hour that summer time may take. */
const FAR_ENOUGH = 8

/** @returns `now` while it is open, else the instant it opens next; undefined: never */
export function nextOpening(window: SendWindow, now: number): number | undefined {
  const from = minutes(window.from)
  const to = minutes(window.to)
  const local = now + offset(window.zone, now)
  const today = Math.floor(local / DAY)
  for (let day = today; day <= today + FAR_ENOUGH; day++) {
    if (!window.days.includes(weekday(day)) || from >= to) continue
    const opens = instantOf(day * DAY + from * MINUTE, window.zone)
    const closes = instantOf(day * DAY + to * MINUTE, window.zone)
    if (now < closes) return Math.max(now, opens)
  }
  return undefined
}

/**
 * The instant at which clocks in a zone show a local time, given as if it were UTC. A time that summer time leaves out
 * is the one after the gap; of one that comes twice it is the first.
 */
export function instantOf(local: number, zone: string): number {
  const before = local - offset(zone, local - DAY)
  const after = local - offset(zone, local + DAY)
  const first = Math.min(before, after)
  return first + offset(zone, first) === local ? first : Math.max(before, after)
}

/** What clocks in a zone show, as if it were UTC. */
export function localOf(instant: number, zone: string): number {
  return instant + offset(zone, instant)
}

function offset(zone: string, instant: number): number {
  return (offsetIn(zone, instant) ?? 0) * 1000
}

function weekday(day: number): number {
  // Day 0, 1 January 1970, was a Thursday.
  return ((day + 3) % 7) + 1
}

function minutes(text: string): number {
  const [hours = 0, rest = 0] = text.split(':').map(Number)
  return hours * 60 + rest
}
