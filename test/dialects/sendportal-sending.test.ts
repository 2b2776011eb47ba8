// SendPortal's API, sections 4.6, 4.8, 5 and 12 of the contract: campaigns that are really sent, to a real SMTP server.
import PostalMime from 'postal-mime'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { eachEngine } from '../engines.ts'
import { SmtpSink } from '../smtp-sink.ts'
import { DATE, expectAbsent, expectErrors, type Said, useSendPortal } from './sendportal.ts'

interface Campaign extends Record<string, unknown> {
  id: number
  status_id: number
}
interface Message extends Record<string, unknown> {
  id: number
  status: string
  recipient_email: string
  message_id: string
}

const ADA = 'ada@example.com'
const BOB = 'bob@example.com'

eachEngine("SendPortal's sending", engine => {
  const portal = useSendPortal(engine, { POSTHORN_RETRY_SCALE: '0.02' })
  const { call, data } = portal
  let sink: SmtpSink
  let [service, tag] = [0, 0]

  beforeAll(async () => {
    sink = await SmtpSink.start()
    const make = async (path: string, body: object) => (await data<{ id: number }>('POST', path, body)).id
    service = await make('/email-services', {
      name: 'sink',
      type_id: 6,
      settings: { host: '127.0.0.1', port: sink.port, encryption: null },
    })
    tag = await make('/tags', { name: 'news' })
    await make('/subscribers', { email: ADA, first_name: 'Ada', tags: [tag] })
    await make('/subscribers', { email: BOB, tags: [tag] })
    await make('/subscribers', { email: 'left@example.com', tags: [tag], unsubscribed_at: '2026-01-01' })
    await make('/subscribers', { email: 'untagged@example.com' })
  })
  afterAll(() => sink.close())
  beforeEach(() => {
    sink.mode = {}
    sink.heads.length = 0
  })

  const create = (more: object = {}) =>
    data<Campaign>('POST', '/campaigns', {
      name: 'November',
      subject: 'News for {{first_name|you}}',
      content: '<p>Dear {{first_name}}, <a href="https://shop.example/">see</a></p>',
      from_name: 'Shop',
      from_email: 'news@shop.example',
      email_service_id: service,
      send_to_all: 0,
      tags: [tag],
      scheduled_at: '2026-01-01',
      ...more,
    })
  const send = async (more: object = {}) => {
    const { id } = await create(more)
    return data<Campaign>('POST', `/campaigns/${id}/send`)
  }
  const report = (id: number) => data<Record<string, number>>('GET', `/campaigns/${id}/report`)
  const until = (id: number, fits: object) =>
    expect.poll(() => report(id), { timeout: 20_000, interval: 20 }).toMatchObject(fits)
  const messages = async (path: string) =>
    ((await call('GET', path)).json as { data: Message[]; meta: { total: number } }).data
  const headOf = (recipient: string) => sink.heads.find(head => head.includes(recipient)) ?? ''

  it('4.6, 5.1, 12: send queues, everybody with the tag gets it once, and the report counts them', async () => {
    const { id } = await create()
    const said = await call('POST', `/campaigns/${id}/send`)
    expect(said.status).toBe(200)
    expect((said.json as { data: Campaign }).data).toMatchObject({ id, status_id: 2 })
    expectErrors(await call('POST', `/campaigns/${id}/send`), {
      status_id: ['The campaign must have a status of draft to be dispatched'],
    })
    await until(id, { status_id: 4, sent: 2 })
    expect(await report(id)).toMatchObject({
      status: 'Sent',
      total: 2,
      failed: 0,
      skipped: 0,
      pending: 0,
      ambiguous: 0,
      delivered: 0,
      opens: 0,
      unique_opens: 0,
      clicks: 0,
      unique_clicks: 0,
      bounces: 0,
      complaints: 0,
      unsubscribes: 0,
      rate_per_second: expect.any(Number),
      finished_at: expect.stringMatching(DATE),
    })
    expect(await data('GET', `/campaigns/${id}`)).toMatchObject({ status_id: 4, sent_count: 2 })
    expect(sink.heads).toHaveLength(2)
    const mail = await PostalMime.parse(headOf(ADA))
    expect([mail.subject, mail.from?.address]).toEqual(['News for Ada', 'news@shop.example'])
    expect(mail.headers.map(({ key }) => key)).toEqual(
      expect.arrayContaining(['list-unsubscribe', 'list-unsubscribe-post']),
    )

    const all = (await call('GET', `/campaigns/${id}/messages`)).json as {
      data: Message[]
      meta: { total: number }
    }
    expect(all.meta.total).toBe(2)
    const [first] = all.data
    expect(Object.keys(first ?? {})).toEqual([
      'id',
      'campaign_id',
      'subscriber_id',
      'recipient_email',
      'subject',
      'status',
      'message_id',
      'provider_id',
      'reason',
      'attempts',
      'open_count',
      'click_count',
      'sent_at',
      'delivered_at',
      'opened_at',
      'clicked_at',
      'bounced_at',
      'complained_at',
      'unsubscribed_at',
      'created_at',
    ])
    expect(first).toMatchObject({
      campaign_id: id,
      recipient_email: ADA,
      subject: 'News for Ada',
      status: 'sent',
      message_id: mail.messageId,
      attempts: 1,
      sent_at: expect.stringMatching(DATE),
    })
    expect(await messages(`/campaigns/${id}/messages?status=sent&per_page=1&page=2`)).toMatchObject([
      { recipient_email: BOB },
    ])
    expect(await messages(`/campaigns/${id}/messages?status=failed`)).toEqual([])
    expectErrors(await call('GET', `/campaigns/${id}/messages?status=lost`), {
      status: ['The selected status is invalid.'],
    })
    expect(await data('GET', `/messages/${first?.id}`)).toEqual(first)
    expect(
      (await messages('/messages'))
        .slice(0, 2)
        .map(one => one.recipient_email)
        .toSorted(),
    ).toEqual([ADA, BOB])
    for (const search of ['ada@exam', 'News for Ada'])
      expect((await messages(`/messages?search=${encodeURIComponent(search)}`)).map(one => one.id)).toEqual([
        first?.id,
      ])
  })

  it('4.6: a campaign that lacks something is not sent', async () => {
    const { id } = await create()
    await portal.storage.write
      .updateTable('campaigns')
      .set({ email_service_id: null, subject: '', from_email: '', content: null })
      .where('id', '=', id)
      .execute()
    await portal.storage.write.deleteFrom('campaign_tags').where('campaign_id', '=', id).execute()
    expectErrors(await call('POST', `/campaigns/${id}/send`), {
      subject: ['The subject field is required.'],
      from_email: ['The from email field is required.'],
      email_service_id: ['The email service id field is required.'],
      content: ['The content field is required.'],
      tags: ['The tags field is required unless send to all is in 1.'],
    })
  })

  it('4.6, 5.2: what is scheduled waits, and can be cancelled', async () => {
    const { id } = await send({ scheduled_at: '2099-01-01 08:00:00' })
    expect(await data('GET', `/campaigns/${id}`)).toMatchObject({ status_id: 2, sent_count: 0 })
    const said = await call('POST', `/campaigns/${id}/cancel`)
    expect(said.json).toMatchObject({
      data: { id, status_id: 5 },
      message: 'The queued campaign was cancelled successfully.',
    })
    expectErrors(await call('POST', `/campaigns/${id}/cancel`), {
      campaignStatus: ['Cancelled campaigns cannot be cancelled.'],
    })
    expect(sink.heads).toEqual([])
  })

  it('5.1, 5.2, 5.7: drafts wait for somebody who sends them, one, some, or none', async () => {
    const { id } = await send({ save_as_draft: true })
    await until(id, { draft: 2 })
    expect(sink.heads).toEqual([])
    const [ada, bob] = await messages(`/campaigns/${id}/messages?status=draft`)
    expect((await messages('/messages?tab=drafts')).map(one => one.id)).toEqual([bob?.id, ada?.id])
    const sent = await call('POST', `/messages/${ada?.id}/send`)
    expect(sent.json).toEqual({ message: 'The message was sent successfully.' })
    await until(id, { sent: 1, draft: 1 })
    expect(headOf(ADA)).not.toBe('')
    const again = { message: ['The selected message has already been sent'] }
    expectErrors(await call('POST', `/messages/${ada?.id}/send`), again)
    expectErrors(await call('POST', '/messages/send', { messages: [ada?.id, bob?.id] }), {
      messages: again.message,
    })
    expectErrors(await call('POST', '/messages/send', {}), { messages: ['No messages selected'] })
    expectErrors(await call('DELETE', `/messages/${ada?.id}`), {
      message: ['A sent message cannot be deleted'],
    })

    const other = (await send({ save_as_draft: true })).id
    await until(other, { draft: 2 })
    const drafts = await messages(`/campaigns/${other}/messages`)
    expect((await call('DELETE', `/messages/${drafts[0]?.id}`)).status).toBe(204)
    expectAbsent(await call('GET', `/messages/${drafts[0]?.id}`))
    expect((await call('POST', '/messages/send', { messages: [bob?.id, drafts[1]?.id] })).json).toEqual({
      message: 'The messages were sent successfully.',
      count: 2,
    })
    await until(id, { sent: 2, draft: 0, status_id: 4 })
    await until(other, { sent: 1, total: 1, status_id: 4 })
    expectErrors(await call('POST', `/campaigns/${other}/cancel`), {
      campaignStatus: ['Sent campaigns cannot be cancelled.'],
    })

    const last = (await send({ save_as_draft: true })).id
    await until(last, { draft: 2 })
    expect((await call('POST', `/campaigns/${last}/cancel`)).json).toMatchObject({
      data: { status_id: 5 },
      message: 'The campaign was cancelled and any remaining draft messages were deleted.',
    })
    expect(await messages(`/campaigns/${last}/messages`)).toEqual([])
  })

  it('4.8, 5.1, 12: pause, resume and cancel under way', async () => {
    sink.mode = { answer: '451 4.3.0 Not now' }
    const paused = (await send()).id
    await until(paused, { status_id: 3, pending: 2 })
    const said = await data<Campaign>('POST', `/campaigns/${paused}/pause`)
    expect(said).toMatchObject({ status_id: 3, paused_at: expect.stringMatching(DATE) })
    expectErrors(await call('POST', `/campaigns/${paused}/pause`), {
      campaignStatus: ['Only a campaign that is being sent can be paused'],
    })
    sink.mode = {}
    const resumed = await data<Campaign>('POST', `/campaigns/${paused}/resume`)
    expect(Object.keys(resumed)).not.toContain('paused_at')
    await until(paused, { status_id: 4, sent: 2 })
    expectErrors(await call('POST', `/campaigns/${paused}/resume`), {
      campaignStatus: ['The campaign is not paused'],
    })

    sink.mode = { answer: '451 4.3.0 Not now' }
    const cancelled = (await send()).id
    await until(cancelled, { status_id: 3, pending: 2 })
    const ended = await call('POST', `/campaigns/${cancelled}/cancel`)
    expect(ended.json).toMatchObject({
      data: { status_id: 5 },
      message: 'The campaign was cancelled whilst being processed (~0/2 dispatched).',
    })
    await until(cancelled, { skipped: 2, pending: 0 })
    expect(await messages(`/campaigns/${cancelled}/messages?status=skipped`)).toMatchObject([
      { reason: 'cancelled' },
      { reason: 'cancelled' },
    ])
  })

  it('4.8, 12: what failed says why, and can be tried again', async () => {
    sink.mode = { answer: '554 5.7.1 We do not like you' }
    const { id } = await send()
    await until(id, { status_id: 4, failed: 2 })
    expect(await messages(`/campaigns/${id}/messages?status=failed`)).toMatchObject([
      { recipient_email: ADA, reason: expect.stringContaining('We do not like you'), attempts: 1 },
      { recipient_email: BOB },
    ])
    sink.mode = {}
    expect((await call('POST', `/campaigns/${id}/retry-failed`)).json).toMatchObject({ count: 2 })
    await until(id, { status_id: 4, sent: 2, failed: 0 })
  })

  it('12: a message of which nobody knows is resolved by a person', async () => {
    sink.mode = { dieAfterDot: 1 }
    const { id } = await send()
    await until(id, { ambiguous: 2, status_id: 4 })
    const [ada, bob] = await messages(`/campaigns/${id}/messages?status=ambiguous`)
    const resolve = (message: Message | undefined, as?: string) =>
      call('POST', `/campaigns/${id}/messages/${message?.id}/resolve`, { as })
    expectErrors(await resolve(ada), { as: ['The as field is required.'] })
    expectErrors(await resolve(ada, 'lost'), { as: ['The selected as is invalid.'] })
    expect((await resolve(ada, 'sent')).json).toMatchObject({ data: { id: ada?.id, status: 'sent' } })
    expectErrors(await resolve(ada, 'sent'), { status: ['It is known by now what became of this message'] })
    sink.mode = {}
    sink.heads.length = 0
    expect((await resolve(bob, 'retry')).json).toMatchObject({ data: { id: bob?.id, status: 'pending' } })
    await until(id, { status_id: 4, sent: 2, ambiguous: 0 })
    expect(sink.heads).toHaveLength(1)
    // The same mail, by the same name.
    expect((await PostalMime.parse(headOf(BOB))).messageId).toBe(bob?.message_id)
  })

  it('4.8, 5.2: a test goes out at once, marked, and to no ledger', async () => {
    const { id } = await create()
    const test = (body: object) => call('POST', `/campaigns/${id}/test`, body)
    expectErrors(await test({}), { recipient_email: ['A test email address is required.'] })
    expectErrors(await test({ recipient_email: 'x' }), {
      recipient_email: ['The recipient email field must be a valid email address.'],
    })
    const said = await test({ recipient_email: 'me@shop.example' })
    expect([said.status, said.json]).toEqual([200, { message: 'The test email has been dispatched.' }])
    const mail = await PostalMime.parse(headOf('me@shop.example'))
    expect(mail.subject).toMatch(/^\[Test\] News for /)
    expect(await report(id)).toMatchObject({ status_id: 1, total: 0 })
    sink.mode = { answer: '554 5.7.1 Not you' }
    const refused = await test({ recipient_email: 'me@shop.example' })
    expect([refused.status, refused.json]).toEqual([
      422,
      { message: expect.stringMatching(/^Response: .*Not you/) },
    ])
  })

  it('4.8: a transactional mail, its data merged, once for each key', async () => {
    const template = await data<{ id: number }>('POST', '/templates', {
      name: 'receipt',
      content: '<p>Order {{order}} of {{first_name}}: {{content}}</p><a href="{{unsubscribe_url}}">leave</a>',
    })
    const body = {
      to: { email: ADA, name: 'Ada L.' },
      from_email: 'shop@shop.example',
      from_name: 'Shop',
      reply_to: 'help@shop.example',
      subject: 'Order {{order}}',
      template_id: template.id,
      html: '<b>{{total}}</b>',
      data: { order: 17, total: '<9 €>' },
      email_service_id: service,
      headers: { 'X-Kind': 'receipt' },
      attachments: [
        {
          filename: 'receipt.txt',
          content: Buffer.from('paid').toString('base64'),
          content_type: 'text/plain',
        },
      ],
      tags: ['receipts'],
    }
    const headers = { 'idempotency-key': `order-17-${engine.name}` }
    const said = await call('POST', '/transactional', body, { headers })
    expect(said.status).toBe(201)
    const { data: kept } = said.json as { data: Message }
    expect(kept).toEqual({
      id: kept.id,
      status: 'pending',
      recipient_email: ADA,
      message_id: expect.stringMatching(/^<0\.\d+\.[\w-]{10}@shop\.example>$/),
      reason: null,
    })
    await expect
      .poll(() => data<Message>('GET', `/messages/${kept.id}`), { timeout: 20_000, interval: 20 })
      .toMatchObject({ status: 'sent', campaign_id: null, subject: 'Order 17' })
    const mail = await PostalMime.parse(headOf(ADA))
    expect(mail.messageId).toBe(kept.message_id)
    expect([mail.subject, mail.to?.[0]?.name, mail.replyTo?.[0]?.address]).toEqual([
      'Order 17',
      'Ada L.',
      'help@shop.example',
    ])
    expect(mail.html).toContain('Order 17 of Ada: <b>&lt;9 €&gt;</b>')
    expect(mail.html).toMatch(/\/subscriptions\/unsubscribe\/[\w-]{20}"/)
    expect(mail.headers.find(({ key }) => key === 'x-kind')?.value).toBe('receipt')
    expect(mail.attachments).toMatchObject([{ filename: 'receipt.txt' }])

    const again = await call('POST', '/transactional', body, { headers })
    expect(again.status).toBe(201)
    expect(again.json).toMatchObject({ data: { id: kept.id, message_id: kept.message_id } })
    expectErrors(await call('POST', '/transactional', { ...body, subject: 'Another' }, { headers }), {
      idempotency_key: ['The idempotency key was used for another mail.'],
    })
    const atOnce = await Promise.all(
      Array.from({ length: 4 }, () =>
        call('POST', '/transactional', body, { headers: { 'idempotency-key': `at-once-${engine.name}` } }),
      ),
    )
    expect(new Set(atOnce.map(({ json }) => (json as { data: Message }).data.id)).size).toBe(1)
  })

  it('4.8: who is suppressed gets no transactional mail, and whoever asks is told', async () => {
    await portal.storage.write
      .insertInto('suppressions')
      .values({
        workspace_id: 1,
        kind: 'address',
        value: 'dead@example.com',
        reason: 'hard_bounce',
        evidence: '550 no such user',
        user_id: null,
        created_at: Date.now(),
      })
      .execute()
    const said = await data<Message>('POST', '/transactional', {
      to: 'Dead@example.com',
      from_email: 'shop@shop.example',
      subject: 'x',
      text: 'x',
      email_service_id: service,
    })
    expect(said).toMatchObject({ status: 'skipped', reason: 'suppressed: 550 no such user' })
    expect(await data('GET', `/messages/${said.id}`)).toMatchObject({ status: 'skipped' })
  })

  it('4.8: what a transactional mail must have', async () => {
    const required = (field: string) => [`The ${field} field is required.`]
    expectErrors(await call('POST', '/transactional', {}), {
      to: required('to'),
      from_email: required('from email'),
      subject: required('subject'),
      content: required('content'),
      email_service_id: required('email service id'),
    })
    expectErrors(
      await call('POST', '/transactional', {
        to: { email: 'x' },
        from_email: 'x',
        subject: 'x',
        content: 'x',
        template_id: 99999,
        email_service_id: 99999,
        reply_to: 'x',
        data: 'x',
        headers: { 'X-A': 'a\r\nBcc: b@example.com', 'no good': 'x' },
        attachments: [{ filename: 'x', content: '!' }, {}],
        tags: 'x',
      }),
      {
        'to.email': ['The to.email field must be a valid email address.'],
        from_email: ['The from email field must be a valid email address.'],
        reply_to: ['The reply to field must be a valid email address.'],
        template_id: ['The selected template id is invalid.'],
        email_service_id: ['The selected email service id is invalid.'],
        data: ['The data field must be an array.'],
        'headers.X-A': ['The selected headers.X-A is invalid.'],
        'headers.no good': ['The selected headers.no good is invalid.'],
        'attachments.0.content': ['The selected attachments.0.content is invalid.'],
        'attachments.1.filename': ['The attachments.1.filename field is required.'],
        'attachments.1.content': ['The attachments.1.content field is required.'],
        tags: ['The tags field must be an array.'],
      },
    )
  })

  it('1.2: campaigns and messages of others are not there', async () => {
    const { id } = await send({ scheduled_at: '2099-01-01' })
    const [message] = await messages('/messages')
    const foreign = { token: portal.foreignToken }
    const asked: Promise<Said>[] = [
      ...['report', 'messages'].map(part => call('GET', `/campaigns/${id}/${part}`, undefined, foreign)),
      ...['send', 'cancel', 'pause', 'resume', 'retry-failed', 'test', 'duplicate'].map(part =>
        call('POST', `/campaigns/${id}/${part}`, {}, foreign),
      ),
      call('POST', `/campaigns/${id}/messages/${message?.id}/resolve`, { as: 'sent' }, foreign),
      call('GET', `/messages/${message?.id}`, undefined, foreign),
      call('POST', `/messages/${message?.id}/send`, {}, foreign),
      call('DELETE', `/messages/${message?.id}`, undefined, foreign),
      // Not of that campaign.
      call('POST', `/campaigns/${id}/messages/${message?.id}/resolve`, { as: 'sent' }),
    ]
    for (const said of await Promise.all(asked)) expectAbsent(said)
    const mail = { to: ADA, from_email: 'a@shop.example', subject: 'x', text: 'x', email_service_id: service }
    expectErrors(await call('POST', '/transactional', mail, foreign), {
      email_service_id: ['The selected email service id is invalid.'],
    })
    expect((await call('GET', '/messages', undefined, foreign)).json).toMatchObject({ data: [] })
    expect((await call('GET', '/messages?search=ada@', undefined, foreign)).json).toMatchObject({ data: [] })
    const viewer = { token: portal.viewerToken }
    expect((await call('GET', `/campaigns/${id}/report`, undefined, viewer)).status).toBe(200)
    expect((await call('POST', `/campaigns/${id}/cancel`, {}, viewer)).status).toBe(403)
  })
})
