import { describe, expect, it } from 'vitest'
import { findField, rawValue, scanHeader, textValue } from './headers.ts'
import { defaultLimits } from './limits.ts'
import { Notes } from './notes.ts'

function scan(text: string, limits = defaultLimits) {
  const raw = Buffer.from(text, 'latin1')
  const notes = new Notes()
  const { fields, bodyStart } = scanHeader(raw, 0, raw.length, limits, notes, '0')
  return {
    raw,
    fields,
    seen: fields.map(field => [
      raw.toString('latin1', field.start, field.nameEnd),
      rawValue(raw, field, limits),
    ]),
    body: raw.toString('latin1', bodyStart),
    notes: notes.list.map(({ code }) => code),
  }
}

describe('scanHeader', () => {
  it.each<[string, string[][], string, string[]]>([
    [
      'A: 1\r\nB:2\r\n\r\nbody',
      [
        ['A', '1'],
        ['B', '2'],
      ],
      'body',
      [],
    ],
    [
      'A: 1\nB: 2\n\nbody',
      [
        ['A', '1'],
        ['B', '2'],
      ],
      'body',
      [],
    ],
    ['A: 1\r\n\t2\r\n  3\r\n\r\n', [['A', '1 2  3']], '', []],
    ['A:\r\n folded\r\n\r\n', [['A', 'folded']], '', []],
    ['A : 1\r\n\r\n', [['A', '1']], '', []],
    [
      'A:\r\nB: \r\n\r\n',
      [
        ['A', ''],
        ['B', ''],
      ],
      '',
      [],
    ],
    ['A: 1', [['A', '1']], '', []],
    ['A: 1\r\n', [['A', '1']], '', []],
    ['\r\nbody', [], 'body', []],
    ['', [], '', []],
    ['A: 1\r\nno field\r\nB: 2\r\n\r\n', [['A', '1']], 'no field\r\nB: 2\r\n\r\n', ['header-unseparated']],
    ['From a@example.com Fri\r\nA: 1\r\n\r\n', [['A', '1']], '', ['mbox-from']],
    [' stray\r\nA: 1\r\n\r\n', [['A', '1']], '', ['header-junk']],
    ['A: 1\rB: 2\r\n\r\n', [['A', '1\rB: 2']], '', []],
    [': 1\r\n', [], ': 1\r\n', ['header-unseparated']],
  ])('%j', (text, seen, body, notes) => {
    expect(scan(text)).toMatchObject({ seen, body, notes })
  })

  it('counts what is over the limit and still finds the body', () => {
    const { seen, body, notes } = scan('A: 1\r\nB: 2\r\n folded\r\nC: 3\r\n\r\nbody', {
      ...defaultLimits,
      fields: 1,
    })
    expect({ seen, body, notes }).toEqual({ seen: [['A', '1']], body: 'body', notes: ['headers-too-many'] })
  })

  it('finds the first field of a name in any case', () => {
    const { raw, fields } = scan('X: 0\r\nSUBJECT: one\r\nsubject: two\r\n\r\n')
    expect(findField(raw, fields, 'subject')).toBe(fields[1])
    expect(findField(raw, fields, 'date')).toBeUndefined()
  })

  it('decodes 8-bit bytes and encoded words', () => {
    const { raw, fields } = scan('S: \xc3\xa9 =?utf-8?q?=C3=A9?=\r\nT: caf\xe9\r\n\r\n')
    expect(fields.map(field => textValue(raw, field, 'iso-8859-1', defaultLimits))).toEqual(['é é', 'café'])
  })
})
