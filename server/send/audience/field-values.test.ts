import { describe, expect, it } from 'vitest'
import type { CustomField, FieldKind } from './custom-fields.ts'
import { checkFields, presentValues, readFieldText, readFieldValue } from './field-values.ts'

const field = (kind: FieldKind, options: string[] = []): CustomField => ({
  id: 1,
  key: 'it',
  label: 'It',
  kind,
  options,
  position: 0,
})
const MEALS = ['Fish', 'Meat, well done', 'Greens']

const fault = expect.objectContaining({ fault: expect.any(String) })

describe('what a file says', () => {
  it.each<[FieldKind, string, unknown]>([
    ['text', '  a\0b ', 'ab'],
    ['text', ' ', null],
    ['text', 'x'.repeat(2001), fault],
    ['number', '1.5', 1.5],
    ['number', '1,5', 1.5],
    ['number', '-0,25', -0.25],
    ['number', '1 234', 1234],
    ['number', '1’234’567.5', 1_234_567.5],
    ['number', '1,234.5', 1234.5],
    ['number', '1.234,5', 1234.5],
    ['number', '1.234.567', 1_234_567],
    ['number', '1.234', 1.234],
    ['number', '0,125', 0.125],
    ['number', '1e3', 1000],
    ['number', '1,234', fault],
    ['number', '12 34', fault],
    ['number', '1e999', fault],
    ['number', 'NaN', fault],
    ['number', '0x10', fault],
    ['boolean', 'YES', true],
    ['boolean', '1', true],
    ['boolean', 'off', false],
    ['boolean', 'maybe', fault],
    ['date', '2026-12-24', '2026-12-24'],
    ['date', '2026-12-24 18:00:00', '2026-12-24'],
    ['date', '2026-12-24T18:00:00Z', '2026-12-24'],
    ['date', '24.12.2026', '2026-12-24'],
    ['date', '1.2.2026', '2026-02-01'],
    ['date', '12/24/2026', '2026-12-24'],
    ['date', '24/12/2026', '2026-12-24'],
    ['date', '2/2/2026', '2026-02-02'],
    ['date', '1/2/2026', fault],
    ['date', '31.02.2026', fault],
    ['date', '29.2.2024', '2024-02-29'],
    ['one_of', 'fish', 'Fish'],
    ['one_of', 'Soup', fault],
    ['many_of', 'meat, well done', ['Meat, well done']],
    ['many_of', 'greens;FISH; greens', ['Fish', 'Greens']],
    ['many_of', 'greens, fish', ['Fish', 'Greens']],
    ['many_of', 'Meat, well done | Fish', ['Fish', 'Meat, well done']],
    ['many_of', '["Fish","Meat, well done"]', ['Fish', 'Meat, well done']],
    ['many_of', 'fish;soup', fault],
    ['many_of', ';', null],
  ])('%s %j is %j', (kind, text, read) => {
    const expected = read === fault ? fault : { value: read }
    expect(readFieldText(field(kind, kind.endsWith('_of') ? MEALS : []), text)).toEqual(expected)
  })
})

it('what a program says is taken as it is, or not at all', () => {
  for (const kind of ['text', 'number', 'boolean', 'date', 'one_of', 'many_of'] as const)
    expect(readFieldValue(field(kind, MEALS), null)).toEqual({ value: null })
  expect(readFieldValue(field('number'), 1.5)).toEqual({ value: 1.5 })
  expect(readFieldValue(field('many_of', MEALS), ['Greens', 'Fish'])).toEqual({ value: ['Fish', 'Greens'] })
  expect(readFieldValue(field('many_of', MEALS), [])).toEqual({ value: null })
  for (const [kind, given] of [
    ['text', 1],
    ['number', '1'],
    ['number', Infinity],
    ['boolean', 1],
    ['date', '24.12.2026'],
    ['date', '2026-13-01'],
    ['one_of', 'fish'],
    ['many_of', 'Fish'],
    ['many_of', ['fish']],
  ] as const)
    expect(readFieldValue(field(kind, MEALS), given), `${kind} ${given}`).toEqual(fault)
})

it('faults are named by key; null takes a value away', () => {
  const fields = [
    { ...field('number'), key: 'age' },
    { ...field('text'), key: 'town' },
  ]
  expect(checkFields(fields, { age: 'old', town: null, shoe: 1, constructor: 1 })).toEqual({
    values: { town: null },
    faults: {
      'fields.age': ['must be a number'],
      'fields.shoe': ['is no field of this workspace'],
      'fields.constructor': ['is no field of this workspace'],
    },
  })
  expect(checkFields(fields, []).faults).toEqual({ fields: ['must be an object'] })
  expect(presentValues({ age: 5, town: null })).toEqual({ age: 5 })
})
