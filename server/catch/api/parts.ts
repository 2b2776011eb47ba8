import type { FastifyInstance } from 'fastify'
import { idFrom } from '../../http/ids.ts'
import { Problem } from '../../problem.ts'
import { findAttachment } from '../attachments.ts'
import { partOf } from './attachments.ts'
import { SOURCE_POLICY } from './bodies.ts'
import { fileDisposition } from './disposition.ts'
import { isPartLink } from './part-links.ts'
import type { Sandbox } from './sandbox.ts'

/** What a browser may show in place. SVG is not among them: opened by itself it is a document with scripts. */
const IMAGES = new Set([
  'image/png',
  'image/jpeg',
  'image/jpg',
  'image/gif',
  'image/webp',
  'image/avif',
  'image/bmp',
])

/** Inline parts of a message, for the frame that shows it. */
export function parts(app: FastifyInstance, sandbox: Sandbox): void {
  const { storage, secrets } = sandbox

  app.get(
    '/parts/:message_id/:attachment_id/:signature',
    {
      config: {
        open: true,
        anyFormat: true,
        doc: { summary: 'An inline part, by its signed address', reply: 'application/octet-stream' },
      },
    },
    async (request, reply) => {
      const { message_id, attachment_id, signature = '' } = request.params as Record<string, string>
      const messageId = idFrom(message_id)
      const attachmentId = idFrom(attachment_id)
      if (!isPartLink(secrets, messageId, attachmentId, signature)) throw new Problem('absent')
      const attachment = await findAttachment(storage.read, messageId, attachmentId)
      if (attachment === undefined) throw new Problem('absent')
      const content = await partOf(sandbox, { id: messageId }, attachment)
      const isImage = IMAGES.has(attachment.content_type)
      const name = attachment.filename || `part-${attachment.id}`
      return reply
        .header('content-type', isImage ? attachment.content_type : 'application/octet-stream')
        .header('content-disposition', isImage ? 'inline' : fileDisposition(name))
        .header('content-security-policy', SOURCE_POLICY)
        .header('x-content-type-options', 'nosniff')
        .header('cross-origin-resource-policy', 'cross-origin')
        .header('cache-control', 'private, max-age=3600, immutable')
        .send(content)
    },
  )
}
