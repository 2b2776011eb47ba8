// Campaigns and deliveries through the door, on a whole server that sends to a real SMTP server.
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { type Said, useSendPortal } from '../../../test/dialects/sendportal.ts'
import { eachEngine } from '../../../test/engines.ts'
import { SmtpSink } from '../../../test/smtp-sink.ts'
import type { CampaignAttachmentWire, CampaignSummaryWire, CampaignWire } from './campaigns-wire.ts'
import type { DeliveryTrailReply, DeliveryWire } from './deliveries-wire.ts'

interface Answer {
  campaign: CampaignWire
  campaigns: CampaignSummaryWire[]
  attachments: CampaignAttachmentWire[]
  delivery: DeliveryWire
  deliveries: DeliveryWire[]
  next_cursor: string | null
  count: number
  error: { code: string; message: string; fields?: Record<string, string[]> }
}

eachEngine('campaigns of the web app', engine => {
  const portal = useSendPortal(engine, { POSTHORN_RETRY_SCALE: '0.02' })
  let sink: SmtpSink
  let [service, news, vip] = [0, 0, 0]

  beforeAll(async () => {
    sink = await SmtpSink.start()
    const make = async (path: string, body: object) =>
      (await portal.data<{ id: number }>('POST', path, body)).id
    service = await make('/email-services', {
      name: 'sink',
      type_id: 6,
      settings: { host: '127.0.0.1', port: sink.port, encryption: null },
    })
    news = await make('/tags', { name: 'news' })
    vip = await make('/tags', { name: 'vip' })
    await make('/subscribers', { email: 'ada@example.com', first_name: 'Ada', tags: [news, vip] })
    await make('/subscribers', { email: 'bob@example.com', tags: [news] })
    await make('/subscribers', {
      email: 'left@example.com',
      tags: [news, vip],
      unsubscribed_at: '2026-01-01',
    })
    await make('/subscribers', { email: 'other@example.com' })
  })
  afterAll(() => sink.close())
  beforeEach(() => {
    sink.mode = {}
    sink.heads.length = 0
  })

  const call = (method: string, path: string, body?: object | string, ask = {}): Promise<Said> =>
    portal.call(method, `/api/posthorn${path}`, body, ask)
  const ok = async <T = Answer>(method: string, path: string, body?: object): Promise<T> => {
    const said = await call(method, path, body)
    if (said.status !== 200) throw new Error(`${method} ${path}: ${said.status} ${said.text}`)
    return said.json
  }
  const refusal = async (said: Promise<Said>) => {
    const { status, json } = await said
    const { error } = json as Answer
    return { code: status, ...(error.fields ?? { message: error.message }) }
  }
  const WRITTEN = {
    subject: 'News for {{first_name|you}}',
    content: '<p>Dear {{first_name}}</p>',
    from_name: 'Shop',
    from_email: 'news@shop.example',
  }
  const create = async (more: object = {}) =>
    (await ok('POST', '/campaigns', { name: 'November', email_service_id: service, ...WRITTEN, ...more }))
      .campaign
  const sent = async (more: object = {}, how: object = {}) => {
    const { id } = await create({ tag_ids: [news], ...more })
    return (await ok('POST', `/campaigns/${id}/send`, how)).campaign
  }
  const until = (id: number, fits: object) =>
    expect
      .poll(() => ok<object>('GET', `/campaigns/${id}/progress`), { timeout: 20_000, interval: 20 })
      .toMatchObject(fits)
  const deliveriesOf = async (id: number, query = '') =>
    (await ok('GET', `/deliveries?campaign_id=${id}${query}`)).deliveries

  it('a draft needs only a name, and says what it is', async () => {
    const { campaign } = await ok('POST', '/campaigns', { name: ' Empty ' })
    expect(campaign).toEqual({
      id: campaign.id,
      name: 'Empty',
      subject: '',
      preheader: '',
      from_name: '',
      from_email: '',
      reply_to: '',
      template_id: null,
      email_service_id: null,
      content: null,
      is_open_tracking: true,
      is_click_tracking: true,
      send_to_all: false,
      tag_ids: [],
      segment_ids: [],
      save_as_draft: false,
      scheduled_at: null,
      schedule_zone: 'UTC',
      in_recipient_zone: false,
      send_window: null,
      status: 'draft',
      pause_reason: null,
      undo_until: null,
      queued_at: null,
      frozen_at: null,
      sent_at: null,
      finished_at: null,
      paused_at: null,
      receipt: null,
      totals: expect.objectContaining({ total: 0, sent: 0, machine_clicked: 0 }),
      created_at: expect.any(String),
      updated_at: expect.any(String),
    })
    const window = { days: [5, 1, 1], from: '08:00', to: '18:00', zone: 'Europe/Berlin' }
    const changed = await ok('PATCH', `/campaigns/${campaign.id}`, {
      preheader: 'p',
      reply_to: 'help@shop.example',
      tag_ids: [vip, news],
      scheduled_at: '2099-12-24T08:00:00+01:00',
      schedule_zone: 'Europe/Berlin',
      in_recipient_zone: true,
      send_window: window,
    })
    expect(changed.campaign).toMatchObject({
      name: 'Empty',
      preheader: 'p',
      tag_ids: [news, vip],
      scheduled_at: '2099-12-24T07:00:00.000Z',
      send_window: { ...window, days: [1, 5] },
    })
    expect(await ok('GET', `/campaigns/${campaign.id}`)).toEqual(changed)
  })

  it('says all that is wrong with what is written, and loses nothing to somebody who writes too', async () => {
    const { id, updated_at } = await create()
    const wrong = {
      name: '',
      subject: 1,
      from_email: 'x',
      reply_to: 'x',
      template_id: 99999,
      email_service_id: 'x',
      content: 1,
      is_open_tracking: 1,
      tag_ids: [99999],
      segment_ids: [99999],
      scheduled_at: '2026-12-24 08:00:00',
      schedule_zone: 'Mars',
      send_window: { days: [1], from: '18:00', to: '08:00', zone: 'UTC' },
    }
    const refused = await refusal(call('PATCH', `/campaigns/${id}`, wrong))
    expect(Object.keys(refused)).toEqual(expect.arrayContaining(Object.keys(wrong)))
    expect(await refusal(call('POST', '/campaigns', {}))).toEqual({ code: 422, name: ['is required'] })

    const first = await ok('PATCH', `/campaigns/${id}`, { name: 'First', version: updated_at })
    const second = await refusal(call('PATCH', `/campaigns/${id}`, { name: 'Second', version: updated_at }))
    expect(second).toEqual({ code: 409, message: 'Somebody has changed the campaign since you opened it' })
    expect(first.campaign.updated_at > updated_at).toBe(true)
    expect((await ok('PATCH', `/campaigns/${id}`, { subject: 'x' })).campaign.name).toBe('First')
  })

  it('lists them by pages and tabs, and finds them', async () => {
    const made = []
    for (const name of ['Alpha %', 'Beta', 'Gamma']) made.push((await create({ name })).id)
    const first = await ok('GET', '/campaigns?limit=2')
    expect(first.campaigns.map(({ id }) => id)).toEqual([made[2], made[1]])
    expect(first.campaigns[0]).not.toHaveProperty('content')
    const next = await ok('GET', `/campaigns?limit=2&cursor=${first.next_cursor}`)
    expect(next.campaigns[0]?.id).toBe(made[0])
    expect((await ok('GET', '/campaigns?search=aLPHA%20%25')).campaigns.map(({ id }) => id)).toEqual([
      made[0],
    ])
    expect((await ok('GET', '/campaigns?tab=draft&search=beta')).campaigns).toHaveLength(1)
    expect((await ok('GET', '/campaigns?tab=sent&search=beta')).campaigns).toEqual([])
    expect(await refusal(call('GET', '/campaigns?cursor=x'))).toMatchObject({ code: 422 })
  })

  it('files are attached to drafts, and go with a copy', async () => {
    const { id } = await create({ tag_ids: [news] })
    const attach = (name: string, query = '') =>
      call('POST', `/campaigns/${id}/attachments${query}`, 'bytes', {
        headers: { 'x-file-name': encodeURIComponent(name), 'content-type': 'application/pdf' },
      })
    await attach('Prices 2026 ü.pdf')
    await attach('../Our logo.png', '?inline=1')
    const three = (await attach('our-logo.png', '?inline=1')).json as Answer
    expect(three.attachments).toMatchObject([
      { name: 'Prices 2026 ü.pdf', content_type: 'application/pdf', content_id: null, size: 5 },
      { name: 'Our logo.png', content_id: 'our-logo' },
      { content_id: 'our-logo-2' },
    ])
    expect(await refusal(attach('run.EXE'))).toMatchObject({ code: 422 })
    const last = three.attachments[2]?.id
    const two = await ok('DELETE', `/campaigns/${id}/attachments/${last}`)
    expect(two.attachments).toHaveLength(2)
    expect((await call('DELETE', `/campaigns/${id}/attachments/${last}`)).status).toBe(404)
    const copy = (await ok('POST', `/campaigns/${id}/duplicate`)).campaign
    expect(copy).toMatchObject({ name: 'November - Duplicate', tag_ids: [news], status: 'draft' })
    expect((await ok('GET', `/campaigns/${copy.id}/attachments`)).attachments).toMatchObject([
      { name: 'Prices 2026 ü.pdf' },
      { name: 'Our logo.png' },
    ])
    await ok('POST', `/campaigns/${id}/send`)
    expect(await refusal(attach('late.pdf'))).toMatchObject({ code: 409 })
    expect(await refusal(call('DELETE', `/campaigns/${id}`))).toEqual({
      code: 422,
      status: ['Unable to delete a campaign that is not in draft status'],
    })
    expect((await call('DELETE', `/campaigns/${copy.id}`)).status).toBe(200)
    expect((await call('GET', `/campaigns/${copy.id}`)).status).toBe(404)
    await until(id, { status: 'sent' })
  })

  it('shows whom it reaches and how it looks before it is sent, and sends a test', async () => {
    const { id } = await create({ tag_ids: [news, vip] })
    const reach = await ok<object>('GET', `/campaigns/${id}/recipients`)
    expect(reach).toMatchObject({
      receipt: { total: 3, included: 2, unsubscribed: 1, suppressed: 0, duplicates: 2 },
      tags: [
        { id: news, name: 'news', count: 2 },
        { id: vip, name: 'vip', count: 1 },
      ],
      everybody: 3,
    })
    expect(await ok<object>('POST', '/campaigns/recipients', { send_to_all: true })).toMatchObject({
      receipt: { total: 4, included: 3 },
    })
    const [ada] = await deliveriesOf((await doneOnce()).id, '&search=ada@example')
    const preview = await ok<object>('GET', `/campaigns/${id}/preview?subscriber_id=${ada?.subscriber_id}`)
    expect(preview).toMatchObject({
      subject: 'News for Ada',
      html: expect.stringContaining('Dear Ada'),
      text: expect.stringContaining('Dear Ada'),
      size: expect.any(Number),
      errors: [],
      from: { name: 'Shop', email: 'news@shop.example' },
    })
    expect(await ok('GET', `/deliveries/${ada?.id}/preview`)).toMatchObject({
      subject: 'News for Ada',
      html: expect.stringContaining('Dear Ada'),
    })
    expect(await refusal(call('GET', `/campaigns/${id}/preview?subscriber_id=99999`))).toMatchObject({
      code: 422,
    })
    sink.heads.length = 0
    await ok('POST', `/campaigns/${id}/test`, { to: 'me@shop.example', subscriber_id: ada?.subscriber_id })
    expect(sink.heads[0]).toContain('Subject: [Test] News for Ada')
    for (const to of ['', 'x']) expect((await call('POST', `/campaigns/${id}/test`, { to })).status).toBe(422)
    sink.mode = { answer: '550 5.7.1 Not you' }
    expect(await refusal(call('POST', `/campaigns/${id}/test`, { to: 'me@shop.example' }))).toEqual({
      code: 422,
      to: [expect.stringMatching(/^Response: .*Not you/)],
    })
  })

  let done: CampaignWire | undefined
  /** One that ada and bob have got. */
  async function doneOnce(): Promise<CampaignWire> {
    if (done !== undefined) return done
    done = await sent()
    await until(done.id, { status: 'sent', totals: { total: 2, sent: 2 } })
    return done
  }

  it('is not sent before it is whole, and says what is missing', async () => {
    const { id } = (await ok('POST', '/campaigns', { name: 'x' })).campaign
    expect(Object.keys(await refusal(call('POST', `/campaigns/${id}/send`)))).toEqual([
      'code',
      'subject',
      'from_email',
      'email_service_id',
      'content',
      'recipients',
    ])
    expect(await refusal(call('POST', `/campaigns/${id}/send`, { recipients: 'some' }))).toMatchObject({
      recipients: ['must be all or chosen'],
    })
  })

  it('waits for its time, and is taken back while it may be', async () => {
    await ok('PATCH', '/sending-settings', { undo_seconds: 60 })
    const waits = await sent({}, { recipients: 'chosen', tag_ids: [vip] })
    expect(waits).toMatchObject({ status: 'queued', tag_ids: [vip], undo_until: expect.any(String) })
    expect((await ok('POST', `/campaigns/${waits.id}/undo`)).campaign).toMatchObject({
      status: 'draft',
      undo_until: null,
    })
    expect(await refusal(call('POST', `/campaigns/${waits.id}/undo`))).toMatchObject({ code: 409 })
    await ok('PATCH', '/sending-settings', { undo_seconds: 0 })
    const { campaign } = await ok('POST', `/campaigns/${waits.id}/send`, {
      scheduled_at: '2099-01-01T00:00:00Z',
    })
    expect(campaign).toMatchObject({ status: 'queued', scheduled_at: '2099-01-01T00:00:00.000Z' })
    expect(await ok<object>('POST', `/campaigns/${waits.id}/cancel`)).toMatchObject({
      campaign: { status: 'cancelled' },
      message: 'The queued campaign was cancelled successfully.',
    })
    expect(sink.heads).toEqual([])
  })

  it('tells of each mail who got it, when, and why not', async () => {
    const { id } = await doneOnce()
    const all = await deliveriesOf(id)
    expect(all.map(({ email, status }) => [email, status])).toEqual([
      ['bob@example.com', 'sent'],
      ['ada@example.com', 'sent'],
    ])
    const page = await ok('GET', `/deliveries?campaign_id=${id}&limit=1`)
    const rest = await ok('GET', `/deliveries?campaign_id=${id}&limit=1&cursor=${page.next_cursor}`)
    expect([page.deliveries, rest.deliveries].flat()).toEqual(all)
    expect(rest.next_cursor).toBeNull()
    const newest = (await ok('GET', '/deliveries?tab=sent&limit=1')).deliveries[0]
    expect(newest?.sent_at).not.toBeNull()
    const behind = await ok(
      'GET',
      `/deliveries?limit=1&cursor=${(await ok('GET', '/deliveries?limit=1')).next_cursor}`,
    )
    expect(behind.deliveries[0]?.id).not.toBe(newest?.id)
    for (const [status, count] of Object.entries({ sent: 2, delivered: 0, opened: 0, failed: 0, pending: 0 }))
      expect(await deliveriesOf(id, `&status=${status}`)).toHaveLength(count)
    expect(await deliveriesOf(id, '&search=news%20FOR%20ada')).toMatchObject([{ email: 'ada@example.com' }])
    expect(await deliveriesOf(id, '&search=BOB@')).toMatchObject([{ email: 'bob@example.com' }])
    expect(await refusal(call('GET', '/deliveries?status=lost'))).toMatchObject({ code: 422 })

    const { delivery, trail } = await ok<DeliveryTrailReply>('GET', `/deliveries/${all[0]?.id}`)
    expect(delivery).toMatchObject({
      campaign: { id, name: 'November' },
      subject: 'News for you',
      message_id: expect.stringMatching(new RegExp(`^<${id}\\.${delivery.id}\\.[\\w-]{10}@shop\\.example>$`)),
      attempts: 1,
    })
    expect(trail.map(({ kind }) => kind)).toEqual(['created', 'claimed', 'sent'])
    expect(trail.at(-1)).toMatchObject({
      at: delivery.sent_at,
      text: 'Handed over to the email service “sink”, which took it.',
    })

    const person = (email: string) => ok<object>('GET', `/campaigns/${id}/person?email=${email}`)
    expect(await person('BOB@example.com')).toEqual({ found: true, delivery_id: all[0]?.id, reason: null })
    for (const [email, reason] of [
      ['left@example.com', 'They have unsubscribed.'],
      ['nobody@example.com', 'No subscriber has this address.'],
      [
        'other@example.com',
        'They have none of the tags, and are in none of the segments, that the campaign goes to.',
      ],
    ] as const)
      expect(await person(email)).toEqual({ found: false, delivery_id: null, reason })
  })

  it('goes later to those who came later, and to nobody twice', async () => {
    const { id } = await sent({ tag_ids: [vip] })
    await until(id, { status: 'sent', totals: { sent: 1 } })
    await portal.data('POST', '/subscribers', { email: 'late@example.com', tags: [vip] })
    expect(await ok<object>('GET', `/campaigns/${id}/person?email=late@example.com`)).toMatchObject({
      reason: 'They came after the list of recipients was made.',
    })
    await ok('POST', `/campaigns/${id}/send-to-later`)
    await until(id, { status: 'sent', totals: { total: 2, sent: 2 } })
    expect(sink.heads).toHaveLength(2)
  })

  it('what was refused says so in the words of the server, and goes out when tried again', async () => {
    sink.mode = { answer: '554 5.7.1 Spam is not for us' }
    const { id } = await sent({ tag_ids: [vip] })
    await until(id, { status: 'sent', totals: { sent: 0, pending: 0 } })
    const [failed] = await deliveriesOf(id, '&status=failed')
    expect((await ok('GET', '/deliveries?status=failed')).deliveries.map(one => one.id)).toContain(failed?.id)
    const { trail } = await ok<DeliveryTrailReply>('GET', `/deliveries/${failed?.id}`)
    expect(trail.map(({ kind }) => kind)).toEqual(['created', 'claimed', 'failed'])
    expect(trail.at(-1)?.text).toContain('Spam is not for us')
    sink.mode = {}
    expect((await ok('POST', `/campaigns/${id}/retry-failed`)).count).toBeGreaterThan(0)
    await until(id, { status: 'sent', totals: { failed: 0, pending: 0 } })
  })

  it('keeps mails until somebody sends them, or throws them away', async () => {
    const { id } = await sent({}, { behaviour: 'draft' })
    await until(id, { totals: { draft: 2 } })
    expect(sink.heads).toEqual([])
    const drafts = (await ok('GET', '/deliveries?tab=drafts')).deliveries
    expect(drafts).toMatchObject([{ email: 'bob@example.com' }, { email: 'ada@example.com' }])
    expect(await refusal(call('POST', '/deliveries/send', { ids: [] }))).toMatchObject({
      ids: ['No messages selected'],
    })
    expect(await ok('POST', '/deliveries/delete', { ids: [drafts[0]?.id] })).toEqual({ count: 1 })
    expect(await ok('POST', '/deliveries/send', { campaign_id: id })).toEqual({ count: 1 })
    await until(id, { status: 'sent', totals: { sent: 1, total: 1 } })
    expect(await refusal(call('POST', '/deliveries/delete', { ids: [drafts[1]?.id] }))).toEqual({
      code: 422,
      ids: ['A sent message cannot be deleted'],
    })
  })

  it('of which nobody knows is decided by a person', async () => {
    sink.mode = { dieAfterDot: 1 }
    const { id } = await sent({ tag_ids: [vip] })
    await until(id, { status: 'sent', totals: { claimed: 0, pending: 0 } })
    const [lost] = (await ok('GET', '/deliveries?status=ambiguous')).deliveries
    expect(lost?.campaign?.id).toBe(id)
    const { trail } = await ok<DeliveryTrailReply>('GET', `/deliveries/${lost?.id}`)
    expect(trail.at(-1)).toMatchObject({ kind: 'ambiguous', text: expect.stringContaining('nobody knows') })
    const { delivery } = await ok('POST', `/deliveries/${lost?.id}/resolve`, { as: 'sent' })
    expect(delivery).toMatchObject({ id: lost?.id, status: 'sent' })
    expect(await refusal(call('POST', `/deliveries/${lost?.id}/resolve`, { as: 'retry' }))).toMatchObject({
      code: 409,
    })
  })
})
