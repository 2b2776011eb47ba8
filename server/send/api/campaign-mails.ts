import type { FastifyInstance, FastifyRequest } from 'fastify'
import { callerOf } from '../../accounts/caller.ts'
import { RateLimit } from '../../http/rate-limit.ts'
import type { RouteDoc } from '../../http/route-doc.ts'
import { integer, objectOf, optional, ref, text } from '../../http/schemas.ts'
import { Problem } from '../../problem.ts'
import { type Subscriber, subscriberById } from '../audience/subscribers.ts'
import { sendTest } from '../campaigns/test-sends.ts'
import { deliveryById } from '../deliveries/deliveries.ts'
import { previewCampaign, viewDelivery } from '../mails/views.ts'
import { audienceOf, bodyOf, idIn, queried, refuse } from './asked.ts'
import type { AudienceDoor } from './audience-door.ts'
import type { CampaignPreviewWire } from './campaigns-wire.ts'
import type { DeliveryPreviewWire } from './deliveries-wire.ts'
import { foundCampaign } from './found-campaign.ts'
import { isEmail } from './sendportal/email-rule.ts'

/** Anybody's mailbox can be named, so it is for trying things out and no more. */
const TEST_SENDS = { count: 20, seconds: 60 }

const PREVIEW: RouteDoc = {
  summary: 'The mail of a campaign as it will be, but that nothing in it is tracked',
  description:
    'For the subscriber named, or for somebody made up. Also when it cannot be rendered it is 200: `errors` says why. ' +
    'Show `html` in a sandboxed frame only.',
  query: { subscriber_id: { description: 'For whom', schema: integer } },
  reply: ref('CampaignPreview'),
}
const TEST: RouteDoc = {
  summary: 'Send a campaign to one address, to see how it arrives',
  description: 'Through its own email service, marked in the subject; its links do nothing. 20 a minute.',
  body: { ...optional({ to: text, subscriber_id: integer }), required: ['to'] },
  reply: objectOf({}),
  also: { 422: 'It cannot be rendered, or was not taken: under `to` in the words of the server' },
}
const VIEW: RouteDoc = {
  summary: 'What one person was sent, or will be',
  description: 'Nothing in it is tracked. Show `html` in a sandboxed frame only.',
  reply: objectOf({ html: text, text, subject: text }),
}

/** Mails to be looked at before they are sent, and afterwards. */
export function campaignMailRoutes(app: FastifyInstance, door: AudienceDoor): void {
  const { storage } = door
  const testSends = new RateLimit(TEST_SENDS)

  app.get('/campaigns/:id/preview', { config: { doc: PREVIEW } }, async (request, reply) => {
    const campaign = await foundCampaign(door, request, 'see_campaigns')
    const subscriber = await subscriberIn(request, queried(request, 'subscriber_id'))
    const { html, faults, ...preview } = await previewCampaign(door, campaign, subscriber)
    return reply.send({
      ...preview,
      html,
      headers: preview.headers.map(([name, value]) => [name, value]),
      size: Buffer.byteLength(html),
      errors: faults,
    } satisfies CampaignPreviewWire)
  })

  app.post('/campaigns/:id/test', { config: { doc: TEST } }, async (request, reply) => {
    const campaign = await foundCampaign(door, request, 'manage_campaigns')
    const { to: given, subscriber_id } = bodyOf(request)
    const to = typeof given === 'string' ? given.trim() : ''
    if (to === '') refuse('to', 'is required')
    if (!isEmail(to)) refuse('to', 'must be an e-mail address')
    const subscriber = await subscriberIn(request, subscriber_id)
    const { allowed, retryAfter } = testSends.take(String(campaign.workspace_id))
    if (!allowed) throw new Problem('too_many', '', { retryAfter })
    const said = await sendTest(door, campaign, to, subscriber)
    if (said !== null) refuse('to', `Response: ${said}`)
    return reply.send({})
  })

  app.get('/deliveries/:id/preview', { config: { doc: VIEW } }, async (request, reply) => {
    const { workspaceId } = callerOf(request)
    const delivery = await deliveryById(storage.read, workspaceId, idIn(request))
    if (delivery === undefined) throw new Problem('absent')
    audienceOf(request, 'see_campaigns')
    return reply.send((await viewDelivery(door, delivery)) satisfies DeliveryPreviewWire)
  })

  async function subscriberIn(request: FastifyRequest, given: unknown): Promise<Subscriber | undefined> {
    if (given === undefined || given === null) return undefined
    const id = /^[1-9]\d{0,14}$/.test(String(given)) ? Number(given) : 0
    const found = await subscriberById(storage.read, callerOf(request).workspaceId, id)
    return found ?? refuse('subscriber_id', 'is no subscriber of this workspace')
  }
}
