import { domainToASCII } from 'node:url'
import { parseAddressList, splitAddress } from '../mail/address.ts'
import { encodeAddresses, headerField } from '../mail/encode-header.ts'
import { type Field, hasName, rawValue, scanHeader } from '../mail/headers.ts'
import { defaultLimits } from '../mail/limits.ts'
import { Notes } from '../mail/notes.ts'

/** Every copy bears it. A message that comes in with it has been forwarded once, here or elsewhere: no rule sends it on. */
const MARK = 'X-Posthorn-Forwarded'

/** A message on its way to being forwarded: its header is looked at, its body is not. */
export interface Forwardable {
  /** With CRLF line ends. */
  bytes: Buffer
  fields: Field[]
}

export function forwardable(raw: Buffer): Forwardable {
  const bytes = withCrlf(raw)
  const { fields } = scanHeader(bytes, 0, bytes.length, defaultLimits, new Notes(), '0')
  return { bytes, fields }
}

export function wasForwarded({ bytes, fields }: Forwardable): boolean {
  return fields.some(field => hasName(bytes, field, MARK.toLowerCase()))
}

/** The addresses of To and Cc, each once, as `addressKey` writes them. Never those of Bcc (contract, section 9.4). */
export function addressees({ bytes, fields }: Forwardable): string[] {
  const found = new Set<string>()
  for (const field of fields) {
    if (!hasName(bytes, field, 'to') && !hasName(bytes, field, 'cc')) continue
    const value = Buffer.from(rawValue(bytes, field, defaultLimits), 'latin1').toString()
    for (const { address } of parseAddressList(value)) {
      const key = addressKey(address)
      if (key !== undefined) found.add(key)
    }
  }
  return [...found]
}

/** An address as targets and rules know it: lower case, its domain in ASCII. Undefined if no mail can be sent to it. */
export function addressKey(address: string): string | undefined {
  const parted = splitAddress(address)
  if (parted === undefined || address.length > 254 || /[\s<>\0-\x1f\x7f]/.test(address)) return undefined
  const domain = hostName(parted.domain)
  const local = address.slice(0, address.lastIndexOf('@')).toLowerCase()
  return domain === undefined || local.length > 64 ? undefined : `${local}@${domain}`
}

/** A domain likewise. One without a dot is nobody's to prove. */
export function domainKey(domain: string): string | undefined {
  const name = hostName(domain)
  return name?.includes('.') ? name : undefined
}

/** In ASCII. Undefined if it is none, or an address. */
function hostName(text: string): string | undefined {
  // What would end the host in a URL is cut off or decoded by it.
  if (/[/\\?#@:%]/.test(text)) return undefined
  const ascii = domainToASCII(text.trim()).replace(/\.$/, '')
  const isName = /^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)*[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(
    ascii,
  )
  return isName && ascii.length <= 253 ? ascii : undefined
}

/**
 * The copy that goes out (contract, section 9.4): From is ours, since the relay may send for no other domain; what it
 * was is kept beside it; all else is as it came, line ends excepted.
 */
export function forwardCopy({ bytes, fields }: Forwardable, from: { name: string; address: string }): Buffer {
  const ours = Buffer.from(
    headerField(MARK, from.address) + headerField('From', encodeAddresses([from], false)),
  )
  const pieces: Buffer[] = []
  const originals = fields.filter(field => hasName(bytes, field, 'from'))
  // Of several From fields the first place is ours. Without one we stand at the top.
  let at = originals[0]?.start ?? fields[0]?.start ?? 0
  pieces.push(bytes.subarray(0, at), ours)
  for (const field of originals) {
    pieces.push(bytes.subarray(at, field.start), Buffer.from('X-Mailtrap-Original-From'))
    at = field.nameEnd
  }
  // A message without any header is all body, and ours needs its empty line.
  if (fields.length === 0 && !bytes.subarray(0, 2).equals(CRLF)) pieces.push(CRLF)
  pieces.push(bytes.subarray(at))
  return Buffer.concat(pieces)
}

const CRLF = Buffer.from('\r\n')
const BARE = /\r(?!\n)|(?<!\r)\n/g

/**
 * RFC 5321 section 2.3.8: no CR or LF goes out alone. Not for tidiness: `LF . LF` inside a caught message ends it for
 * some servers, and what follows would be commands, sent under the relay's login (SMTP smuggling).
 */
function withCrlf(raw: Buffer): Buffer {
  const text = raw.toString('latin1')
  BARE.lastIndex = 0
  return BARE.test(text) ? Buffer.from(text.replace(BARE, '\r\n'), 'latin1') : raw
}
