import type { FastifyInstance } from 'fastify'
import type { RouteDoc } from '../../http/route-doc.ts'
import { integer, objectOf, oneOf, ref, text } from '../../http/schemas.ts'
import { countSubscribers, knownCount, listSubscribers } from '../audience/subscriber-list.ts'
import { countSubscribersOf } from '../audience/subscribers.ts'
import { tagsOf } from '../audience/tagging.ts'
import { audienceOf, bodyOf, cursorIn, limitIn, queried, refuse, writeCursor } from './asked.ts'
import type { AudienceDoor } from './audience-door.ts'
import { askedSelection, FILTER_QUERY, filterInQuery } from './subscriber-filters.ts'
import { type SubscriberOrder, type SubscriberPage, subscriberWire } from './subscribers-wire.ts'

const ORDERS: SubscriberOrder[] = ['newest', 'oldest', 'email', 'name']

const LIST: RouteDoc = {
  summary: 'Subscribers',
  description: '`total` is null where it would have to be counted; `POST /subscribers/count` counts.',
  query: {
    ...FILTER_QUERY,
    order: { description: 'newest if not given; name is the last name', schema: oneOf(...ORDERS) },
    cursor: { description: '`next_cursor` of the page before', schema: text },
    limit: { description: 'From 1 to 200; 50 if not given', schema: integer },
  },
  reply: ref('SubscriberPage'),
}
const COUNT: RouteDoc = {
  summary: 'How many subscribers a selection holds',
  body: objectOf({ selection: ref('SubscriberSelection') }),
  reply: objectOf({ count: integer }),
}

type Cursor = readonly [SubscriberOrder, number, string, string | null]

/** The list of subscribers, and how many there are. */
export function subscriberListRoutes(app: FastifyInstance, { storage }: Pick<AudienceDoor, 'storage'>): void {
  app.get('/subscribers', { config: { doc: LIST } }, async (request, reply) => {
    const workspaceId = audienceOf(request, 'see_audience')
    const filter = await filterInQuery(storage.read, workspaceId, request)
    const wanted = queried(request, 'order') ?? 'newest'
    const order = ORDERS.find(each => each === wanted)
    if (order === undefined) return refuse('order', `must be one of ${ORDERS.join(', ')}`)
    const cursor = cursorIn<Cursor>(
      request,
      ([of, id, key, name]) =>
        of === order &&
        Number.isSafeInteger(id) &&
        typeof key === 'string' &&
        (name === null || typeof name === 'string'),
    )
    const after = cursor && { id: cursor[1], email_key: cursor[2], last_name: cursor[3] }
    const limit = limitIn(request)
    // One more than asked for tells whether there are more.
    const found = await listSubscribers(storage, workspaceId, filter, { order, after, limit: limit + 1 })
    const shown = found.slice(0, limit)
    const tags = await tagsOf(
      storage.read,
      shown.map(({ id }) => id),
    )
    const last = found.length > limit ? shown.at(-1) : undefined
    const page: SubscriberPage = {
      subscribers: shown.map(each => subscriberWire(each, tags.get(each.id) ?? [])),
      next_cursor: last ? writeCursor([order, last.id, last.email_key, last.last_name]) : null,
      total: (await knownCount(storage.read, workspaceId, filter)) ?? null,
    }
    return reply.send(page)
  })

  app.post('/subscribers/count', { config: { doc: COUNT } }, async (request, reply) => {
    const workspaceId = audienceOf(request, 'see_audience')
    const selection = await askedSelection(storage.read, workspaceId, bodyOf(request).selection)
    const count =
      'ids' in selection
        ? await countSubscribersOf(storage.read, workspaceId, selection.ids)
        : await countSubscribers(storage, workspaceId, selection)
    return reply.send({ count })
  })
}
