import { decodeCharset, decodeRawHeader } from './charset.ts'

/** `text/plain; charset=utf-8` taken apart. */
export interface Parameterised {
  /** Lower case, `''` if there is none. */
  value: string
  /** Names in lower case; values decoded by RFC 2231, encoded words left alone. */
  params: ReadonlyMap<string, string>
}

const none: ReadonlyMap<string, string> = new Map()

/** RFC 2045 section 5.1 and RFC 2231, and what senders make of them. Takes bytes in latin1, never throws. */
export function parseParameterised(header: string): Parameterised {
  const semicolon = header.indexOf(';')
  if (semicolon === -1 && !/[ \t("=]/.test(header)) return { value: header.toLowerCase(), params: none }
  return new Scanner(header).scan()
}

interface Segment {
  index: number
  encoded: boolean
  value: string
}

class Scanner {
  readonly #text: string
  #pos = 0
  #quotesEnded = false
  #commentsEnded = false

  constructor(text: string) {
    this.#text = text
  }

  scan(): Parameterised {
    this.#skipBlank()
    const value = this.#token().toLowerCase()
    const plain = new Map<string, string>()
    let extended: Map<string, Segment[]> | undefined
    while (this.#pos < this.#text.length) {
      const name = this.#name()
      if (name === '') continue
      const written = this.#text[this.#pos] === '=' ? this.#value() : ''
      const star = name.indexOf('*')
      if (star > 0) {
        extended ??= new Map()
        addSegment(extended, name, star, written)
      } else if (!plain.has(name)) {
        plain.set(name, decodeRawHeader(written, ''))
      }
    }
    // The extended form wins over the plain one, which is there for old readers (RFC 2231 section 4, RFC 6266).
    if (extended) for (const [name, segments] of extended) plain.set(name, joinSegments(segments))
    return { value, params: plain }
  }

  /** The value before the parameters; a missing semicolon after it is forgiven. */
  #token(): string {
    const start = this.#pos
    while (this.#pos < this.#text.length && !/[; \t(]/.test(this.#text[this.#pos] ?? '')) this.#pos++
    let token = this.#text.slice(start, this.#pos)
    if (token.length > 1 && token.startsWith('"') && token.endsWith('"')) token = token.slice(1, -1)
    return token
  }

  #name(): string {
    this.#skipBlank()
    const start = this.#pos
    while (this.#pos < this.#text.length && !/[=;(]/.test(this.#text[this.#pos] ?? '')) this.#pos++
    const name = this.#text.slice(start, this.#pos).trim().toLowerCase()
    if (this.#text[this.#pos] === ';') this.#pos++
    else if (this.#text[this.#pos] === '(') this.#skipBlank()
    else if (name === '') this.#pos++
    return name
  }

  /** Stands on `=`; leaves behind the `;` that ends the value. */
  #value(): string {
    this.#pos++
    this.#skipBlank()
    if (this.#text[this.#pos] === '"' && !this.#quotesEnded) {
      let quoted = this.#quoted()
      if (quoted !== undefined) {
        // Folded encoded words come with quotes of their own on each line.
        for (this.#skipBlank(); this.#text[this.#pos] === '"' && !this.#quotesEnded; this.#skipBlank()) {
          const more = this.#quoted()
          if (more === undefined) this.#quotesEnded = true
          else quoted += ` ${more}`
        }
        this.#skipTo(';')
        return quoted
      }
      this.#quotesEnded = true
      this.#pos++
    }
    const start = this.#pos
    this.#skipTo(';')
    const end = this.#text[this.#pos - 1] === ';' ? this.#pos - 1 : this.#pos
    return withoutLastComment(this.#text.slice(start, end).trimEnd())
  }

  #quoted(): string | undefined {
    let out = ''
    let copied = this.#pos + 1
    for (let i = copied; i < this.#text.length; i++) {
      const char = this.#text[i]
      if (char === '"') {
        this.#pos = i + 1
        return out + this.#text.slice(copied, i)
      }
      // Only quote and backslash can be escaped: C:\temp\new.txt comes unescaped from many programs.
      if (char === '\\' && (this.#text[i + 1] === '"' || this.#text[i + 1] === '\\')) {
        out += this.#text.slice(copied, i)
        copied = ++i
      }
    }
    return undefined
  }

  #skipTo(char: string): void {
    const found = this.#text.indexOf(char, this.#pos)
    this.#pos = found === -1 ? this.#text.length : found + 1
  }

  #skipBlank(): void {
    while (this.#pos < this.#text.length) {
      const char = this.#text[this.#pos]
      if (char === '(') this.#skipComment()
      else if (isBlank(char)) this.#pos++
      else return
    }
  }

  /** An unclosed parenthesis is no comment: it would swallow the boundary behind it. */
  #skipComment(): void {
    let depth = 0
    for (let i = this.#pos; i < this.#text.length && !this.#commentsEnded; i++) {
      const char = this.#text[i]
      if (char === '\\') i++
      else if (char === '(') depth++
      else if (char === ')' && --depth === 0) {
        this.#pos = i + 1
        return
      }
    }
    this.#commentsEnded = true
    this.#pos++
  }
}

/** A comment stands at the end, after white space: `my order (1).pdf` without quotes is a name. */
function withoutLastComment(value: string): string {
  if (!value.endsWith(')')) return value
  const open = value.lastIndexOf('(')
  return open > 0 && isBlank(value[open - 1]) ? value.slice(0, open).trimEnd() : value
}

function isBlank(char: string | undefined): boolean {
  return char === ' ' || char === '\t' || char === '\r' || char === '\n'
}

function addSegment(extended: Map<string, Segment[]>, name: string, star: number, value: string): void {
  const base = name.slice(0, star)
  const suffix = name.slice(star + 1)
  const encoded = suffix === '' || suffix.endsWith('*')
  const index = suffix === '' ? 0 : Number.parseInt(suffix, 10)
  if (Number.isNaN(index)) return
  const segments = extended.get(base)
  if (segments) segments.push({ index, encoded, value })
  else extended.set(base, [{ index, encoded, value }])
}

/** RFC 2231 sections 3 and 4: segments in the order of their numbers, charset and language in the first. */
function joinSegments(segments: Segment[]): string {
  segments.sort((a, b) => a.index - b.index)
  let charset = ''
  let bytes = ''
  let previous = -1
  for (const [position, { index, encoded, value }] of segments.entries()) {
    if (index === previous) continue
    previous = index
    let rest = value
    if (position === 0 && encoded) {
      const parts = /^([^']*)'[^']*'/.exec(value)
      if (parts) {
        charset = parts[1] ?? ''
        rest = value.slice(parts[0].length)
      }
    }
    bytes += encoded ? percentDecode(rest) : rest
  }
  return charset === '' ? decodeRawHeader(bytes, '') : decodeCharset(Buffer.from(bytes, 'latin1'), charset)
}

function percentDecode(text: string): string {
  return text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}
