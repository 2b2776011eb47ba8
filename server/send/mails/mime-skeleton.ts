import { randomBytes } from 'node:crypto'
import { encodeParameter, headerField } from '../../mail/encode-header.ts'
import type { MailAttachment } from '../ways-out/way-out.ts'

/** The parts of a message in turn: what is the same in all of them, and where a text goes. */
export type Skeleton = (string | { body: 'text' | 'html' })[]

/**
 * RFC 2046: text and HTML as alternatives, pictures that the HTML shows beside it, files behind both. Begins with the
 * Content-Type of the whole.
 */
export function mimeSkeleton(attachments: readonly MailAttachment[]): Skeleton {
  const shown = attachments.filter(({ contentId }) => contentId !== null)
  const files = attachments.filter(({ contentId }) => contentId === null)
  const html = several('related', [leaf('html'), ...shown.map(file)])
  return several('mixed', [several('alternative', [leaf('text'), html]), ...files.map(file)])
}

function several(subtype: string, parts: Skeleton[]): Skeleton {
  const [only] = parts
  if (only !== undefined && parts.length === 1) return only
  // "=_" never occurs in quoted-printable or base64 (RFC 2045, section 6.7).
  const boundary = `=_${randomBytes(12).toString('hex')}`
  return [
    `${headerField('Content-Type', `multipart/${subtype}; boundary="${boundary}"`)}\r\n`,
    ...parts.flatMap(part => [`--${boundary}\r\n`, ...part]),
    `--${boundary}--\r\n`,
  ]
}

function leaf(body: 'text' | 'html'): Skeleton {
  const type = body === 'html' ? 'text/html' : 'text/plain'
  return [
    `Content-Type: ${type}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n`,
    { body },
    '\r\n',
  ]
}

function file({ name, contentType, contentId, base64 }: MailAttachment): Skeleton {
  const type = /^[\w.+-]+\/[\w.+-]+$/.test(contentType) ? contentType : 'application/octet-stream'
  const disposition = contentId === null ? 'attachment' : 'inline'
  const header = [
    headerField('Content-Type', type),
    headerField('Content-Transfer-Encoding', 'base64'),
    headerField('Content-Disposition', disposition + encodeParameter('filename', name)),
    ...(contentId === null ? [] : [headerField('Content-ID', `<${contentId.replace(/[\s<>]/g, '')}>`)]),
  ]
  return [`${header.join('')}\r\n${base64.replace(/.{76}(?=.)/g, '$&\r\n')}\r\n`]
}
