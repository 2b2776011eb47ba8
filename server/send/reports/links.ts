import type { Selectable } from 'kysely'
import type { Database, Tables } from '../../storage/schema.ts'

export type CampaignLink = Selectable<Tables['campaign_links']>

/** The most clicked first. */
export function linksOf(db: Database, campaignId: number): Promise<CampaignLink[]> {
  return db
    .selectFrom('campaign_links')
    .selectAll()
    .where('campaign_id', '=', campaignId)
    .orderBy('clicks', 'desc')
    .orderBy('number')
    .execute()
}
