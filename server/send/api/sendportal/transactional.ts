import type { FastifyInstance, FastifyRequest } from 'fastify'
import { hash } from 'node:crypto'
import { storable } from '../../../accounts/storable.ts'
import type { RouteDoc, Schema } from '../../../http/route-doc.ts'
import { integer, listOf, objectOf, oneOf as either, optional, orNull, text } from '../../../http/schemas.ts'
import { StorageFault } from '../../../storage/faults.ts'
import { subscriberByEmail } from '../../audience/subscribers.ts'
import { suppressionOf } from '../../audience/suppressions.ts'
import type { Delivery } from '../../deliveries/deliveries.ts'
import { messageIdOf } from '../../deliveries/message-id.ts'
import { createTransactional, transactionalByKey } from '../../deliveries/transactional.ts'
import { DELIVERY_KEY } from '../../feedback/public-token.ts'
import { writeTransactional } from '../../mails/transactional-text.ts'
import { oneOf } from './described.ts'
import type { SendPortalDoor } from './door.ts'
import { workspaceOf } from './generation.ts'
import { inputOf } from './input.ts'
import { refused } from './refused.ts'
import { readTransactional } from './transactional-fields.ts'

const MAX_KEY = 255

const recipient: Schema = { oneOf: [text, objectOf({ email: text, name: text })] }
const SEND: RouteDoc = {
  summary: 'Send one mail to one address',
  description:
    'Of `content` (or `html`), `text` and `template_id` there must be one; merge tags in them are filled from `data`, ' +
    'and from the subscriber with that address, if there is one. With the header `Idempotency-Key` a request that is ' +
    'repeated sends nothing more and gets the same answer. 201 when the mail is kept and will be sent; to a ' +
    'suppressed address it will not: `status` is `skipped` then, and `reason` says why.',
  body: {
    ...optional({
      to: recipient,
      from_email: text,
      from_name: orNull(text),
      subject: text,
      content: { ...orNull(text), description: 'HTML' },
      html: orNull(text),
      text: orNull(text),
      template_id: orNull(integer),
      data: { type: 'object' },
      email_service_id: integer,
      reply_to: orNull(text),
      headers: { type: 'object', additionalProperties: text },
      attachments: listOf(
        optional({
          filename: text,
          content: { ...text, description: 'Base64' },
          content_type: text,
          content_id: { ...orNull(text), description: 'Of a picture that the HTML shows: `cid:…`' },
        }),
      ),
      tags: { ...listOf(text), description: 'What you call this kind of mail' },
    }),
    required: ['to', 'from_email', 'subject', 'email_service_id'],
  },
  reply: oneOf(
    objectOf({
      id: integer,
      status: either('pending', 'skipped', 'sent', 'failed', 'ambiguous'),
      recipient_email: text,
      message_id: text,
      reason: orNull(text),
    }),
  ),
  status: 201,
  also: { 422: 'Something is wrong with it, or the key was used for another mail' },
}

/** Contract, section 4.8: a mail by itself. */
export function transactional(app: FastifyInstance, door: SendPortalDoor): void {
  const { storage, secrets, sending } = door

  app.post('/transactional', { config: { doc: SEND } }, async (request, reply) => {
    const workspaceId = await workspaceOf(door, request, 'manage_campaigns')
    const { api_token: _, ...input } = inputOf(request)
    const idempotencyKey = keyIn(request)
    const fingerprint = hash('sha256', JSON.stringify(input), 'base64url')
    const known = () => answered(workspaceId, idempotencyKey, fingerprint)
    const before = await known()
    if (before !== undefined) return reply.code(201).header('idempotent-replayed', 'true').send(before)

    const given = await readTransactional(storage.read, workspaceId, input)
    const subscriber = await subscriberByEmail(storage.read, workspaceId, given.to.email)
    const suppression = await suppressionOf(storage.read, workspaceId, given.to.email)
    const content = await writeTransactional(door, workspaceId, given, subscriber)
    const mail = {
      to: given.to.email,
      emailServiceId: given.email_service_id,
      subscriber: subscriber ?? null,
      content,
      skipped: suppression === undefined ? null : `suppressed: ${suppression.evidence || suppression.reason}`,
      idempotencyKey,
      fingerprint,
    }
    try {
      const delivery = await storage.write
        .transaction()
        .execute(trx => createTransactional(trx, workspaceId, mail))
      sending.wake()
      return await reply.code(201).send({ data: wire(delivery, given.from_email) })
    } catch (error) {
      // The same request at the same time was first.
      const first = error instanceof StorageFault && error.kind === 'duplicate' ? await known() : undefined
      if (first === undefined) throw error
      return reply.code(201).header('idempotent-replayed', 'true').send(first)
    }
  })

  async function answered(
    workspaceId: number,
    key: string | null,
    fingerprint: string,
  ): Promise<object | undefined> {
    if (key === null) return undefined
    const known = await transactionalByKey(storage.write, workspaceId, key)
    if (known === undefined) return undefined
    if (known.fingerprint !== fingerprint)
      throw refused('idempotency_key', 'The idempotency key was used for another mail.')
    return { data: wire(known.delivery, known.fromEmail) }
  }

  function wire(delivery: Delivery, fromEmail: string) {
    const { id, status, email, reason } = delivery
    const message_id = messageIdOf(secrets.key(DELIVERY_KEY), delivery, fromEmail)
    return { id, status, recipient_email: email, message_id, reason }
  }
}

function keyIn(request: FastifyRequest): string | null {
  const given = storable(String(request.headers['idempotency-key'] ?? '')).trim()
  if (given.length > MAX_KEY)
    throw refused(
      'idempotency_key',
      `The idempotency key field must not be greater than ${MAX_KEY} characters.`,
    )
  return given === '' ? null : given
}
