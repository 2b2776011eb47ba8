import { type Address, parseAddressList } from './address.ts'
import { type Bodies, bodyCharset, charsetOf, joinBodies, sortLeaves } from './bodies.ts'
import { decodeCharset, decodeRawHeader, utf8Size } from './charset.ts'
import { parseDate } from './date.ts'
import { type Field, hasName, oneLine, rawValue, textValue } from './headers.ts'
import { htmlToSearchText } from './html-text.ts'
import { defaultLimits, type Limits } from './limits.ts'
import { type Part, parseTree, withLineFeeds, withoutBrackets } from './mime.ts'
import { type Note, Notes } from './notes.ts'
import { noteOddBytes } from './odd-bytes.ts'
import { decodedSize, decodeTransfer, type TransferDecoder, transferDecoder } from './transfer.ts'

interface AttachmentDigest {
  /** Position in the tree of parts, like `2` or `1.2`; `0` is the message itself. */
  partId: string
  /** Decoded, without any folder; `''` if the part has no name. */
  filename: string
  type: 'attachment' | 'inline'
  /** Without parameters, lower case. */
  contentType: string
  /** Without angle brackets, `''` if none. */
  contentId: string
  /** `base64`, `quoted-printable`, `7bit` …, `''` if none is declared. */
  transferEncoding: string
  /** Decoded bytes. */
  size: number
}

/** What lists, search and attachment rows need of a message. No string holds NUL; none but `text` holds CR or LF. */
export interface Digest {
  subject: string
  from: Address
  to: Address[]
  cc: Address[]
  /** False if there is no To field at all. */
  hasTo: boolean
  /** Milliseconds since 1970; undefined if absent or unreadable. */
  date: number | undefined
  /** Without angle brackets, `''` if none. */
  messageId: string
  /** Bytes of the decoded body in UTF-8, 0 if there is none. */
  htmlSize: number
  textSize: number
  /** For the search index: the text body, else the HTML without its tags, cut. */
  text: string
  attachments: AttachmentDigest[]
  notes: Note[]
}

/** One pass at ingest. Never throws, whatever the bytes. */
export function digest(raw: Buffer, limits: Limits = defaultLimits): Digest {
  const notes = new Notes()
  noteOddBytes(raw, notes)
  const lines = withLineFeeds(raw)
  const tree = parseTree(lines, limits, notes)
  const bodies = sortLeaves(tree)
  const header = digestHeader(lines, tree, bodyCharset(tree, bodies), limits, notes)

  const text = readBodies(raw, bodies.text, limits, notes)
  const html = readBodies(raw, bodies.html, limits, notes)
  const searchText =
    text.size > 0 ? text.start.join('\n') : htmlToSearchText(html.start.join('\n'), limits.searchText)
  return {
    ...header,
    textSize: text.size,
    htmlSize: html.size,
    text: withoutNul(cut(searchText, limits.searchText)),
    attachments: digestAttachments(raw, bodies, notes),
    notes: notes.list,
  }
}

type HeaderDigest = Pick<Digest, 'subject' | 'from' | 'to' | 'cc' | 'hasTo' | 'date' | 'messageId'>

function digestHeader(
  raw: Buffer,
  { fields }: Part,
  charset: string,
  limits: Limits,
  notes: Notes,
): HeaderDigest {
  let subject: Field | undefined
  let from: Field | undefined
  let date: Field | undefined
  let messageId: Field | undefined
  const to: Field[] = []
  const cc: Field[] = []
  for (const field of fields) {
    switch (field.nameEnd - field.start) {
      case 2:
        if (hasName(raw, field, 'to')) to.push(field)
        else if (hasName(raw, field, 'cc')) cc.push(field)
        break
      case 4:
        if (hasName(raw, field, 'from')) from = first(from, field)
        else if (hasName(raw, field, 'date')) date = first(date, field)
        break
      case 7:
        if (hasName(raw, field, 'subject')) subject = first(subject, field)
        break
      case 10:
        if (hasName(raw, field, 'message-id')) messageId = first(messageId, field)
        break
    }
  }
  if (to.length > 1 || cc.length > 1) notes.add('header-duplicated')
  const when = date && parseDate(rawValue(raw, date, limits))
  if (date && when === undefined) notes.add('date-invalid')
  const sender = from && addresses(from)[0]
  if (from && !sender) notes.add('address-unreadable')
  return {
    subject: subject ? oneLine(textValue(raw, subject, charset, limits, notes)) : '',
    from: sender ?? { name: '', address: '' },
    to: to.flatMap(addresses),
    cc: cc.flatMap(addresses),
    hasTo: to.length > 0,
    date: when,
    messageId: messageId ? oneLine(withoutBrackets(rawValue(raw, messageId, limits))) : '',
  }

  /** RFC 5322 section 3.6 allows one; the first is what most readers show. */
  function first(known: Field | undefined, field: Field): Field {
    if (known) notes.add('header-duplicated')
    return known ?? field
  }

  function addresses(field: Field): Address[] {
    return parseAddressList(decodeRawHeader(rawValue(raw, field, limits, notes), charset, notes))
  }
}

interface Read {
  /** In UTF-8. */
  size: number
  /** The beginning of each body, as much as the search index takes. */
  start: string[]
}

/** Where a body is decoded to be measured and forgotten: most fit, and nothing is left to collect. */
const scratch = Buffer.allocUnsafeSlow(64 * 1024)

function readBodies(raw: Buffer, parts: Part[], limits: Limits, notes: Notes): Read {
  const read: Read = { size: Math.max(0, parts.length - 1), start: [] }
  let wanted = limits.searchText
  for (const part of parts) {
    const bytes = decodeTransfer(
      raw,
      part.bodyStart,
      part.end,
      notedDecoderOf(part, notes),
      notes,
      part.id,
      scratch,
    )
    const charset = charsetOf(part)
    read.size += utf8Size(bytes, charset, notes, part.id)
    if (wanted > 0) {
      const start = decodeCharset(bytes.subarray(0, wanted * 4), charset)
      read.start.push(start)
      wanted -= start.length
    }
  }
  return read
}

function digestAttachments(raw: Buffer, bodies: Bodies, notes: Notes): AttachmentDigest[] {
  if (bodies.attachments.length === 0) return []
  const unsure = bodies.attachments.some(part => part.contentId !== '' && part.disposition !== 'inline')
  const shown = unsure ? contentIdsIn(joinBodies(raw, bodies.html) ?? '') : new Set<string>()
  return bodies.attachments.map(part => ({
    partId: part.id,
    filename: part.filename,
    type: part.disposition === 'inline' || shown.has(part.contentId) ? 'inline' : 'attachment',
    contentType: oneLine(part.type),
    contentId: oneLine(part.contentId),
    transferEncoding: oneLine(part.encoding),
    size: decodedSize(raw, part.bodyStart, part.end, notedDecoderOf(part, notes), notes, part.id),
  }))
}

/** RFC 2392: `cid:` and the percent-encoded Content-ID. */
function contentIdsIn(html: string): Set<string> {
  const found = new Set<string>()
  for (const [, id] of html.matchAll(/cid:([^"'\s<>()]+)/gi)) {
    if (id === undefined) continue
    found.add(id)
    try {
      found.add(decodeURIComponent(id))
    } catch {
      // A stray percent sign: the id counts as written.
    }
  }
  return found
}

function notedDecoderOf(part: Part, notes: Notes): TransferDecoder {
  const decoder = transferDecoder(part.encoding)
  if (decoder === undefined) notes.add('transfer-encoding-unknown', part.id)
  return decoder ?? 'identity'
}

function withoutNul(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', ' ') : text
}

function cut(text: string, limit: number): string {
  return text.length > limit ? text.slice(0, limit).toWellFormed() : text
}
