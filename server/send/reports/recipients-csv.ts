import type { Storage } from '../../storage/database.ts'
import type { Campaign } from '../campaigns/campaigns.ts'
import { type Delivery, shownStatus } from '../deliveries/deliveries.ts'
import { messageIdOf } from '../deliveries/message-id.ts'
import { csvLine } from '../export/csv-line.ts'

/** Rows of one question. */
const PORTION = 1_000

const MOMENTS = [
  'sent_at',
  'delivered_at',
  'opened_at',
  'clicked_at',
  'bounced_at',
  'complained_at',
  'unsubscribed_at',
  'machine_opened_at',
  'machine_clicked_at',
] as const

/**
 * The ledger of a campaign as CSV, one line for each recipient, a portion at a time as it is asked for.
 * @param key of Secrets.key(DELIVERY_KEY)
 */
export async function* recipientsCsv(
  { survey }: Pick<Storage, 'survey'>,
  key: Buffer,
  { id: campaignId, from_email }: Pick<Campaign, 'id' | 'from_email'>,
): AsyncGenerator<string> {
  yield csvLine([
    'email',
    'status',
    'reason',
    'attempts',
    'open_count',
    'click_count',
    ...MOMENTS,
    'subscriber_id',
    'delivery_id',
    'message_id',
  ])
  for (let after = 0; ; ) {
    const rows: Delivery[] = await survey
      .selectFrom('deliveries')
      .selectAll()
      .where('campaign_id', '=', campaignId)
      .where('id', '>', after)
      .orderBy('id')
      .limit(PORTION)
      .execute()
    const last = rows.at(-1)
    if (last === undefined) return
    yield rows.map(row => csvLine(cellsOf(row, messageIdOf(key, row, from_email)))).join('')
    if (rows.length < PORTION) return
    after = last.id
  }
}

function cellsOf(row: Delivery, messageId: string): string[] {
  return [
    row.email,
    shownStatus(row),
    row.reason ?? '',
    String(row.attempts),
    String(row.open_count),
    String(row.click_count),
    ...MOMENTS.map(column => instant(row[column])),
    String(row.subscriber_id ?? ''),
    String(row.id),
    messageId,
  ]
}

function instant(at: number | null): string {
  return at === null ? '' : new Date(at).toISOString()
}
