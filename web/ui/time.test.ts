import { expect, it } from 'vitest'
import { exactTime, shortTime } from './time.ts'

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

it('shows what is no date as it is', () => {
  expect(shortTime('soon', NOW)).toBe('')
  expect(exactTime('soon')).toBe('soon')
})
