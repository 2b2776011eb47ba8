import { domainToASCII } from 'node:url'
import { type Address, splitAddress } from './address.ts'
import { escaped } from './quoted-printable.ts'

/** RFC 5322 section 2.1.1: 78 should, 998 must. */
const lineLength = 76

/** A header field as bytes want it, folded, with its line break. CR, LF and NUL in the value become spaces. */
export function headerField(name: string, value: string): string {
  if (!/^[!-9;-~]+$/.test(name)) throw new TypeError(`not a header field name: ${JSON.stringify(name)}`)
  return `${fold(`${name}: ${withoutBreaks(value)}`)}\r\n`
}

/** Free text (Subject and such): as it is if ASCII and foldable, else in encoded words. */
export function encodeText(text: string, utf8: boolean): string {
  const clean = withoutBreaks(text)
  const plain = isPlain(clean, utf8) && !hasLongWord(clean)
  return plain ? clean : encodedWords(clean)
}

/** A line can be broken between words alone. */
function hasLongWord(text: string): boolean {
  for (const [word] of text.matchAll(/\S+/g)) if (word.length >= 900) return true
  return false
}

/** RFC 5322 section 3.4: `Name <local@domain>`, joined by commas. */
export function encodeAddresses(addresses: Address[], utf8: boolean): string {
  return addresses.map(address => encodeAddress(address, utf8)).join(', ')
}

function encodeAddress({ name, address }: Address, utf8: boolean): string {
  const mailbox = encodeMailbox(address, utf8)
  const clean = withoutBreaks(name).trim()
  if (clean === '') return mailbox
  if (!isPlain(clean, utf8) || clean.length > 200) return `${encodedWords(clean)} <${mailbox}>`
  const phrase = /^[\w!#$%&'*+/=?^`{|}~ -]+$/.test(clean) ? clean : `"${clean.replace(/["\\]/g, '\\$&')}"`
  return `${phrase} <${mailbox}>`
}

/** Nothing in an address may end it early or begin another one. */
function encodeMailbox(address: string, utf8: boolean): string {
  const parted = splitAddress(withoutBreaks(address))
  if (!parted) return address.replace(/[\s<>,;:"()\\[\]]/g, '')
  const { localPart, domain } = parted
  const isDotAtom =
    /^[\w!#$%&'*+/=?^`{|}~\u0080-\u{10ffff}-]+(\.[\w!#$%&'*+/=?^`{|}~\u0080-\u{10ffff}-]+)*$/u.test(localPart)
  const local = isDotAtom ? localPart : `"${localPart.replace(/["\\]/g, '\\$&')}"`
  if (/^\[[^\s<>,;"()\\[\]]*\]$/.test(domain)) return `${local}@${domain}`
  const safe = domain.replace(/[\s<>,;:"()\\[\]@]/g, '')
  return `${local}@${utf8 ? safe : domainToASCII(safe) || safe}`
}

/** RFC 2231: `; name=value`, in pieces and percent-encoded where it must be. Each piece is on a line of its own. */
export function encodeParameter(name: string, value: string): string {
  const clean = withoutBreaks(value)
  if (/^[\x20-\x7e]*$/.test(clean) && clean.length < 60 && !clean.includes('=?')) {
    return `; ${name}="${clean.replace(/["\\]/g, '\\$&')}"`
  }
  const pieces: string[] = []
  let piece = "utf-8''"
  for (const char of clean.toWellFormed()) {
    const encoded = /[A-Za-z0-9._-]/.test(char) ? char : percentEncode(char)
    if (piece.length + encoded.length > 50) {
      pieces.push(piece)
      piece = ''
    }
    piece += encoded
  }
  pieces.push(piece)
  if (pieces.length === 1) return `; ${name}*=${pieces[0]}`
  return pieces.map((text, index) => `; ${name}*${index}*=${text}`).join('')
}

function percentEncode(char: string): string {
  return [...Buffer.from(char)].map(byte => `%${hex(byte)}`).join('')
}

function hex(byte: number): string {
  return byte.toString(16).toUpperCase().padStart(2, '0')
}

function isPlain(text: string, utf8: boolean): boolean {
  if (text.includes('=?')) return false
  return utf8 ? text.isWellFormed() : /^[\x20-\x7e\t]*$/.test(text)
}

/** RFC 2047 section 2: at most 75 characters each, never cut inside a character. Q where it stays readable, else B. */
function encodedWords(text: string): string {
  const bytes = Buffer.byteLength(text)
  const useBase64 = bytes - text.replace(/[^\x20-\x7e]/gu, '').length > bytes / 3
  const room = useBase64 ? 45 : 60
  const words: string[] = []
  let chunk = ''
  let length = 0
  for (const char of text.toWellFormed()) {
    const unit = useBase64 ? char : encodeQ(char)
    const size = useBase64 ? Buffer.byteLength(char) : unit.length
    if (length + size > room) {
      words.push(encodedWord(chunk, useBase64))
      chunk = ''
      length = 0
    }
    chunk += unit
    length += size
  }
  words.push(encodedWord(chunk, useBase64))
  return words.join(' ')
}

function encodedWord(chunk: string, useBase64: boolean): string {
  return useBase64 ? `=?utf-8?B?${Buffer.from(chunk).toString('base64')}?=` : `=?utf-8?Q?${chunk}?=`
}

/** RFC 2047 section 5 (3): what may stand in a phrase may stand everywhere. */
const PHRASE = new Set('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+/-')

function encodeQ(char: string): string {
  if (char === ' ') return '_'
  return PHRASE.has(char) ? char : escaped(char)
}

/** Breaks lines before white space (RFC 5322 section 2.2.3). A line of white space alone would end the header for some. */
function fold(field: string): string {
  if (field.length <= lineLength) return field
  const lines: string[] = []
  let line = ''
  for (const word of field.split(/(?<=\S)(?=[ \t]+\S)/)) {
    if (line !== '' && line.length + word.length > lineLength && line.trim() !== '') {
      lines.push(line)
      line = word
    } else line += word
  }
  lines.push(line)
  return lines.join('\r\n')
}

// oxlint-disable-next-line no-control-regex
const breaks = /[\u0000-\u0008\u000a-\u001f\u007f]+/g

function withoutBreaks(text: string): string {
  return text.replace(breaks, ' ')
}
