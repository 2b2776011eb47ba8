import { QuotedPrintable } from './quoted-printable.ts'

/** Bytes of a body as they travel, and the name of how. */
export interface EncodedBody {
  encoding: '7bit' | '8bit' | 'quoted-printable' | 'base64'
  lines: string | Buffer
}

/** Text in UTF-8 with CRLF line ends: as it is where that is safe, else whichever encoding stays smaller. */
export function encodeTextBody(text: string): EncodedBody {
  const lines = text.toWellFormed().replace(/\r\n|\r|\n/g, '\r\n')
  if (isSafeAscii(lines)) return { encoding: '7bit', lines }
  const bytes = Buffer.from(lines)
  let escaped = 0
  for (const byte of bytes) if (byte > 0x7e || byte === 0x3d) escaped++
  if (escaped > bytes.length / 6) return encodeBinaryBody(bytes)
  return { encoding: 'quoted-printable', lines: new QuotedPrintable().write(lines) }
}

export function encodeBinaryBody(bytes: Buffer): EncodedBody {
  const base64 = bytes.toString('base64')
  const lines: string[] = []
  for (let at = 0; at < base64.length; at += 76) lines.push(base64.slice(at, at + 76))
  return { encoding: 'base64', lines: lines.join('\r\n') }
}

/** RFC 2046 section 5.2.1: a message inside a message is never encoded. */
export function encodeMessageBody(bytes: Buffer): EncodedBody {
  const isSeven = bytes.every(byte => byte < 0x80)
  return { encoding: isSeven ? '7bit' : '8bit', lines: bytes }
}

/** Relays cut lines over 998 and mailbox files escape a leading "From "; blanks at line ends get lost. */
function isSafeAscii(lines: string): boolean {
  if (!/^[\t\r\n\x20-\x7e]*$/.test(lines)) return false
  return !hasLongLine(lines) && !/^From /m.test(lines) && !/[ \t]\r?$/m.test(lines)
}

/** A pattern such as `[^\n]{990}` would try again at each character: a mail of 20 MB took it a minute. */
function hasLongLine(lines: string): boolean {
  for (let start = 0; start < lines.length; ) {
    const found = lines.indexOf('\n', start)
    const end = found < 0 ? lines.length : found
    if (end - start >= 990) return true
    start = end + 1
  }
  return false
}
