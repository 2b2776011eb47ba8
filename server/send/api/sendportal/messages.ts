import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { RouteDoc } from '../../../http/route-doc.ts'
import { integer, listOf, objectOf, oneOf as oneOfTexts, ref, text } from '../../../http/schemas.ts'
import { Problem } from '../../../problem.ts'
import { deleteDrafts, resolveAmbiguous, sendDrafts } from '../../campaigns/campaign-states.ts'
import { type Delivery, deliveryById } from '../../deliveries/deliveries.ts'
import type { DeliveryWish } from '../../deliveries/delivery-list.ts'
import { originsOf } from '../../deliveries/delivery-origins.ts'
import { countDeliveries, pageOfDeliveries } from '../../deliveries/delivery-pages.ts'
import { messageIdOf } from '../../deliveries/message-id.ts'
import { DELIVERY_KEY } from '../../feedback/public-token.ts'
import { NOTHING, oneOf, page, PAGE_QUERY } from './described.ts'
import type { SendPortalDoor } from './door.ts'
import { Form } from './form.ts'
import { foundCampaign } from './found-campaign.ts'
import { pathId, workspaceOf } from './generation.ts'
import { inputOf, queryOf } from './input.ts'
import { pageOf, paginated } from './paging.ts'
import { refused, refusedInWords } from './refused.ts'
import { messageWire } from './wire.ts'

const STATUSES = [
  'draft',
  'pending',
  'claimed',
  'sent',
  'delivered',
  'failed',
  'skipped',
  'ambiguous',
  'bounced',
  'complained',
  'opened',
  'clicked',
  'unsubscribed',
] as const satisfies NonNullable<DeliveryWish['status']>[]

/** Of one request. */
const MOST_IDS = 10_000

const shape = ref('Message')
const status = {
  description: 'Only those of which this is said, or which were opened, clicked in, or unsubscribed by',
  schema: oneOfTexts(...STATUSES),
}
const search = { description: 'Only those whose address or subject contains it', schema: text }
const LIST: RouteDoc = {
  summary: 'Messages that were sent, the newest first',
  query: {
    ...PAGE_QUERY,
    tab: { description: '`drafts`: those that wait for somebody to send them', schema: oneOfTexts('drafts') },
    status,
    search,
  },
  reply: page(shape),
}
const OF_CAMPAIGN: RouteDoc = {
  summary: 'The messages of a campaign, one for each recipient',
  query: { ...PAGE_QUERY, status, search },
  reply: page(shape),
}
const SHOW: RouteDoc = { summary: 'One message', reply: oneOf(shape) }
const RESOLVE: RouteDoc = {
  summary: 'Decide about a message of which nobody knows whether it arrived',
  body: objectOf({ as: oneOfTexts('sent', 'retry') }),
  reply: oneOf(shape),
  also: { 422: 'It is known by now' },
}
const SEND: RouteDoc = {
  summary: 'Send messages that are kept as drafts',
  body: objectOf({ messages: { ...listOf(integer), description: 'Ids' } }),
  reply: objectOf({ message: text, count: integer }),
  also: { 422: 'One of them was sent already, or is not there' },
}
const SEND_ONE: RouteDoc = {
  summary: 'Send a message that is kept as a draft',
  reply: objectOf({ message: text }),
  also: { 422: 'It was sent already' },
}
const DELETE: RouteDoc = {
  summary: 'Delete a message that is kept as a draft',
  ...NOTHING,
  also: { 422: 'It was sent' },
}

/** Contract, sections 4.8, 5.7 and 12. */
export function messages(app: FastifyInstance, door: SendPortalDoor): void {
  const { storage, secrets, sending } = door

  app.get('/messages', { config: { doc: LIST } }, async (request, reply) => {
    const workspaceId = await workspaceOf(door, request, 'see_campaigns')
    const tab = queryOf(request.query).tab === 'drafts' ? 'drafts' : undefined
    return reply.send(await paged(request, workspaceId, { tab }))
  })

  app.get('/campaigns/:id/messages', { config: { doc: OF_CAMPAIGN } }, async (request, reply) => {
    const workspaceId = await workspaceOf(door, request, 'see_campaigns')
    const { id } = await foundCampaign(storage.read, request, workspaceId)
    return reply.send(await paged(request, workspaceId, { campaignId: id }))
  })

  app.post(
    '/campaigns/:id/messages/:message_id/resolve',
    { config: { doc: RESOLVE } },
    async (request, reply) => {
      const workspaceId = await workspaceOf(door, request, 'manage_campaigns')
      const campaign = await foundCampaign(storage.read, request, workspaceId)
      const message = await found(request, workspaceId, 'message_id')
      if (message.campaign_id !== campaign.id) throw new Problem('absent')
      const { as } = inputOf(request)
      if (as === undefined || as === null) throw refused('as', 'The as field is required.')
      if (as !== 'sent' && as !== 'retry') throw refused('as', 'The selected as is invalid.')
      const resolved = await refusedInWords('status', () =>
        storage.write.transaction().execute(trx => resolveAmbiguous(trx, message, as)),
      )
      sending.wake()
      return reply.send({ data: await wire(resolved) })
    },
  )

  app.get('/messages/:id', { config: { doc: SHOW } }, async (request, reply) => {
    const workspaceId = await workspaceOf(door, request, 'see_campaigns')
    return reply.send({ data: await wire(await found(request, workspaceId)) })
  })

  app.post('/messages/send', { config: { doc: SEND } }, async (request, reply) => {
    const workspaceId = await workspaceOf(door, request, 'manage_campaigns')
    const form = new Form(inputOf(request))
    const given = form.required('messages', 'No messages selected') ? form.ids('messages', true) : null
    const ids = [...new Set(given?.map(({ id }) => id ?? 0))]
    if (ids.length > MOST_IDS)
      form.fault('messages', `The messages field must not have more than ${MOST_IDS} items.`)
    form.check()
    const count = await storage.write.transaction().execute(async trx => {
      const sent = await sendDrafts(trx, workspaceId, { ids })
      if (sent < ids.length) throw refused('messages', 'The selected message has already been sent')
      return sent
    })
    sending.wake()
    return reply.send({ message: 'The messages were sent successfully.', count })
  })

  app.post('/messages/:id/send', { config: { doc: SEND_ONE } }, async (request, reply) => {
    const workspaceId = await workspaceOf(door, request, 'manage_campaigns')
    const { id } = await found(request, workspaceId)
    const count = await storage.write
      .transaction()
      .execute(trx => sendDrafts(trx, workspaceId, { ids: [id] }))
    if (count === 0) throw refused('message', 'The selected message has already been sent')
    sending.wake()
    return reply.send({ message: 'The message was sent successfully.' })
  })

  app.delete('/messages/:id', { config: { doc: DELETE } }, async (request, reply) => {
    const workspaceId = await workspaceOf(door, request, 'manage_campaigns')
    const { id } = await found(request, workspaceId)
    const count = await storage.write
      .transaction()
      .execute(trx => deleteDrafts(trx, workspaceId, { ids: [id] }))
    if (count === 0) throw refused('message', 'A sent message cannot be deleted')
    return reply.code(204).send()
  })

  /** @throws Problem `absent` */
  async function found(request: FastifyRequest, workspaceId: number, name = 'id'): Promise<Delivery> {
    const delivery = await deliveryById(storage.read, workspaceId, pathId(request, name))
    if (delivery === undefined) throw new Problem('absent')
    return delivery
  }

  async function paged(
    request: FastifyRequest,
    workspaceId: number,
    wish: Pick<DeliveryWish, 'tab' | 'campaignId'>,
  ): Promise<object> {
    const wanted = pageOf(request)
    const narrower = { ...wish, ...filterIn(request) }
    const total = await countDeliveries(storage, workspaceId, narrower)
    const some =
      wanted.offset < total
        ? await pageOfDeliveries(storage, workspaceId, narrower, {
            ...wanted,
            oldestFirst: wish.campaignId !== undefined,
          })
        : []
    return paginated(request, wanted, total, await wires(some))
  }

  async function wire(message: Delivery): Promise<object> {
    const [only = {}] = await wires([message])
    return only
  }

  async function wires(some: readonly Delivery[]): Promise<object[]> {
    const origins = await originsOf(storage.read, some)
    const key = secrets.key(DELIVERY_KEY)
    return some.map(delivery => {
      const origin = origins.get(delivery.id) ?? { campaign: null, fromEmail: '' }
      return messageWire(delivery, origin, messageIdOf(key, delivery, origin.fromEmail))
    })
  }
}

/** @throws Problem `invalid` */
function filterIn(request: FastifyRequest): Pick<DeliveryWish, 'status' | 'search'> {
  const { status: given, search: sought } = queryOf(request.query)
  // `all` is what SendPortal's own list calls no filter.
  const wanted = given === null || given === 'all' ? undefined : given
  const known = STATUSES.find(each => each === wanted)
  if (wanted !== undefined && known === undefined) throw refused('status', 'The selected status is invalid.')
  return { status: known, search: typeof sought === 'string' ? sought : undefined }
}
