import { useSyncExternalStore } from 'react'
import { dates } from './locale.ts'

const DAY = 86_400_000
const CLOCK = { hour: '2-digit', minute: '2-digit' } as const
const WEEKDAY = { weekday: 'short' } as const
const DAY_MONTH = { day: 'numeric', month: 'short' } as const
const DAY_MONTH_YEAR = { ...DAY_MONTH, year: 'numeric' } as const
const YEAR = { year: 'numeric' } as const
const EXACT = { dateStyle: 'full', timeStyle: 'long' } as const
const READABLE = { dateStyle: 'medium', timeStyle: 'short' } as const

/** As short as it stays clear: minutes, then the time of day, then the day. `now` in milliseconds. */
export function shortTime(instant: string, now: number): string {
  const at = Date.parse(instant)
  const age = now - at
  if (Number.isNaN(age)) return ''
  // The sender's clock may be ahead of ours; a date of next week is shown as such.
  if (age < 60_000 && age > -60_000) return 'now'
  if (age > 0 && age < 3_600_000) return `${Math.floor(age / 60_000)} min`

  const itsDay = dayOf(at)
  if (itsDay === dayOf(now)) return dates(CLOCK).format(at)
  if (itsDay === dayOf(now - DAY)) return 'Yesterday'
  if (age > 0 && age < 6 * DAY) return dates(WEEKDAY).format(at)
  return yearOf(at) === yearOf(now) ? dates(DAY_MONTH).format(at) : itsDay
}

function dayOf(moment: number): string {
  return dates(DAY_MONTH_YEAR).format(moment)
}

function yearOf(moment: number): string {
  return dates(YEAR).format(moment)
}

export function exactTime(instant: string): string {
  return written(instant, EXACT)
}

export function readableTime(instant: string): string {
  return written(instant, READABLE)
}

export function readableDay(instant: string): string {
  return written(instant, DAY_MONTH_YEAR)
}

function written(instant: string, options: Intl.DateTimeFormatOptions): string {
  const at = Date.parse(instant)
  return Number.isNaN(at) ? instant : dates(options).format(at)
}

// One clock for all times on the page; it stands still while nobody looks.
let now = Date.now()
let timer: ReturnType<typeof setInterval> | undefined
const watchers = new Set<() => void>()

function tick(): void {
  now = Date.now()
  for (const watcher of watchers) watcher()
}

function watch(watcher: () => void): () => void {
  watchers.add(watcher)
  if (timer === undefined) {
    now = Date.now()
    timer = setInterval(tick, 20_000)
  }
  return () => {
    watchers.delete(watcher)
    if (watchers.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

/** Milliseconds, to twenty seconds. */
export function useNow(): number {
  return useSyncExternalStore(watch, () => now)
}
