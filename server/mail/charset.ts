import { isAscii, isUtf8 } from 'node:buffer'
import type { Notes } from './notes.ts'
import { decodeHz, decodeIso2022Kr, decodeUtf7 } from './seven-bit-charsets.ts'

/** Labels seen in mail that the WHATWG table behind TextDecoder does not know. */
const aliases: Record<string, string> = {
  cp932: 'shift_jis',
  ms932: 'shift_jis',
  'windows-932': 'shift_jis',
  cp936: 'gbk',
  ms936: 'gbk',
  'windows-936': 'gbk',
  cp949: 'euc-kr',
  ms949: 'euc-kr',
  uhc: 'euc-kr',
  ks_c_5601: 'euc-kr',
  cp950: 'big5',
  'windows-950': 'big5',
  eucjp: 'euc-jp',
  euckr: 'euc-kr',
  'iso-2022-jp-1': 'iso-2022-jp',
  'iso-2022-jp-2': 'iso-2022-jp',
  'iso-2022-jp-3': 'iso-2022-jp',
  'iso-2022-jp-ms': 'iso-2022-jp',
  cp50220: 'iso-2022-jp',
  cp50221: 'iso-2022-jp',
  utf8mb4: 'utf-8',
  'utf-8mb4': 'utf-8',
  utf_8: 'utf-8',
  'unicode-1-1-utf-7': 'utf-7',
  utf7: 'utf-7',
  csiso2022kr: 'iso-2022-kr',
  hz: 'hz-gb-2312',
}

const own: Record<string, (bytes: Buffer) => string> = {
  'utf-7': decodeUtf7,
  'hz-gb-2312': decodeHz,
  'iso-2022-kr': decodeIso2022Kr,
}

const unicode = new TextDecoder('utf-8')
const western = new TextDecoder('windows-1252')

/** `none` covers US-ASCII too: bytes above 127 are then as undeclared as without a label. */
type Charset = 'utf-8' | 'none' | 'unknown' | ((bytes: Buffer) => string)

const known = new Map<string, Charset>([
  ['utf-8', 'utf-8'],
  ['', 'none'],
  ['us-ascii', 'none'],
  ['ascii', 'none'],
  ['ansi_x3.4-1968', 'none'],
])

function charsetOf(label: string): Charset {
  const cached = known.get(label)
  if (cached !== undefined) return cached
  const name = canonical(label)
  const charset = known.get(name) ?? findCharset(name)
  // The label comes from the sender: without a bound every message could grow the table.
  if (known.size < 1000) known.set(label, charset)
  return charset
}

function canonical(label: string): string {
  const name = label.replace(/^["'\s]+|["'\s]+$/g, '').toLowerCase()
  if (Object.hasOwn(aliases, name)) return aliases[name] ?? name
  const iso = /^(?:iso[-_ ]?)?8859[-_](\d{1,2})$/.exec(name)
  if (iso) return `iso-8859-${iso[1]}`
  const windows = /^(?:windows|win|cp|x-cp|ms)[-_ ]?(125\d|874)$/.exec(name)
  if (windows) return `windows-${windows[1]}`
  return name
}

function findCharset(name: string): Charset {
  if (Object.hasOwn(own, name)) return own[name] ?? 'unknown'
  try {
    const decoder = new TextDecoder(name)
    if (decoder.encoding === 'utf-8') return 'utf-8'
    if (decoder.encoding === 'utf-16le') return decodeUtf16
    if (decoder.encoding === 'iso-2022-jp') return bytes => decoder.decode(withoutIdleEscapes(bytes))
    return bytes => decoder.decode(bytes)
  } catch {
    return 'unknown'
  }
}

/**
 * TextDecoder answers U+FFFD to a switch of the character set that no character follows. Encoded words
 * read together have one at every seam, and so have texts put together from pieces.
 */
function withoutIdleEscapes(bytes: Buffer): Buffer {
  // oxlint-disable-next-line no-control-regex
  return Buffer.from(bytes.toString('latin1').replace(/\x1b[$(][@BJI](?=\x1b[$(][@BJI])/g, ''), 'latin1')
}

/** RFC 2781 section 4.3: a byte order mark decides; without one, little-endian is what mail has. */
function decodeUtf16(bytes: Buffer): string {
  const bigEndian = bytes[0] === 0xfe && bytes[1] === 0xff
  return new TextDecoder(bigEndian ? 'utf-16be' : 'utf-16le').decode(bytes)
}

/**
 * Bytes to text by a charset label as mail writes it; `''` means that none was declared.
 * Never throws: what the charset does not allow becomes U+FFFD, an unknown label is read as UTF-8
 * if the bytes are that, else as windows-1252, and `notes` says so.
 */
export function decodeCharset(bytes: Buffer, label: string, notes?: Notes, part?: string): string {
  const charset = charsetOf(label)
  if (charset === 'utf-8') {
    if (isUtf8(bytes)) return withoutMark(bytes)
    notes?.add('charset-invalid', part)
    return unicode.decode(bytes)
  }
  if (charset === 'none') {
    if (isAscii(bytes)) return bytes.toString('latin1')
    notes?.add('charset-undeclared', part)
    return guess(bytes)
  }
  if (charset === 'unknown') {
    notes?.add('charset-unknown', part)
    return guess(bytes)
  }
  const text = charset(bytes)
  if (notes && text.includes('\ufffd')) notes.add('charset-invalid', part)
  return text
}

function guess(bytes: Buffer): string {
  return isUtf8(bytes) ? withoutMark(bytes) : western.decode(bytes)
}

function withoutMark(bytes: Buffer): string {
  return bytes.toString('utf8', markLength(bytes))
}

function markLength(bytes: Buffer): number {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
}

/** Length in UTF-8 of what decodeCharset answers, without building the string where that can be seen. */
export function utf8Size(bytes: Buffer, label: string, notes?: Notes, part?: string): number {
  const charset = charsetOf(label)
  if (charset === 'none' && isAscii(bytes)) return bytes.length
  if (charset === 'utf-8' && isUtf8(bytes)) return bytes.length - markLength(bytes)
  return Buffer.byteLength(decodeCharset(bytes, label, notes, part))
}

/**
 * A header value whose bytes came in latin1: UTF-8 if it is that (RFC 6532), else the charset of the
 * body, else windows-1252.
 */
export function decodeRawHeader(latin1: string, fallback: string, notes?: Notes): string {
  if (!/[\x80-\xff]/.test(latin1)) return latin1
  const bytes = Buffer.from(latin1, 'latin1')
  if (isUtf8(bytes)) return bytes.toString()
  notes?.add('header-8bit')
  const charset = charsetOf(fallback)
  return typeof charset === 'function' ? charset(bytes) : western.decode(bytes)
}
