import type { Notes } from './notes.ts'

/** Content-Transfer-Encoding of RFC 2045 section 6, and uuencode, which is older. */
export type TransferDecoder = 'identity' | 'base64' | 'quoted-printable' | 'uuencode'

/** Undefined for an encoding that nobody knows. */
export function transferDecoder(encoding: string): TransferDecoder | undefined {
  switch (encoding) {
    case '':
    case '7bit':
    case '8bit':
    case 'binary':
      return 'identity'
    case 'base64':
    case 'quoted-printable':
      return encoding
    case 'x-uuencode':
    case 'x-uue':
    case 'uuencode':
    case 'uue':
      return 'uuencode'
    default:
      return undefined
  }
}

/**
 * Decoded bytes of a range. Identity answers a view of `raw`, not a copy; quoted-printable a view of
 * `scratch` if one is given and long enough.
 */
export function decodeTransfer(
  raw: Buffer,
  start: number,
  end: number,
  decoder: TransferDecoder,
  notes?: Notes,
  part?: string,
  scratch?: Buffer,
): Buffer {
  switch (decoder) {
    case 'identity':
      return raw.subarray(start, end)
    case 'base64':
      return decodeBase64(raw, start, end, notes, part)
    case 'quoted-printable': {
      const out = scratch && scratch.length >= end - start ? scratch : Buffer.allocUnsafe(end - start)
      return out.subarray(0, quotedPrintable(raw, start, end, out, notes, part))
    }
    case 'uuencode': {
      const out = Buffer.allocUnsafe(end - start)
      return out.subarray(0, uuencode(raw, start, end, out))
    }
  }
}

/** Length of what decodeTransfer answers; base64 is only counted. */
export function decodedSize(
  raw: Buffer,
  start: number,
  end: number,
  decoder: TransferDecoder,
  notes?: Notes,
  part?: string,
): number {
  switch (decoder) {
    case 'identity':
      return end - start
    case 'base64':
      return base64Size(raw, start, end, notes, part)
    case 'quoted-printable':
      return quotedPrintable(raw, start, end, Buffer.allocUnsafe(end - start), notes, part)
    case 'uuencode':
      return uuencode(raw, start, end, undefined)
  }
}

const LF = 0x0a
const CR = 0x0d
const EQUALS = 0x3d

/** Value of a base64 digit; 64 padding, 65 white space, 66 anything else. The URL alphabet is taken too. */
const base64Values = new Uint8Array(256).fill(66)
for (const [value, digit] of [
  ...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
].entries()) {
  base64Values[digit.charCodeAt(0)] = value
}
base64Values[0x2d] = 62
base64Values[0x5f] = 63
base64Values[EQUALS] = 64
for (const blank of [0x09, LF, CR, 0x20]) base64Values[blank] = 65

/**
 * RFC 2045 section 6.8: characters outside the alphabet are skipped. Padding ends a group, and what
 * follows it is decoded as well, since some senders encode piece by piece.
 */
function measureBase64(
  raw: Buffer,
  start: number,
  end: number,
): { size: number; intact: boolean; resumed: boolean } {
  const values = base64Values
  let size = 0
  let digits = 0
  let junk = 0
  let padded = false
  let resumed = false
  for (let i = start; i < end; i++) {
    const value = values[raw[i] ?? 0] ?? 66
    if (value < 64) {
      digits++
    } else if (value === 64) {
      if (padded && digits > 0) resumed = true
      padded = true
      size += Math.floor((digits * 3) / 4)
      digits = 0
    } else if (value === 66) junk++
  }
  if (padded && digits > 0) resumed = true
  const intact = junk === 0 && !resumed && digits % 4 === 0
  return { size: size + Math.floor((digits * 3) / 4), intact, resumed }
}

function base64Size(raw: Buffer, start: number, end: number, notes?: Notes, part?: string): number {
  const { size, intact } = measureBase64(raw, start, end)
  if (!intact) notes?.add('base64-broken', part)
  return size
}

function decodeBase64(raw: Buffer, start: number, end: number, notes?: Notes, part?: string): Buffer {
  const { size, intact, resumed } = measureBase64(raw, start, end)
  if (!intact) notes?.add('base64-broken', part)
  if (!resumed) {
    // The native decoder skips strangers too, but may stop where we would go on.
    const decoded = Buffer.from(raw.toString('latin1', start, end), 'base64')
    if (decoded.length === size) return decoded
  }
  return decodeBrokenBase64(raw, start, end, size)
}

function decodeBrokenBase64(raw: Buffer, start: number, end: number, size: number): Buffer {
  const out = Buffer.allocUnsafe(size)
  let length = 0
  let bits = 0
  let pending = 0
  for (let i = start; i < end; i++) {
    const value = base64Values[raw[i] ?? 0] ?? 66
    if (value < 64) {
      pending = ((pending << 6) | value) & 0xffff
      bits += 6
      if (bits >= 8) {
        bits -= 8
        out[length++] = (pending >> bits) & 0xff
      }
    } else if (value === 64) {
      bits = 0
      pending = 0
    }
  }
  return out
}

/** RFC 2045 section 6.7. Answers the decoded length. */
function quotedPrintable(
  raw: Buffer,
  start: number,
  end: number,
  out: Buffer,
  notes: Notes | undefined,
  part: string | undefined,
): number {
  let length = 0
  let broken = 0
  // Where the present run of plain bytes began: white space decoded from =20 is not at risk below.
  let plain = start
  let i = start
  while (i < end) {
    let byte = raw[i] ?? 0
    // Nearly all of the time is spent here; it copies twice as fast as one loop with all the cases would.
    while (byte !== EQUALS && byte !== LF) {
      out[length++] = byte
      if (++i >= end) break
      byte = raw[i] ?? 0
    }
    if (i >= end) break
    if (byte === LF) {
      length -= blanksBefore(raw, plain, i)
      if (i > start && raw[i - 1] === CR) out[length++] = CR
      out[length++] = LF
      i++
      continue
    }
    const escaped = i + 2 < end ? escapedByte(raw, i) : -1
    const lineEnd = escaped === -1 ? lineEndAfterBlanks(raw, i + 1, end) : -1
    if (escaped !== -1) {
      out[length++] = escaped
      i += 3
    } else if (lineEnd !== -1) {
      i = lineEnd
    } else {
      broken++
      out[length++] = EQUALS
      i++
    }
    plain = i
  }
  length -= blanksBefore(raw, plain, end)
  if (broken > 0) notes?.add('qp-broken', part, broken)
  return length
}

/**
 * Bytes to take back at the end of a line, the CR among them: white space there was added on the way
 * and goes (rule 3).
 */
function blanksBefore(raw: Buffer, from: number, lineEnd: number): number {
  let at = lineEnd
  if (at > from && raw[at] === LF && raw[at - 1] === CR) at--
  while (at > from && (raw[at - 1] === 0x20 || raw[at - 1] === 0x09)) at--
  return lineEnd - at
}

function escapedByte(raw: Buffer, at: number): number {
  const high = hexValues[raw[at + 1] ?? 0] ?? -1
  const low = hexValues[raw[at + 2] ?? 0] ?? -1
  return high < 0 || low < 0 ? -1 : (high << 4) | low
}

/** Value of a hexadecimal digit in either case, else -1. */
const hexValues = Int8Array.from({ length: 256 }, (_, byte) => {
  const digit = Number.parseInt(String.fromCharCode(byte), 16)
  return Number.isNaN(digit) ? -1 : digit
})

/** Position after the line end of a soft line break, -1 if other things stand before it. */
function lineEndAfterBlanks(raw: Buffer, from: number, end: number): number {
  let i = from
  while (i < end && (raw[i] === 0x20 || raw[i] === 0x09)) i++
  if (i >= end) return end
  if (raw[i] === CR && i + 1 < end && raw[i + 1] === LF) return i + 2
  return raw[i] === LF || raw[i] === CR ? i + 1 : -1
}

/** The lines between `begin` and `end`; each says its own length in its first character. */
function uuencode(raw: Buffer, start: number, end: number, out: Buffer | undefined): number {
  let length = 0
  let inside = false
  for (let line = start; line < end; ) {
    const found = raw.indexOf(LF, line)
    const next = found === -1 || found >= end ? end : found + 1
    if (!inside) {
      inside = raw.toString('latin1', line, Math.min(line + 6, next)) === 'begin '
    } else {
      const count = ((raw[line] ?? 0) - 0x20) & 0x3f
      let lineEnd = next
      while (lineEnd > line + 1 && (raw[lineEnd - 1] === LF || raw[lineEnd - 1] === CR)) lineEnd--
      const available = lineEnd - line - 1
      if (count === 0 || raw.toString('latin1', line, Math.min(line + 3, next)) === 'end') break
      const bytes = Math.min(count, Math.floor((available * 3) / 4))
      if (out) decodeUuLine(raw, line + 1, bytes, out, length)
      length += bytes
    }
    line = next
  }
  return length
}

function decodeUuLine(raw: Buffer, from: number, bytes: number, out: Buffer, at: number): void {
  for (let i = 0; i < bytes; i++) {
    const group = from + Math.floor(i / 3) * 4 + (i % 3)
    const high = ((raw[group] ?? 0) - 0x20) & 0x3f
    const low = ((raw[group + 1] ?? 0) - 0x20) & 0x3f
    out[at + i] =
      i % 3 === 0 ? (high << 2) | (low >> 4) : i % 3 === 1 ? (high << 4) | (low >> 2) : (high << 6) | low
  }
}
