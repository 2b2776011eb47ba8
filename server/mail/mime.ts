import { decodeRawHeader } from './charset.ts'
import { safeFilename } from './filename.ts'
import { type Field, findField, rawValue, scanHeader } from './headers.ts'
import type { Limits } from './limits.ts'
import type { Notes } from './notes.ts'
import { type Parameterised, parseParameterised } from './parameters.ts'

/** A part as a range of the message. The root is the message itself, with id `0`. */
export interface Part {
  /** `2` is the second child of the root, `2.1` its first child. */
  id: string
  /** First byte of its header. */
  start: number
  bodyStart: number
  /** After the last byte of its body, without the line break that belongs to the boundary. */
  end: number
  fields: Field[]
  /** `type/subtype` in lower case; what counts, not what was declared, where the two differ. */
  type: string
  /** Of the Content-Type. */
  params: ReadonlyMap<string, string>
  /** Lower case, `''` if none. */
  disposition: string
  filename: string
  /** Without angle brackets. */
  contentId: string
  /** Lower case, `''` if none. */
  encoding: string
  /** `leaf` too if a limit left a multipart or message unopened. */
  kind: 'leaf' | 'multipart' | 'message'
  /** Of a multipart its parts; of a message the one message inside. */
  children: Part[]
}

const LF = 0x0a
const CR = 0x0d
const DASH = 0x2d
const dashes = Buffer.from('--')
const noParams: ReadonlyMap<string, string> = new Map()

/**
 * Takes a message apart (RFC 2046 section 5) in one pass over its bytes; nothing is decoded or copied.
 * Never throws. What a limit leaves unopened stays a leaf, with a note.
 */
export function parseTree(raw: Buffer, limits: Limits, notes: Notes): Part {
  return new Walk(withLineFeeds(raw), limits, notes).walk()
}

/**
 * Messages from before Mac OS X end their lines with CR alone. Only if there is no LF at all is CR taken
 * for a line end: elsewhere a bare CR could smuggle in a header that other readers do not see.
 */
export function withLineFeeds(raw: Buffer): Buffer {
  if (raw.includes(LF) || !raw.includes(CR)) return raw
  const copy = Buffer.from(raw)
  for (let at = copy.indexOf(CR); at !== -1; at = copy.indexOf(CR, at + 1)) copy[at] = LF
  return copy
}

/** An open part. Only a multipart whose boundary is still looked for has one. */
interface Frame {
  part: Part
  boundary: string | undefined
  /** The frame further out that has the same boundary. */
  shadowed: number | undefined
}

interface Delimiter {
  frame: number
  isClose: boolean
  start: number
  /** After its line break. */
  end: number
}

class Walk {
  readonly #raw: Buffer
  readonly #limits: Limits
  readonly #notes: Notes
  readonly #stack: Frame[] = []
  readonly #boundaries = new Map<string, number>()
  #longest = 0
  #parts = 0

  constructor(raw: Buffer, limits: Limits, notes: Notes) {
    this.#raw = raw
    this.#limits = limits
    this.#notes = notes
  }

  walk(): Part {
    const root = this.#open('0', 0, 'text/plain')
    let pos = this.#top().part.bodyStart
    while (this.#boundaries.size > 0) {
      const delimiter = this.#nextDelimiter(pos)
      if (!delimiter) break
      this.#closeDownTo(delimiter.frame, this.#beforeLineBreak(delimiter.start))
      const frame = this.#stack[delimiter.frame]
      if (!frame) break
      if (delimiter.isClose) {
        this.#forget(frame)
        pos = delimiter.end
        continue
      }
      const { part } = frame
      const id = part.id === '0' ? `${part.children.length + 1}` : `${part.id}.${part.children.length + 1}`
      if (this.#parts >= this.#limits.parts) {
        this.#notes.add('parts-too-many', id)
        part.children.push(unopened(id, delimiter.end, this.#raw.length))
        for (const open of this.#stack) open.boundary = undefined
        break
      }
      part.children.push(
        this.#open(id, delimiter.end, part.type === 'multipart/digest' ? 'message/rfc822' : 'text/plain'),
      )
      pos = this.#top().part.bodyStart
    }
    this.#closeDownTo(-1, this.#raw.length)
    return root
  }

  #top(): Frame {
    const frame = this.#stack.at(-1)
    if (!frame) throw new Error('no part is open')
    return frame
  }

  /** Reads the header of a part and, if it holds others, gets ready for them. Embedded messages open in the same step. */
  #open(id: string, start: number, defaultType: string): Part {
    const first = this.#read(id, start, defaultType)
    for (let part = first; ; ) {
      const frame: Frame = { part, boundary: undefined, shadowed: undefined }
      this.#stack.push(frame)
      const isMultipart = part.type.startsWith('multipart/')
      const isMessage = isEmbeddedMessage(part)
      if (!isMultipart && !isMessage) return first
      // Counted from 1 for the root, which is always opened.
      if (this.#stack.length > this.#limits.depth) {
        this.#notes.add('parts-too-deep', part.id)
        return first
      }
      if (isMultipart) {
        this.#expect(frame)
        return first
      }
      if (this.#parts >= this.#limits.parts) {
        this.#notes.add('parts-too-many', part.id)
        return first
      }
      const inner = this.#read(`${part.id}.1`, part.bodyStart, 'text/plain')
      part.kind = 'message'
      part.children.push(inner)
      part = inner
    }
  }

  #expect(frame: Frame): void {
    const boundary = frame.part.params.get('boundary')?.trimEnd()
    if (!boundary) {
      this.#notes.add('boundary-missing', frame.part.id)
      frame.part.type = 'text/plain'
      return
    }
    frame.part.kind = 'multipart'
    frame.boundary = boundary
    frame.shadowed = this.#boundaries.get(boundary)
    this.#boundaries.set(boundary, this.#stack.length - 1)
    this.#longest = Math.max(this.#longest, Buffer.byteLength(boundary))
  }

  #forget(frame: Frame): void {
    if (frame.boundary === undefined) return
    if (frame.shadowed === undefined) this.#boundaries.delete(frame.boundary)
    else this.#boundaries.set(frame.boundary, frame.shadowed)
    frame.boundary = undefined
  }

  /** Ends every part inside the frame. A part ends no earlier than its body begins or its children end. */
  #closeDownTo(index: number, end: number): void {
    let last = end
    while (this.#stack.length > index + 1) {
      const frame = this.#stack.pop()
      if (!frame) return
      const { part } = frame
      if (frame.boundary !== undefined) {
        this.#forget(frame)
        if (part.children.length > 0) {
          this.#notes.add('boundary-unclosed', part.id)
        } else {
          this.#notes.add('boundary-not-found', part.id)
          part.type = 'text/plain'
          part.kind = 'leaf'
        }
      }
      last = Math.max(last, part.bodyStart)
      part.end = last
    }
  }

  #read(id: string, start: number, defaultType: string): Part {
    const raw = this.#raw
    this.#parts++
    const { fields, bodyStart } = scanHeader(
      raw,
      start,
      raw.length,
      this.#limits,
      this.#notes,
      id,
      this.#boundaries.size > 0 ? this.#isDelimiter : undefined,
    )
    const type = this.#parameterised(fields, 'content-type')
    const disposition = this.#parameterised(fields, 'content-disposition')
    const hasType = type !== undefined && /^[^/\s]+\/[^/\s]+$/.test(type.value)
    if (type && !hasType) this.#notes.add('content-type-invalid', id)
    const name = disposition?.params.get('filename') ?? type?.params.get('name')
    return {
      id,
      start,
      bodyStart,
      end: bodyStart,
      fields,
      type: hasType ? type.value : type ? 'text/plain' : defaultType,
      params: type?.params ?? noParams,
      disposition: disposition?.value ?? '',
      filename: name === undefined ? '' : safeFilename(name),
      contentId: this.#contentId(fields),
      encoding: this.#parameterised(fields, 'content-transfer-encoding')?.value ?? '',
      kind: 'leaf',
      children: [],
    }
  }

  #parameterised(fields: Field[], name: string): Parameterised | undefined {
    const field = findField(this.#raw, fields, name)
    return field && parseParameterised(rawValue(this.#raw, field, this.#limits))
  }

  #contentId(fields: Field[]): string {
    const field = findField(this.#raw, fields, 'content-id')
    return field ? withoutBrackets(rawValue(this.#raw, field, this.#limits)) : ''
  }

  #isDelimiter = (lineStart: number): boolean => this.#delimiterAt(lineStart) !== undefined

  #nextDelimiter(from: number): Delimiter | undefined {
    const raw = this.#raw
    let at = raw.indexOf(dashes, from)
    while (at !== -1) {
      if (at === from || raw[at - 1] === LF) {
        const delimiter = this.#delimiterAt(at)
        if (delimiter) return delimiter
      }
      // A row of dashes would else be looked at once for each of them.
      while (raw[at] === DASH) at++
      at = raw.indexOf(dashes, at)
    }
    return undefined
  }

  /**
   * RFC 2046 section 5.1.1: the whole line is the boundary, but for white space at its end, so `--abcd`
   * does not end a part of `abc`. An inner boundary wins over the same one further out.
   */
  #delimiterAt(start: number): Delimiter | undefined {
    const raw = this.#raw
    const longest = start + this.#longest + 4
    let lineEnd = start + 2
    let end = lineEnd
    for (; lineEnd < raw.length && raw[lineEnd] !== LF; lineEnd++) {
      const byte = raw[lineEnd]
      if (byte === 0x20 || byte === 0x09 || byte === CR) continue
      if (lineEnd >= longest) return undefined
      end = lineEnd + 1
    }
    const line = boundaryText(raw, start + 2, end)
    let isClose = false
    let frame = this.#boundaries.get(line)
    if (frame === undefined && line.endsWith('--')) {
      isClose = true
      frame = this.#boundaries.get(line.slice(0, -2))
    }
    if (frame === undefined) return undefined
    return { frame, isClose, start, end: Math.min(lineEnd + 1, raw.length) }
  }

  /** The line break before a boundary belongs to the boundary. */
  #beforeLineBreak(lineStart: number): number {
    if (lineStart === 0) return 0
    return lineStart > 1 && this.#raw[lineStart - 2] === CR ? lineStart - 2 : lineStart - 1
  }
}

function boundaryText(raw: Buffer, start: number, end: number): string {
  return decodeRawHeader(raw.toString('latin1', start, end), '')
}

/** RFC 2046 section 5.2.1: a message inside is never encoded; one that is stays closed. */
function isEmbeddedMessage(part: Part): boolean {
  if (part.type !== 'message/rfc822' && part.type !== 'message/global') return false
  return (
    part.encoding === '' || part.encoding === '7bit' || part.encoding === '8bit' || part.encoding === 'binary'
  )
}

function unopened(id: string, start: number, end: number): Part {
  return {
    id,
    start,
    bodyStart: start,
    end,
    fields: [],
    type: 'application/octet-stream',
    params: noParams,
    disposition: '',
    filename: '',
    contentId: '',
    encoding: '',
    kind: 'leaf',
    children: [],
  }
}

/** Of a Message-ID or Content-ID. */
export function withoutBrackets(id: string): string {
  const open = id.indexOf('<')
  const close = id.indexOf('>', open + 1)
  if (open === -1) return id.trim()
  return id.slice(open + 1, close === -1 ? undefined : close).trim()
}
