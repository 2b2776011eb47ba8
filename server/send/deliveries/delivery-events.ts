import type { Selectable } from 'kysely'
import { storable } from '../../accounts/storable.ts'
import type { Database, Tables } from '../../storage/schema.ts'

export type DeliveryEvent = Selectable<Tables['delivery_events']>

export interface NewDeliveryEvent {
  workspaceId: number
  deliveryId: number
  campaignId: number | null
  kind: DeliveryEvent['kind']
  at: number
  verdict?: DeliveryEvent['verdict']
  linkId?: number | null
  url?: string | null
  ip?: string | null
  userAgent?: string | null
  source: string
  /** With the source: `sendgrid:evt-1`. Null: it is told once. */
  eventKey?: string | null
  detail?: Record<string, unknown>
}

const MOST_TEXT = 1000

/** @returns whether it is new: what is told twice happened once */
export async function recordDeliveryEvent(trx: Database, event: NewDeliveryEvent): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto('delivery_events')
    .values({
      workspace_id: event.workspaceId,
      delivery_id: event.deliveryId,
      campaign_id: event.campaignId,
      kind: event.kind,
      at: event.at,
      verdict: event.verdict ?? null,
      link_id: event.linkId ?? null,
      url: clipped(event.url),
      ip: clipped(event.ip),
      user_agent: clipped(event.userAgent),
      source: event.source,
      event_key: clipped(event.eventKey),
      detail: storable(JSON.stringify(event.detail ?? {})),
    })
    .onConflict(conflict => conflict.doNothing())
    .executeTakeFirst()
  return (numInsertedOrUpdatedRows ?? 0n) > 0n
}

function clipped(text: string | null | undefined): string | null {
  return text === null || text === undefined ? null : storable(text).slice(0, MOST_TEXT)
}

/** Newest last. */
export function eventsOfDelivery(db: Database, deliveryId: number, limit = 500): Promise<DeliveryEvent[]> {
  return db
    .selectFrom('delivery_events')
    .selectAll()
    .where('delivery_id', '=', deliveryId)
    .orderBy('id')
    .limit(limit)
    .execute()
}
