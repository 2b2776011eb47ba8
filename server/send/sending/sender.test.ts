import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { eachEngine } from '../../../test/engines.ts'
import { type SendingStand, sendingStand } from '../../../test/sending.ts'
import { SmtpSink } from '../../../test/smtp-sink.ts'
import { subscriberByEmail } from '../audience/subscribers.ts'
import { addSuppressions } from '../audience/suppressions.ts'
import { setStatus } from '../audience/subscribers.ts'
import {
  cancelCampaign,
  move,
  pauseCampaign,
  queueCampaign,
  resendToLater,
  resolveAmbiguous,
  resumeCampaign,
  retryFailed,
  sendDrafts,
  undoSend,
} from '../campaigns/campaign-states.ts'
import type { Campaign } from '../campaigns/campaigns.ts'
import { readReceipt } from '../campaigns/freezing.ts'
import { createTransactional } from '../deliveries/transactional.ts'
import { changeSendingSettings } from './sending-settings.ts'

const PEOPLE = 400
const HOUR = 3_600_000
const isSent = ({ status_id }: Campaign) => status_id === 4

eachEngine('a campaign being sent', engine => {
  let stand: SendingStand
  let sink: SmtpSink
  let service: number

  beforeAll(async () => {
    stand = await sendingStand(await engine.freshUrl(), engine.freshDataDir())
    sink = await SmtpSink.start()
    service = await stand.smtpService(sink.port)
    await stand.addPeople(PEOPLE)
    const { storage, workspaceId } = stand
    const out = await subscriberByEmail(storage.write, workspaceId, 'person-1@example.com')
    await setStatus(storage.write, out as never, 'unsubscribed', 'by_subscriber', { userId: null })
    await addSuppressions(
      storage.write,
      workspaceId,
      [{ kind: 'address', value: 'person-2@example.com' }],
      { reason: 'manual', evidence: '' },
      { userId: null },
    )
  })
  afterAll(async () => {
    await stand.close()
    await sink.close()
  })
  beforeEach(() => {
    sink.mode = {}
    sink.counts.taken = 0
  })

  const rowOf = (id: number) =>
    stand.storage.write.selectFrom('campaigns').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  const deliveryTo = (campaignId: number, email: string) =>
    stand.storage.write
      .selectFrom('deliveries')
      .selectAll()
      .where('campaign_id', '=', campaignId)
      .where('email', '=', email)
      .executeTakeFirst()

  it('goes to everybody who may have it, once, and says whom it left out', async () => {
    const campaign = await stand.campaign({ email_service_id: service })
    await stand.send(campaign)
    const totals = await stand.until(campaign.id, isSent)
    expect(totals).toMatchObject({ total: PEOPLE - 2, sent: PEOPLE - 2, pending: 0, claimed: 0 })
    expect(sink.counts.taken).toBe(PEOPLE - 2)
    const { receipt, finished_at } = await rowOf(campaign.id)
    expect(readReceipt(receipt)).toMatchObject({
      total: PEOPLE,
      included: PEOPLE - 2,
      unsubscribed: 1,
      suppressed: 1,
    })
    expect(finished_at).not.toBeNull()
    expect(await deliveryTo(campaign.id, 'person-3@example.com')).toMatchObject({
      status: 'sent',
      attempts: 1,
      subject: 'Hello Person 3',
    })

    await stand.addPeople(3, at => ({ email: `late-${engine.name}-${at}@example.com` }))
    await resendToLater(stand.storage.write, campaign)
    stand.sender.wake()
    expect(await stand.until(campaign.id, isSent)).toMatchObject({ total: PEOPLE + 1, sent: PEOPLE + 1 })
    expect(sink.counts.taken).toBe(PEOPLE + 1)
  })

  it('tries again what is put off, gives up what is refused, and sends that again when told to', async () => {
    sink.mode = { greylist: true, refuse: 0.1 }
    // What is refused is refused at once, what is put off comes later.
    await changeSendingSettings(stand.storage.write, stand.workspaceId, { pause_failure_rate: 1 })
    const campaign = await stand.campaign({ email_service_id: service })
    await stand.send(campaign)
    const totals = await stand.until(campaign.id, isSent)
    expect(totals.sent + totals.failed).toBe(totals.total)
    expect(totals.failed).toBeGreaterThan(10)
    // 550 5.1.1: nobody is there, and nobody is written to there again.
    expect(totals.bounced).toBe(totals.failed)
    const failed = await stand.storage.write
      .selectFrom('deliveries')
      .innerJoin('subscribers', 'subscribers.id', 'deliveries.subscriber_id')
      .select(['deliveries.reason', 'subscribers.status', 'deliveries.id'])
      .where('campaign_id', '=', campaign.id)
      .where('deliveries.status', '=', 'failed')
      .execute()
    expect(new Set(failed.map(({ status }) => status))).toEqual(new Set(['bounced']))
    expect(failed[0]?.reason).toContain('550 5.1.1')
    expect(await retryFailed(stand.storage.write, campaign)).toBe(0)
    const deferred = await stand.storage.write
      .selectFrom('delivery_events')
      .select('id')
      .where('campaign_id', '=', campaign.id)
      .where('kind', '=', 'deferred')
      .execute()
    expect(deferred.length).toBeGreaterThanOrEqual(totals.sent)
    await changeSendingSettings(stand.storage.write, stand.workspaceId, { pause_failure_rate: 0.2 })
  })

  it('stops for a person who leaves, before that is answered', async () => {
    const slow = await stand.smtpService(sink.port, { per_second: 40 })
    const campaign = await stand.campaign({ email_service_id: slow })
    await stand.send(campaign)
    await stand.until(campaign.id, (_, totals) => totals.claimed > 20 && totals.sent > 0)
    const [next] = await stand.storage.write
      .selectFrom('deliveries')
      .selectAll()
      .where('campaign_id', '=', campaign.id)
      .where('status', '=', 'claimed')
      .orderBy('id', 'desc')
      .limit(1)
      .execute()
    const { storage, workspaceId } = stand
    const person = await subscriberByEmail(storage.write, workspaceId, next?.email ?? '')
    await setStatus(storage.write, person as never, 'unsubscribed', 'by_subscriber', { userId: null })
    await stand.sender.stop({ subscriberIds: [person?.id ?? 0] })
    const before = await deliveryTo(campaign.id, person?.email ?? '')
    await pauseCampaign(storage.write, campaign, null)
    await stand.sender.stop({ campaignIds: [campaign.id] })
    const paused = await stand.until(campaign.id, (_, totals) => totals.claimed === 0)
    expect(before?.status).not.toBe('sent')

    await storage.write.updateTable('email_services').set({ limits: null }).where('id', '=', slow).execute()
    await resumeCampaign(storage.write, campaign)
    stand.sender.wake()
    const end = await stand.until(campaign.id, isSent)
    expect(end.sent).toBeGreaterThan(paused.sent)
    expect(await deliveryTo(campaign.id, person?.email ?? '')).toMatchObject({
      status: 'skipped',
      reason: 'unsubscribed',
      attempts: 0,
    })
  })

  it('stops within a second for a person who left by another process', async () => {
    const slow = await stand.smtpService(sink.port, { per_second: 20 })
    const campaign = await stand.campaign({ email_service_id: slow })
    await stand.send(campaign)
    await stand.until(campaign.id, (_, totals) => totals.claimed > 30)
    // The last one claimed is a second and a half away.
    const last = await stand.storage.write
      .selectFrom('deliveries')
      .select('email')
      .where('campaign_id', '=', campaign.id)
      .where('status', '=', 'claimed')
      .orderBy('id', 'desc')
      .executeTakeFirstOrThrow()
    const person = await subscriberByEmail(stand.storage.write, stand.workspaceId, last.email)
    await setStatus(stand.storage.write, person as never, 'unsubscribed', 'by_subscriber', { userId: null })
    for (;;) {
      const delivery = await deliveryTo(campaign.id, last.email)
      expect(delivery?.status).not.toBe('sent')
      if (delivery?.status === 'skipped') break
    }
    await stand.storage.write.transaction().execute(trx => cancelCampaign(trx, campaign))
    await stand.sender.stop({ campaignIds: [campaign.id] })
  })

  it('is cancelled, and nobody gets it any more', async () => {
    const slow = await stand.smtpService(sink.port, { per_second: 30 })
    const campaign = await stand.campaign({ email_service_id: slow })
    await stand.send(campaign)
    await stand.until(campaign.id, (_, totals) => totals.sent > 0)
    const { message } = await stand.storage.write.transaction().execute(trx => cancelCampaign(trx, campaign))
    await stand.sender.stop({ campaignIds: [campaign.id] })
    const taken = sink.counts.taken
    expect(message).toMatch(/^The campaign was cancelled whilst being processed/)
    const totals = await stand.until(campaign.id, (_, { claimed }) => claimed === 0)
    expect(totals).toMatchObject({ pending: 0, sent: taken, skipped: totals.total - taken })
    expect(sink.counts.taken).toBe(taken)
  })

  it('goes through the next service while the first is down, and back when it is up', async () => {
    const dead = await SmtpSink.start()
    const first = await stand.smtpService(dead.port)
    await dead.close()
    await stand.storage.write
      .updateTable('email_services')
      .set({ next_service_id: service })
      .where('id', '=', first)
      .execute()
    const campaign = await stand.campaign({ email_service_id: first })
    await stand.send(campaign)
    const totals = await stand.until(campaign.id, isSent)
    expect(totals.sent).toBe(totals.total)
    const services = await stand.storage.write
      .selectFrom('deliveries')
      .select('email_service_id')
      .distinct()
      .where('campaign_id', '=', campaign.id)
      .execute()
    expect(services).toEqual([{ email_service_id: service }])
    expect(
      await stand.storage.write
        .selectFrom('email_services')
        .select(['down_reason'])
        .where('id', '=', first)
        .executeTakeFirst(),
    ).not.toEqual({ down_reason: null })
  })

  it('keeps within what a service takes in an hour, while mails by themselves go ahead', async () => {
    const limited = await stand.smtpService(sink.port, { per_hour: 25 })
    const campaign = await stand.campaign({ email_service_id: limited })
    await stand.send(campaign)
    const totals = await stand.until(campaign.id, (_, { sent }) => sent === 25)
    expect(totals).toMatchObject({ sent: 25 })
    await stand.until(campaign.id, () => stand.sender.progressOf(campaign.id).waitsFor !== null)
    expect(stand.sender.progressOf(campaign.id).waitsFor).toContain('limit per hour')
    const letter = await stand.storage.write.transaction().execute(trx =>
      createTransactional(trx, stand.workspaceId, {
        to: 'buyer@example.net',
        emailServiceId: service,
        subscriber: null,
        skipped: null,
        idempotencyKey: null,
        fingerprint: '',
        content: () => ({
          fromName: 'Shop',
          fromEmail: 'shop@example.org',
          toName: '',
          replyTo: '',
          subject: 'Your receipt',
          html: '<p>Thanks</p>',
          text: 'Thanks',
          headers: [],
          attachments: [],
          tags: [],
        }),
      }),
    )
    stand.sender.wake()
    for (;;) {
      const row = await stand.storage.write
        .selectFrom('deliveries')
        .select('status')
        .where('id', '=', letter.id)
        .executeTakeFirst()
      if (row?.status === 'sent') break
    }
    expect(sink.heads.at(-1)).toContain('Your receipt')
    await stand.storage.write.transaction().execute(trx => cancelCampaign(trx, campaign))
    await stand.sender.stop({ campaignIds: [campaign.id] })
  })

  it('is kept as drafts that somebody sends', async () => {
    const campaign = await stand.campaign({ email_service_id: service, save_as_draft: 1 })
    await stand.send(campaign)
    const drafted = await stand.until(campaign.id, isSent)
    expect(drafted.draft).toBe(drafted.total)
    expect(sink.counts.taken).toBe(0)
    const one = await deliveryTo(campaign.id, 'person-5@example.com')
    expect(
      await stand.storage.write
        .transaction()
        .execute(trx => sendDrafts(trx, stand.workspaceId, { ids: [one?.id ?? 0] })),
    ).toBe(1)
    stand.sender.wake()
    await stand.until(campaign.id, (row, totals) => isSent(row) && totals.sent === 1)
    const { message } = await stand.storage.write.transaction().execute(trx => cancelCampaign(trx, campaign))
    expect(message).toBe('The campaign was cancelled and any remaining draft messages were deleted.')
    expect(await stand.until(campaign.id, () => true)).toMatchObject({ draft: 0, sent: 1, total: 1 })
  })

  it('pauses by itself when too many are refused, and says why', async () => {
    sink.mode = { answer: '550 5.7.1 We do not want this' }
    const campaign = await stand.campaign({ email_service_id: service })
    await stand.send(campaign)
    await stand.until(campaign.id, (row, totals) => row.paused_at !== null && totals.claimed === 0)
    expect((await rowOf(campaign.id)).pause_reason).toMatch(/were refused for good/)
    sink.mode = {}
    const again = await retryFailed(stand.storage.write, campaign)
    expect(again).toBeGreaterThanOrEqual(100)
    await resumeCampaign(stand.storage.write, campaign)
    stand.sender.wake()
    const totals = await stand.until(campaign.id, isSent)
    expect(totals).toMatchObject({ failed: 0, sent: totals.total })
  })

  it('leaves to a person what nobody knows', async () => {
    sink.mode = { dieAfterDot: 0.05 }
    const campaign = await stand.campaign({ email_service_id: service })
    await stand.send(campaign)
    const totals = await stand.until(campaign.id, isSent)
    expect(totals.ambiguous).toBeGreaterThan(0)
    expect(totals.sent + totals.ambiguous).toBe(totals.total)
    expect(sink.counts.taken).toBe(totals.total)
    sink.mode = {}
    const [one, two] = await stand.storage.write
      .selectFrom('deliveries')
      .selectAll()
      .where('campaign_id', '=', campaign.id)
      .where('status', '=', 'ambiguous')
      .limit(2)
      .execute()
    expect(one?.reason).not.toBe('')
    await resolveAmbiguous(stand.storage.write, one as never, 'sent')
    await resolveAmbiguous(stand.storage.write, two as never, 'retry')
    stand.sender.wake()
    const after = await stand.until(campaign.id, (row, { sent }) => isSent(row) && sent === totals.sent + 2)
    expect(after.ambiguous).toBe(totals.ambiguous - 2)
    expect(sink.counts.taken).toBe(totals.total + 1)
  })

  it('waits for its time, can be taken back until then, and asks when that is long over', async () => {
    const campaign = await stand.campaign({
      email_service_id: service,
      scheduled_at: Date.now() + 24 * HOUR,
    })
    await stand.send(campaign)
    const queued = await rowOf(campaign.id)
    expect(queued.status_id).toBe(2)
    await undoSend(stand.storage.write, queued)
    expect((await rowOf(campaign.id)).status_id).toBe(1)

    // As it is after an hour and more in which no process ran.
    await queueCampaign(stand.storage.write, await rowOf(campaign.id), { scheduledAt: null })
    await stand.storage.write
      .updateTable('campaigns')
      .set({ queued_at: Date.now() - 3 * HOUR })
      .where('id', '=', campaign.id)
      .execute()
    stand.sender.wake()
    await stand.until(campaign.id, ({ paused_at }) => paused_at !== null)
    expect((await rowOf(campaign.id)).pause_reason).toMatch(/^It was due .* Send it now\?$/)
    expect(await move(stand.storage.write, campaign, 'begin', {}, Date.now())).toBeUndefined()
    await resumeCampaign(stand.storage.write, campaign)
    stand.sender.wake()
    await stand.until(campaign.id, isSent)
  })
})
