/**
 * Text in UTF-8 as quoted-printable (RFC 2045, section 6.7), piece by piece: what is the same in many mails is encoded
 * once, and what is different is put between, behind a soft line break. Line ends become CRLF. No line begins with
 * a dot, so that SMTP has none to double, nor with `From `, which mailbox files would change.
 */
export class QuotedPrintable {
  /** Characters on the current line so far. */
  #column = 0

  /** A blank at the end is taken for one at the end of a line. */
  write(text: string): string {
    const out: string[] = []
    const whole = text.toWellFormed()
    if (!/[\r\n]/.test(whole)) this.#line(whole, out)
    else
      for (const [n, line] of whole.split(/\r\n|\r|\n/).entries()) {
        if (n > 0) {
          out.push('\r\n')
          this.#column = 0
        }
        this.#line(line, out)
      }
    // Joined, not added up: what is written once is put into many mails, and a string of many small ones is slow to copy.
    return out.join('')
  }

  /** A place for so many characters that are none of those to be encoded, the first of them no dot. */
  reserve(length: number): string {
    const soft = this.#column + length > ROOM ? this.softBreak() : ''
    this.#column += length
    return soft
  }

  /** What follows stands at the beginning of a line, as does whatever encodeValue made. */
  softBreak(): string {
    if (this.#column === 0) return ''
    this.#column = 0
    return '=\r\n'
  }

  #line(line: string, out: string[]): void {
    for (let at = 0; at < line.length; ) {
      const to = this.#plainTo(line, at)
      if (to > at) {
        out.push(line.slice(at, to))
        this.#column += to - at
        at = to
        continue
      }
      if (this.#column === ROOM) {
        out.push(this.softBreak())
        continue
      }
      const char = String.fromCodePoint(line.codePointAt(at) ?? 0)
      const unit = escaped(char)
      if (this.#column + unit.length > ROOM) out.push(this.softBreak())
      out.push(unit)
      this.#column += unit.length
      at += char.length
    }
  }

  /** Up to where characters can travel as they are, on this line. */
  #plainTo(line: string, from: number): number {
    if (this.#column === 0 && !mayBegin(line, from)) return from
    const most = Math.min(line.length, from + ROOM - this.#column)
    let to = from
    while (to < most && PLAIN[line.charCodeAt(to)] === 1) to++
    const last = to === line.length && to > from ? line.charCodeAt(to - 1) : 0
    return last === SPACE || last === TAB ? to - 1 : to
  }
}

/** What stands between two soft line breaks; the second one is part of it. Empty stays empty. */
export function encodeValue(value: string): string {
  if (value === '') return ''
  if (value.length > ROOM || !travelsAsIs(value)) return encodeLong(value)
  return `${value}=\r\n`
}

function encodeLong(value: string): string {
  const encoder = new QuotedPrintable()
  return encoder.write(value) + encoder.softBreak()
}

/** Most names and cities do. */
function travelsAsIs(value: string): boolean {
  if (!mayBegin(value, 0)) return false
  for (let at = 0; at < value.length; at++) if (PLAIN[value.charCodeAt(at)] !== 1) return false
  return true
}

function mayBegin(line: string, at: number): boolean {
  const code = line.charCodeAt(at)
  return code !== DOT && (code !== CAPITAL_F || !line.startsWith('From ', at))
}

/** 76 with the `=` of a soft line break. */
const ROOM = 75
const TAB = 0x09
const SPACE = 0x20
const DOT = 0x2e
const CAPITAL_F = 0x46

/** Characters that travel as they are. */
const PLAIN = new Uint8Array(128)
for (let code = SPACE; code < 0x7f; code++) PLAIN[code] = 1
PLAIN[TAB] = 1
PLAIN['='.charCodeAt(0)] = 0

/** By byte. */
const ESCAPED = Array.from(
  { length: 256 },
  (_, byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`,
)

/** The bytes of a character in UTF-8 (RFC 3629, section 3), each as `=E2`; by hand, for names are full of them. */
export function escaped(char: string): string {
  const code = char.codePointAt(0) ?? 0
  if (code < 0x80) return of(code)
  const last = of(0x80 | (code & 0x3f))
  if (code < 0x800) return of(0xc0 | (code >> 6)) + last
  const third = of(0x80 | ((code >> 6) & 0x3f))
  if (code < 0x10000) return of(0xe0 | (code >> 12)) + third + last
  return of(0xf0 | (code >> 18)) + of(0x80 | ((code >> 12) & 0x3f)) + third + last
}

function of(byte: number): string {
  return ESCAPED[byte] as string
}
