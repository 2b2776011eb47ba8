import { type RawBuilder, sql, type SqlBool } from 'kysely'
import { storable } from '../../accounts/storable.ts'
import { lowerAscii, lowered } from '../../storage/ascii-case.ts'
import type { Storage } from '../../storage/database.ts'
import type { Database } from '../../storage/schema.ts'
import { foundByIndex, hasWords, isIndexed, soughtWords } from '../../storage/subscriber-search.ts'
import type { Delivery, ShownStatus } from './deliveries.ts'

export interface DeliveryWish {
  /**
   * `sent`: what was handed over; `drafts`: what is kept until somebody sends it. Absent: of a campaign whatever there
   * is, of a workspace what was sent.
   */
  tab?: 'sent' | 'drafts' | undefined
  campaignId?: number | undefined
  /** What is shown of a delivery, or that it was opened, clicked in, or unsubscribed by. */
  status?: ShownStatus | 'opened' | 'clicked' | 'unsubscribed' | undefined
  /** In address or subject. */
  search?: string | undefined
}

/** Where a page begins: behind this one. */
export type Position = readonly [sentAt: number, id: number]

type Where = RawBuilder<SqlBool>
export type Readers = Pick<Storage, 'read' | 'survey'>

/** What a wish means to the database. */
export interface Narrowed {
  where: Where
  /** Of `deliveries`, so that what is sorted for a few people is not walked through for all. */
  column(name: 'id' | 'sent_at'): RawBuilder<number>
  /** Else by id alone. */
  bySentAt: boolean
  /** The reading thread, where it may have to be looked for far. */
  db: Database
}

/** What is common among so many is common. */
const SAMPLE = 64
/** So many people can be looked for at once; of more the search is not about them. */
const MOST_PEOPLE = 2_000

/** Newest first: what was sent last, or of one campaign, or of drafts, what was made last. */
export async function listDeliveries(
  storage: Readers,
  workspaceId: number,
  wish: DeliveryWish,
  { after, limit }: { after?: Position | undefined; limit: number },
): Promise<Delivery[]> {
  const { where, column, bySentAt, db } = await narrowed(storage, workspaceId, wish)
  const [id, sentAt] = [column('id'), column('sent_at')]
  const further =
    after === undefined
      ? sql``
      : bySentAt
        ? sql`and (${sentAt}, ${id}) < (${after[0]}, ${after[1]})`
        : sql`and ${id} < ${after[1]}`
  const order = bySentAt ? sql`${sentAt} desc, ${id} desc` : sql`${id} desc`
  const { rows } = await sql<Delivery>`
    select deliveries.* from deliveries where ${where} ${further} order by ${order} limit ${limit}
  `.execute(db)
  return rows
}

export async function narrowed(
  { read, survey }: Readers,
  workspaceId: number,
  { tab, campaignId, status, search = '' }: DeliveryWish,
): Promise<Narrowed> {
  const people = search.includes('@') ? await peopleWith(survey, workspaceId, search) : undefined
  // Mail to a few people is found by them, and sorted; anything else by walking where it stands in order.
  const named = (name: string) =>
    people === undefined
      ? sql.ref<number>(`deliveries.${name}`)
      : sql<number>`+${sql.ref(`deliveries.${name}`)}`
  const isAside = tab !== 'drafts' && status !== undefined && NOT_SENT.has(status)
  const isSent = !isAside && (tab === 'sent' || (campaignId === undefined && tab !== 'drafts'))
  const where = [
    campaignId !== undefined
      ? // A campaign is one workspace's, and whoever asks has looked whose.
        sql<SqlBool>`${named('campaign_id')} = ${campaignId}`
      : isAside
        ? ofAllCampaigns(workspaceId, STATUS[status])
        : sql<SqlBool>`${named('workspace_id')} = ${workspaceId}`,
    ...(isSent ? [sql<SqlBool>`${named('sent_at')} is not null`] : []),
    ...(tab === 'drafts' ? [STATUS.draft] : []),
    ...(status === undefined ? [] : [STATUS[status]]),
    ...(people === undefined ? [] : [toPeople(survey, workspaceId, people, search)]),
    ...(people === undefined && search.trim() !== '' ? [mentions(survey, workspaceId, search)] : []),
  ]
  return {
    where: sql<SqlBool>`${sql.join(where, sql` and `)}`,
    column: named,
    bySentAt: campaignId === undefined && isSent,
    db: status === undefined && search.trim() === '' ? read : survey,
  }
}

/** What a campaign has few of, in most; said once more in the words of its index, which is taken then. */
function aside(status: 'draft' | 'failed' | 'skipped' | 'ambiguous'): Where {
  return sql<SqlBool>`deliveries.status = ${sql.lit(status)}
    and deliveries.status in ('draft', 'failed', 'skipped', 'ambiguous')`
}

/** As shownStatus has it. */
const STATUS: Record<NonNullable<DeliveryWish['status']>, Where> = {
  draft: aside('draft'),
  pending: sql<SqlBool>`deliveries.status = 'pending'`,
  claimed: sql<SqlBool>`deliveries.status = 'claimed'`,
  failed: aside('failed'),
  skipped: aside('skipped'),
  ambiguous: aside('ambiguous'),
  sent: sql<SqlBool>`deliveries.status = 'sent' and deliveries.delivered_at is null
    and deliveries.bounced_at is null and deliveries.complained_at is null`,
  delivered: sql<SqlBool>`deliveries.status = 'sent' and deliveries.delivered_at is not null
    and deliveries.bounced_at is null and deliveries.complained_at is null`,
  bounced: sql<SqlBool>`deliveries.bounced_at is not null and deliveries.complained_at is null
    and deliveries.status = 'sent'`,
  complained: sql<SqlBool>`deliveries.complained_at is not null and deliveries.status = 'sent'`,
  opened: sql<SqlBool>`deliveries.opened_at is not null`,
  clicked: sql<SqlBool>`deliveries.clicked_at is not null`,
  unsubscribed: sql<SqlBool>`deliveries.unsubscribed_at is not null`,
}

const NOT_SENT: ReadonlySet<string> = new Set([
  'draft',
  'pending',
  'claimed',
  'failed',
  'skipped',
  'ambiguous',
])

/** Of all campaigns of a workspace, and mails by themselves: by the indexes that each campaign has of what is not sent. */
function ofAllCampaigns(workspaceId: number, status: Where): Where {
  return sql<SqlBool>`deliveries.id in (
    select id from deliveries
      where campaign_id in (select id from campaigns where workspace_id = ${workspaceId}) and ${status}
    union all
    select id from deliveries where campaign_id is null and workspace_id = ${workspaceId} and ${status})`
}

/** To these subscribers, or to somebody who is none and has such an address. */
function toPeople(db: Database, workspaceId: number, people: readonly number[], search: string): Where {
  const theirs =
    people.length === 0
      ? sql``
      : sql`select id from deliveries where subscriber_id in (${sql.join(people)}) union all`
  return sql<SqlBool>`deliveries.id in (${theirs}
    select id from deliveries where subscriber_id is null and workspace_id = ${workspaceId}
      and ${contains(db, 'email', search)})`
}

/** In the address, or in the subject, which is the campaign's where it was not written down. */
function mentions(db: Database, workspaceId: number, search: string): Where {
  return sql<SqlBool>`(${contains(db, 'deliveries.email', search)}
    or ${contains(db, 'deliveries.subject', search)}
    or (deliveries.subject is null and deliveries.campaign_id in (
      select id from campaigns where workspace_id = ${workspaceId}
        and ${contains(db, 'campaigns.subject', search)})))`
}

function contains(db: Database, column: string, search: string): Where {
  const like = `%${lowerAscii(storable(search).trim()).replace(/[\\%_]/g, '\\$&')}%`
  return sql<SqlBool>`${lowered(db, sql.ref(column))} like ${like} escape '\\'`
}

/** Ids of subscribers, by the index of their search; undefined: it does not know, or they are too many. */
async function peopleWith(db: Database, workspaceId: number, search: string): Promise<number[] | undefined> {
  const words = soughtWords(search)
  if (!(await isIndexed(db, words))) return undefined
  const sample = await sql<{ search: string }>`
    select search from subscribers where workspace_id = ${workspaceId} order by id desc limit ${SAMPLE}
  `.execute(db)
  const found = foundByIndex(
    db,
    words,
    sample.rows.map(row => row.search),
  )
  const { rows } = await sql<{ id: number }>`
    select ${found.id} as id from ${found.from}
    where ${found.where} and subscribers.workspace_id = ${workspaceId} and ${hasWords(words)}
    limit ${MOST_PEOPLE + 1}
  `.execute(db)
  return rows.length > MOST_PEOPLE ? undefined : rows.map(({ id }) => id)
}
