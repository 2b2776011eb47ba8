import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { RouteDoc, Schema } from '../../../http/route-doc.ts'
import { integer, listOf, orNull, ref, text, truth } from '../../../http/schemas.ts'
import { Problem } from '../../../problem.ts'
import {
  type Campaign,
  CAMPAIGN_STATUS,
  campaignById,
  changeCampaign,
  countCampaigns,
  createCampaign,
  deleteDraft,
  duplicateCampaign,
  listCampaigns,
  receptionOf,
  recipientsOf,
  recipientsOfOne,
} from '../../campaigns/campaigns.ts'
import { cancelCampaign } from '../../campaigns/campaign-states.ts'
import { readCampaign } from './campaign-fields.ts'
import { dateTime, NOTHING, oneOf, page, PAGE_QUERY } from './described.ts'
import type { SendPortalDoor } from './door.ts'
import { pathId, type Words, workspaceOf } from './generation.ts'
import { inputOf } from './input.ts'
import { pageOf, paginated } from './paging.ts'
import { campaignWire } from './wire.ts'

/** Contract, section 4.6: drafts. */
export function campaigns(app: FastifyInstance, { storage, sending }: SendPortalDoor, words: Words): void {
  const docs = describe(words)

  app.get('/campaigns', { config: { doc: docs.list } }, async (request, reply) => {
    const workspaceId = await workspaceOf({ storage }, request, 'see_campaigns')
    const wanted = pageOf(request)
    const total = await countCampaigns(storage.read, workspaceId)
    const some = wanted.offset < total ? await listCampaigns(storage.read, workspaceId, wanted) : []
    return reply.send(paginated(request, wanted, total, await wires(some)))
  })

  app.get('/campaigns/:id', { config: { doc: docs.show } }, async (request, reply) => {
    const workspaceId = await workspaceOf({ storage }, request, 'see_campaigns')
    return reply.send({ data: await wire(await found(request, workspaceId)) })
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
      const campaign = await found(request, workspaceId)
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
    const campaign = await found(request, workspaceId)
    if (!(await deleteDraft(storage.write, campaign)))
      throw refused('status_id', 'Unable to delete a campaign that is not in draft status')
    return reply.code(204).send()
  })

  app.post('/campaigns/:id/send', { config: { doc: docs.send } }, async (request, _reply) => {
    const workspaceId = await workspaceOf({ storage }, request, 'manage_campaigns')
    const campaign = await found(request, workspaceId)
    if (campaign.status_id !== CAMPAIGN_STATUS.draft)
      throw refused('status_id', 'The campaign must have a status of draft to be dispatched')
    if (campaign.email_service_id === null)
      throw refused('email_service_id', 'The email service id field is required.')
    throw refused('campaign', 'Sending campaigns is not part of this version yet; the draft is kept.')
  })

  app.post('/campaigns/:id/cancel', { config: { doc: docs.cancel } }, async (request, reply) => {
    const workspaceId = await workspaceOf({ storage }, request, 'manage_campaigns')
    const campaign = await found(request, workspaceId)
    const { campaign: cancelled } = await storage.write
      .transaction()
      .execute(trx => cancelCampaign(trx, campaign))
    await sending.stop({ campaignIds: [campaign.id] })
    return reply.send({ data: await wire(cancelled) })
  })

  app.post('/campaigns/:id/duplicate', { config: { doc: docs.duplicate } }, async (request, reply) => {
    const workspaceId = await workspaceOf({ storage }, request, 'manage_campaigns')
    const campaign = await found(request, workspaceId)
    const copied = await storage.write.transaction().execute(trx => duplicateCampaign(trx, campaign))
    return reply.code(201).send({ data: await wire(copied) })
  })

  async function found(request: FastifyRequest, workspaceId: number): Promise<Campaign> {
    const campaign = await campaignById(storage.read, workspaceId, pathId(request))
    if (campaign === undefined) throw new Problem('absent')
    return campaign
  }

  async function wire(campaign: Campaign): Promise<object> {
    const [only = {}] = await wires([campaign])
    return only
  }

  async function wires(some: readonly Campaign[]): Promise<object[]> {
    const ids = some.map(({ id }) => id)
    const recipients = await recipientsOf(storage.read, ids)
    const reception = await receptionOf(storage.read, some)
    return some.map(campaign =>
      campaignWire(
        campaign,
        words,
        recipients.get(campaign.id) ?? { tags: [], segments: [] },
        reception.get(campaign.id),
      ),
    )
  }
}

function refused(field: string, message: string): Problem {
  return new Problem('invalid', '', { fields: { [field]: [message] } })
}

function describe(
  words: Words,
): Record<'list' | 'show' | 'create' | 'change' | 'remove' | 'send' | 'cancel' | 'duplicate', RouteDoc> {
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
    send: {
      summary: 'Send a campaign',
      description: 'Not in this version: a draft that could be sent is refused with 422, and stays a draft.',
      reply: oneOf(shape),
      also: { 422: 'It is no draft, or lacks an email service' },
    },
    cancel: {
      summary: 'Cancel a campaign that waits or is being sent',
      reply: oneOf(shape),
      also: { 422: 'It does neither' },
    },
    duplicate: {
      summary: 'A draft that says the same to the same people',
      reply: oneOf(shape),
      status: 201,
    },
  }
}
