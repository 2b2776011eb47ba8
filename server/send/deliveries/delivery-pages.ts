import { sql } from 'kysely'
import { totalsOfOne } from '../campaigns/campaign-totals.ts'
import type { Delivery } from './deliveries.ts'
import { type DeliveryWish, narrowed, type Readers } from './delivery-list.ts'

/** One page by its number. What is passed over costs an entry of an index each. */
export async function pageOfDeliveries(
  storage: Readers,
  workspaceId: number,
  wish: DeliveryWish,
  { limit, offset, oldestFirst = false }: { limit: number; offset: number; oldestFirst?: boolean },
): Promise<Delivery[]> {
  const { where, column, bySentAt, db } = await narrowed(storage, workspaceId, wish)
  const direction = oldestFirst ? sql`asc` : sql`desc`
  const order = bySentAt
    ? sql`${column('sent_at')} ${direction}, ${column('id')} ${direction}`
    : sql`${column('id')} ${direction}`
  const { rows } = await sql<Delivery>`
    select * from deliveries where id in (
      select deliveries.id from deliveries where ${where} order by ${order} limit ${limit} offset ${offset}
    ) order by ${bySentAt ? sql`sent_at ${direction},` : sql``} id ${direction}
  `.execute(offset > FAR ? storage.survey : db)
  return rows
}

/** So many entries are passed over in a few milliseconds. */
const FAR = 10_000

/** How many there are; on the reading thread, unless counters know. */
export async function countDeliveries(
  storage: Readers,
  workspaceId: number,
  wish: DeliveryWish,
): Promise<number> {
  const known = await knownCount(storage, workspaceId, wish)
  if (known !== undefined) return known
  const { where } = await narrowed(storage, workspaceId, wish)
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from deliveries where ${where}`.execute(storage.survey)
  return Number(rows[0]?.count)
}

async function knownCount(
  { read, survey }: Readers,
  workspaceId: number,
  { tab, campaignId, status, search = '' }: DeliveryWish,
): Promise<number | undefined> {
  if (search.trim() !== '') return undefined
  if (campaignId !== undefined) {
    const totals = await totalsOfOne(read, campaignId)
    if (tab === 'sent') return status === undefined ? totals.sent : undefined
    if (tab === 'drafts') return status === undefined ? totals.draft : undefined
    switch (status) {
      case undefined:
        return totals.total
      case 'sent':
      case 'delivered':
      case 'bounced':
        // What came back later is shown instead.
        return undefined
      default:
        return totals[status]
    }
  }
  if (status !== undefined) return undefined
  const column = tab === 'drafts' ? sql.ref('draft') : sql.ref('sent')
  const { rows } = await sql<{ count: number }>`
    select coalesce(sum(${column}), 0) as count from campaign_totals
    where campaign_id in (select id from campaigns where workspace_id = ${workspaceId})`.execute(read)
  const ofCampaigns = Number(rows[0]?.count)
  if (tab === 'drafts') return ofCampaigns
  // Signs keep the index of everything that was sent out of it.
  const own = await sql<{ count: number }>`
    select count(*) as count from deliveries
    where campaign_id is null and +workspace_id = ${workspaceId} and +sent_at is not null`.execute(survey)
  return ofCampaigns + Number(own.rows[0]?.count)
}
