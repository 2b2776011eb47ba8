import { fileChunks } from './csv-chunks.ts'
import { textReader } from './csv-encoding.ts'
import { CsvScanner } from './csv-scanner.ts'
import type { Encoding, Reading } from './import-options.ts'

/** Bytes at the beginning of a file that are looked at. */
const HEAD = 128 << 10
const ROWS = 200
const DELIMITERS = [',', ';', '\t', '|']
/** Of one cell, to show. */
const MAX_CELL = 500

/** The first rows of a file, read in one way. Rows that cannot be read that way are left out. */
export function headRows(
  path: string,
  reading: Pick<Reading, 'delimiter' | 'quote' | 'encoding'>,
): string[][] {
  const readText = textReader(reading.encoding)
  const rows: string[][] = []
  const shape = { delimiter: reading.delimiter.charCodeAt(0), quote: reading.quote.charCodeAt(0) }
  const scanner = new CsvScanner(shape, ({ bytes, fault, count, cells }) => {
    if (fault !== undefined || rows.length >= ROWS) return
    rows.push(
      Array.from({ length: count }, (_, i) => {
        const to = cells[2 * i + 1] as number
        const text = readText(bytes, cells[2 * i] as number, to >> 1)
        const cell = (to & 1) === 1 ? text.replaceAll(reading.quote.repeat(2), reading.quote) : text
        return cell.slice(0, MAX_CELL).toWellFormed()
      }),
    )
  })
  let isWhole = true
  for (const { bytes } of fileChunks(path, reading.encoding, 0, HEAD)) {
    if (!isWhole) break
    scanner.feed(bytes)
    isWhole = false
  }
  // What the head cuts off is no row; in a file that ends there it is one.
  if (isShort(path, reading.encoding)) scanner.end()
  return rows.filter(row => row.some(cell => cell.trim() !== ''))
}

function isShort(path: string, encoding: Encoding): boolean {
  let chunks = 0
  for (const _ of fileChunks(path, encoding, 0, HEAD)) if (++chunks > 1) return false
  return true
}

/** How a file seems to be written. What is given is taken as it is. */
export function detectReading(path: string, encoding: Encoding, given: Partial<Reading> = {}): Reading {
  const found = { encoding, ...given }
  const quote = given.quote ?? likelyQuote(path, found.encoding)
  const delimiter = given.delimiter ?? likelyDelimiter(path, found.encoding, quote)
  const [first] = headRows(path, { delimiter, quote, encoding: found.encoding })
  return {
    delimiter,
    quote,
    encoding: found.encoding,
    has_header: given.has_header ?? (first !== undefined && !first.some(cell => cell.includes('@'))),
  }
}

/** The one that cuts most rows into equally many cells. */
function likelyDelimiter(path: string, encoding: Encoding, quote: Reading['quote']): string {
  let best = { delimiter: ',', score: 0 }
  for (const delimiter of DELIMITERS) {
    const rows = headRows(path, { delimiter, quote, encoding })
    const columns = rows[0]?.length ?? 0
    if (columns < 2) continue
    const alike = rows.filter(row => row.length === columns).length
    const score = (alike / rows.length) * 100 + columns
    if (score > best.score) best = { delimiter, score }
  }
  return best.delimiter
}

/** Single quotes count where cells are enclosed in them and none is in double ones: they are in names too. */
function likelyQuote(path: string, encoding: Encoding): Reading['quote'] {
  const readText = textReader(encoding)
  const [head] = fileChunks(path, encoding, 0, HEAD)
  if (head === undefined) return '"'
  const text = readText(head.bytes, 0, head.bytes.length)
  const enclosed = (quote: string) =>
    text.match(new RegExp(`(?:^|[,;\\t|])${quote}[^${quote}\\r\\n]*${quote}(?=[,;\\t|\\r\\n]|$)`, 'gm'))
      ?.length ?? 0
  return enclosed('"') === 0 && enclosed("'") > 1 ? "'" : '"'
}
