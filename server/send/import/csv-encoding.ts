import { isUtf8 } from 'node:buffer'
import type { Encoding } from './import-options.ts'

/** Enough to tell UTF-16 without a mark from everything else. */
const HEAD = 4096

/** Looks at a file while it passes by and says what it is written in. */
export class EncodingWatch {
  #head: Buffer = Buffer.alloc(0)
  #cut: Buffer = Buffer.alloc(0)
  #isUtf8 = true

  see(chunk: Buffer): void {
    if (this.#head.length < HEAD)
      this.#head = Buffer.concat([this.#head, chunk.subarray(0, HEAD - this.#head.length)])
    if (!this.#isUtf8) return
    const bytes = this.#cut.length === 0 ? chunk : Buffer.concat([this.#cut, chunk])
    const whole = wholeCharacters(bytes)
    this.#isUtf8 = isUtf8(bytes.subarray(0, whole))
    this.#cut = Buffer.from(bytes.subarray(whole))
  }

  found(): Encoding {
    const head = this.#head
    if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
    if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be'
    const [even, odd] = zeros(head)
    const most = head.length / 5
    if (odd > most && even < most / 4) return 'utf-16le'
    if (even > most && odd < most / 4) return 'utf-16be'
    return this.#isUtf8 && this.#cut.length === 0 ? 'utf-8' : 'windows-1252'
  }
}

/** How many of the bytes end with a whole character, if they are UTF-8. */
function wholeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] as number
    if (byte < 0x80) break
    // A leading byte: is what it announces there?
    if (byte >= 0xc0)
      return (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) > back ? bytes.length - back : bytes.length
  }
  return bytes.length
}

/** At even and at odd places: of Latin text in UTF-16 every other byte is 0. */
function zeros(head: Buffer): [number, number] {
  const found: [number, number] = [0, 0]
  for (let at = 0; at < head.length; at++) if (head[at] === 0) found[at & 1 ? 1 : 0]++
  return found
}

/** Bytes of the byte order mark at the beginning, 0 if there is none. */
export function markLength(head: Uint8Array, encoding: Encoding): number {
  if (encoding === 'utf-8') return head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0
  if (encoding === 'utf-16le') return head[0] === 0xff && head[1] === 0xfe ? 2 : 0
  if (encoding === 'utf-16be') return head[0] === 0xfe && head[1] === 0xff ? 2 : 0
  return 0
}

/** Reads a piece of a row. UTF-16 has become UTF-8 by then (see csv-chunks.ts). */
type ReadText = (bytes: Buffer, start: number, end: number) => string

export function textReader(encoding: Encoding): ReadText {
  if (encoding !== 'windows-1252') return (bytes, start, end) => bytes.toString('utf8', start, end)
  const decoder = new TextDecoder('windows-1252')
  return (bytes, start, end) => {
    const text = bytes.toString('latin1', start, end)
    // The two differ there alone, and decoding is slow.
    return /[\x80-\x9f]/.test(text) ? decoder.decode(bytes.subarray(start, end)) : text
  }
}
