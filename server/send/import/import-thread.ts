import { isUtf8 } from 'node:buffer'
import { parentPort, workerData } from 'node:worker_threads'
import type { CustomField } from '../audience/custom-fields.ts'
import { beginningOf, fileChunks } from './csv-chunks.ts'
import { textReader } from './csv-encoding.ts'
import { CsvScanner, type ScannedRow } from './csv-scanner.ts'
import type { ImportOptions } from './import-options.ts'
import { type ImportRow, MAX_SHOWN, type RowFault, rowReader } from './import-row.ts'
import { KeySet } from './key-set.ts'
import { type HeldRow, RowWindow } from './row-window.ts'
import type { Place } from './store-rows.ts'

/** What the thread is started with. */
export interface ImportWork {
  path: string
  options: ImportOptions
  fields: CustomField[]
  from: Place & { line: number }
}

/** Make one more portion, of so many rows. */
export interface PortionWish {
  rows: number
}

/** Rows that are ready to be stored. */
export interface ReadyPortion {
  from: Place
  to: Place & { line: number; reached: number }
  rows: number
  /** There are no more. */
  last: boolean
  /** JSON of a `Portion`; handed over. */
  bytes: Uint8Array<ArrayBuffer>
}

/** A portion of rows that are much longer than usual ends sooner. */
const PORTION_BYTES = 4 << 20

/** A window that is complete, and where the next one begins. */
interface FullWindow {
  rows: RowWindow
  begins: Place & { line: number }
  ends: Place & { line: number }
  /** Bytes of the file read before it and with it. */
  read: [number, number]
  last: boolean
}

const port = parentPort
if (port === null) throw new Error('import-thread.ts runs as a worker only')
const { path, options, fields, from } = workerData as ImportWork

const { mapping, encoding, quote } = options
const shape = { delimiter: options.delimiter.charCodeAt(0), quote: quote.charCodeAt(0) }
const readText = textReader(encoding)
const readRow = rowReader(options, fields)
const emailColumn = mapping.indexOf('email')
// Rows that may change addresses are done in the order of the file: what one takes another may have given up.
const isSorted = !mapping.includes('id')
/** Of a dry run, which leaves nothing behind that would tell of the rows before. */
const seen = options.dry_run ? new KeySet() : undefined
const beginning = beginningOf(path, encoding)
const columns = Math.max(mapping.length, columnsOfFirstRow())

const wishes: PortionWish[] = []
let wake = () => {}
port.on('message', (wish: PortionWish) => {
  wishes.push(wish)
  wake()
})

let read = 0
for (const window of windows()) await store(window)
port.close()

function columnsOfFirstRow(): number {
  let count: number | undefined
  const scanner = new CsvScanner(shape, row => {
    if (row.fault === undefined) count ??= row.count
  })
  for (const { bytes } of fileChunks(path, encoding, 0, 64 << 10)) {
    scanner.feed(bytes)
    if (count !== undefined) return count
  }
  scanner.end()
  return count ?? 0
}

function* windows(): Generator<FullWindow> {
  const full: FullWindow[] = []
  let rows = new RowWindow()
  let begins = from
  let next = { position: from.position, line: from.line }
  let readBefore = from.position
  let isHeader = options.has_header && from.position <= beginning
  const close = (last: boolean) => {
    const ends = { ...next, ahead: 0 }
    full.push({ rows, begins, ends, read: [readBefore, read], last })
    rows = new RowWindow()
    begins = ends
    readBefore = read
  }
  const scanner = new CsvScanner(
    shape,
    row => {
      next = { position: row.next, line: row.nextLine }
      if (isHeader) isHeader = false
      else if (!isBlank(row)) rows.add(row, isSorted && row.fault === undefined ? keyOf(row) : '')
      if (rows.isFull) close(false)
    },
    { position: Math.max(beginning, from.position), line: from.line },
  )
  for (const chunk of fileChunks(path, encoding, from.position)) {
    read = chunk.read
    scanner.feed(chunk.bytes)
    yield* full.splice(0)
  }
  scanner.end()
  close(true)
  yield* full
}

/** Spreadsheets write rows of commas where nothing stands. */
function isBlank({ fault, count, cells }: ScannedRow): boolean {
  if (fault !== undefined) return false
  for (let i = 0; i < count; i++) if (cells[2 * i] !== (cells[2 * i + 1] as number) >> 1) return false
  return true
}

/** What decides about the order of rows: it must not depend on anything that is not in the file. */
function keyOf({ bytes, cells, count }: ScannedRow): string {
  if (emailColumn >= count) return ''
  return readText(bytes, cells[2 * emailColumn] as number, (cells[2 * emailColumn + 1] as number) >> 1)
    .trim()
    .toLowerCase()
}

async function store({ rows, begins, ends, read: [before, after], last }: FullWindow): Promise<void> {
  rows.sort()
  let at = begins.ahead
  let isDone = false
  while (!isDone) {
    const wish = await nextWish()
    const portion: { rows: ImportRow[]; faults: RowFault[] } = { rows: [], faults: [] }
    const start = at
    for (let size = 0; at < rows.length && at - start < wish.rows && size < PORTION_BYTES; at++) {
      const held = rows.row(at)
      size += held.end - held.start
      const row = rowOf(held, rows.isUtf8)
      if ('reason' in row) portion.faults.push(row)
      else {
        if (seen?.add(row.key)) row.seen = true
        portion.rows.push(row)
      }
    }
    isDone = at >= rows.length
    const bytes = new TextEncoder().encode(JSON.stringify(portion))
    const share = rows.length === 0 ? 1 : at / rows.length
    const ready: ReadyPortion = {
      from: { position: begins.position, ahead: start },
      to: {
        ...(isDone ? ends : { position: begins.position, line: begins.line, ahead: at }),
        reached: Math.round(before + (after - before) * share),
      },
      rows: at - start,
      last: last && isDone,
      bytes,
    }
    port?.postMessage(ready, [bytes.buffer])
  }
}

async function nextWish(): Promise<PortionWish> {
  while (wishes.length === 0)
    await new Promise<void>(resolve => {
      wake = resolve
    })
  return wishes.shift() as PortionWish
}

function rowOf(held: HeldRow, isAllUtf8: boolean): ImportRow | RowFault {
  const { bytes, start, end, line, count, cells } = held
  const fault = (reason: string) => ({ line, reason, row: shown(bytes, start, end) })
  if (held.fault !== undefined) return fault(held.fault)
  if (!isAllUtf8 && encoding === 'utf-8' && !isUtf8(bytes.subarray(start, end)))
    return fault('it is not valid UTF-8')
  const texts: string[] = []
  for (let i = 0; i < count; i++) {
    const to = cells[2 * i + 1] as number
    const text = readText(bytes, cells[2 * i] as number, to >> 1)
    texts.push((to & 1) === 1 ? text.replaceAll(quote + quote, quote) : text)
  }
  // A delimiter that nobody quoted: everything behind it stands one column too far to the right.
  if (count > columns && texts.slice(columns).some(text => text !== ''))
    return fault(`${count} cells, where ${columns} are expected`)
  const row = readRow(texts)
  return 'fault' in row ? fault(row.fault) : { line, ...row, row: shown(bytes, start, end) }
}

function shown(bytes: Buffer, start: number, end: number): string {
  const text = readText(bytes, start, Math.min(end, start + 4 * MAX_SHOWN))
  return (text.length > MAX_SHOWN ? text.slice(0, MAX_SHOWN) : text).replaceAll('\0', '')
}
