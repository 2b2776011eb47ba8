import type { Database } from '../../storage/schema.ts'
import type { Delivery } from './deliveries.ts'

/** What a delivery is one of. */
export interface Origin {
  /** Null: a mail by itself. */
  campaign: { id: number; name: string; subject: string } | null
  fromEmail: string
}

/** Of each of them, by its id. */
export async function originsOf(
  db: Database,
  deliveries: readonly Pick<Delivery, 'id' | 'campaign_id'>[],
): Promise<Map<number, Origin>> {
  const campaignIds = [...new Set(deliveries.flatMap(({ campaign_id }) => campaign_id ?? []))]
  const campaigns =
    campaignIds.length === 0
      ? []
      : await db
          .selectFrom('campaigns')
          .select(['id', 'name', 'subject', 'from_email'])
          .where('id', 'in', campaignIds)
          .execute()
  const byId = new Map(campaigns.map(campaign => [campaign.id, campaign]))
  const own = deliveries.filter(({ campaign_id }) => campaign_id === null).map(({ id }) => id)
  const mails =
    own.length === 0
      ? []
      : await db
          .selectFrom('transactional_mails')
          .select(['delivery_id', 'from_email'])
          .where('delivery_id', 'in', own)
          .execute()
  const senders = new Map(mails.map(({ delivery_id, from_email }) => [delivery_id, from_email]))
  return new Map(
    deliveries.map(({ id, campaign_id }) => {
      const campaign = campaign_id === null ? undefined : byId.get(campaign_id)
      return [
        id,
        {
          campaign: campaign ? { id: campaign.id, name: campaign.name, subject: campaign.subject } : null,
          fromEmail: campaign?.from_email ?? senders.get(id) ?? '',
        },
      ]
    }),
  )
}
