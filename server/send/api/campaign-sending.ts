import type { FastifyInstance, FastifyRequest } from 'fastify'
import { callerOf } from '../../accounts/caller.ts'
import type { RouteDoc } from '../../http/route-doc.ts'
import { integer, listOf, objectOf, oneOf, optional, ref, text, truth } from '../../http/schemas.ts'
import { Problem } from '../../problem.ts'
import type { Database } from '../../storage/schema.ts'
import { campaignRow } from '../campaigns/campaign-list.ts'
import { type Missing, missingToSend } from '../campaigns/campaign-readiness.ts'
import {
  cancelCampaign,
  pauseCampaign,
  queueCampaign,
  resendToLater,
  resumeCampaign,
  retryFailed,
  undoSend,
} from '../campaigns/campaign-states.ts'
import { totalsOfOne } from '../campaigns/campaign-totals.ts'
import {
  type Campaign,
  CAMPAIGN_STATUS,
  changeCampaign,
  holdCampaign,
  type Recipients,
  recipientsOfOne,
} from '../campaigns/campaigns.ts'
import { recipientChoices } from '../campaigns/recipient-choices.ts'
import { type Aimed, countRecipients } from '../campaigns/recipients.ts'
import { exceedsSesQuota, OVER_SES_QUOTA } from '../campaigns/ses-quota-check.ts'
import { audienceOf, bodyOf, idIn } from './asked.ts'
import type { AudienceDoor } from './audience-door.ts'
import { merged, readRecipients, readSending } from './campaign-form.ts'
import { schedule } from './campaigns-components.ts'
import {
  type CampaignProgressWire,
  campaignStatus,
  type RecipientsWire,
  totalsWire,
} from './campaigns-wire.ts'
import { foundCampaign, shownCampaign } from './found-campaign.ts'

const one = objectOf({ campaign: ref('OwnCampaign') })
const counted = objectOf({ campaign: ref('OwnCampaign'), count: integer })
const tooLate = { also: { 409: 'Not in the state that it is in' } }

const SEND: RouteDoc = {
  summary: 'Send a campaign',
  description:
    'What is not said is as the draft has it. With `behaviour` `draft` its mails are made and kept until somebody ' +
    'sends them. 422 says under which field something is missing.',
  body: optional({
    recipients: oneOf('all', 'chosen'),
    tag_ids: listOf(integer),
    segment_ids: listOf(integer),
    ...schedule,
    behaviour: oneOf('auto', 'draft'),
  }),
  reply: one,
}
const UNDO: RouteDoc = { summary: 'Take a campaign back that waits', reply: one, ...tooLate }
const PAUSE: RouteDoc = { summary: 'Pause a campaign that is being sent', reply: one, ...tooLate }
const RESUME: RouteDoc = { summary: 'Go on with a paused campaign', reply: one, ...tooLate }
const CANCEL: RouteDoc = {
  summary: 'Cancel a campaign',
  description: 'Nobody gets it who has not got it. `message` says what that meant.',
  reply: objectOf({ campaign: ref('OwnCampaign'), message: text }),
}
const RETRY: RouteDoc = {
  summary: 'Try again with those for whom it failed',
  description: 'Not with those whose mail bounced for good.',
  reply: counted,
  ...tooLate,
}
const LATER: RouteDoc = {
  summary: 'Send it to those who fit it now and did not then',
  description: 'Nobody gets it twice.',
  reply: one,
  ...tooLate,
}
const PROGRESS: RouteDoc = {
  summary: 'How far the sending is',
  description: 'Cheap: to be asked every second.',
  reply: ref('CampaignProgress'),
}
const RECIPIENTS: RouteDoc = {
  summary: 'Whom a campaign would go to now',
  reply: ref('CampaignRecipients'),
}
const ASK_RECIPIENTS: RouteDoc = {
  summary: 'Whom a campaign would go to that is not written yet',
  body: optional({ send_to_all: truth, tag_ids: listOf(integer), segment_ids: listOf(integer) }),
  reply: ref('CampaignRecipients'),
}

/** What becomes of a campaign that is written. */
export function campaignSendingRoutes(app: FastifyInstance, door: AudienceDoor): void {
  const { storage, sending } = door

  app.get('/campaigns/:id/recipients', { config: { doc: RECIPIENTS } }, async (request, reply) => {
    const campaign = await foundCampaign(door, request, 'see_campaigns')
    return reply.send(await recipientsWire(campaign, await recipientsOfOne(storage.read, campaign.id)))
  })

  app.post('/campaigns/recipients', { config: { doc: ASK_RECIPIENTS } }, async (request, reply) => {
    const workspace_id = audienceOf(request, 'see_campaigns')
    const { send_to_all, ...recipients } = await readRecipients(storage.read, workspace_id, bodyOf(request))
    return reply.send(await recipientsWire({ workspace_id, send_to_all }, recipients))
  })

  app.post('/campaigns/:id/send', { config: { doc: SEND } }, async (request, reply) => {
    const found = await foundCampaign(door, request, 'manage_campaigns')
    const body = request.body === undefined || request.body === null ? {} : bodyOf(request)
    const given = await readSending(storage.read, found.workspace_id, body)
    const asDraft = merged(
      { campaign: found, recipients: await recipientsOfOne(storage.read, found.id) },
      given,
    )
    if (
      found.status_id === CAMPAIGN_STATUS.draft &&
      (await exceedsSesQuota(door, { ...found, ...asDraft.text }, asDraft.recipients))
    )
      throw new Problem('conflict', OVER_SES_QUOTA)
    const campaign = await storage.write.transaction().execute(async trx => {
      const before = await holdCampaign(trx, found)
      // Whatever else there is to be said of it, this is said in the words that everybody uses.
      if (before.campaign.status_id !== CAMPAIGN_STATUS.draft) return queueCampaign(trx, before.campaign)
      const { text: written, recipients } = merged(before, given)
      const changed = await changeCampaign(trx, before.campaign, written, recipients)
      const missing = missingToSend(changed, recipients)
      if (missing.length > 0)
        throw new Problem('invalid', '', {
          fields: Object.fromEntries(missing.map(field => [field, [MISSING[field]]])),
        })
      return queueCampaign(trx, changed)
    })
    sending.wake()
    return reply.send({ campaign: await shownCampaign(door, campaign) })
  })

  app.post('/campaigns/:id/undo', { config: { doc: UNDO } }, async (request, reply) =>
    reply.send({ campaign: await moved(request, undoSend) }),
  )

  app.post('/campaigns/:id/pause', { config: { doc: PAUSE } }, async (request, reply) => {
    const campaign = await moved(request, (trx, before) => pauseCampaign(trx, before, null))
    await sending.stop({ campaignIds: [campaign.id] })
    return reply.send({ campaign })
  })

  app.post('/campaigns/:id/resume', { config: { doc: RESUME } }, async (request, reply) =>
    reply.send({ campaign: await moved(request, resumeCampaign) }),
  )

  app.post('/campaigns/:id/cancel', { config: { doc: CANCEL } }, async (request, reply) => {
    const before = await foundCampaign(door, request, 'manage_campaigns')
    const { campaign, message } = await storage.write
      .transaction()
      .execute(trx => cancelCampaign(trx, before))
    await sending.stop({ campaignIds: [campaign.id] })
    return reply.send({ campaign: await shownCampaign(door, campaign), message })
  })

  app.post('/campaigns/:id/retry-failed', { config: { doc: RETRY } }, async (request, reply) => {
    const before = await foundCampaign(door, request, 'manage_campaigns')
    const { campaign, count } = await storage.write.transaction().execute(async trx => {
      const failed = await retryFailed(trx, before)
      return { campaign: (await holdCampaign(trx, before)).campaign, count: failed }
    })
    sending.wake()
    return reply.send({ campaign: await shownCampaign(door, campaign), count })
  })

  app.post('/campaigns/:id/send-to-later', { config: { doc: LATER } }, async (request, reply) =>
    reply.send({ campaign: await moved(request, resendToLater) }),
  )

  app.get('/campaigns/:id/progress', { config: { doc: PROGRESS } }, async (request, reply) => {
    const campaign = await campaignRow(storage.read, callerOf(request).workspaceId, idIn(request))
    if (campaign === undefined) throw new Problem('absent')
    audienceOf(request, 'see_campaigns')
    const totals = await totalsOfOne(storage.read, campaign.id)
    const { perSecond, waitsFor } = sending.progressOf(campaign.id)
    const left = totals.pending + totals.claimed
    return reply.send({
      status: campaignStatus(campaign),
      totals: totalsWire(totals),
      per_second: perSecond,
      time_left_seconds: perSecond > 0 ? Math.ceil(left / perSecond) : null,
      waits_for: waitsFor,
      pause_reason: campaign.pause_reason,
    } satisfies CampaignProgressWire)
  })

  /** Into another state, and whatever sends is told. */
  async function moved(
    request: FastifyRequest,
    move: (trx: Database, campaign: Campaign) => Promise<Campaign>,
  ) {
    const before = await foundCampaign(door, request, 'manage_campaigns')
    const campaign = await storage.write.transaction().execute(trx => move(trx, before))
    sending.wake()
    return shownCampaign(door, campaign)
  }

  async function recipientsWire(aimed: Aimed, recipients: Recipients): Promise<RecipientsWire> {
    const receipt = await countRecipients(storage, aimed, recipients)
    return { receipt, ...(await recipientChoices(storage, aimed.workspace_id)) }
  }
}

const MISSING: Record<Missing, string> = {
  subject: 'is required',
  from_email: 'is required',
  email_service_id: 'is required',
  content: 'is required, unless a template says it all',
  recipients: 'must be everybody, or those of at least one tag or segment',
}
