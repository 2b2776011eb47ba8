import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { Posthorn } from '../posthorn.ts'
import { asOwner } from './audience-people.ts'

export interface SentCampaign {
  /** Of eight people. */
  tagId: number
  campaignId: number
  serviceId: number
  /** Ids of deliveries, by what became of them. */
  ids: Record<string, number>
}

const HOUR = 3_600_000

/** What becomes of the recipients, in turn. */
const FATES = [
  'clicked',
  'opened',
  'delivered',
  'delivered',
  'proxied',
  'bounced',
  'clicked',
  'skipped',
  'unsubscribed',
  'delivered',
  'ambiguous',
  'refused',
  'complained',
  'opened',
] as const

const DOMAINS = ['gmail.com', 'web.de', 'outlook.com', 'a-company-with-a-rather-long-name.example']
const NAMES = ['Ada', 'Grace', 'Radia', 'Joan', 'Hedy', 'Katherine', 'Margaret', 'Dorothy']

/**
 * A campaign as it is two days after it was sent, written straight into the database: with something of everything
 * that can become of a mail.
 */
export async function sentCampaign(server: Posthorn, recipients = 56): Promise<SentCampaign> {
  const owner = <Answer>(method: string, path: string, body?: unknown) =>
    asOwner<Answer>(server, method, path, body)
  type One<Name extends string> = Record<Name, { id: number }>
  const { service } = await owner<One<'service'>>('POST', '/email-services', {
    name: 'Into our inbox',
    type_id: 8,
    settings: { inbox_id: 1 },
    limits: { per_hour: 5000 },
  })
  const { tag } = await owner<One<'tag'>>('POST', '/tags', { name: 'Reviewers' })
  const people: { id: number; email: string }[] = []
  for (let at = 0; at < recipients; at++) {
    const first_name = NAMES[at % NAMES.length] ?? ''
    const email = `${first_name.toLowerCase()}.${at}@${DOMAINS[at % DOMAINS.length]}`
    const tag_ids = at < NAMES.length ? [tag.id] : []
    const { subscriber } = await owner<One<'subscriber'>>('POST', '/subscribers', {
      email,
      first_name,
      tag_ids,
    })
    people.push({ id: subscriber.id, email })
  }
  await owner('POST', '/subscribers', { email: 'never@example.org', status: 'unsubscribed' })
  const { campaign } = await owner<One<'campaign'>>('POST', '/campaigns', {
    name: 'Autumn catalogue: everything for the long evenings, and how to get it before the snow',
    subject: 'Your autumn catalogue is here',
    from_name: 'Posthorn Books',
    from_email: 'news@books.example',
    email_service_id: service.id,
    send_to_all: true,
    content: `<h1>Long evenings</h1><p>Dear {{first_name|reader}}, the
      <a href="https://books.example/autumn">autumn catalogue</a> is here, with
      <a href="https://books.example/evenings?utm_source=mail">long evenings</a> in mind.</p>
      <p><a href="{{unsubscribe_url}}">Unsubscribe</a></p>`,
  })

  const db = new Database(join(server.dataDir, 'posthorn.db'))
  db.pragma('busy_timeout = 10000')
  const ids: Record<string, number> = {}
  db.transaction(() => {
    const now = Date.now()
    const begun = now - 47 * HOUR
    const receipt = { total: recipients + 9, included: recipients, unsubscribed: 5, bounced: 1 }
    db.prepare(
      `update campaigns set status_id = 4, queued_at = ?, frozen_at = ?, sent_at = ?, finished_at = ?, receipt = ?
       where id = ?`,
    ).run(
      begun,
      begun,
      begun + 60_000,
      begun + HOUR,
      JSON.stringify({ ...receipt, complained: 0, pending: 2, suppressed: 1, duplicates: 0 }),
      campaign.id,
    )
    const link = db.prepare(
      'insert into campaign_links (campaign_id, number, url, clicks, clicked, machine_clicks) values (?, ?, ?, ?, ?, ?)',
    )
    const links = [
      link.run(campaign.id, 1, 'https://books.example/autumn', 9, 6, 3),
      link.run(campaign.id, 2, 'https://books.example/evenings?utm_source=mail', 4, 2, 3),
    ].map(({ lastInsertRowid }) => Number(lastInsertRowid))
    for (const [at, { id: subscriberId, email }] of people.entries()) {
      const fate = FATES[at % FATES.length] ?? 'delivered'
      const whose = { campaignId: campaign.id, serviceId: service.id, email, subscriberId }
      const id = deliver(db, whose, fate, begun + at * 60_000, links)
      ids[fate] ??= id
    }
  })()
  db.close()
  return { tagId: tag.id, campaignId: campaign.id, serviceId: service.id, ids }
}

interface Whose {
  campaignId: number
  serviceId: number
  email: string
  subscriberId: number
}

function deliver(
  db: Database.Database,
  { campaignId, serviceId, email, subscriberId }: Whose,
  fate: (typeof FATES)[number],
  at: number,
  links: number[],
): number {
  const left = !['skipped', 'ambiguous', 'refused'].includes(fate)
  const opened = ['clicked', 'opened', 'unsubscribed'].includes(fate)
  const row = {
    workspace_id: 1,
    campaign_id: campaignId,
    subscriber_id: subscriberId,
    email,
    subject: 'Your autumn catalogue is here',
    status: left ? 'sent' : fate === 'refused' ? 'failed' : fate,
    reason: REASONS[fate] ?? null,
    attempts: fate === 'skipped' ? 0 : 1,
    email_service_id: fate === 'skipped' ? null : serviceId,
    created_at: at - 1000,
    sent_at: left ? at : null,
    delivered_at: left && fate !== 'bounced' ? at + 4_000 : null,
    opened_at: opened ? at + HOUR : null,
    machine_opened_at: fate === 'proxied' ? at + 5_000 : null,
    clicked_at: fate === 'clicked' ? at + HOUR + 90_000 : null,
    bounced_at: fate === 'bounced' || fate === 'refused' ? at + 9_000 : null,
    complained_at: fate === 'complained' ? at + 3 * HOUR : null,
    unsubscribed_at: fate === 'unsubscribed' ? at + 2 * HOUR : null,
    open_count: opened ? 2 : 0,
    click_count: fate === 'clicked' ? 1 : 0,
  }
  const { lastInsertRowid } = insert(db, 'deliveries', row)
  const id = Number(lastInsertRowid)
  const event = (kind: string, when: number, more: object = {}) =>
    insert(db, 'delivery_events', {
      workspace_id: 1,
      delivery_id: id,
      campaign_id: campaignId,
      kind,
      at: when,
      source: 'smtp',
      detail: '{}',
      ...more,
    })
  if (row.delivered_at) event('delivered', row.delivered_at)
  if (row.opened_at) event('opened', row.opened_at, { verdict: 'person', source: 'pixel', ip: '203.0.113.9' })
  if (row.machine_opened_at)
    event('opened', row.machine_opened_at, {
      verdict: 'privacy_proxy',
      source: 'pixel',
      detail: JSON.stringify({ reasons: ['comes from a privacy proxy of Apple'] }),
    })
  if (row.clicked_at)
    event('clicked', row.clicked_at, {
      verdict: 'person',
      source: 'link',
      link_id: links[id % 2],
      url: 'https://books.example/autumn',
    })
  if (row.bounced_at)
    event('bounced', row.bounced_at, {
      source: fate === 'refused' ? 'hand-over' : 'dsn',
      detail: JSON.stringify({ permanent: true, status: '5.1.1', diagnostic: REASONS[fate] }),
    })
  if (row.complained_at) event('complained', row.complained_at, { source: 'arf' })
  if (row.unsubscribed_at) event('unsubscribed', row.unsubscribed_at, { source: 'page' })
  return id
}

const REASONS: Record<string, string> = {
  bounced: '550 5.1.1 User unknown',
  skipped: 'suppressed: asked by phone',
  refused: '550 5.1.1 No such user here',
  ambiguous: 'the connection was lost after the final dot',
}

function insert(db: Database.Database, table: string, row: Record<string, unknown>): Database.RunResult {
  const names = Object.keys(row)
  return db
    .prepare(`insert into ${table} (${names.join()}) values (${names.map(() => '?').join()})`)
    .run(Object.values(row))
}
