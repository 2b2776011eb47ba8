import { useSyncExternalStore } from 'react'

const DAY = 86_400_000
const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' })
const weekday = new Intl.DateTimeFormat(undefined, { weekday: 'short' })
const dayMonth = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' })
const dayMonthYear = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' })
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' })
const readable = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })

/** As short as it stays clear: minutes, then the time of day, then the day. `now` in milliseconds. */
export function shortTime(instant: string, now: number): string {
  const at = new Date(instant)
  const age = now - at.getTime()
  if (Number.isNaN(age)) return ''
  // The sender's clock may be ahead of ours; a date of next week is shown as such.
  if (age < 60_000 && age > -60_000) return 'now'
  if (age > 0 && age < 3_600_000) return `${Math.floor(age / 60_000)} min`

  const today = new Date(now).setHours(0, 0, 0, 0)
  if (at.getTime() >= today && at.getTime() < today + DAY) return clock.format(at)
  if (at.getTime() < today && at.getTime() >= today - DAY) return 'Yesterday'
  if (at.getTime() < today && at.getTime() >= today - 6 * DAY) return weekday.format(at)
  const sameYear = at.getFullYear() === new Date(now).getFullYear()
  return (sameYear ? dayMonth : dayMonthYear).format(at)
}

export function exactTime(instant: string): string {
  const at = new Date(instant)
  return Number.isNaN(at.getTime()) ? instant : exact.format(at)
}

export function readableTime(instant: string): string {
  const at = new Date(instant)
  return Number.isNaN(at.getTime()) ? instant : readable.format(at)
}

export function readableDay(instant: string): string {
  const at = new Date(instant)
  return Number.isNaN(at.getTime()) ? instant : dayMonthYear.format(at)
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
