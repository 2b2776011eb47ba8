import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { RouteDoc } from '../../../http/route-doc.ts'
import { integer, objectOf, ref, text } from '../../../http/schemas.ts'
import { Problem } from '../../../problem.ts'
import type { Database } from '../../../storage/schema.ts'
import { type Missing, missingToSend } from '../../campaigns/campaign-readiness.ts'
import {
  cancelCampaign,
  pauseCampaign,
  queueCampaign,
  resumeCampaign,
  retryFailed,
} from '../../campaigns/campaign-states.ts'
import { totalsOfOne } from '../../campaigns/campaign-totals.ts'
import { type Campaign, CAMPAIGN_STATUS, holdCampaign, recipientsOfOne } from '../../campaigns/campaigns.ts'
import { exceedsSesQuota, OVER_SES_QUOTA } from '../../campaigns/ses-quota-check.ts'
import { sendTest } from '../../campaigns/test-sends.ts'
import { oneOf } from './described.ts'
import type { SendPortalDoor } from './door.ts'
import { Form } from './form.ts'
import { foundCampaign, oneCampaignWire } from './found-campaign.ts'
import { type Words, workspaceOf } from './generation.ts'
import { inputOf } from './input.ts'
import { refused, refusedInWords } from './refused.ts'
import { reportWire } from './wire.ts'

/** Contract, sections 4.6, 4.8, 5 and 12: what becomes of a campaign that is written. */
export function campaignSending(app: FastifyInstance, door: SendPortalDoor, words: Words): void {
  const { storage, sending } = door
  const docs = describe(words)

  app.post('/campaigns/:id/send', { config: { doc: docs.send } }, async (request, reply) => {
    const found = await toManage(request)
    if (found.status_id !== CAMPAIGN_STATUS.draft)
      throw refused('status_id', 'The campaign must have a status of draft to be dispatched')
    const recipients = await recipientsOfOne(storage.read, found.id)
    const missing = missingToSend(found, recipients)
    if (missing.length > 0)
      throw new Problem('invalid', '', {
        fields: Object.fromEntries(missing.map(field => missingText(field, words))),
      })
    if (await exceedsSesQuota(door, found, recipients)) throw new Problem('invalid', OVER_SES_QUOTA)
    const queued = await storage.write.transaction().execute(trx => queueCampaign(trx, found))
    sending.wake()
    return reply.send({ data: await wire(queued) })
  })

  app.post('/campaigns/:id/cancel', { config: { doc: docs.cancel } }, async (request, reply) => {
    const found = await toManage(request)
    const { campaign, message } = await storage.write.transaction().execute(trx => cancelCampaign(trx, found))
    await sending.stop({ campaignIds: [found.id] })
    return reply.send({ data: await wire(campaign), message })
  })

  app.post('/campaigns/:id/pause', { config: { doc: docs.pause } }, async (request, reply) => {
    const campaign = await moved(request, (trx, found) => pauseCampaign(trx, found, null))
    await sending.stop({ campaignIds: [campaign.id] })
    return reply.send({ data: await wire(campaign) })
  })

  app.post('/campaigns/:id/resume', { config: { doc: docs.resume } }, async (request, reply) =>
    reply.send({ data: await wire(await moved(request, resumeCampaign)) }),
  )

  app.post('/campaigns/:id/retry-failed', { config: { doc: docs.retry } }, async (request, reply) => {
    let count = 0
    const campaign = await moved(request, async (trx, found) => {
      count = await retryFailed(trx, found)
      return (await holdCampaign(trx, found)).campaign
    })
    return reply.send({ data: await wire(campaign), count })
  })

  app.post('/campaigns/:id/test', { config: { doc: docs.test } }, async (request, reply) => {
    const found = await toManage(request)
    const form = new Form(inputOf(request))
    const to = form.required('recipient_email', 'A test email address is required.')
      ? form.email('recipient_email')
      : ''
    form.check()
    const said = await sendTest(door, found, to, undefined)
    if (said !== null) throw new Problem('invalid', `Response: ${said}`)
    return reply.send({ message: 'The test email has been dispatched.' })
  })

  app.get('/campaigns/:id/report', { config: { doc: docs.report } }, async (request, reply) => {
    const workspaceId = await workspaceOf(door, request, 'see_campaigns')
    const campaign = await foundCampaign(storage.read, request, workspaceId)
    const totals = await totalsOfOne(storage.read, campaign.id)
    return reply.send({ data: reportWire(campaign, totals, sending.progressOf(campaign.id).perSecond) })
  })

  async function toManage(request: FastifyRequest): Promise<Campaign> {
    const workspaceId = await workspaceOf(door, request, 'manage_campaigns')
    return foundCampaign(storage.read, request, workspaceId)
  }

  async function moved(
    request: FastifyRequest,
    move: (trx: Database, campaign: Campaign) => Promise<Campaign>,
  ): Promise<Campaign> {
    const found = await toManage(request)
    const campaign = await refusedInWords('campaignStatus', () =>
      storage.write.transaction().execute(trx => move(trx, found)),
    )
    sending.wake()
    return campaign
  }

  function wire(campaign: Campaign): Promise<object> {
    return oneCampaignWire(storage.read, campaign, words)
  }
}

function missingText(field: Missing, { many }: Words): [field: string, texts: string[]] {
  if (field === 'recipients') return [many, [`The ${many} field is required unless send to all is in 1.`]]
  return [field, [`The ${field.replaceAll('_', ' ')} field is required.`]]
}

function describe(
  words: Words,
): Record<'send' | 'cancel' | 'pause' | 'resume' | 'retry' | 'test' | 'report', RouteDoc> {
  const shape = ref(words.shapes.campaign)
  return {
    send: {
      summary: 'Send a campaign',
      description: 'When its time has come: at once if `scheduled_at` is past. There is no body.',
      reply: oneOf(shape),
      also: { 422: 'It is no draft, lacks something, or is more than SES takes today' },
    },
    cancel: {
      summary: 'Cancel a campaign that waits or is being sent',
      description:
        'Or one that was sent as drafts, some of which are there yet. `message` says what that meant.',
      reply: objectOf({ data: shape, message: text }),
      also: { 422: 'It cannot be cancelled' },
    },
    pause: {
      summary: 'Pause a campaign that is being sent',
      reply: oneOf(shape),
      also: { 422: 'It is not being sent' },
    },
    resume: {
      summary: 'Go on with a paused campaign',
      reply: oneOf(shape),
      also: { 422: 'It is not paused' },
    },
    retry: {
      summary: 'Try again with those for whom it failed',
      description: 'Not with those whose mail bounced for good. `count` says how many.',
      reply: objectOf({ data: shape, count: integer }),
      also: { 422: 'It is not over, nor under way' },
    },
    test: {
      summary: 'Send the campaign to one address, to see how it arrives',
      body: objectOf({ recipient_email: text }),
      reply: objectOf({ message: text }),
      also: { 422: 'It cannot be written, or was not taken' },
    },
    report: { summary: 'What became of a campaign', reply: oneOf(ref('CampaignReport')) },
  }
}
