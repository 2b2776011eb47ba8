import { parse } from 'csv-parse/sync'
import { describe, expect, it } from 'vitest'
import { randomFrom } from '../../../test/random.ts'
import { CsvScanner, MAX_CELL_BYTES, MAX_CELLS, type ScannedRow } from './csv-scanner.ts'

interface Read {
  line: number
  next: number
  cells?: string[]
  fault?: string
  text?: string
}

function reading({ bytes, start, end, line, next, fault, count, cells }: ScannedRow): Read {
  if (fault !== undefined)
    return { line, next, fault, text: bytes.toString('utf8', start, Math.min(end, start + 40)) }
  return {
    line,
    next,
    cells: Array.from({ length: count }, (_, i) => {
      const [from = 0, to = 0] = cells.subarray(2 * i)
      const text = bytes.toString('utf8', from, to >> 1)
      return to & 1 ? text.replaceAll('""', '"') : text
    }),
  }
}

/** @param cuts lengths of the pieces, over and over */
function scan(text: string, cuts: number[] = [1 << 30], delimiter = ','): Read[] {
  const rows: Read[] = []
  const scanner = new CsvScanner({ delimiter: delimiter.charCodeAt(0), quote: 34 }, row =>
    rows.push(reading(row)),
  )
  const bytes = Buffer.from(text)
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = cuts[i % cuts.length] ?? 1
    scanner.feed(bytes.subarray(at, at + size))
    at += size
  }
  scanner.end()
  return rows
}

const PIECES = ['a', 'Zoë', '"', ',', ';', '\n', '\r\n', '\r', ' ', '', '=1+1', '日本']

function anyFile(seed: number): string {
  const random = randomFrom(seed)
  const eol = ['\n', '\r\n', '\r'][random(3)] ?? '\n'
  const rows = Array.from({ length: 1 + random(5) }, () =>
    Array.from({ length: 1 + random(4) }, () => {
      const text = Array.from({ length: random(5) }, () => PIECES[random(PIECES.length)]).join('')
      return /[",\r\n]/.test(text) || random(4) === 0 ? `"${text.replaceAll('"', '""')}"` : text
    }).join(','),
  )
  return rows.join(eol) + (random(2) === 0 ? eol : '')
}

describe('beside csv-parse', () => {
  it('reads the same cells out of any file, cut anywhere', () => {
    for (let seed = 1; seed <= 400; seed++) {
      const text = anyFile(seed)
      const expected = parse(text, {
        relax_column_count: true,
        skip_empty_lines: true,
        record_delimiter: ['\r\n', '\n', '\r'],
      }) as string[][]
      const whole = scan(text)
      expect(
        whole.map(row => row.cells),
        JSON.stringify(text),
      ).toEqual(expected)
      for (let cut = 1; cut < Buffer.byteLength(text); cut++)
        expect(scan(text, [cut, 1 << 30]), `${JSON.stringify(text)} cut at ${cut}`).toEqual(whole)
      expect(scan(text, [1]), JSON.stringify(text)).toEqual(whole)
    }
  })
})

describe('what csv-parse would stop at', () => {
  it.each([
    ['a,b\n"x"y,2\nc,d\n', [['a', 'b'], 'text stands behind a closing quote', ['c', 'd']]],
    ['a,b\n"x,2\nc,d\ne,f', [['a', 'b'], 'a quote is not closed', ['c', 'd'], ['e', 'f']]],
    ['"a\r\nb" c\r\nd', ['text stands behind a closing quote', ['b" c'], ['d']]],
    ['a"b,c\n', [['a"b', 'c']]],
    ['\n\r\n\ra\n\n', [['a']]],
    ['"', ['a quote is not closed']],
    [
      ',\n,',
      [
        ['', ''],
        ['', ''],
      ],
    ],
  ])('%j', (text, expected) => {
    const said = (rows: Read[]) => rows.map(row => row.fault ?? row.cells)
    expect(said(scan(text))).toEqual(expected)
    for (let cut = 1; cut < text.length; cut++) expect(scan(text, [cut, 1000])).toEqual(scan(text))
  })

  it('counts lines as an editor does, and bytes from the start of the file', () => {
    const text = 'a\r\n"b\r\nb\nb",1\rc\n\n"d\n" x\ne'
    const rows = scan(text, [1])
    expect(rows.map(({ line }) => line)).toEqual([1, 2, 5, 7, 8, 9])
    for (const { next, line } of rows.slice(0, -1)) {
      const rest: Read[] = []
      const scanner = new CsvScanner({ delimiter: 44, quote: 34 }, row => rest.push(reading(row)), {
        position: next,
        line: rows.find(row => row.line > line)?.line ?? 0,
      })
      scanner.feed(Buffer.from(text).subarray(next))
      scanner.end()
      expect(rest.map(row => row.next)).toEqual(rows.filter(row => row.line > line).map(row => row.next))
    }
  })

  it.each([
    ['a cell', `a,${'x'.repeat(MAX_CELL_BYTES + 1)},b`],
    ['a quoted cell', `a,"${'x'.repeat(MAX_CELL_BYTES + 1)}",b`],
    ['a cell never closed', `a,"${'x'.repeat(MAX_CELL_BYTES + 1)}`],
    ['a row', `${`${'x'.repeat(100_000)},`.repeat(12)}b`],
    ['a line of commas', ','.repeat(MAX_CELLS + 1)],
  ])('%s that is too long is a fault, whatever the pieces', (_, text) => {
    const file = `1,2\n${text}\n3,4\n`
    const whole = scan(file)
    expect(whole.map(row => row.cells ?? row.fault?.replace(/ \d+/, ''))).toEqual([
      ['1', '2'],
      expect.stringMatching(/too long|more than/),
      ['3', '4'],
    ])
    expect(scan(file, [4099])).toEqual(whole)
  })
})
