import { randomBytes } from 'node:crypto'
import type { Address } from './address.ts'
import { type EncodedBody, encodeBinaryBody, encodeMessageBody, encodeTextBody } from './encode-body.ts'
import { encodeAddresses, encodeParameter, encodeText, headerField } from './encode-header.ts'

export interface Draft {
  from: Address
  to?: Address[]
  cc?: Address[]
  replyTo?: Address[]
  subject?: string
  /** Now if left out. */
  date?: Date
  /** Without angle brackets; made up in the domain of the sender if left out. */
  messageId?: string
  /** Further fields, in order. A name that is none throws a TypeError. */
  headers?: { name: string; value: string }[]
  text?: string
  html?: string
  /** Other forms of the same content after text and HTML, such as text/calendar. */
  alternatives?: { contentType: string; content: string }[]
  attachments?: DraftAttachment[]
  /** Headers in raw UTF-8 (RFC 6532), for servers that speak SMTPUTF8. */
  utf8?: boolean
}

export interface DraftAttachment {
  content: Buffer
  /** `application/octet-stream` if left out. */
  contentType?: string
  filename?: string
  /** Without angle brackets. With one the attachment travels beside the HTML and is shown inside it. */
  contentId?: string
  /** `inline` with a contentId and `attachment` without if left out. */
  disposition?: 'inline' | 'attachment'
}

/** A finished message with CRLF line ends. Bcc is not written: it belongs into the envelope. */
export function composeMessage(draft: Draft): Buffer {
  const utf8 = draft.utf8 ?? false
  const domain =
    draft.from.address
      .split('@')
      .at(-1)
      ?.replace(/[^\w.-]/g, '') || 'localhost'
  const messageId = draft.messageId ?? `${randomBytes(16).toString('hex')}@${domain}`
  const header = [
    headerField('Date', (draft.date ?? new Date()).toUTCString().replace('GMT', '+0000')),
    headerField('From', encodeAddresses([draft.from], utf8)),
    ...addressField('To', draft.to, utf8),
    ...addressField('Cc', draft.cc, utf8),
    ...addressField('Reply-To', draft.replyTo, utf8),
    headerField('Subject', encodeText(draft.subject ?? '', utf8)),
    headerField('Message-ID', `<${messageId.replace(/[\s<>]/g, '')}>`),
    ...(draft.headers ?? []).map(({ name, value }) => headerField(name, encodeText(value, utf8))),
    headerField('MIME-Version', '1.0'),
  ]
  return Buffer.concat([Buffer.from(header.join('')), ...pieces(content(draft))])
}

function addressField(name: string, addresses: Address[] | undefined, utf8: boolean): string[] {
  return addresses?.length ? [headerField(name, encodeAddresses(addresses, utf8))] : []
}

type Node = Leaf | Multipart

interface Leaf {
  contentType: string
  headers: string[]
  body: EncodedBody
}

interface Multipart {
  subtype: string
  children: Node[]
}

function content(draft: Draft): Node {
  const attachments = draft.attachments ?? []
  const shown = attachments.filter(({ contentId }) => contentId !== undefined && draft.html !== undefined)
  const alternatives: Node[] = []
  if (draft.text !== undefined) alternatives.push(textLeaf('text/plain', draft.text))
  if (draft.html !== undefined) {
    const html = textLeaf('text/html', draft.html)
    alternatives.push(several('related', [html, ...shown.map(fileLeaf)]))
  }
  for (const { contentType, content: text } of draft.alternatives ?? [])
    alternatives.push(textLeaf(contentType, text))
  if (alternatives.length === 0) alternatives.push(textLeaf('text/plain', ''))
  const files = attachments.filter(attachment => !shown.includes(attachment)).map(fileLeaf)
  return several('mixed', [several('alternative', alternatives), ...files])
}

function several(subtype: string, children: Node[]): Node {
  const [only] = children
  return children.length === 1 && only ? only : { subtype, children }
}

function textLeaf(contentType: string, text: string): Leaf {
  return { contentType: `${contentType}; charset=utf-8`, headers: [], body: encodeTextBody(text) }
}

function fileLeaf(attachment: DraftAttachment): Leaf {
  const { content: bytes, contentType = 'application/octet-stream', filename, contentId } = attachment
  const { disposition = contentId === undefined ? 'attachment' : 'inline' } = attachment
  const headers = [
    headerField(
      'Content-Disposition',
      disposition + (filename === undefined ? '' : encodeParameter('filename', filename)),
    ),
  ]
  if (contentId !== undefined)
    headers.push(headerField('Content-ID', `<${contentId.replace(/[\s<>]/g, '')}>`))
  const isMessage = contentType.toLowerCase().startsWith('message/')
  return { contentType, headers, body: isMessage ? encodeMessageBody(bytes) : encodeBinaryBody(bytes) }
}

function pieces(node: Node): Uint8Array[] {
  if ('body' in node) {
    const header = [
      headerField('Content-Type', node.contentType),
      headerField('Content-Transfer-Encoding', node.body.encoding),
      ...node.headers,
    ]
    return [Buffer.from(`${header.join('')}\r\n`), Buffer.from(node.body.lines), Buffer.from('\r\n')]
  }
  // "=_" never occurs in quoted-printable or base64 (RFC 2045 section 6.7).
  const boundary = `=_${randomBytes(12).toString('hex')}`
  const out: Uint8Array[] = [
    Buffer.from(`${headerField('Content-Type', `multipart/${node.subtype}; boundary="${boundary}"`)}\r\n`),
  ]
  for (const child of node.children) out.push(Buffer.from(`--${boundary}\r\n`), ...pieces(child))
  out.push(Buffer.from(`--${boundary}--\r\n`))
  return out
}
