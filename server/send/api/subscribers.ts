import type { FastifyInstance } from 'fastify'
import { callerOf } from '../../accounts/caller.ts'
import type { RouteDoc } from '../../http/route-doc.ts'
import { integer, listOf, objectOf, oneOf, optional, orNull, ref, text } from '../../http/schemas.ts'
import { Problem } from '../../problem.ts'
import { holdAudience } from '../../storage/claiming.ts'
import { presentValues } from '../audience/field-values.ts'
import { SUBSCRIBER_STATUSES } from '../audience/subscriber-filter.ts'
import {
  changeSubscriber,
  createSubscriber,
  removeSubscribers,
  setStatus,
  type Subscriber,
  subscriberById,
} from '../audience/subscribers.ts'
import { suppressionOf } from '../audience/suppressions.ts'
import { addTags, replaceTags, tagsOf } from '../audience/tagging.ts'
import { audienceOf, bodyOf, by } from './asked.ts'
import type { AudienceDoor } from './audience-door.ts'
import { foundSubscriber } from './found-subscriber.ts'
import { uniquely } from './sendportal/duplicates.ts'
import { readSubscriber, REASONS } from './subscriber-form.ts'
import { type SubscriberReply, subscriberWire } from './subscribers-wire.ts'

const TAKEN = 'has already been taken'

const one = objectOf({ subscriber: ref('OneSubscriber') })
const properties = {
  email: text,
  first_name: orNull(text),
  last_name: orNull(text),
  status: oneOf(...SUBSCRIBER_STATUSES),
  tag_ids: listOf(integer),
  fields: { type: 'object', description: 'Values by key; null takes one away, those not named stay' },
}
const SHOW: RouteDoc = { summary: 'One subscriber', reply: one }
const CREATE: RouteDoc = {
  summary: 'A new subscriber',
  body: { ...optional(properties), required: ['email'] },
  reply: one,
}
const CHANGE: RouteDoc = {
  summary: 'Change a subscriber',
  description: 'What is not named stays. `tag_ids` are all the tags they have then.',
  body: optional(properties),
  reply: one,
}
const DELETE: RouteDoc = {
  summary: 'Delete a subscriber',
  description: 'With their tags, notes and history. To remember that they left, unsubscribe them instead.',
  reply: objectOf({}),
}

/** Subscribers, one by one. */
export function subscriberRoutes(app: FastifyInstance, { storage }: Pick<AudienceDoor, 'storage'>): void {
  app.get('/subscribers/:id', { config: { doc: SHOW } }, async (request, reply) => {
    const subscriber = await foundSubscriber(storage, request, 'see_audience')
    return reply.send(await said(subscriber))
  })

  app.post('/subscribers', { config: { doc: CREATE } }, async (request, reply) => {
    const workspaceId = audienceOf(request, 'manage_audience')
    const given = await readSubscriber(storage.read, workspaceId, bodyOf(request), 'new')
    const { email = '', tags = [], fields = {}, ...rest } = given
    const made = await uniquely('email', TAKEN, () =>
      storage.write.transaction().execute(async trx => {
        await holdAudience(trx, workspaceId)
        const subscriber = await createSubscriber(trx, workspaceId, {
          ...rest,
          email,
          fields: presentValues(fields),
          status_reason: REASONS[rest.status ?? 'subscribed'],
          source: callerOf(request).via === 'session' ? 'web' : 'api',
        })
        await addTags(trx, [subscriber.id], tags, by(request))
        return subscriber
      }),
    )
    return reply.send(await said(made))
  })

  app.patch('/subscribers/:id', { config: { doc: CHANGE } }, async (request, reply) => {
    const { id, workspace_id } = await foundSubscriber(storage, request, 'manage_audience')
    const given = await readSubscriber(storage.read, workspace_id, bodyOf(request), 'known')
    const { tags, status, ...changes } = given
    const subscriber = await uniquely('email', TAKEN, () =>
      storage.write.transaction().execute(async trx => {
        await holdAudience(trx, workspace_id)
        const present = await subscriberById(trx, workspace_id, id)
        if (present === undefined) throw new Problem('absent')
        const changed = await changeSubscriber(trx, present, changes, by(request))
        if (tags !== undefined) await replaceTags(trx, id, tags, by(request))
        return status === undefined ? changed : setStatus(trx, changed, status, REASONS[status], by(request))
      }),
    )
    return reply.send(await said(subscriber))
  })

  app.delete('/subscribers/:id', { config: { doc: DELETE } }, async (request, reply) => {
    const { id, workspace_id } = await foundSubscriber(storage, request, 'manage_audience')
    await storage.write.transaction().execute(async trx => {
      await holdAudience(trx, workspace_id)
      await removeSubscribers(trx, workspace_id, [id])
    })
    return reply.send({})
  })

  async function said(subscriber: Subscriber): Promise<SubscriberReply> {
    const { id, workspace_id, email } = subscriber
    const tags = (await tagsOf(storage.read, [id])).get(id) ?? []
    const suppression = await suppressionOf(storage.read, workspace_id, email)
    return { subscriber: { ...subscriberWire(subscriber, tags), suppressed: suppression !== undefined } }
  }
}
