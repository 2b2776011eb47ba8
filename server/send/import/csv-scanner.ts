/** What separates cells and what encloses them: single bytes, both of ASCII. */
interface CsvShape {
  delimiter: number
  quote: number
}

/** Beyond these a line is a fault: a quote that nobody closed must not take the rest of the file with it. */
const MAX_ROW_BYTES = 1 << 20
export const MAX_CELL_BYTES = 256 << 10
export const MAX_CELLS = 1000

/** Of a line that is thrown away, enough to show it. */
const KEPT_OF_A_FAULT = 8 << 10

const LF = 10
const CR = 13

const BEFORE_CELL = 0
const IN_PLAIN = 1
const IN_QUOTED = 2
/** A quote inside a quoted cell: its end, or the first of two. */
const AFTER_QUOTE = 3
/** A carriage return: its line feed, if there is one, belongs to it. */
const AFTER_CR = 4
/** Of what is no row only the end of the line is looked for. */
const IN_FAULT = 5

/**
 * One row, in bytes. The same object is used for every row: what is to outlive the call must be copied.
 * Nothing of it has been made a string.
 */
export interface ScannedRow {
  bytes: Buffer
  /** In `bytes`, without the end of the line. */
  start: number
  end: number
  /** Where the next row begins in the file. */
  next: number
  /** Of the file. */
  line: number
  nextLine: number
  /** Why it cannot be read; then there are no cells, and the bytes are what its first line begins with. */
  fault: string | undefined
  count: number
  /** Two numbers for each cell: where it starts in `bytes`; twice where it ends, and 1 more if quotes are doubled in it. */
  cells: Int32Array
}

/**
 * Reads CSV as RFC 4180 has it, in pieces cut anywhere: quoted cells with delimiters, line ends and doubled quotes in
 * them; rows that end with CRLF, LF or CR. Where files break the rules: a quote inside a plain cell is a character
 * like any other, empty lines are no rows, and what cannot be a row (text behind a closing quote, a quote never
 * closed, too long) is a fault of that line alone, behind which reading goes on.
 */
export class CsvScanner {
  readonly #shape: CsvShape
  readonly #onRow: (row: ScannedRow) => void
  readonly #row: ScannedRow
  #bytes = Buffer.allocUnsafe(64 << 10)
  #used = 0
  #at = 0
  #rowStart = 0
  #cellStart = 0
  #doubled = 0
  #state = BEFORE_CELL
  /** Where in the file the first byte of `#bytes` stands. */
  #base: number
  #line: number
  /** Line ends inside quoted cells of the row under way, and where the first of them is. */
  #breaks = 0
  #firstBreak = -1

  /** @param from where in the file the first byte stands that will be fed */
  constructor(shape: CsvShape, onRow: (row: ScannedRow) => void, from = { position: 0, line: 1 }) {
    this.#shape = shape
    this.#onRow = onRow
    this.#base = from.position
    this.#line = from.line
    this.#row = {
      bytes: this.#bytes,
      start: 0,
      end: 0,
      next: 0,
      line: 0,
      nextLine: 0,
      fault: undefined,
      count: 0,
      cells: new Int32Array(64),
    }
  }

  feed(chunk: Uint8Array): void {
    this.#makeRoom(chunk.length)
    this.#bytes.set(chunk, this.#used)
    this.#used += chunk.length
    this.#scan()
  }

  /** The last row may be without a line end. */
  end(): void {
    while (this.#rowStart < this.#used) {
      this.#scan()
      if (this.#rowStart === this.#used) return
      if (this.#state === IN_QUOTED) {
        this.#giveUp('a quote is not closed')
        continue
      }
      if (this.#state === AFTER_CR) this.#endRow(this.#at - 1)
      else {
        if (this.#state !== IN_FAULT) this.#endCell(this.#state === AFTER_QUOTE ? this.#at - 1 : this.#at)
        this.#endRow(this.#at)
      }
    }
  }

  #scan(): void {
    const { delimiter, quote } = this.#shape
    const bytes = this.#bytes
    for (;;) {
      const used = this.#used
      if (this.#at >= used) return
      switch (this.#state) {
        case BEFORE_CELL: {
          this.#doubled = 0
          this.#cellStart = this.#at
          this.#state = IN_PLAIN
          if (bytes[this.#at] !== quote) break
          this.#state = IN_QUOTED
          this.#cellStart = ++this.#at
          break
        }
        case IN_PLAIN: {
          let at = this.#at
          let byte = -1
          for (; at < used; at++) {
            byte = bytes[at] as number
            if (byte === delimiter || byte === LF || byte === CR) break
          }
          this.#at = at
          if (this.#isTooLong(at)) this.#giveUp(TOO_LONG)
          else if (at < used) this.#closeCell(at, byte)
          break
        }
        case IN_QUOTED: {
          const found = bytes.indexOf(quote, this.#at)
          const end = found < 0 || found >= used ? used : found
          this.#countBreaks(this.#at, end)
          this.#at = end
          if (this.#isTooLong(end)) this.#giveUp(TOO_LONG)
          else if (end < used) {
            this.#at++
            this.#state = AFTER_QUOTE
          }
          break
        }
        case AFTER_QUOTE: {
          const byte = bytes[this.#at] as number
          if (byte === quote) {
            this.#doubled = 1
            this.#at++
            this.#state = IN_QUOTED
          } else if (byte === delimiter || byte === LF || byte === CR) this.#closeCell(this.#at - 1, byte)
          else this.#giveUp('text stands behind a closing quote')
          break
        }
        case AFTER_CR: {
          const end = this.#at - 1
          if (bytes[this.#at] === LF) this.#at++
          this.#endRow(end)
          break
        }
        default: {
          let at = this.#at
          while (at < used && bytes[at] !== LF && bytes[at] !== CR) at++
          this.#at = at
          if (at < used) this.#passLineEnd(bytes[at] as number)
          else this.#dropFault()
        }
      }
    }
  }

  /** @param byte what stands at the present place: the delimiter or a line end */
  #closeCell(end: number, byte: number): void {
    this.#endCell(end)
    if (this.#row.count > MAX_CELLS) this.#giveUp(`more than ${MAX_CELLS} cells`)
    else if (byte === LF || byte === CR) this.#passLineEnd(byte)
    else {
      this.#cellStart = ++this.#at
      this.#doubled = 0
      this.#state = BEFORE_CELL
    }
  }

  #passLineEnd(byte: number): void {
    this.#at++
    if (byte === CR) this.#state = AFTER_CR
    else this.#endRow(this.#at - 1)
  }

  #endCell(end: number): void {
    const row = this.#row
    const at = 2 * row.count++
    if (at === row.cells.length) {
      const larger = new Int32Array(2 * at)
      larger.set(row.cells)
      row.cells = larger
    }
    row.cells[at] = this.#cellStart
    row.cells[at + 1] = 2 * end + this.#doubled
  }

  /** The next row begins at the present place. */
  #endRow(end: number): void {
    const row = this.#row
    if (end > this.#rowStart) {
      row.bytes = this.#bytes
      row.start = this.#rowStart
      row.end = end
      row.next = this.#base + this.#at
      row.line = this.#line
      row.nextLine = this.#line + 1 + this.#breaks
      this.#onRow(row)
    }
    this.#line += 1 + this.#breaks
    this.#breaks = 0
    this.#firstBreak = -1
    row.count = 0
    row.fault = undefined
    this.#doubled = 0
    this.#rowStart = this.#cellStart = this.#at
    this.#state = BEFORE_CELL
  }

  /** Counts line ends inside a quoted cell; a CRLF may be cut in two by the end of what is there. */
  #countBreaks(from: number, to: number): void {
    const bytes = this.#bytes
    for (let at = from; at < to; at++) {
      const byte = bytes[at]
      if (byte !== LF && byte !== CR) continue
      if (byte === LF && at > this.#cellStart && bytes[at - 1] === CR) continue
      this.#breaks++
      if (this.#firstBreak < 0) this.#firstBreak = at
    }
  }

  #isTooLong(at: number): boolean {
    return at - this.#cellStart > MAX_CELL_BYTES || at - this.#rowStart > MAX_ROW_BYTES
  }

  /** The first line of it is the fault; what comes behind that is read anew. */
  #giveUp(fault: string): void {
    this.#row.fault = fault
    this.#row.count = 0
    if (this.#firstBreak >= 0) this.#at = this.#firstBreak
    this.#breaks = 0
    this.#firstBreak = -1
    this.#state = IN_FAULT
  }

  #dropFault(): void {
    const most = this.#rowStart + KEPT_OF_A_FAULT
    if (this.#used <= most) return
    this.#base += this.#used - most
    this.#used = this.#at = most
  }

  #makeRoom(size: number): void {
    if (this.#used + size <= this.#bytes.length) return
    const held = this.#used - this.#rowStart
    const room = Math.max(this.#bytes.length, 64 << 10)
    const bytes = held + size > room / 2 ? Buffer.allocUnsafe(2 * (held + size)) : this.#bytes
    this.#bytes.copy(bytes, 0, this.#rowStart, this.#used)
    const moved = this.#rowStart
    this.#bytes = bytes
    this.#base += moved
    this.#used -= moved
    this.#at -= moved
    this.#cellStart -= moved
    this.#rowStart = 0
    if (this.#firstBreak >= 0) this.#firstBreak -= moved
    const { cells, count } = this.#row
    for (let i = 0; i < count; i++) {
      cells[2 * i] = (cells[2 * i] as number) - moved
      cells[2 * i + 1] = (cells[2 * i + 1] as number) - 2 * moved
    }
  }
}

const TOO_LONG = 'too long'
