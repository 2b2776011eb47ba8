import type { ServerReply } from './client-channel.ts'

const LF = 10
const DASH = 45
const DOT = 46
const SPACE = 32
const ZERO = 48

/** No server needs more for a reply, and one that sends on for ever is no server. */
const MAX_REPLY = 64 * 1024

/**
 * Takes replies (RFC 5321 section 4.2) out of bytes as they come. A reply that nobody reads costs a look at its code:
 * of the four that a mail is answered with, only the last has words that count.
 */
export class ReplyReader {
  #bytes: Buffer = Buffer.alloc(0)
  #at = 0
  #from = 0
  #to = 0

  push(chunk: Buffer): void {
    this.#bytes =
      this.#at < this.#bytes.length ? Buffer.concat([this.#bytes.subarray(this.#at), chunk]) : chunk
    this.#at = 0
  }

  /** The code of the next reply; 0: it is not whole yet; -1: that is no SMTP. */
  next(): number {
    const bytes = this.#bytes
    for (let line = this.#at; ; ) {
      const lf = bytes.indexOf(LF, line)
      if (lf < 0) return bytes.length - this.#at > MAX_REPLY ? -1 : 0
      const code = codeAt(bytes, line, lf)
      if (code < 0) return -1
      if (bytes[line + 3] !== DASH) {
        this.#from = this.#at
        this.#to = lf
        this.#at = lf + 1
        return code
      }
      line = lf + 1
    }
  }

  /** All of the reply that was taken last. */
  reply(): ServerReply {
    const bytes = this.#bytes
    const from = this.#from
    const code = codeAt(bytes, from, this.#to)
    // RFC 2034 section 4: the class, a dot, and up to three digits twice.
    const enhances = bytes[from + 5] === DOT && bytes[from + 4] === bytes[from]
    const line = bytes.toString('utf8', from + 4, this.#to).trimEnd()
    if (!enhances && bytes.indexOf(LF, from) === this.#to) return { code, enhanced: undefined, text: line }
    const [first = '', ...more] = line.split(/\r?\n\d{3}[ -]?/)
    const enhanced = /^[245]\.\d{1,3}\.\d{1,3}(?= |$)/.exec(first)?.[0]
    if (enhanced === undefined) return { code, enhanced, text: [first, ...more].join('\n') }
    const texts = [first, ...more].map(text =>
      text.startsWith(enhanced) ? text.slice(enhanced.length + 1) : text,
    )
    return { code, enhanced, text: texts.join('\n') }
  }

  /** Some of what is no SMTP, for people. */
  nonsense(): string {
    return this.#bytes.toString('latin1', this.#at, this.#at + 80)
  }
}

function codeAt(bytes: Buffer, at: number, end: number): number {
  if (end - at < 3) return -1
  const first = (bytes[at] ?? 0) - ZERO
  const second = (bytes[at + 1] ?? 0) - ZERO
  const third = (bytes[at + 2] ?? 0) - ZERO
  const behind = bytes[at + 3] ?? 0
  if (first < 2 || first > 5 || second < 0 || second > 9 || third < 0 || third > 9) return -1
  // `250`, alone on its line, is a reply as well.
  return behind === SPACE || behind === DASH || behind < SPACE ? first * 100 + second * 10 + third : -1
}
