import type { FastifyInstance } from 'fastify'
import { Problem } from '../../problem.ts'
import { attachmentsOf } from '../attachments.ts'
import { fileDisposition } from './disposition.ts'
import { foundMessage, messagePathOf, rawOf } from './found.ts'
import type { Sandbox } from './sandbox.ts'

/** Contract, section 8.2: shown from the origin of the API, so nothing in it may run or reach out but for images. */
const HTML_POLICY = "sandbox; default-src 'none'; img-src * data:; style-src 'unsafe-inline'"

/** The HTML as somebody wrote it, from our origin: it may be looked at and do nothing. */
export const SOURCE_POLICY = "sandbox; default-src 'none'"

const MISSING = { 409: 'The message has no such part' }

/** What a message says and how it came over the wire (contract, section 8.2). */
export function bodies(app: FastifyInstance, sandbox: Sandbox, inboxes = '/inboxes'): void {
  const { storage, reader } = sandbox
  const path = `${inboxes}/:id/messages/:message_id`

  app.get(
    `${path}/body.txt`,
    { config: { anyFormat: true, doc: { summary: 'The text', reply: 'text/plain', also: MISSING } } },
    async (request, reply) => {
      const raw = await rawOf(sandbox, await foundMessage(sandbox, request, 'see'))
      const { text } = await reader.read(raw, { text: true })
      if (text === undefined) throw new Problem('conflict')
      return reply.header('content-type', 'text/plain; charset=utf-8').send(text)
    },
  )

  app.get(
    `${path}/body.html`,
    {
      config: {
        anyFormat: true,
        doc: { summary: 'The HTML, made safe for display', reply: 'text/html', also: MISSING },
      },
    },
    async (request, reply) => {
      const message = await foundMessage(sandbox, request, 'see')
      const attachments = await attachmentsOf(storage.read, message.id)
      const parts = Object.fromEntries(
        attachments
          .filter(({ content_id }) => content_id !== '')
          .map(({ content_id, id }) => [content_id, `${messagePathOf(request)}/attachments/${id}/download`]),
      )
      const preview = await reader.preview(await rawOf(sandbox, message), { remote: true, parts })
      if (preview === undefined) throw new Problem('conflict')
      return reply
        .header('content-type', 'text/html; charset=utf-8')
        .header('content-security-policy', HTML_POLICY)
        .send(Buffer.from(preview.html.buffer))
    },
  )

  app.get(
    `${path}/body.htmlsource`,
    { config: { anyFormat: true, doc: { summary: 'The HTML as sent', reply: 'text/html', also: MISSING } } },
    async (request, reply) => {
      const raw = await rawOf(sandbox, await foundMessage(sandbox, request, 'see'))
      const { html } = await reader.read(raw, { html: true })
      if (html === undefined) throw new Problem('conflict')
      return reply
        .header('content-type', 'text/html; charset=utf-8')
        .header('content-security-policy', SOURCE_POLICY)
        .send(html)
    },
  )

  app.get(
    `${path}/body.raw`,
    {
      config: {
        anyFormat: true,
        doc: { summary: 'The message byte for byte, to look at', reply: 'text/plain' },
      },
    },
    async (request, reply) => {
      const raw = await rawOf(sandbox, await foundMessage(sandbox, request, 'see'))
      return reply.header('content-type', 'text/plain; charset=utf-8').send(raw)
    },
  )

  app.get(
    `${path}/body.eml`,
    {
      config: {
        anyFormat: true,
        doc: { summary: 'The message byte for byte, as a file', reply: 'message/rfc822' },
      },
    },
    async (request, reply) => {
      const message = await foundMessage(sandbox, request, 'see')
      return reply
        .header('content-type', 'message/rfc822')
        .header('content-disposition', fileDisposition(`${message.subject || 'message'}.eml`))
        .header('content-transfer-encoding', 'binary')
        .send(await rawOf(sandbox, message))
    },
  )
}
