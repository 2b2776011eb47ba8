import { decodeCharset } from '../../mail/charset.ts'
import { findField, oneLine, rawValue, scanHeader, textValue } from '../../mail/headers.ts'
import { htmlToSearchText } from '../../mail/html-text.ts'
import { defaultLimits } from '../../mail/limits.ts'
import { openMessage, type OpenMessage } from '../../mail/message.ts'
import type { Part } from '../../mail/mime.ts'
import { Notes } from '../../mail/notes.ts'

/** Reports say what they say at their beginning; behind it may be a mail with all its attachments. */
const READ_BYTES = 262_144
const TEXT = 65_536
const LIMITS = { ...defaultLimits, depth: 10, parts: 50, fields: 500, fieldBytes: 16_384 }

/** Fields of one block of a report, by name in lower case; of several of one name the first. */
export type Fields = ReadonlyMap<string, string>

/** A mail that came to the bounce domain, as far as bounces and complaints are read from it. Never throws. */
export class ReceivedReport {
  readonly #raw: Buffer
  readonly #message: OpenMessage

  constructor(bytes: Buffer) {
    this.#raw = bytes.subarray(0, READ_BYTES)
    this.#message = openMessage(this.#raw, LIMITS)
  }

  /** Decoded; empty: there is none. */
  header(name: string): string {
    const field = findField(this.#raw, this.#message.tree.fields, name)
    return field === undefined ? '' : oneLine(textValue(this.#raw, field, 'utf-8', LIMITS))
  }

  /** Blocks of fields of the first part of one of these types (RFC 3464, section 2.1; RFC 5965, section 2). */
  blocks(...types: string[]): Fields[] | undefined {
    const part = partsOf(this.#message.tree).find(({ type }) => types.includes(type))
    const content = part && this.#message.part(part.id)?.content
    return content && [...blocksIn(content)]
  }

  /** What it says to people, without markup, at most 64 kB. */
  text(): string {
    const plain = this.#message.text() ?? ''
    if (plain.trim() !== '') return plain.slice(0, TEXT)
    return htmlToSearchText(this.#message.html() ?? '', TEXT)
  }

  /** All of it as it is on the wire: what it returns of the mail that it is about is in there, whatever is around it. */
  wire(): string {
    return this.#raw.toString('latin1')
  }
}

function* blocksIn(content: Buffer): Iterable<Fields> {
  for (let at = 0; at < content.length && at >= 0; ) {
    const { fields, bodyStart } = scanHeader(content, at, content.length, LIMITS, new Notes(), '0')
    if (fields.length > 0)
      yield new Map(
        fields
          .toReversed()
          .map(field => [
            content.toString('latin1', field.start, field.nameEnd).toLowerCase(),
            decodeCharset(Buffer.from(rawValue(content, field, LIMITS), 'latin1'), 'utf-8'),
          ]),
      )
    // A line that is no field ends a header; here it is passed over.
    const next = bodyStart > at ? bodyStart : content.indexOf('\n', at) + 1
    at = next > at ? next : content.length
  }
}

function partsOf(part: Part): Part[] {
  return [part, ...part.children.flatMap(partsOf)]
}
