import type { FastifyInstance, FastifyRequest } from 'fastify'
import { callerOf, insist } from '../../accounts/caller.ts'
import type { RouteDoc } from '../../http/route-doc.ts'
import { integer, listOf, objectOf, oneOf, optional, orNull, ref, text, truth } from '../../http/schemas.ts'
import { Problem } from '../../problem.ts'
import { deleteDrafts, resolveAmbiguous, sendDrafts } from '../campaigns/campaign-states.ts'
import { personIn } from '../campaigns/campaign-person.ts'
import { campaignById } from '../campaigns/campaigns.ts'
import { type Delivery, deliveryById } from '../deliveries/deliveries.ts'
import { listDeliveries, type Position } from '../deliveries/delivery-list.ts'
import { originsOf } from '../deliveries/delivery-origins.ts'
import { trailOf } from '../deliveries/delivery-trail.ts'
import { messageIdOf } from '../deliveries/message-id.ts'
import { DELIVERY_KEY } from '../feedback/public-token.ts'
import { audienceOf, bodyOf, cursorIn, idIn, limitIn, queried, refuse, writeCursor } from './asked.ts'
import type { AudienceDoor } from './audience-door.ts'
import {
  type CampaignPersonWire,
  type DeliveryFilterStatus,
  type DeliveryPage,
  type DeliveryTrailReply,
  type DeliveryWire,
  deliveryWire,
} from './deliveries-wire.ts'
import { foundCampaign } from './found-campaign.ts'

const STATUSES: DeliveryFilterStatus[] = [
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
]
/** Of one request. */
const MOST_IDS = 10_000

const LIST: RouteDoc = {
  summary: 'Mails to single people, newest first',
  query: {
    tab: {
      description:
        '`sent`: what was handed over; `drafts`: what is kept until somebody sends it; absent: of a campaign all',
      schema: oneOf('sent', 'drafts'),
    },
    campaign_id: { description: 'Only those of this campaign', schema: integer },
    status: {
      description: 'Only those of which this is said, or which were opened, clicked in, or unsubscribed by',
      schema: oneOf(...STATUSES),
    },
    search: { description: 'Only those whose address or subject contains it', schema: text },
    cursor: { description: 'Where the page before ended', schema: text },
    limit: { description: '50, at most 200', schema: integer },
  },
  reply: objectOf({ deliveries: listOf(ref('Delivery')), next_cursor: orNull(text) }),
}
const SHOW: RouteDoc = {
  summary: 'One mail to one person, and why they did or did not get it',
  reply: objectOf({ delivery: ref('Delivery'), trail: listOf(ref('DeliveryStep')) }),
}
const PERSON: RouteDoc = {
  summary: 'Whether somebody is among the recipients of a campaign, and if not, why',
  query: { email: { description: 'Their address', schema: text } },
  reply: objectOf({ found: truth, delivery_id: orNull(integer), reason: orNull(text) }),
}
const SEND: RouteDoc = {
  summary: 'Send mails that are kept as drafts',
  description: 'Those with these ids, or all of a campaign.',
  body: optional({ ids: listOf(integer), campaign_id: integer }),
  reply: objectOf({ count: integer }),
}
const DELETE: RouteDoc = {
  summary: 'Delete mails that are kept as drafts',
  body: objectOf({ ids: listOf(integer) }),
  reply: objectOf({ count: integer }),
  also: { 422: 'One of them was sent' },
}
const RESOLVE: RouteDoc = {
  summary: 'Decide about a mail of which nobody knows whether it arrived',
  body: objectOf({ as: oneOf('sent', 'retry') }),
  reply: objectOf({ delivery: ref('Delivery') }),
  also: { 409: 'It is known by now' },
}

export function deliveryRoutes(app: FastifyInstance, door: AudienceDoor): void {
  const { storage, secrets, sending } = door

  app.get('/deliveries', { config: { doc: LIST } }, async (request, reply) => {
    const workspaceId = audienceOf(request, 'see_campaigns')
    const wish = {
      tab: oneIn(request, 'tab', ['sent', 'drafts'] as const),
      campaignId: await campaignIn(workspaceId, queried(request, 'campaign_id')),
      status: oneIn(request, 'status', STATUSES),
      search: queried(request, 'search'),
    }
    const limit = limitIn(request)
    const after = cursorIn<Position>(
      request,
      position => position.length === 2 && position.every(each => Number.isSafeInteger(each)),
    )
    const found = await listDeliveries(storage, workspaceId, wish, { after, limit: limit + 1 })
    const page = found.slice(0, limit)
    const last = page.at(-1)
    const next_cursor =
      found.length > limit && last !== undefined ? writeCursor([last.sent_at ?? 0, last.id]) : null
    return reply.send({ deliveries: await wires(page), next_cursor } satisfies DeliveryPage)
  })

  app.get('/deliveries/:id', { config: { doc: SHOW } }, async (request, reply) => {
    const found = await foundDelivery(request, 'see_campaigns')
    const trail = (await trailOf(storage.read, found)).map(step => ({
      ...step,
      at: step.at === null ? null : new Date(step.at).toISOString(),
    }))
    return reply.send({ delivery: await wire(found), trail } satisfies DeliveryTrailReply)
  })

  app.get('/campaigns/:id/person', { config: { doc: PERSON } }, async (request, reply) => {
    const campaign = await foundCampaign(door, request, 'see_campaigns')
    const email = queried(request, 'email') ?? refuse('email', 'is required')
    const { delivery, reason } = await personIn(storage, campaign, email)
    return reply.send({
      found: delivery !== undefined,
      delivery_id: delivery?.id ?? null,
      reason,
    } satisfies CampaignPersonWire)
  })

  app.post('/deliveries/send', { config: { doc: SEND } }, async (request, reply) => {
    const workspaceId = audienceOf(request, 'manage_campaigns')
    const { ids, campaign_id } = bodyOf(request)
    const which =
      campaign_id === undefined
        ? { ids: idsIn(ids) }
        : { campaignId: (await campaignIn(workspaceId, campaign_id)) ?? refuse('campaign_id', 'is required') }
    const count = await storage.write.transaction().execute(trx => sendDrafts(trx, workspaceId, which))
    sending.wake()
    return reply.send({ count })
  })

  app.post('/deliveries/delete', { config: { doc: DELETE } }, async (request, reply) => {
    const workspaceId = audienceOf(request, 'manage_campaigns')
    const ids = idsIn(bodyOf(request).ids)
    const count = await storage.write.transaction().execute(async trx => {
      const sent = await trx
        .selectFrom('deliveries')
        .select('id')
        .where('workspace_id', '=', workspaceId)
        .where('id', 'in', ids)
        .where('status', '<>', 'draft')
        .limit(1)
        .executeTakeFirst()
      if (sent !== undefined) refuse('ids', 'A sent message cannot be deleted')
      return deleteDrafts(trx, workspaceId, { ids })
    })
    return reply.send({ count })
  })

  app.post('/deliveries/:id/resolve', { config: { doc: RESOLVE } }, async (request, reply) => {
    const found = await foundDelivery(request, 'manage_campaigns')
    const { as } = bodyOf(request)
    if (as !== 'sent' && as !== 'retry') return refuse('as', 'must be sent or retry')
    const resolved = await storage.write.transaction().execute(trx => resolveAmbiguous(trx, found, as))
    sending.wake()
    return reply.send({ delivery: await wire(resolved) })
  })

  async function foundDelivery(
    request: FastifyRequest,
    act: 'see_campaigns' | 'manage_campaigns',
  ): Promise<Delivery> {
    const caller = callerOf(request)
    const delivery = await deliveryById(storage.read, caller.workspaceId, idIn(request))
    if (delivery === undefined) throw new Problem('absent')
    insist(caller, act)
    return delivery
  }

  /** @throws Problem `absent`: the workspace has none of this id */
  async function campaignIn(workspaceId: number, given: unknown): Promise<number | undefined> {
    if (given === undefined) return undefined
    const id = /^[1-9]\d{0,14}$/.test(String(given)) ? Number(given) : 0
    if ((await campaignById(storage.read, workspaceId, id)) === undefined) throw new Problem('absent')
    return id
  }

  async function wire(delivery: Delivery): Promise<DeliveryWire> {
    const [only] = await wires([delivery])
    return only as DeliveryWire
  }

  async function wires(deliveries: readonly Delivery[]): Promise<DeliveryWire[]> {
    const origins = await originsOf(storage.read, deliveries)
    const key = secrets.key(DELIVERY_KEY)
    return deliveries.map(delivery => {
      const { campaign, fromEmail } = origins.get(delivery.id) ?? { campaign: null, fromEmail: '' }
      return deliveryWire(delivery, { campaign, messageId: messageIdOf(key, delivery, fromEmail) })
    })
  }
}

function oneIn<T extends string>(
  request: FastifyRequest,
  name: string,
  allowed: readonly T[],
): T | undefined {
  const given = queried(request, name)
  if (given === undefined) return undefined
  return allowed.find(each => each === given) ?? refuse(name, `must be one of ${allowed.join(', ')}`)
}

function idsIn(given: unknown): number[] {
  const isList =
    Array.isArray(given) &&
    given.length > 0 &&
    given.length <= MOST_IDS &&
    given.every(id => Number.isSafeInteger(id) && id > 0)
  return isList ? [...new Set(given as number[])] : refuse('ids', 'No messages selected')
}
