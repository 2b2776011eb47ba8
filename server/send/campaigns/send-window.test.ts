import { expect, it } from 'vitest'
import { instantOf, localOf, nextOpening } from './send-window.ts'

const at = (text: string) => Date.parse(text)
const opening = (window: Parameters<typeof nextOpening>[0], now: string) => {
  const next = nextOpening(window, at(now))
  return next === undefined ? undefined : new Date(next).toISOString()
}
const OFFICE = { days: [1, 2, 3, 4, 5], from: '08:00', to: '18:00', zone: 'Europe/Berlin' }

it.each([
  ['while it is open', '2026-11-23T09:00:00Z', '2026-11-23T09:00:00.000Z'],
  ['before it opens', '2026-11-23T05:00:00Z', '2026-11-23T07:00:00.000Z'],
  ['at the moment it closes', '2026-11-23T17:00:00Z', '2026-11-24T07:00:00.000Z'],
  ['on a Friday evening', '2026-11-27T20:00:00Z', '2026-11-30T07:00:00.000Z'],
  ['in summer, an hour earlier by UTC', '2026-07-06T05:30:00Z', '2026-07-06T06:00:00.000Z'],
  ['over the night summer time ends', '2026-10-23T17:00:00Z', '2026-10-26T07:00:00.000Z'],
])('a window opens next %s', (_, now, next) => {
  expect(opening(OFFICE, now)).toBe(next)
})

it('a window may last to the end of the day, or never open', () => {
  expect(opening({ ...OFFICE, to: '24:00' }, '2026-11-23T22:30:00Z')).toBe('2026-11-23T22:30:00.000Z')
  expect(opening({ ...OFFICE, days: [] }, '2026-11-23T22:30:00Z')).toBeUndefined()
  expect(opening({ ...OFFICE, from: '18:00', to: '08:00' }, '2026-11-23T22:30:00Z')).toBeUndefined()
})

it('a local time is an instant, also where clocks jump', () => {
  const berlin = (local: string) => new Date(instantOf(at(local), 'Europe/Berlin')).toISOString()
  expect(berlin('2026-11-23T09:00:00Z')).toBe('2026-11-23T08:00:00.000Z')
  // 02:30 does not exist that night: an hour later.
  expect(berlin('2026-03-29T02:30:00Z')).toBe('2026-03-29T01:30:00.000Z')
  // 02:30 comes twice that night: the first.
  expect(berlin('2026-10-25T02:30:00Z')).toBe('2026-10-25T00:30:00.000Z')
  expect(new Date(instantOf(at('2026-11-23T09:00:00Z'), 'Asia/Kathmandu')).toISOString()).toBe(
    '2026-11-23T03:15:00.000Z',
  )
  expect(localOf(at('2026-11-23T08:00:00Z'), 'Europe/Berlin')).toBe(at('2026-11-23T09:00:00Z'))
})
