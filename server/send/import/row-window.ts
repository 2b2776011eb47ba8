import { isUtf8 } from 'node:buffer'
import type { ScannedRow } from './csv-scanner.ts'

/** Rows of one window; with as many sorted, writing them touches a tenth of the pages that it would in file order. */
const WINDOW_ROWS = 1 << 16
const WINDOW_BYTES = 16 << 20

/** A row as it was scanned, kept. */
export interface HeldRow {
  bytes: Buffer
  start: number
  end: number
  line: number
  fault: string | undefined
  count: number
  cells: Int32Array
}

/**
 * The next so many rows of a file, in bytes: they are put in order before any of them is taken apart. What decides
 * about the order, and how much a window holds, is in the file alone, so that a window is the same after a restart.
 */
export class RowWindow {
  #bytes = Buffer.allocUnsafe(1 << 20)
  #used = 0
  #cells = new Int32Array(1 << 16)
  #cellsUsed = 0
  #keys: string[] = []
  readonly #lines: number[] = []
  /** For each row: where its bytes end, and where its cells do. */
  readonly #ends: number[] = []
  readonly #cellEnds: number[] = []
  readonly #faults = new Map<number, string>()
  #order: Uint32Array | undefined
  #isUtf8: boolean | undefined

  get length(): number {
    return this.#ends.length
  }

  get isFull(): boolean {
    return this.length >= WINDOW_ROWS || this.#used >= WINDOW_BYTES
  }

  add(row: ScannedRow, key: string): void {
    const size = row.end - row.start
    if (this.#used + size > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(2 * this.#bytes.length, this.#used + size))
      this.#bytes.copy(larger, 0, 0, this.#used)
      this.#bytes = larger
    }
    row.bytes.copy(this.#bytes, this.#used, row.start, row.end)
    const moved = this.#used - row.start
    this.#used += size
    const needed = this.#cellsUsed + 2 * row.count
    if (needed > this.#cells.length) {
      const larger = new Int32Array(Math.max(2 * this.#cells.length, needed))
      larger.set(this.#cells)
      this.#cells = larger
    }
    for (let i = 0; i < row.count; i++) {
      this.#cells[this.#cellsUsed++] = (row.cells[2 * i] as number) + moved
      this.#cells[this.#cellsUsed++] = (row.cells[2 * i + 1] as number) + 2 * moved
    }
    if (row.fault !== undefined) this.#faults.set(this.length, row.fault)
    this.#keys.push(key)
    this.#lines.push(row.line)
    this.#ends.push(this.#used)
    this.#cellEnds.push(this.#cellsUsed)
  }

  /** By key; rows of one key stay in the order of the file. */
  sort(): void {
    const keys = this.#keys
    this.#order = Uint32Array.from(keys.keys()).toSorted((a, b) => {
      const x = keys[a] as string
      const y = keys[b] as string
      return x < y ? -1 : x > y ? 1 : a - b
    })
    this.#keys = []
  }

  /** The row at a place of the sorted window. */
  row(place: number): HeldRow {
    const at = this.#order?.[place] ?? place
    const cellStart = at === 0 ? 0 : (this.#cellEnds[at - 1] as number)
    const cellEnd = this.#cellEnds[at] as number
    return {
      bytes: this.#bytes,
      start: at === 0 ? 0 : (this.#ends[at - 1] as number),
      end: this.#ends[at] as number,
      line: this.#lines[at] as number,
      fault: this.#faults.get(at),
      count: (cellEnd - cellStart) / 2,
      cells: this.#cells.subarray(cellStart, cellEnd),
    }
  }

  /** Of all its rows: then none need be asked. */
  get isUtf8(): boolean {
    return (this.#isUtf8 ??= isUtf8(this.#bytes.subarray(0, this.#used)))
  }
}
