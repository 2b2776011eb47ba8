import { sql } from 'kysely'
import type { Storage } from '../../storage/database.ts'
import type { CampaignTotals } from '../campaigns/campaign-totals.ts'
import { type BounceCount, bouncesOf } from './bounces.ts'
import { countByDomain, type DomainCounts } from './domains.ts'

/** Parts of what was sent, from 0 to 1. */
export interface Rates {
  delivered: number
  opened: number
  clicked: number
  bounced: number
  complained: number
  unsubscribed: number
}

export function ratesOf(totals: CampaignTotals): Rates {
  return {
    delivered: partOf(totals.delivered, totals.sent),
    opened: partOf(totals.opened, totals.sent),
    clicked: partOf(totals.clicked, totals.sent),
    bounced: partOf(totals.bounced, totals.sent),
    complained: partOf(totals.complained, totals.sent),
    unsubscribed: partOf(totals.unsubscribed, totals.sent),
  }
}

/** Of an address that is refused at the very hand-over nothing was sent, and still it bounced. */
export function partOf(count: number, whole: number): number {
  return whole === 0 ? 0 : Math.min(1, count / whole)
}

/** What must be counted in the ledger, and takes a second with a million rows. */
export interface Counted {
  bounces: BounceCount[]
  domains: DomainCounts[]
  openedByAny: number
  clickedByAny: number
  /** Null: nobody did. */
  secondsToOpen: number | null
  secondsToClick: number | null
  countedAt: number
}

export async function countReport(
  storage: Pick<Storage, 'read' | 'survey'>,
  campaignId: number,
  now = Date.now(),
): Promise<Counted> {
  const bounces = await bouncesOf(storage, campaignId)
  const secondsToOpen = await averageSeconds(storage, campaignId, 'opened_at')
  const secondsToClick = await averageSeconds(storage, campaignId, 'clicked_at')
  const byDomain = await countByDomain(storage, campaignId)
  return { bounces, ...byDomain, secondsToOpen, secondsToClick, countedAt: now }
}

/** From the delivery, where that is not known from the hand-over (contract, section 5.6). */
export async function averageSeconds(
  { survey }: Pick<Storage, 'survey'>,
  campaignId: number,
  column: 'opened_at' | 'clicked_at',
): Promise<number | null> {
  const at = sql.ref(column)
  const arrived = sql`coalesce(delivered_at, sent_at)`
  // A provider may tell of a delivery after it was read.
  const { rows } = await sql<{ ms: number | null; count: number }>`
    select sum(case when ${at} > ${arrived} then ${at} - ${arrived} else 0 end) as ms, count(*) as count
    from deliveries where campaign_id = ${campaignId} and ${at} is not null and ${arrived} is not null`.execute(
    survey,
  )
  const { ms, count } = rows[0] ?? { ms: null, count: 0 }
  return Number(count) === 0 ? null : Math.round(Number(ms) / Number(count) / 100) / 10
}
