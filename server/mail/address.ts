import { decodeWords } from './encoded-words.ts'

export interface Address {
  /** Display name, decoded; `''` if there is none. */
  name: string
  /** `local@domain` as written, `''` if only a name was given. */
  address: string
}

/**
 * The mailboxes of an address header, groups opened: RFC 5322 section 3.4, the obsolete forms of 4.4, and
 * what senders write instead. Takes the unfolded value with its encoded words still in place, since a
 * decoded comma must not part two addresses. Never throws.
 */
export function parseAddressList(value: string): Address[] {
  return new AddressParser(value).parse()
}

/**
 * An SMTP path or address parted at its last `@`, angle brackets and source route (RFC 5321 appendix C)
 * taken off, the local part unquoted. Undefined without a local part or a domain.
 */
export function splitAddress(path: string): { localPart: string; domain: string } | undefined {
  const address = withoutRoute(path.trim().replace(/^<(.*)>$/, '$1'))
  const at = address.lastIndexOf('@')
  if (at < 1 || at === address.length - 1) return undefined
  const local = address.slice(0, at)
  const isQuoted = local.length > 1 && local.startsWith('"') && local.endsWith('"')
  const localPart = isQuoted ? unescape(local.slice(1, -1)) : local
  return { localPart, domain: address.slice(at + 1) }
}

interface Word {
  /** As a name shows it: without quotes and escapes. */
  shown: string
  /** As an address needs it. */
  written: string
  /** An `@` stands in it outside quotes. One inside never makes an address: that would misroute. */
  hasAt: boolean
}

const encodedWord = /=\?[^?\s]{1,80}\?[bq]\?[^?\s]*\?=/iy
const special = /["(<>,;:[\s=]/g

class AddressParser {
  readonly #text: string
  readonly #found: Address[] = []
  #pos = 0
  #words: Word[] = []
  #word: Word | undefined
  #comments: string[] = []
  #angle: string | undefined
  #quotesEnded = false
  #commentsEnded = false

  constructor(text: string) {
    this.#text = text
  }

  parse(): Address[] {
    const text = this.#text
    while (this.#pos < text.length) {
      switch (text[this.#pos]) {
        case '"':
          this.#quoted()
          break
        case '(':
          this.#comment()
          break
        case '<':
          this.#angleAddress()
          break
        case ',':
        case ';':
          this.#pos++
          this.#endAddress()
          break
        case ':':
          this.#pos++
          this.#startGroup()
          break
        case '[':
          this.#domainLiteral()
          break
        case ' ':
        case '\t':
        case '\r':
        case '\n':
          this.#pos++
          this.#endWord()
          break
        case '>':
          this.#pos++
          break
        default:
          this.#atom()
      }
    }
    this.#endAddress()
    return this.#found
  }

  #append(shown: string, written: string, hasAt: boolean): void {
    if (!this.#word) {
      this.#word = { shown, written, hasAt }
      return
    }
    this.#word.shown += shown
    this.#word.written += written
    this.#word.hasAt ||= hasAt
  }

  #atom(): void {
    encodedWord.lastIndex = this.#pos
    // Senders forget to encode commas inside encoded words.
    const encoded = this.#text.startsWith('=?', this.#pos) ? encodedWord.exec(this.#text) : null
    let end = this.#pos + (encoded?.[0].length ?? 1)
    if (!encoded) {
      special.lastIndex = end
      end = special.exec(this.#text)?.index ?? this.#text.length
    }
    const atom = this.#text.slice(this.#pos, end)
    this.#pos = end
    this.#append(atom, atom, !encoded && atom.includes('@'))
  }

  #quoted(): void {
    const end = this.#quotesEnded ? -1 : this.#quoteEnd(this.#pos)
    if (end === -1) {
      this.#quotesEnded = true
      this.#pos++
      return
    }
    const written = this.#text.slice(this.#pos, end + 1)
    this.#pos = end + 1
    this.#append(unescape(written.slice(1, -1)), written, false)
  }

  #quoteEnd(open: number): number {
    for (let i = open + 1; i < this.#text.length; i++) {
      const char = this.#text[i]
      if (char === '\\') i++
      else if (char === '"') return i
    }
    return -1
  }

  #comment(): void {
    const start = this.#pos
    let depth = 0
    for (let i = start; i < this.#text.length && !this.#commentsEnded; i++) {
      const char = this.#text[i]
      if (char === '\\') i++
      else if (char === '(') depth++
      else if (char === ')' && --depth === 0) {
        this.#comments.push(unescape(this.#text.slice(start + 1, i)).trim())
        this.#pos = i + 1
        return
      }
    }
    this.#commentsEnded = true
    this.#pos++
  }

  #domainLiteral(): void {
    let end = this.#pos + 1
    while (end < this.#text.length && !/[\]\s,;<>"]/.test(this.#text[end] ?? '')) end++
    if (this.#text[end] === ']') end++
    const literal = this.#text.slice(this.#pos, end)
    this.#pos = end
    this.#append(literal, literal, false)
  }

  /** Between `<` and `>`. Without its end it stops at the next separator. */
  #angleAddress(): void {
    this.#endWord()
    if (this.#angle !== undefined) this.#endAddress()
    const text = this.#text
    let start = ++this.#pos
    let inRoute = text[start] === '@'
    let i = start
    for (; i < text.length; i++) {
      const char = text[i]
      if (char === '>') break
      if (char === '<') {
        // Apple Mail forgets what stands before a second bracket, and so does everybody else.
        start = i + 1
        inRoute = text[start] === '@'
      } else if (char === '"' && !this.#quotesEnded) {
        const end = this.#quoteEnd(i)
        if (end === -1) this.#quotesEnded = true
        else i = end
      } else if (char === ':') inRoute = false
      else if ((char === ',' || char === ';') && !inRoute) break
    }
    this.#pos = text[i] === '>' ? i + 1 : i
    this.#angle = withoutRoute(text.slice(start, i).trim())
  }

  #startGroup(): void {
    this.#word = undefined
    this.#words = []
    this.#comments = []
  }

  #endWord(): void {
    if (!this.#word) return
    const last = this.#words.at(-1)
    // RFC 5322 section 4.4 allows white space around the @.
    if (last && (this.#word.written.startsWith('@') || last.written.endsWith('@'))) {
      last.shown += this.#word.shown
      last.written += this.#word.written
      last.hasAt ||= this.#word.hasAt
    } else {
      this.#words.push(this.#word)
    }
    this.#word = undefined
  }

  #endAddress(): void {
    this.#endWord()
    let address = this.#angle
    let words = this.#words
    if (address === undefined) {
      const bare = words.findLastIndex(word => word.hasAt)
      address = words[bare]?.written ?? ''
      if (bare !== -1) words = words.toSpliced(bare, 1)
    }
    const written = words.length > 0 ? words.map(word => word.shown).join(' ') : this.#comments.join(' ')
    const name = printable(decodeWords(written))
    address = printable(address)
    if (name !== '' || address !== '') this.#found.push({ name, address })
    this.#words = []
    this.#comments = []
    this.#angle = undefined
  }
}

function withoutRoute(address: string): string {
  if (!address.startsWith('@')) return address
  const colon = address.indexOf(':')
  return colon === -1 ? address : address.slice(colon + 1).trim()
}

function unescape(text: string): string {
  return text.includes('\\') ? text.replace(/\\([^])/g, '$1') : text
}

// oxlint-disable-next-line no-control-regex
const control = /[\u0000-\u001f\u007f]+/g

function printable(text: string): string {
  return text.replace(control, ' ').trim()
}
