import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Problem } from '../../problem.ts'
import { attachmentsOf } from '../attachments.ts'
import { foundMessage, rawOf } from './found.ts'
import { sayJson } from '../../http/json.ts'
import { queried } from './parameters.ts'
import { partLink } from './part-links.ts'
import type { Sandbox } from './sandbox.ts'
import { listOf, objectOf, oneOf, ref, text } from '../../http/schemas.ts'
import { messageDetail } from './web-wire.ts'

/** A screen of raw text; the whole is a download away. */
const SHOWN_RAW = 1 << 20

/** One message, for the web app. */
export function webMessage(app: FastifyInstance, sandbox: Sandbox): void {
  const { storage, reader, secrets } = sandbox
  const path = '/inboxes/:id/messages/:message_id'
  const missing = { 404: 'The message has no such part' }

  app.get(
    path,
    { config: { doc: { summary: 'One message; does not mark it as read', reply: ref('MessageDetail') } } },
    async (request, reply) => {
      const message = await foundMessage(sandbox, request, 'see')
      const raw = await rawOf(sandbox, message)
      const attachments = await attachmentsOf(storage.read, message.id)
      const { headers } = await reader.read(raw, { headers: true })
      // A message that cannot be shown can still be looked at in its other forms.
      const preview =
        message.html_size === 0
          ? undefined
          : await reader.preview(raw, { remote: false, parts: {} }).catch(() => undefined)
      return sayJson(
        request,
        reply,
        messageDetail(message, headers, attachments.toReversed(), preview?.remoteContent ?? 0),
      )
    },
  )

  app.get(
    `${path}/html`,
    {
      config: {
        anyFormat: true,
        doc: {
          summary: 'The HTML made safe, for a sandboxed frame',
          query: { remote: { description: '1: load remote images', schema: oneOf('0', '1') } },
          reply: 'text/html',
          also: missing,
        },
      },
    },
    async (request, reply) => {
      const message = await foundMessage(sandbox, request, 'see')
      const remote = queried(request.query, 'remote') === '1'
      const attachments = await attachmentsOf(storage.read, message.id)
      const parts = Object.fromEntries(
        attachments
          .filter(({ content_id }) => content_id !== '')
          .map(({ id, content_id }) => [content_id, partLink(secrets, message.id, id)]),
      )
      const preview = await reader.preview(await rawOf(sandbox, message), { remote, parts })
      if (preview === undefined) throw new Problem('absent')
      return reply
        .header('content-type', 'text/html; charset=utf-8')
        .header('content-security-policy', framePolicy(request, remote))
        .header('referrer-policy', 'no-referrer')
        .header('x-content-type-options', 'nosniff')
        .send(Buffer.from(preview.html.buffer))
    },
  )

  app.get(
    `${path}/text`,
    { config: { anyFormat: true, doc: { summary: 'The text', reply: 'text/plain', also: missing } } },
    async (request, reply) => {
      const raw = await rawOf(sandbox, await foundMessage(sandbox, request, 'see'))
      const read = await reader.read(raw, { text: true })
      if (read.text === undefined) throw new Problem('absent')
      return sayText(reply, read.text)
    },
  )

  app.get(
    `${path}/source`,
    { config: { anyFormat: true, doc: { summary: 'The HTML as text', reply: 'text/plain', also: missing } } },
    async (request, reply) => {
      const raw = await rawOf(sandbox, await foundMessage(sandbox, request, 'see'))
      const { html } = await reader.read(raw, { html: true })
      if (html === undefined) throw new Problem('absent')
      return sayText(reply, html)
    },
  )

  app.get(
    `${path}/headers`,
    {
      config: {
        doc: {
          summary: 'The header, field by field',
          reply: objectOf({ headers: listOf(objectOf({ name: text, value: text, raw: text })) }),
        },
      },
    },
    async (request, reply) => {
      const raw = await rawOf(sandbox, await foundMessage(sandbox, request, 'see'))
      const { headers } = await reader.read(raw, { headers: true })
      return sayJson(request, reply, { headers })
    },
  )

  app.get(
    `${path}/raw`,
    {
      config: {
        anyFormat: true,
        doc: {
          summary: 'The message as it was received, its first megabyte',
          description: 'X-Posthorn-Total-Size gives the size of the whole.',
          reply: 'text/plain',
        },
      },
    },
    async (request, reply) => {
      const raw = await rawOf(sandbox, await foundMessage(sandbox, request, 'see'))
      return sayText(reply.header('x-posthorn-total-size', raw.length), raw.subarray(0, SHOWN_RAW))
    },
  )
}

function sayText(reply: FastifyReply, content: string | Buffer): FastifyReply {
  return reply
    .header('content-type', 'text/plain; charset=utf-8')
    .header('content-security-policy', "sandbox; default-src 'none'")
    .header('x-content-type-options', 'nosniff')
    .send(content)
}

/**
 * The first wall around captured HTML: no scripts, no forms, no frames, no origin, nothing loaded but its own
 * inline parts, and images from elsewhere when asked for. Links open in tabs of their own.
 */
function framePolicy(request: FastifyRequest, remote: boolean): string {
  // 'self' means nothing to a frame without an origin, in some browsers: the address is written out.
  const host = /^[\w.:[\]-]+$/.test(request.host) ? `${request.protocol}://${request.host}` : "'self'"
  const own = host === "'self'" ? host : `${host}/api/posthorn/parts/`
  return [
    'sandbox allow-popups allow-popups-to-escape-sandbox',
    "default-src 'none'",
    `img-src data: ${own}${remote ? ' http: https:' : ''}`,
    "style-src 'unsafe-inline'",
    'font-src data:',
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'self'",
  ].join('; ')
}
