import type { Selectable } from 'kysely'
import type { Database, Tables } from '../../storage/schema.ts'

/** One mail to one person: a row of a campaign's ledger, or a transactional mail. */
export type Delivery = Selectable<Tables['deliveries']>

export function deliveryById(db: Database, workspaceId: number, id: number): Promise<Delivery | undefined> {
  return db
    .selectFrom('deliveries')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .executeTakeFirst()
}

/** What is shown of a delivery: its status, or what has come back since. The strongest word wins. */
export type ShownStatus = Delivery['status'] | 'delivered' | 'bounced' | 'complained'

export function shownStatus(delivery: Delivery): ShownStatus {
  if (delivery.status !== 'sent') return delivery.status
  if (delivery.complained_at !== null) return 'complained'
  if (delivery.bounced_at !== null) return 'bounced'
  return delivery.delivered_at === null ? 'sent' : 'delivered'
}
