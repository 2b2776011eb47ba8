import { sql } from 'kysely'
import type { Database } from '../../storage/schema.ts'
import type { Delivery } from '../deliveries/deliveries.ts'
import type { DeliveryEvent } from '../deliveries/delivery-events.ts'

/** What a provider names beyond so many is counted for the mail, and not for itself: links with a name in them. */
const MOST_LINKS = 500
const MOST_URL = 2000
const TRACKED = /\/t\/c\/[\w-]{20}\/(\d{1,9})(?:$|[?#])/

/**
 * Which link of the campaign a URL is. A provider that tracks although it is told not to has seen our own redirect in its
 * place; what stands in no mail as it was frozen (tracking was off then) becomes a link of the campaign now.
 */
export async function linkOfUrl(
  trx: Database,
  { campaign_id: campaignId }: Delivery,
  url: string,
): Promise<number | null> {
  if (campaignId === null || url === '' || url.length > MOST_URL) return null
  const number = Number(TRACKED.exec(url)?.[1] ?? Number.NaN)
  const links = trx.selectFrom('campaign_links').where('campaign_id', '=', campaignId)
  const known = await links
    .select('id')
    .where(({ eb }) => (Number.isNaN(number) ? eb('url', '=', url) : eb('number', '=', number)))
    .limit(1)
    .executeTakeFirst()
  if (known !== undefined || !Number.isNaN(number)) return known?.id ?? null
  const { last, count } = await links
    .select(({ fn }) => [fn.max('number').as('last'), fn.countAll<number>().as('count')])
    .executeTakeFirstOrThrow()
  if (Number(count) >= MOST_LINKS) return null
  const added = await trx
    .insertInto('campaign_links')
    .values({ campaign_id: campaignId, number: (last ?? 0) + 1, url })
    .onConflict(conflict => conflict.doNothing())
    .returning('id')
    .executeTakeFirst()
  return added?.id ?? null
}

/** After the event was recorded. */
export async function countLinkClick(
  trx: Database,
  deliveryId: number,
  linkId: number,
  verdict: DeliveryEvent['verdict'],
): Promise<void> {
  const update = trx.updateTable('campaign_links').where('id', '=', linkId)
  if (verdict !== 'person')
    return void (await update.set({ machine_clicks: sql`machine_clicks + 1` }).execute())
  const { count } = await trx
    .selectFrom('delivery_events')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('delivery_id', '=', deliveryId)
    .where('kind', '=', 'clicked')
    .where('link_id', '=', linkId)
    .where('verdict', '=', 'person')
    .executeTakeFirstOrThrow()
  const isFirst = Number(count) === 1
  await update.set({ clicks: sql`clicks + 1`, ...(isFirst && { clicked: sql`clicked + 1` }) }).execute()
}
