import { describe, expect, it } from 'vitest'
import { parseDate } from './date.ts'

describe('parseDate', () => {
  it.each([
    ['Fri, 20 Nov 2026 14:05:06 +0100', '2026-11-20T13:05:06Z'],
    ['20 Nov 2026 14:05 +0000', '2026-11-20T14:05:00Z'],
    ['Fri, 20 Nov 2026 14:05:06 -0330 (NST)', '2026-11-20T17:35:06Z'],
    ['Fri,20 Nov 26 14:05:06 GMT', '2026-11-20T14:05:06Z'],
    ['Sun, 20 Nov 94 14:05:06 EST', '1994-11-20T19:05:06Z'],
    ['20 Nov 126 14:05:06 PDT', '2026-11-20T21:05:06Z'],
    ['Fri (day), 20 (d) Nov 2026 (y) 14:05:06 UT', '2026-11-20T14:05:06Z'],
    ['Fri, 20 Nov 2026 14:05:06 Z', '2026-11-20T14:05:06Z'],
    ['Fri, 20 Nov 2026 14:05:06 A', '2026-11-20T14:05:06Z'],
    ['Fri, 20 Nov 2026 14:05:06 -0000', '2026-11-20T14:05:06Z'],
    ['Fri, 20 Nov 2026 14:05:06', '2026-11-20T14:05:06Z'],
    ['Fri, 20 November 2026 14:05:06 GMT+0200', '2026-11-20T12:05:06Z'],
    ['Friday, 20-Nov-26 14:05:06 GMT', '2026-11-20T14:05:06Z'],
    ['Fri Nov 20 14:05:06 2026', '2026-11-20T14:05:06Z'],
    ['Fri Nov 20 14:05:06 EST 2026', '2026-11-20T19:05:06Z'],
    ['2026-11-20T14:05:06+02:00', '2026-11-20T12:05:06Z'],
    ['31 Dec 2026 23:59:60 +0000', '2027-01-01T00:00:00Z'],
  ])('%s', (value, expected) => {
    expect(new Date(parseDate(value) ?? Number.NaN).toISOString()).toBe(expected.replace('Z', '.000Z'))
  })

  it.each([
    '',
    'yesterday',
    'Fri, 20 Foo 2026 14:05',
    '99 Nov 2026 14:05',
    '20 Nov 2026',
    '20 Nov 2026 99:99',
    '('.repeat(2000),
  ])('%s is no date', value => {
    expect(parseDate(value)).toBeUndefined()
  })
})
