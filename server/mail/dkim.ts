import { createPrivateKey, hash, type KeyObject, sign } from 'node:crypto'
import { promisify } from 'node:util'

interface DkimKeys {
  /** d=, as in DNS: lower case, A-labels. */
  domain: string
  /** s= of the RSA key. */
  selector: string
  /** PEM (PKCS #8). At least one of them. */
  rsaPrivate?: string
  ed25519Private?: string
}

/**
 * What is signed of a header, where it is there: whatever a reader is shown or a mail program acts on. RFC 8058,
 * section 4 demands it of List-Unsubscribe and List-Unsubscribe-Post.
 */
const SIGNED = [
  'from',
  'reply-to',
  'to',
  'cc',
  'subject',
  'date',
  'message-id',
  'mime-version',
  'content-type',
  'content-transfer-encoding',
  'list-id',
  'list-unsubscribe',
  'list-unsubscribe-post',
  'feedback-id',
]

const LF = 0x0a
const CR = 0x0d
/** What a folded line may hold behind the tag's name. */
const LINE = 72

const signInPool = promisify<string | null, Buffer, KeyObject, Buffer>(sign)

interface Signature {
  algorithm: string
  selector: string
  /** @param data bytes in latin1 */
  of(data: string): Promise<Buffer>
}

/**
 * Signs messages by RFC 6376, relaxed/relaxed, with RSA and with Ed25519 (RFC 8463): not everybody can verify the
 * latter yet. The expensive part runs in libuv's pool.
 */
export class DkimSigner {
  readonly #domain: string
  readonly #signatures: Signature[] = []

  /** @throws Error if a key cannot be read */
  constructor({ domain, selector, rsaPrivate, ed25519Private }: DkimKeys) {
    this.#domain = domain
    if (rsaPrivate !== undefined) {
      const key = createPrivateKey(rsaPrivate)
      this.#signatures.push({
        algorithm: 'rsa-sha256',
        selector,
        of: data => signInPool('sha256', Buffer.from(data, 'latin1'), key),
      })
    }
    if (ed25519Private !== undefined) {
      const key = createPrivateKey(ed25519Private)
      this.#signatures.push({
        algorithm: 'ed25519-sha256',
        selector: ed25519Selector(selector),
        // RFC 8463, section 3: what is signed is the hash, by PureEdDSA.
        of: data => signInPool(null, hash('sha256', Buffer.from(data, 'latin1'), 'buffer'), key),
      })
    }
  }

  /**
   * @param message with CRLF line ends and no others
   * @returns its DKIM-Signature fields, each ended with CRLF, to stand before it
   */
  async sign(message: Buffer, now = Date.now()): Promise<Buffer> {
    const bodyAt = message.indexOf('\r\n\r\n')
    const header = message.toString('latin1', 0, bodyAt < 0 ? message.length : bodyAt)
    const body = bodyAt < 0 ? message.subarray(message.length) : message.subarray(bodyAt + 4)
    const { names, fields } = signedFields(header)
    const bodyHash = hash('sha256', relaxedBody(body), 'base64')
    const signed = await Promise.all(
      this.#signatures.map(async ({ algorithm, selector, of }) => {
        const field =
          `DKIM-Signature: v=1; a=${algorithm}; c=relaxed/relaxed; t=${Math.floor(now / 1000)};\r\n` +
          ` d=${this.#domain}; s=${selector};\r\n` +
          ` h=${names};\r\n` +
          ` bh=${bodyHash};\r\n` +
          ' b='
        const signature = await of(fields + relaxedField(field))
        return `${field}${foldedBase64(signature)}\r\n`
      }),
    )
    return Buffer.from(signed.join(''), 'latin1')
  }
}

/** Both keys have a record in DNS: that of Ed25519 has an `e` behind the name. */
export function ed25519Selector(selector: string): string {
  return `${selector}e`
}

/**
 * @param header bytes in latin1
 * @returns h=, folded, and the fields it names in their canonical form, each ended with CRLF
 */
function signedFields(header: string): { names: string; fields: string } {
  const found = new Map<string, string[]>()
  for (const field of header.split(/\r\n(?![ \t])/)) {
    const name = field
      .slice(0, Math.max(0, field.indexOf(':')))
      .replace(/[ \t]+$/, '')
      .toLowerCase()
    if (!SIGNED.includes(name)) continue
    const others = found.get(name)
    if (others === undefined) found.set(name, [field])
    else others.push(field)
  }
  const names: string[] = []
  let fields = ''
  for (const name of SIGNED) {
    // Section 5.4.2: where there are several, verifiers take the last one first.
    for (const field of found.get(name)?.toReversed() ?? []) {
      names.push(name)
      fields += `${relaxedField(field)}\r\n`
    }
    // Named once more than it is there, so that nobody adds another one, which some programs would show.
    if (name === 'from') names.push(name)
  }
  return { names: foldedNames(names), fields }
}

/** Section 3.4.2, without the line's end. */
function relaxedField(field: string): string {
  const colon = field.indexOf(':')
  const name = field.slice(0, colon).replace(/[ \t]+$/, '')
  const value = field
    .slice(colon + 1)
    .replaceAll('\r\n', '')
    .replace(/[ \t]+/g, ' ')
    .replace(/^ | $/g, '')
  return `${name.toLowerCase()}:${value}`
}

/** Section 3.4.4. What is canonical already is not copied: a look by expression costs half of one byte by byte. */
export function relaxedBody(body: Buffer): Buffer {
  const text = body.toString('latin1')
  const lines = /\t| [ \r]| $/.test(text) ? Buffer.from(withoutBlanks(text), 'latin1') : body
  let end = lines.length
  if (end > 0 && !endsLine(lines, end)) return Buffer.concat([lines, Buffer.from('\r\n')])
  while (endsLine(lines, end) && (end === 2 || endsLine(lines, end - 2))) end -= 2
  return lines.subarray(0, end)
}

function withoutBlanks(text: string): string {
  const lines = text.replace(/\t[ \t]*| [ \t]+/g, ' ').replaceAll(' \r\n', '\r\n')
  return lines.endsWith(' ') ? lines.slice(0, -1) : lines
}

function endsLine(bytes: Buffer, end: number): boolean {
  return end >= 2 && bytes[end - 2] === CR && bytes[end - 1] === LF
}

function foldedNames(names: readonly string[]): string {
  let text = ''
  let column = 0
  for (const [at, name] of names.entries()) {
    const piece = at === names.length - 1 ? name : `${name}:`
    if (column + piece.length > LINE) {
      text += '\r\n '
      column = 0
    }
    text += piece
    column += piece.length
  }
  return text
}

function foldedBase64(signature: Buffer): string {
  return (signature.toString('base64').match(/.{1,72}/g) ?? []).join('\r\n ')
}
