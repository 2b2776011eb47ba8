import type { FastifyInstance } from 'fastify'
import type { RouteDoc } from '../../http/route-doc.ts'
import { integer, listOf, objectOf, oneOf, orNull, ref, text } from '../../http/schemas.ts'
import { Problem } from '../../problem.ts'
import { campaignPage } from '../campaigns/campaign-list.ts'
import { NOTHING, totalsOf } from '../campaigns/campaign-totals.ts'
import {
  CAMPAIGN_STATUS,
  changeCampaign,
  createCampaign,
  deleteDraft,
  duplicateCampaign,
  holdCampaign,
  recipientsOf,
} from '../campaigns/campaigns.ts'
import { audienceOf, bodyOf, cursorIn, limitIn, queried, refuse, writeCursor } from './asked.ts'
import type { AudienceDoor } from './audience-door.ts'
import { BLANK, merged, readCampaignFields } from './campaign-form.ts'
import { type CampaignPage, type CampaignTab, campaignSummaryWire } from './campaigns-wire.ts'
import { foundCampaign, shownCampaign } from './found-campaign.ts'

const TABS: CampaignTab[] = ['draft', 'sent', 'all']

const one = objectOf({ campaign: ref('OwnCampaign') })
const LIST: RouteDoc = {
  summary: 'Campaigns, newest first, without what is written in them',
  query: {
    tab: {
      description: '`draft`: those that are written, wait, or are being sent; `sent`: those that are over',
      schema: oneOf(...TABS),
    },
    search: { description: 'Only those whose name or subject contains it', schema: text },
    cursor: { description: 'Where the page before ended', schema: text },
    limit: { description: '50, at most 200', schema: integer },
  },
  reply: objectOf({ campaigns: listOf(ref('CampaignSummary')), next_cursor: orNull(text) }),
}
const CREATE: RouteDoc = {
  summary: 'A new campaign, as a draft',
  description: 'Only its name is required; what else it lacks is asked for when it is sent.',
  body: { allOf: [ref('CampaignFields'), { type: 'object', required: ['name'] }] },
  reply: one,
}
const SHOW: RouteDoc = { summary: 'One campaign', reply: one }
const CHANGE: RouteDoc = {
  summary: 'Change a draft',
  description:
    '`version` is the `updated_at` that was read: if somebody has changed the draft since, nothing is written and it ' +
    'is 409. Without it the last one wins.',
  body: { allOf: [ref('CampaignFields'), { type: 'object', properties: { version: text } }] },
  reply: one,
  also: { 409: 'Somebody changed it since, or it is no draft any more' },
}
const DELETE: RouteDoc = {
  summary: 'Delete a draft',
  reply: objectOf({}),
  also: { 422: 'It is no draft' },
}
const DUPLICATE: RouteDoc = {
  summary: 'A draft that says the same to the same people, with the same attached',
  reply: one,
}

/** What is written, and to whom. What becomes of it: campaign-sending.ts. */
export function campaignRoutes(app: FastifyInstance, door: AudienceDoor): void {
  const { storage } = door

  app.get('/campaigns', { config: { doc: LIST } }, async (request, reply) => {
    const workspaceId = audienceOf(request, 'see_campaigns')
    const given = queried(request, 'tab') ?? 'all'
    const tab = TABS.find(each => each === given) ?? refuse('tab', `must be one of ${TABS.join(', ')}`)
    const wish = { tab, search: queried(request, 'search') }
    const limit = limitIn(request)
    const [before] = cursorIn<[number]>(request, ([id]) => Number.isSafeInteger(id)) ?? []
    const found = await campaignPage(storage, workspaceId, wish, { before, limit: limit + 1 })
    const page = found.slice(0, limit)
    const ids = page.map(({ id }) => id)
    const recipients = await recipientsOf(storage.read, ids)
    const totals = await totalsOf(storage.read, ids)
    const campaigns = page.map(campaign =>
      campaignSummaryWire(
        campaign,
        recipients.get(campaign.id) ?? { tags: [], segments: [] },
        totals.get(campaign.id) ?? NOTHING,
      ),
    )
    const next_cursor = found.length > limit ? writeCursor([page.at(-1)?.id]) : null
    return reply.send({ campaigns, next_cursor } satisfies CampaignPage)
  })

  app.post('/campaigns', { config: { doc: CREATE } }, async (request, reply) => {
    const workspaceId = audienceOf(request, 'manage_campaigns')
    const { text: given, recipients } = await readCampaignFields(storage.read, workspaceId, bodyOf(request))
    const { name = refuse('name', 'is required'), ...others } = given
    const campaign = await storage.write
      .transaction()
      .execute(trx =>
        createCampaign(
          trx,
          workspaceId,
          { ...BLANK, ...others, name },
          { tags: [], segments: [], ...recipients },
        ),
      )
    return reply.send({ campaign: await shownCampaign(door, campaign) })
  })

  app.get('/campaigns/:id', { config: { doc: SHOW } }, async (request, reply) =>
    reply.send({ campaign: await shownCampaign(door, await foundCampaign(door, request, 'see_campaigns')) }),
  )

  app.patch('/campaigns/:id', { config: { doc: CHANGE } }, async (request, reply) => {
    const found = await foundCampaign(door, request, 'manage_campaigns')
    const { version } = bodyOf(request)
    if (version !== undefined && typeof version !== 'string') refuse('version', 'must be text')
    const given = await readCampaignFields(storage.read, found.workspace_id, bodyOf(request))
    const campaign = await storage.write.transaction().execute(async trx => {
      const before = await holdCampaign(trx, found)
      const { status_id, updated_at } = before.campaign
      if (status_id !== CAMPAIGN_STATUS.draft)
        throw new Problem('conflict', 'A campaign cannot be changed when it is no draft any more')
      if (version !== undefined && version !== new Date(updated_at).toISOString())
        throw new Problem('conflict', 'Somebody has changed the campaign since you opened it')
      const { text: changed, recipients } = merged(before, given)
      return changeCampaign(trx, before.campaign, changed, recipients)
    })
    return reply.send({ campaign: await shownCampaign(door, campaign) })
  })

  app.delete('/campaigns/:id', { config: { doc: DELETE } }, async (request, reply) => {
    const campaign = await foundCampaign(door, request, 'manage_campaigns')
    if (!(await deleteDraft(storage.write, campaign)))
      refuse('status', 'Unable to delete a campaign that is not in draft status')
    return reply.send({})
  })

  app.post('/campaigns/:id/duplicate', { config: { doc: DUPLICATE } }, async (request, reply) => {
    const original = await foundCampaign(door, request, 'manage_campaigns')
    const campaign = await storage.write.transaction().execute(trx => duplicateCampaign(trx, original))
    return reply.send({ campaign: await shownCampaign(door, campaign) })
  })
}
