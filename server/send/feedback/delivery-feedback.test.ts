import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Running, start, stop } from '../../../test/accounts.ts'
import { eachEngine } from '../../../test/engines.ts'
import { holdAudience } from '../../storage/claiming.ts'
import type { Database } from '../../storage/schema.ts'
import { createSubscriber, subscriberById } from '../audience/subscribers.ts'
import { suppressionOf } from '../audience/suppressions.ts'
import { changeSendingSettings } from '../sending/sending-settings.ts'
import { type Applied, applyFeedback, type Feedback } from './delivery-feedback.ts'

const NOW = Date.parse('2026-11-20T12:00:00Z')

eachEngine('feedback', engine => {
  let running: Running
  let db: Database
  let workspaceId: number
  let people = 0
  beforeAll(async () => {
    running = await start(engine)
    db = running.storage.write
    workspaceId = running.owner.workspace.id
  })
  afterAll(() => stop(running))

  const campaign = async () => {
    const { id } = await db
      .insertInto('campaigns')
      .values({
        workspace_id: workspaceId,
        name: 'c',
        subject: 's',
        status_id: 3,
        from_name: 'f',
        from_email: 'f@example.com',
        is_open_tracking: 1,
        is_click_tracking: 1,
        send_to_all: 1,
        save_as_draft: 0,
        created_at: NOW,
        updated_at: NOW,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    await db.insertInto('campaign_totals').values({ campaign_id: id }).execute()
    return id
  }
  const deliver = async (campaignId: number | null, subscriberId: number | null, email: string) =>
    (
      await db
        .insertInto('deliveries')
        .values({
          workspace_id: workspaceId,
          campaign_id: campaignId,
          subscriber_id: subscriberId,
          email,
          status: 'sent',
          created_at: NOW,
          sent_at: NOW,
        })
        .returning('id')
        .executeTakeFirstOrThrow()
    ).id
  const person = () =>
    db
      .transaction()
      .execute(trx =>
        createSubscriber(trx, workspaceId, { email: `P${++people}@Example.com`, source: 'api' }),
      )
  const sent = async () => {
    const subscriber = await person()
    const campaignId = await campaign()
    return { subscriber, campaignId, id: await deliver(campaignId, subscriber.id, subscriber.email) }
  }
  const rowOf = (id: number, from = db) =>
    from.selectFrom('deliveries').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  const apply = (id: number, event: Partial<Feedback> & Pick<Feedback, 'kind'>): Promise<Applied> =>
    db.transaction().execute(async trx => {
      await holdAudience(trx, workspaceId)
      return applyFeedback(
        trx,
        await rowOf(id, trx),
        { at: NOW + 1000, source: 'sendgrid', ...event },
        NOW + 90_000,
      )
    })
  const statusOf = async (id: number) => {
    const { status, status_reason } = (await subscriberById(db, workspaceId, id)) ?? {}
    return [status, status_reason]
  }

  it('counts people and machines apart, in whatever order they are told, and each event once', async () => {
    const { id, campaignId } = await sent()
    const url = 'https://shop.example/a'
    expect(await apply(id, { kind: 'clicked', url, at: NOW + 50_000, eventKey: 'sendgrid:c1' })).toEqual({
      isNew: true,
      subscriberStopped: false,
      subscriberId: null,
    })
    expect((await apply(id, { kind: 'clicked', url, eventKey: 'sendgrid:c1' })).isNew).toBe(false)
    await apply(id, { kind: 'opened', at: NOW + 30_000, eventKey: 'sendgrid:o1', ip: '192.0.2.1' })
    await apply(id, { kind: 'opened', verdict: 'privacy_proxy', at: NOW + 2_000 })
    await apply(id, { kind: 'clicked', url, verdict: 'scanner', at: NOW + 2_000 })
    await apply(id, { kind: 'clicked', url: 'https://x.example/t/c/AAAAAAAAAAAAAAAAAAAA/0', at: NOW + 1_500 })
    await apply(id, { kind: 'delivered', at: NOW + 1_000 })
    await apply(id, { kind: 'delivered', at: NOW + 9_000 })
    for (const page of ['subscriptions/unsubscribe', 'webview'])
      expect((await apply(id, { kind: 'clicked', url: `https://us.example/${page}/token` })).isNew).toBe(
        false,
      )
    // A clock that runs ahead.
    await apply(id, { kind: 'opened', at: NOW + 900_000_000 })
    expect(await rowOf(id)).toMatchObject({
      delivered_at: NOW + 1_000,
      opened_at: NOW + 30_000,
      open_count: 3,
      clicked_at: NOW + 50_000,
      click_count: 1,
      machine_opened_at: NOW + 2_000,
      machine_clicked_at: NOW + 1_500,
    })
    const links = db.selectFrom('campaign_links').select(['url', 'clicks', 'clicked', 'machine_clicks'])
    await apply(id, { kind: 'clicked', url, at: NOW + 60_000 })
    expect(await links.where('campaign_id', '=', campaignId).execute()).toEqual([
      { url, clicks: 2, clicked: 1, machine_clicks: 1 },
    ])
    expect(
      await db
        .selectFrom('campaign_totals')
        .select(['opens', 'opened', 'clicks', 'clicked', 'machine_opened', 'machine_clicked', 'delivered'])
        .where('campaign_id', '=', campaignId)
        .executeTakeFirst(),
    ).toEqual({
      opens: 3,
      opened: 1,
      clicks: 2,
      clicked: 1,
      machine_opened: 1,
      machine_clicked: 1,
      delivered: 1,
    })
  })

  it('what our own pixel has seen is not counted again when the provider tells of it', async () => {
    const { id } = await sent()
    await apply(id, { kind: 'opened', source: 'pixel', at: NOW + 20_000 })
    expect((await apply(id, { kind: 'opened', at: NOW + 21_000 })).isNew).toBe(false)
    expect((await apply(id, { kind: 'opened', at: NOW + 60_000 })).isNew).toBe(true)
    expect((await rowOf(id)).open_count).toBe(2)
  })

  it('a bounce for good ends it for the address; one of an address that is no more theirs, for that one', async () => {
    const { id, subscriber } = await sent()
    const bounced = { kind: 'bounced', permanent: true, detail: { text: '550 nobody here' } } as const
    expect(await apply(id, bounced)).toEqual({
      isNew: true,
      subscriberStopped: true,
      subscriberId: subscriber.id,
    })
    expect((await rowOf(id)).bounced_at).toBe(NOW + 1000)
    expect(await statusOf(subscriber.id)).toEqual(['bounced', 'bounce'])
    expect(await suppressionOf(db, workspaceId, subscriber.email)).toMatchObject({
      reason: 'hard_bounce',
      evidence: 'sendgrid: 550 nobody here',
    })
    // A delivery told afterwards says when it was accepted, and heals nothing.
    await apply(id, { kind: 'delivered' })
    expect(await statusOf(subscriber.id)).toEqual(['bounced', 'bounce'])

    const moved = await sent()
    const old = await deliver(null, moved.subscriber.id, 'old@example.net')
    await apply(old, bounced)
    expect(await statusOf(moved.subscriber.id)).toEqual(['subscribed', null])
    expect((await suppressionOf(db, workspaceId, 'old@example.net'))?.reason).toBe('hard_bounce')

    const nobody = await deliver(null, null, 'nobody@example.net')
    expect(await apply(nobody, bounced)).toEqual({
      isNew: true,
      subscriberStopped: false,
      subscriberId: null,
    })
    expect((await suppressionOf(db, workspaceId, 'nobody@example.net'))?.reason).toBe('hard_bounce')
  })

  it('a complaint is an unsubscribe too, and outweighs one; what was left by them can be taken up again', async () => {
    const { id, subscriber } = await sent()
    await apply(id, { kind: 'unsubscribed', source: 'page' })
    expect(await statusOf(subscriber.id)).toEqual(['unsubscribed', 'by_subscriber'])
    await apply(id, { kind: 'resubscribed', source: 'page' })
    expect([await statusOf(subscriber.id), (await rowOf(id)).unsubscribed_at]).toEqual([
      ['subscribed', null],
      null,
    ])
    await apply(id, { kind: 'unsubscribed', source: 'page', at: NOW + 5_000 })
    await apply(id, { kind: 'complained', at: NOW + 7_000 })
    expect(await rowOf(id)).toMatchObject({ complained_at: NOW + 7_000, unsubscribed_at: NOW + 5_000 })
    await apply(id, { kind: 'unsubscribed', source: 'page', at: NOW + 8_000 })
    await apply(id, { kind: 'bounced', permanent: true })
    await apply(id, { kind: 'resubscribed', source: 'page' })
    expect(await statusOf(subscriber.id)).toEqual(['complained', 'complaint'])
    expect((await suppressionOf(db, workspaceId, subscriber.email))?.reason).toBe('complaint')
  })

  it('so many soft bounces in a row are a hard one; a mail that arrived begins anew', async () => {
    await db.transaction().execute(trx => changeSendingSettings(trx, workspaceId, { soft_bounce_limit: 3 }))
    const subscriber = await person()
    const soft = async (at: number) => {
      const id = await deliver(await campaign(), subscriber.id, subscriber.email)
      await apply(id, { kind: 'bounced', at })
      // Told twice of one mail is one mail.
      await apply(id, { kind: 'bounced', at: at + 1 })
      return id
    }
    await soft(NOW + 100)
    await soft(NOW + 200)
    const arrived = await deliver(await campaign(), subscriber.id, subscriber.email)
    await apply(arrived, { kind: 'delivered', at: NOW + 300 })
    await soft(NOW + 400)
    const second = await soft(NOW + 500)
    expect([await statusOf(subscriber.id), (await rowOf(second)).bounced_at]).toEqual([
      ['subscribed', null],
      null,
    ])
    const third = await soft(NOW + 600)
    expect([await statusOf(subscriber.id), (await rowOf(third)).bounced_at]).toEqual([
      ['bounced', 'bounce'],
      NOW + 600,
    ])
    for (const kind of ['deferred', 'failed'] as const)
      expect((await apply(third, { kind })).isNew).toBe(true)
  })
})
