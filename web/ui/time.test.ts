import { expect, it } from 'vitest'
import { writeFor } from './locale.ts'
import { count } from './size.ts'
import { exactTime, readableTime, shortTime } from './time.ts'

const at = (text: string) => new Date(text).getTime()
// Local times: what counts as today is the reader's day.
const NOW = at('2026-11-21T15:00:00')
const ago = (ms: number) => new Date(NOW - ms).toISOString()
const MINUTE = 60_000
const DAY = 86_400_000

it('counts minutes, then says the time, then the day', () => {
  expect(shortTime(ago(20_000), NOW)).toBe('now')
  expect(shortTime(ago(59 * MINUTE), NOW)).toBe('59 min')
  expect(shortTime(ago(3 * 60 * MINUTE), NOW)).toMatch(/12.00/)
  expect(shortTime(new Date('2026-11-20T23:59:00').toISOString(), NOW)).toBe('Yesterday')
  expect(shortTime(ago(3 * DAY), NOW)).toBe('Wed')
  expect(shortTime(ago(30 * DAY), NOW)).toMatch(/22/)
  expect(shortTime(ago(400 * DAY), NOW)).toMatch(/2025/)
})

it('takes a clock that is a little ahead for now, and shows a date that lies ahead as it is', () => {
  expect(shortTime(new Date(NOW + 30_000).toISOString(), NOW)).toBe('now')
  expect(shortTime(new Date(NOW + 40 * DAY).toISOString(), NOW)).toMatch(/31/)
})

it('speaks as its reader does, of the days of their zone', () => {
  writeFor({ locale: 'de', timezone: 'Asia/Tokyo' })
  try {
    const noon = Date.parse('2026-11-21T12:00:00Z')
    expect(shortTime('2026-11-20T15:30:00Z', noon)).toBe('00:30')
    expect(shortTime('2026-11-20T14:30:00Z', noon)).toBe('Yesterday')
    expect(shortTime('2026-03-20T14:30:00Z', noon)).toBe('20. März')
    expect(readableTime('2026-11-21T12:00:00Z')).toBe('21.11.2026, 21:00')
    expect(count(12_345)).toBe('12.345')
  } finally {
    writeFor(null)
  }
  expect(count(12_345)).toBe('12,345')
})

it('shows what is no date as it is', () => {
  expect(shortTime('soon', NOW)).toBe('')
  expect(exactTime('soon')).toBe('soon')
})
