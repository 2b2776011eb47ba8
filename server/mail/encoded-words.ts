import { decodeCharset } from './charset.ts'
import type { Notes } from './notes.ts'

/**
 * Decodes the encoded words of RFC 2047 (and the language suffix of RFC 2231 section 5) in a value.
 * What is no complete encoded word stays as it is. White space between two of them vanishes, and
 * neighbours of one charset are decoded together, because many senders cut in the middle of a character.
 */
export function decodeWords(value: string, notes?: Notes): string {
  let open = value.indexOf('=?')
  if (open === -1) return value
  const out: string[] = []
  const run = new Run(notes)
  let copied = 0
  let close = -1
  while (open !== -1) {
    const charsetEnd = value.indexOf('?', open + 2)
    if (charsetEnd === -1) break
    const encoding = value.charCodeAt(charsetEnd + 1) | 0x20
    const textStart = charsetEnd + 3
    const next = value.indexOf('=?', open + 2)
    const wellFormed =
      charsetEnd > open + 2 &&
      charsetEnd - open < 80 &&
      (encoding === Q || encoding === B) &&
      value.charCodeAt(charsetEnd + 2) === QUESTION
    if (!wellFormed) {
      open = next
      continue
    }
    // Kept from word to word: a value full of openings and without an end is searched once.
    if (close < textStart) close = value.indexOf('?=', textStart)
    if (close === -1) break
    if (next !== -1 && next < close - 1) {
      open = next
      continue
    }
    const between = value.slice(copied, open)
    if (!run.isEmpty && !isBlank(between)) out.push(run.take())
    if (run.isEmpty || !isBlank(between)) out.push(between)
    const charset = value.slice(open + 2, charsetEnd)
    const text = value.slice(textStart, close)
    if (!run.accepts(charset)) out.push(run.take())
    run.add(charset, encoding === B, text)
    copied = close + 2
    open = value.indexOf('=?', copied)
  }
  if (!run.isEmpty) out.push(run.take())
  out.push(value.slice(copied))
  return out.join('')
}

const Q = 0x71
const B = 0x62
const QUESTION = 0x3f

/** Neighbouring words of one charset, as bytes in latin1 until they can be decoded together. */
class Run {
  #charset = ''
  #bytes: string[] = []
  #base64 = ''
  readonly #notes: Notes | undefined

  constructor(notes: Notes | undefined) {
    this.#notes = notes
  }

  get isEmpty(): boolean {
    return this.#charset === ''
  }

  accepts(charset: string): boolean {
    return this.isEmpty || this.#charset === withoutLanguage(charset)
  }

  add(charset: string, isBase64: boolean, text: string): void {
    this.#charset = withoutLanguage(charset)
    // Some senders cut one base64 text into words without regard for its groups of four.
    const continues = isBase64 && this.#base64.length % 4 !== 0 && !this.#base64.endsWith('=')
    if (!continues) this.#flush()
    if (isBase64) this.#base64 += text
    else this.#bytes.push(decodeQ(text))
  }

  take(): string {
    this.#flush()
    const bytes = Buffer.from(this.#bytes.join(''), 'latin1')
    const text = decodeCharset(bytes, this.#charset, this.#notes)
    this.#charset = ''
    this.#bytes = []
    return text
  }

  #flush(): void {
    if (this.#base64 !== '') this.#bytes.push(Buffer.from(this.#base64, 'base64').toString('latin1'))
    this.#base64 = ''
  }
}

function withoutLanguage(charset: string): string {
  const star = charset.indexOf('*')
  return (star === -1 ? charset : charset.slice(0, star)).toLowerCase() || 'us-ascii'
}

function decodeQ(text: string): string {
  return text
    .replaceAll('_', ' ')
    .replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

function isBlank(text: string): boolean {
  return /^[ \t\r\n]*$/.test(text)
}
