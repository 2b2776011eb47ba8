// Reports and the dashboard through the door, on a whole server whose ledger is written by hand.
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { eachEngine } from '../../../test/engines.ts'
import { createPerson } from '../../accounts/people.ts'
import { createToken } from '../../accounts/tokens.ts'
import { addMember } from '../../accounts/workspaces.ts'
import { assemble, type Running } from '../../assemble.ts'
import { databaseLocation, readSettings } from '../../config.ts'
import { createLog } from '../../log.ts'
import { openDatabase } from '../../storage/database.ts'
import type { Database } from '../../storage/schema.ts'
import { createSubscriber, setStatus } from '../audience/subscribers.ts'
import { createCampaign } from '../campaigns/campaigns.ts'
import type { Delivery } from '../deliveries/deliveries.ts'
import { recordDeliveryEvent } from '../deliveries/delivery-events.ts'
import type { ClickMapWire, DashboardWire, OverTimeWire, ReportWire } from './reports-wire.ts'

const LOG = createLog({ level: 'error', human: false, write: line => process.stderr.write(line) })
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
/** On a whole day, so that the buckets are whole ones. */
const SENT = Math.floor(Date.now() / DAY) * DAY - 3 * DAY

eachEngine('reports', engine => {
  let running: Running
  let db: Database
  let workspaceId: number
  let owner: string
  let viewer: string
  let campaignId: number

  beforeAll(async () => {
    const url = await engine.freshUrl()
    const dataDir = engine.freshDataDir()
    const read = readSettings(
      {},
      { POSTHORN_DATA_DIR: dataDir, ...(url.startsWith('postgres') && { DATABASE_URL: url }) },
      dataDir,
    )
    const settings = { ...read, httpPort: 0, smtpPorts: [0], pop3Ports: [] }
    running = await assemble(settings, LOG)
    db = await openDatabase(databaseLocation(settings))
    const first = await somebody('owner')
    ;({ workspaceId, token: owner } = first)
    const other = await somebody('viewer')
    await db.deleteFrom('members').where('user_id', '=', other.userId).execute()
    await addMember(db, workspaceId, other.userId, 'viewer')
    viewer = other.token
    campaignId = await someCampaign('News')
  })
  afterAll(async () => {
    await running?.stop()
    await db?.destroy()
  })

  async function somebody(name: string) {
    const email = `${name}@example.com`
    const { user, workspace } = await createPerson(db, { name, email, password: null, workspaceName: name })
    const wish = { kind: 'user', userId: user.id, workspaceId: null, description: '' } as const
    return { userId: user.id, workspaceId: workspace.id, token: (await createToken(db, wish)).value }
  }

  const fetched = (path: string, token = owner) =>
    fetch(`http://127.0.0.1:${running.httpPort}/api/posthorn${path}`, { headers: { 'api-token': token } })
  const get = async <T>(path: string, token = owner) => (await (await fetched(path, token)).json()) as T

  async function someCampaign(name: string, content = '') {
    const campaign = await createCampaign(
      db,
      workspaceId,
      {
        name,
        subject: name,
        content,
        template_id: null,
        email_service_id: null,
        from_name: 'News',
        from_email: 'news@example.com',
        is_open_tracking: 1,
        is_click_tracking: 1,
        send_to_all: 1,
        save_as_draft: 0,
        scheduled_at: null,
      },
      { tags: [], segments: [] },
    )
    return campaign.id
  }

  async function delivery(email: string, more: Partial<Delivery>) {
    const subscriber = await createSubscriber(db, workspaceId, { email, source: 'web' })
    const { id } = await db
      .insertInto('deliveries')
      .values({
        workspace_id: workspaceId,
        campaign_id: campaignId,
        subscriber_id: subscriber.id,
        email,
        status: 'sent',
        attempts: 1,
        created_at: SENT,
        sent_at: SENT,
        ...more,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    return { id, subscriber }
  }

  const happened = (deliveryId: number, kind: 'bounced' | 'deferred', detail: object) =>
    recordDeliveryEvent(db, {
      workspaceId,
      deliveryId,
      campaignId,
      kind,
      at: SENT,
      source: 'test',
      detail: { ...detail },
    })

  it('say what became of a campaign, by domain, by reason and over time', async () => {
    expect(await get<ReportWire>(`/campaigns/${await someCampaign('Empty')}/report`)).toMatchObject({
      totals: { total: 0 },
      rates: { opened: 0 },
      bounces: [],
      domains: [],
      average_seconds_to_open: null,
    })
    const opened = { opened_at: SENT + 10 * MINUTE, open_count: 2 }
    await delivery('Ann@Great.example', { delivered_at: SENT + MINUTE, ...opened })
    await delivery('bob@great.example', {
      delivered_at: SENT + 5 * MINUTE,
      opened_at: SENT + 3 * HOUR,
      clicked_at: SENT + 2 * MINUTE,
      open_count: 1,
      click_count: 1,
      machine_opened_at: SENT,
    })
    await delivery('carl@great.example', { machine_opened_at: SENT, machine_clicked_at: SENT })
    await delivery('=cmd@small.example', { opened_at: SENT + 30 * HOUR, open_count: 1 })
    const gone = { status: 'failed', sent_at: null, bounced_at: SENT, reason: '550 5.1.1 nobody' } as const
    const dead = await delivery('dora@small.example', gone)
    await happened(dead.id, 'deferred', { enhanced: '4.7.1' })
    await happened(dead.id, 'deferred', { enhanced: '4.2.2', text: 'full' })
    await happened(dead.id, 'bounced', { enhanced: '5.1.1', permanent: true })
    const full = await delivery('emil@small.example', { complained_at: SENT, unsubscribed_at: SENT })
    await happened(full.id, 'bounced', { status: '5.2.2', permanent: false })
    const late = await delivery('fritz@third.example', { status: 'pending', sent_at: null })
    await happened(late.id, 'deferred', {})
    const told = await delivery('hans@third.example', { status: 'pending', sent_at: null, attempts: 0 })
    await happened(told.id, 'bounced', { text: 'Mailbox is full', status: '5.0.0', permanent: false })

    const report = await get<ReportWire>(`/campaigns/${campaignId}/report`, viewer)
    expect(report.campaign).toMatchObject({ id: campaignId, name: 'News', status: 'draft' })
    expect(report.totals).toMatchObject({ total: 8, sent: 5, failed: 1, pending: 2, opened: 3, opens: 4 })
    expect(report.rates).toEqual({
      delivered: 0.4,
      opened: 0.6,
      clicked: 0.2,
      bounced: 0.2,
      complained: 0.2,
      unsubscribed: 0.2,
    })
    expect(report.with_machines).toEqual({ opened: 0.8, clicked: 0.4 })
    const line = (domain: string, ...numbers: number[]) => {
      const names = ['sent', 'delivered', 'opened', 'clicked', 'bounced', 'complained', 'deferred']
      return { domain, ...Object.fromEntries(names.map((name, i) => [name, numbers[i]])) }
    }
    expect(report.domains).toEqual([
      line('great.example', 3, 2, 2, 1, 0, 0, 0),
      line('small.example', 2, 0, 1, 0, 1, 1, 0),
      line('third.example', 0, 0, 0, 0, 0, 0, 1),
    ])
    expect(report.bounces).toEqual([
      { reason: 'The mailbox is full', kind: 'soft', count: 3 },
      { reason: 'No reason that is understood', kind: 'soft', count: 1 },
      { reason: 'No such address', kind: 'hard', count: 1 },
    ])
    // 9 minutes, 175 minutes and 30 hours; whoever clicked before the provider told of the delivery took no time.
    expect(report.average_seconds_to_open).toBe((9 + 175 + 1800) * 20)
    expect(report.average_seconds_to_click).toBe(0)

    const over = (query: string) => get<OverTimeWire>(`/campaigns/${campaignId}/report/over-time${query}`)
    const points = (length: number, at: Record<number, number>) =>
      Array.from({ length }, (_, i) => at[i] ?? 0)
    const from = new Date(SENT).toISOString()
    expect(await over('')).toEqual({
      bucket_seconds: 300,
      from: new Date(SENT + 10 * MINUTE).toISOString(),
      points: points(35, { 0: 1, 34: 1 }),
    })
    expect(await over('?hours=48')).toEqual({
      bucket_seconds: 7200,
      from,
      points: points(16, { 0: 1, 1: 1, 15: 1 }),
    })
    expect(await over('?kind=sent&hours=all')).toEqual({ bucket_seconds: 60, from, points: [5] })
    expect(await over('?kind=delivered')).toMatchObject({
      bucket_seconds: 60,
      points: points(5, { 0: 1, 4: 1 }),
    })
    expect((await fetched(`/campaigns/${campaignId}/report/over-time?kind=read`)).status).toBe(422)
  })

  it('have a line for the fifty greatest domains, and one for all others', async () => {
    const news = campaignId
    campaignId = await someCampaign('Many domains')
    for (let i = 0; i < 52; i++) await delivery(`a@d${String(i).padStart(2, '0')}.example`, {})
    await delivery('b@d51.example', {})
    const { domains } = await get<ReportWire>(`/campaigns/${campaignId}/report`)
    expect(domains).toHaveLength(51)
    expect([domains[0], domains[50]]).toMatchObject([
      { domain: 'd51.example', sent: 2 },
      { domain: 'others', sent: 2, opened: 0 },
    ])
    await db.deleteFrom('campaigns').where('id', '=', campaignId).execute()
    await db.deleteFrom('subscribers').where('domain', 'like', 'd__.example').execute()
    campaignId = news
  })

  it('are exported, a line for each recipient, to whoever may export people', async () => {
    const reply = await fetched(`/campaigns/${campaignId}/report.csv`)
    expect(reply.headers.get('content-disposition')).toContain(`campaign-${campaignId}.csv`)
    const rows: Record<string, string>[] = parse(await reply.text(), { columns: true })
    expect(rows).toHaveLength(8)
    expect(rows[1]).toMatchObject({
      email: 'bob@great.example',
      status: 'delivered',
      open_count: '1',
      sent_at: new Date(SENT).toISOString(),
      bounced_at: '',
    })
    expect(rows[3]?.email).toBe("'=cmd@small.example")
    expect(rows[4]).toMatchObject({ status: 'failed', reason: '550 5.1.1 nobody' })
    expect(rows[0]?.message_id).toMatch(new RegExp(`^<${campaignId}\\.\\d+\\..{10}@example\\.com>$`))
    expect((await fetched(`/campaigns/${campaignId}/report.csv`, viewer)).status).toBe(403)
    expect((await fetched('/campaigns/999999/report.csv')).status).toBe(404)
  })

  it('number the links of the mail', async () => {
    const content =
      '<a href="https://example.com/?a=1&amp;b=2">One</a> <a href=https://example.com/two>Two</a> ' +
      '<a href="https://example.com/{{first_name}}">Three</a> <a href="https://example.com/?a=1&amp;b=2">Four</a> ' +
      '<a href="{{unsubscribe_url}}">Leave</a>'
    const id = await someCampaign('Links', content)
    const link = { campaign_id: id, number: 2, url: 'https://example.com/two', clicks: 3, clicked: 2 }
    await db.insertInto('campaign_links').values(link).execute()
    const { html, links } = await get<ClickMapWire>(`/campaigns/${id}/click-map`)
    expect([...html.matchAll(/href="([^"]*)" data-link="(\d+)"/g)].map(([, ...found]) => found)).toEqual([
      ['https://example.com/?a=1&amp;b=2', '1'],
      ['https://example.com/two', '2'],
      ['https://example.com/Ada', '3'],
      ['https://example.com/?a=1&amp;b=2', '1'],
      ['', '0'],
    ])
    expect(html).not.toContain('/t/')
    expect(links).toEqual([
      { id: expect.any(Number), number: 2, url: link.url, clicks: 3, clicked: 2, machine_clicks: 0 },
    ])
  })

  it('come together on the dashboard, with what somebody should look at', async () => {
    const now = Date.now()
    const set = (id: number, more: object) =>
      db.updateTable('campaigns').set(more).where('id', '=', id).execute()
    await set(campaignId, { status_id: 4, sent_at: SENT })
    const stopped = await someCampaign('Stopped')
    await set(stopped, { status_id: 3, paused_at: now, pause_reason: 'Too many were refused.' })
    const byHand = await someCampaign('By hand')
    await set(byHand, { status_id: 3, paused_at: now })
    const unknown = await delivery('gina@great.example', { status: 'ambiguous', sent_at: null })
    await setStatus(db, unknown.subscriber, 'unsubscribed', 'by_subscriber', { userId: null }, { now })
    const service = await db
      .insertInto('email_services')
      .values({
        workspace_id: workspaceId,
        name: 'Relay',
        type_id: 6,
        settings: '',
        created_at: now,
        updated_at: now,
        down_since: now,
        down_reason: '421 busy',
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    const dashboard = await get<DashboardWire>('/dashboard', viewer)
    expect(dashboard.counts).toEqual({
      subscribers: 8,
      campaigns_sent_30d: 1,
      mails_sent_30d: 5,
      mails_sent_today: 0,
    })
    expect(dashboard.running.map(({ name, status }) => [name, status])).toEqual([
      ['By hand', 'paused'],
      ['Stopped', 'paused'],
    ])
    expect(dashboard.recent).toMatchObject([{ campaign: { name: 'News' }, rates: { opened: 0.6 } }])
    expect(dashboard.growth).toHaveLength(30)
    expect(dashboard.growth.at(-1)).toEqual({
      day: new Date(now).toISOString().slice(0, 10),
      subscribed: 9,
      unsubscribed: 1,
    })
    expect(dashboard.attention).toEqual([
      {
        kind: 'paused',
        text: '“Stopped” is paused: Too many were refused.',
        campaign_id: stopped,
      },
      {
        kind: 'service_down',
        text: 'The email service “Relay” takes nothing: 421 busy',
        service_id: service.id,
      },
      {
        kind: 'ambiguous',
        text: 'Of “News” nobody knows whether one mail arrived.',
        campaign_id: campaignId,
      },
    ])
  })
})
