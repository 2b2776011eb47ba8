import type { FastifyInstance } from 'fastify'
import type { RouteDoc, Schema } from '../../../http/route-doc.ts'
import { integer, listOf, orNull, ref, text, truth } from '../../../http/schemas.ts'
import { countCampaigns, listCampaigns } from '../../campaigns/campaign-list.ts'
import {
  type Campaign,
  changeCampaign,
  createCampaign,
  deleteDraft,
  duplicateCampaign,
  recipientsOfOne,
} from '../../campaigns/campaigns.ts'
import { readCampaign } from './campaign-fields.ts'
import { dateTime, NOTHING, oneOf, page, PAGE_QUERY } from './described.ts'
import type { SendPortalDoor } from './door.ts'
import { campaignWires, foundCampaign, oneCampaignWire } from './found-campaign.ts'
import { type Words, workspaceOf } from './generation.ts'
import { inputOf } from './input.ts'
import { pageOf, paginated } from './paging.ts'
import { refused } from './refused.ts'

/** Contract, section 4.6: what is written, and to whom. What becomes of it: campaign-sending.ts. */
export function campaigns(app: FastifyInstance, { storage }: SendPortalDoor, words: Words): void {
  const docs = describe(words)

  app.get('/campaigns', { config: { doc: docs.list } }, async (request, reply) => {
    const workspaceId = await workspaceOf({ storage }, request, 'see_campaigns')
    const wanted = pageOf(request)
    const total = await countCampaigns(storage.read, workspaceId)
    const some = wanted.offset < total ? await listCampaigns(storage.read, workspaceId, wanted) : []
    return reply.send(paginated(request, wanted, total, await campaignWires(storage.read, some, words)))
  })

  app.get('/campaigns/:id', { config: { doc: docs.show } }, async (request, reply) => {
    const workspaceId = await workspaceOf({ storage }, request, 'see_campaigns')
    return reply.send({ data: await wire(await foundCampaign(storage.read, request, workspaceId)) })
  })

  app.post('/campaigns', { config: { doc: docs.create } }, async (request, reply) => {
    const workspaceId = await workspaceOf({ storage }, request, 'manage_campaigns')
    const given = await readCampaign(storage.read, workspaceId, inputOf(request), words)
    const campaign = await storage.write
      .transaction()
      .execute(trx => createCampaign(trx, workspaceId, given.text, given.recipients))
    return reply.code(201).send({ data: await wire(campaign) })
  })

  app.route({
    method: ['PUT', 'PATCH'],
    url: '/campaigns/:id',
    config: { doc: docs.change },
    async handler(request, reply) {
      const workspaceId = await workspaceOf({ storage }, request, 'manage_campaigns')
      // Its rules look at the campaign, so that one that is not there is 404 whatever the body.
      const campaign = await foundCampaign(storage.read, request, workspaceId)
      const before = { campaign, recipients: await recipientsOfOne(storage.read, campaign.id) }
      const given = await readCampaign(storage.read, workspaceId, inputOf(request), words, before)
      const changed = await storage.write
        .transaction()
        .execute(trx => changeCampaign(trx, campaign, given.text, given.recipients))
      return reply.send({ data: await wire(changed) })
    },
  })

  app.delete('/campaigns/:id', { config: { doc: docs.remove } }, async (request, reply) => {
    const workspaceId = await workspaceOf({ storage }, request, 'manage_campaigns')
    const campaign = await foundCampaign(storage.read, request, workspaceId)
    if (!(await deleteDraft(storage.write, campaign)))
      throw refused('status_id', 'Unable to delete a campaign that is not in draft status')
    return reply.code(204).send()
  })

  app.post('/campaigns/:id/duplicate', { config: { doc: docs.duplicate } }, async (request, reply) => {
    const workspaceId = await workspaceOf({ storage }, request, 'manage_campaigns')
    const campaign = await foundCampaign(storage.read, request, workspaceId)
    const copied = await storage.write.transaction().execute(trx => duplicateCampaign(trx, campaign))
    return reply.code(201).send({ data: await wire(copied) })
  })

  function wire(campaign: Campaign): Promise<object> {
    return oneCampaignWire(storage.read, campaign, words)
  }
}

function describe(
  words: Words,
): Record<'list' | 'show' | 'create' | 'change' | 'remove' | 'duplicate', RouteDoc> {
  const shape = ref(words.shapes.campaign)
  const body: Schema = {
    type: 'object',
    required: [
      'name',
      'subject',
      'from_name',
      'from_email',
      'email_service_id',
      'send_to_all',
      'scheduled_at',
    ],
    properties: {
      name: text,
      subject: text,
      from_name: text,
      from_email: text,
      email_service_id: integer,
      template_id: orNull(integer),
      content: { ...orNull(text), description: 'Required without a template' },
      is_open_tracking: orNull(truth),
      is_click_tracking: orNull(truth),
      send_to_all: truth,
      [words.many]: { ...listOf(integer), description: 'Required unless it goes to all, or to segments' },
      segment_ids: { ...orNull(listOf(integer)), description: 'Saved segments; ours' },
      scheduled_at: dateTime,
      save_as_draft: orNull(truth),
    },
  }
  return {
    list: { summary: 'Campaigns, the oldest first', query: PAGE_QUERY, reply: page(shape) },
    show: { summary: 'One campaign', reply: oneOf(shape) },
    create: { summary: 'A new campaign, as a draft', body, reply: oneOf(shape), status: 201 },
    change: { summary: 'Update a draft, whole', body, reply: oneOf(shape) },
    remove: { summary: 'Delete a draft', ...NOTHING, also: { 422: 'It is no draft' } },
    duplicate: {
      summary: 'A draft that says the same to the same people',
      reply: oneOf(shape),
      status: 201,
    },
  }
}
