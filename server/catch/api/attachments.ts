import type { FastifyInstance } from 'fastify'
import { callerOf } from '../../accounts/caller.ts'
import { idFrom } from '../../http/ids.ts'
import { say } from '../../http/say.ts'
import { Problem } from '../../problem.ts'
import { type Attachment, attachmentsOf, findAttachment } from '../attachments.ts'
import type { Message } from '../messages.ts'
import { SOURCE_POLICY } from './bodies.ts'
import { fileDisposition } from './disposition.ts'
import { foundMessage, messagePathOf, rawOf } from './found.ts'
import { attachmentWire } from './mailtrap-wire.ts'
import { queried } from './parameters.ts'
import type { Sandbox } from './sandbox.ts'
import { listOf, oneOf, ref } from '../../http/schemas.ts'

/** Contract, section 8.8. */
export function attachments(app: FastifyInstance, sandbox: Sandbox, inboxes = '/inboxes'): void {
  const { storage } = sandbox
  const path = `${inboxes}/:id/messages/:message_id/attachments`

  app.get(
    path,
    {
      config: {
        doc: {
          summary: 'Attachments, highest id first',
          query: { attachment_type: { description: 'Only these', schema: oneOf('attachment', 'inline') } },
          reply: listOf(ref('Attachment')),
        },
      },
    },
    async (request, reply) => {
      const message = await foundMessage(sandbox, request, 'see')
      const found = await attachmentsOf(storage.read, message.id)
      const type = queried(request.query, 'attachment_type')
      const wanted =
        type === 'inline' || type === 'attachment' ? found.filter(one => one.attachment_type === type) : found
      const { timezone } = callerOf(request).user
      const all = wanted.map(attachment => attachmentWire(timezone, messagePathOf(request), attachment))
      return say(request, reply, all, 'attachments')
    },
  )

  app.get(
    `${path}/:attachment_id`,
    { config: { doc: { summary: 'One attachment', reply: ref('Attachment') } } },
    async (request, reply) => {
      const message = await foundMessage(sandbox, request, 'see')
      const attachment = await named(message, request.params)
      const { timezone } = callerOf(request).user
      const wire = attachmentWire(timezone, messagePathOf(request), attachment)
      return say(request, reply, wire, 'attachment')
    },
  )

  app.get(
    `${path}/:attachment_id/download`,
    { config: { anyFormat: true, doc: { summary: 'What is in it', reply: 'application/octet-stream' } } },
    async (request, reply) => {
      const message = await foundMessage(sandbox, request, 'see')
      const attachment = await named(message, request.params)
      const content = await partOf(sandbox, message, attachment)
      return reply
        .header('content-type', sendableType(attachment.content_type))
        .header('content-disposition', fileDisposition(attachment.filename || `attachment-${attachment.id}`))
        .header('content-security-policy', SOURCE_POLICY)
        .send(content)
    },
  )

  async function named(message: Message, params: unknown): Promise<Attachment> {
    const { attachment_id } = params as { attachment_id?: string }
    const attachment = await findAttachment(storage.read, message.id, idFrom(attachment_id))
    if (attachment === undefined) throw new Problem('absent')
    return attachment
  }
}

/** The decoded bytes. */
export async function partOf(
  sandbox: Sandbox,
  message: Pick<Message, 'id'>,
  attachment: Attachment,
): Promise<Buffer> {
  const { part } = await sandbox.reader.read(await rawOf(sandbox, message), { part: attachment.part })
  if (part === undefined) throw new Problem('absent')
  return Buffer.from(part.buffer, part.byteOffset, part.byteLength)
}

/** A media type comes out of somebody's mail: it may hold what no header may. */
function sendableType(type: string): string {
  return /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+$/.test(type) ? type : 'application/octet-stream'
}
