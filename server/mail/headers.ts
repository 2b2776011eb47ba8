import { decodeRawHeader } from './charset.ts'
import { decodeWords } from './encoded-words.ts'
import type { Limits } from './limits.ts'
import type { Notes } from './notes.ts'

/** One header field as offsets into the message. `end` leaves out the final line break, folds are inside. */
export interface Field {
  start: number
  nameEnd: number
  valueStart: number
  end: number
}

export interface HeaderBlock {
  fields: Field[]
  /** After the empty line, or where the header broke off. */
  bodyStart: number
}

const TAB = 0x09
const LF = 0x0a
const CR = 0x0d
const SPACE = 0x20
const DASH = 0x2d
const COLON = 0x3a

/**
 * Finds the fields from `start` to the empty line. A line that is no field ends the header, as with
 * Postfix: the body begins there. `isDelimiter` is asked about lines that begin with `--`, so that the
 * header of a part cannot run over a boundary.
 */
export function scanHeader(
  raw: Buffer,
  start: number,
  end: number,
  limits: Limits,
  notes: Notes,
  part: string,
  isDelimiter?: (lineStart: number) => boolean,
): HeaderBlock {
  const fields: Field[] = []
  let dropped = 0
  let current: Field | undefined
  let pos = start
  while (pos < end) {
    const first = raw[pos]
    if (first === LF) return finish(pos + 1)
    if (first === CR && raw[pos + 1] === LF && pos + 1 < end) return finish(pos + 2)
    if (first === DASH && raw[pos + 1] === DASH && isDelimiter?.(pos)) return finish(pos)

    const folded = first === SPACE || first === TAB
    let nameEnd = pos
    let colon = -1
    if (!folded) {
      while (nameEnd < end && isNameByte(raw[nameEnd])) nameEnd++
      colon = nameEnd
      while (colon < end && (raw[colon] === SPACE || raw[colon] === TAB)) colon++
      if (nameEnd === pos || colon >= end || raw[colon] !== COLON) colon = -1
    }
    if (!folded && colon === -1 && !(pos === start && isMailboxLine(raw, pos))) {
      notes.add('header-unseparated', part)
      return finish(pos)
    }

    let lineEnd = colon === -1 ? pos : colon
    while (lineEnd < end && raw[lineEnd] !== LF) lineEnd++
    const contentEnd = lineEnd < end && lineEnd > pos && raw[lineEnd - 1] === CR ? lineEnd - 1 : lineEnd

    if (folded) {
      if (current) current.end = contentEnd
      else notes.add('header-junk', part)
    } else if (colon === -1) {
      notes.add('mbox-from', part)
    } else {
      current = { start: pos, nameEnd, valueStart: Math.min(colon + 1, contentEnd), end: contentEnd }
      if (fields.length < limits.fields) fields.push(current)
      else dropped++
    }
    pos = lineEnd + 1
  }
  return finish(end)

  function finish(bodyStart: number): HeaderBlock {
    if (dropped > 0) notes.add('headers-too-many', part, dropped)
    return { fields, bodyStart }
  }
}

/** RFC 5322 section 2.2: printable ASCII but the colon; RFC 6532 leaves names alone, but senders do not. */
function isNameByte(byte: number | undefined): boolean {
  return byte !== undefined && byte > SPACE && byte !== COLON && byte !== 0x7f
}

function isMailboxLine(raw: Buffer, pos: number): boolean {
  const from = raw[pos] === 0x3e ? pos + 1 : pos
  return raw[from] === 0x46 && raw.toString('latin1', from, from + 5) === 'From '
}

/** The first field of that name, which must be given in lower case. */
export function findField(raw: Buffer, fields: Field[], name: string): Field | undefined {
  for (const field of fields) if (hasName(raw, field, name)) return field
  return undefined
}

export function hasName(raw: Buffer, field: Field, name: string): boolean {
  if (field.nameEnd - field.start !== name.length) return false
  for (let i = 0; i < name.length; i++) {
    if (((raw[field.start + i] ?? 0) | 0x20) !== name.charCodeAt(i)) return false
  }
  return true
}

/** The value unfolded (RFC 5322 section 2.2.3), its bytes in latin1, without white space around it. */
export function rawValue(raw: Buffer, field: Field, limits: Limits, notes?: Notes): string {
  let end = field.end
  if (end - field.valueStart > limits.fieldBytes) {
    notes?.add('header-too-long')
    end = field.valueStart + limits.fieldBytes
  }
  let start = field.valueStart
  while (start < end && isBlank(raw[start])) start++
  while (end > start && isBlank(raw[end - 1])) end--
  const value = raw.toString('latin1', start, end)
  return value.includes('\n') ? value.replace(/\r?\n[ \t]?/g, ' ') : value
}

function isBlank(byte: number | undefined): boolean {
  return byte === SPACE || byte === TAB || byte === CR || byte === LF
}

/** The value as people read it: unfolded, 8-bit bytes and encoded words decoded. */
export function textValue(raw: Buffer, field: Field, charset: string, limits: Limits, notes?: Notes): string {
  return decodeWords(decodeRawHeader(rawValue(raw, field, limits, notes), charset, notes), notes)
}

// oxlint-disable-next-line no-control-regex
const breaks = /[\u0000\r\n\t]+/g

/** Text for a place that has one line: breaks and NUL become spaces. */
export function oneLine(text: string): string {
  return text.replace(breaks, ' ').trim()
}
