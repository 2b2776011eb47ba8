import type { FastifyInstance } from 'fastify'
import { integer, listOf, orNull, ref, text, truth } from '../../../http/schemas.ts'
import type { RouteDoc, Schema } from '../../../http/route-doc.ts'
import { Problem } from '../../../problem.ts'
import { holdAudience } from '../../../storage/claiming.ts'
import type { Database } from '../../../storage/schema.ts'
import { StorageFault } from '../../../storage/faults.ts'
import { presentValues } from '../../audience/field-values.ts'
import {
  type By,
  changeSubscriber,
  createSubscriber,
  removeSubscribers,
  type Subscriber,
  subscriberByEmail,
  subscriberById,
} from '../../audience/subscribers.ts'
import { replaceTags, tagsOf } from '../../audience/tagging.ts'
import { dateTime, NOTHING, oneOf, page, PAGE_QUERY } from './described.ts'
import type { SendPortalDoor } from './door.ts'
import { uniquely } from './duplicates.ts'
import { byCaller, pathId, type Words, workspaceOf } from './generation.ts'
import { inputOf, queryOf } from './input.ts'
import { pageOf, paginated } from './paging.ts'
import { applyUnsubscribed, type GivenSubscriber, readSubscriber } from './subscriber-fields.ts'
import { subscriberFilter, subscriberPage } from './subscriber-list.ts'
import { subscriberWire } from './wire.ts'

/** Contract, section 4.1. */
export function subscribers(app: FastifyInstance, { storage }: SendPortalDoor, words: Words): void {
  const docs = describe(words)

  app.get('/subscribers', { config: { doc: docs.list } }, async (request, reply) => {
    const workspaceId = await workspaceOf({ storage }, request, 'see_audience')
    const filter = subscriberFilter(queryOf(request.query), words)
    const wanted = pageOf(request)
    const { total, subscribers: found } = await subscriberPage(storage, workspaceId, filter, wanted)
    const data = found.map(subscriber => subscriberWire(subscriber, words))
    return reply.send(paginated(request, wanted, total, data))
  })

  app.get('/subscribers/:id', { config: { doc: docs.show } }, async (request, reply) => {
    const workspaceId = await workspaceOf({ storage }, request, 'see_audience')
    const subscriber = await subscriberById(storage.read, workspaceId, pathId(request))
    if (subscriber === undefined) throw new Problem('absent')
    return reply.send({ data: await withTags(storage.read, subscriber, words) })
  })

  app.post('/subscribers', { config: { doc: docs.create } }, async (request, reply) => {
    const workspaceId = await workspaceOf({ storage }, request, 'manage_audience')
    const given = await readSubscriber(storage.read, workspaceId, inputOf(request), words)
    const by = byCaller(request)
    const { created, data } = await again(() =>
      storage.write.transaction().execute(async trx => {
        await holdAudience(trx, workspaceId)
        const present = await subscriberByEmail(trx, workspaceId, given.email)
        const subscriber =
          present === undefined
            ? await create(trx, workspaceId, given)
            : await change(trx, present, given, given.changes, by)
        if (present === undefined && given.tags) await replaceTags(trx, subscriber.id, given.tags, by)
        return { created: present === undefined, data: await withTags(trx, subscriber, words) }
      }),
    )
    return reply.code(created ? 201 : 200).send({ data })
  })

  app.route({
    method: ['PUT', 'PATCH'],
    url: '/subscribers/:id',
    config: { doc: docs.change },
    async handler(request, reply) {
      const workspaceId = await workspaceOf({ storage }, request, 'manage_audience')
      const given = await readSubscriber(storage.read, workspaceId, inputOf(request), words)
      const id = pathId(request)
      const changed = await uniquely('email', 'The email has already been taken.', () =>
        storage.write.transaction().execute(async trx => {
          await holdAudience(trx, workspaceId)
          const present = await subscriberById(trx, workspaceId, id)
          if (present === undefined) throw new Problem('absent')
          return change(trx, present, given, { ...given.changes, email: given.email }, byCaller(request))
        }),
      )
      return reply.send({ data: subscriberWire(changed, words) })
    },
  })

  app.delete('/subscribers/:id', { config: { doc: docs.remove } }, async (request, reply) => {
    const workspaceId = await workspaceOf({ storage }, request, 'manage_audience')
    const id = pathId(request)
    const removed = await storage.write.transaction().execute(async trx => {
      await holdAudience(trx, workspaceId)
      return removeSubscribers(trx, workspaceId, [id])
    })
    if (removed === 0) throw new Problem('absent')
    return reply.code(204).send()
  })
}

function create(trx: Database, workspaceId: number, given: GivenSubscriber): Promise<Subscriber> {
  const { first_name = null, last_name = null, fields = {} } = given.changes
  const { unsubscribedAt } = given
  const isOut = unsubscribedAt !== undefined && unsubscribedAt !== null
  return createSubscriber(trx, workspaceId, {
    email: given.email,
    first_name,
    last_name,
    fields: presentValues(fields),
    source: 'api',
    ...(isOut && { status: 'unsubscribed', status_reason: 'by_admin', status_at: unsubscribedAt }),
  })
}

async function change(
  trx: Database,
  subscriber: Subscriber,
  given: GivenSubscriber,
  changes: Parameters<typeof changeSubscriber>[2],
  by: By,
): Promise<Subscriber> {
  const changed = await changeSubscriber(trx, subscriber, changes, by)
  if (given.tags) await replaceTags(trx, subscriber.id, given.tags, by)
  return applyUnsubscribed(trx, changed, given, by)
}

async function withTags(db: Database, subscriber: Subscriber, words: Words): Promise<object> {
  const tags = await tagsOf(db, [subscriber.id])
  return subscriberWire(subscriber, words, tags.get(subscriber.id) ?? [])
}

/** Somebody else was quicker with the same address: it is there now, and can be updated. */
async function again<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    if (error instanceof StorageFault && error.kind === 'duplicate') return write()
    throw error
  }
}

function describe(words: Words): Record<'list' | 'show' | 'create' | 'change' | 'remove', RouteDoc> {
  const name = words.shapes.subscriber
  const body: Schema = {
    type: 'object',
    required: ['email'],
    properties: {
      email: text,
      first_name: orNull(text),
      last_name: orNull(text),
      [words.many]: { ...orNull(listOf(integer)), description: `All of their ${words.many}, by id` },
      unsubscribed_at: { ...orNull(dateTime), description: 'Null subscribes them again' },
      subscribed: { ...truth, description: 'The same as a switch' },
      fields: { type: 'object', description: "Values of the workspace's custom fields by key" },
    },
  }
  return {
    list: {
      summary: 'Subscribers by last name',
      query: {
        ...PAGE_QUERY,
        email: { description: 'Whose address it is', schema: text },
        name: { description: 'Part of name or address', schema: text },
        status: { description: '`subscribed` or `unsubscribed`', schema: text },
        [`${words.many}[]`]: { description: 'Has any of these', schema: listOf(integer) },
      },
      reply: page(ref(name)),
    },
    show: { summary: 'One subscriber', reply: oneOf(ref(name)) },
    create: {
      summary: 'Create a subscriber, or update the one with that address',
      body,
      reply: oneOf(ref(name)),
      status: 201,
    },
    change: { summary: 'Update a subscriber', body, reply: oneOf(ref(name)) },
    remove: { summary: 'Delete a subscriber', ...NOTHING },
  }
}
