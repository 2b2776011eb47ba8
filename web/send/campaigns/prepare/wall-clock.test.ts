import { expect, it } from 'vitest'
import { instantAt, wallTime, zoneShort } from './wall-clock.ts'

it('goes from a clock on a wall to an instant and back', () => {
  expect(instantAt('2026-12-24T18:30', 'Europe/Berlin')).toBe('2026-12-24T17:30:00.000Z')
  expect(wallTime('2026-12-24T17:30:00.000Z', 'Europe/Berlin')).toBe('2026-12-24T18:30')
  expect(instantAt('2026-07-01T08:00', 'America/New_York')).toBe('2026-07-01T12:00:00.000Z')
  expect(instantAt('2026-07-01T08:00', 'Asia/Kathmandu')).toBe('2026-07-01T02:15:00.000Z')
  expect(zoneShort('Europe/Berlin', Date.parse('2026-07-01T08:00Z'))).toBe('GMT+2')
  expect(instantAt('', 'UTC')).toBeNull()
})

it('knows the nights on which the clocks are changed', () => {
  expect(instantAt('2026-10-25T12:00', 'Europe/Berlin')).toBe('2026-10-25T11:00:00.000Z')
  expect(instantAt('2026-03-29T01:30', 'Europe/Berlin')).toBe('2026-03-29T00:30:00.000Z')
  expect(instantAt('2026-03-29T03:30', 'Europe/Berlin')).toBe('2026-03-29T01:30:00.000Z')
})
