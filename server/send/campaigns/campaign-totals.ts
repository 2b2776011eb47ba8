import type { Selectable } from 'kysely'
import type { Database, Tables } from '../../storage/schema.ts'

/** How many of a campaign's deliveries are where, and what came back; the database moves them (storage/delivery-totals.ts). */
export type CampaignTotals = Omit<Selectable<Tables['campaign_totals']>, 'campaign_id'>

export const NOTHING: CampaignTotals = {
  total: 0,
  draft: 0,
  pending: 0,
  claimed: 0,
  sent: 0,
  failed: 0,
  skipped: 0,
  ambiguous: 0,
  delivered: 0,
  opened: 0,
  machine_opened: 0,
  clicked: 0,
  machine_clicked: 0,
  bounced: 0,
  complained: 0,
  unsubscribed: 0,
  opens: 0,
  clicks: 0,
}

export async function totalsOf(db: Database, ids: readonly number[]): Promise<Map<number, CampaignTotals>> {
  const found = new Map<number, CampaignTotals>(ids.map(id => [id, NOTHING]))
  if (ids.length === 0) return found
  const rows = await db.selectFrom('campaign_totals').selectAll().where('campaign_id', 'in', ids).execute()
  for (const { campaign_id, ...totals } of rows) found.set(campaign_id, totals)
  return found
}

export async function totalsOfOne(db: Database, id: number): Promise<CampaignTotals> {
  return (await totalsOf(db, [id])).get(id) ?? NOTHING
}
