import { sql } from 'kysely'
import type { Storage } from '../../storage/database.ts'
import { wholeLedger } from './whole-ledger.ts'

export const OVER_TIME = {
  sent: 'sent_at',
  delivered: 'delivered_at',
  opened: 'opened_at',
  clicked: 'clicked_at',
  bounced: 'bounced_at',
} as const

export interface OverTime {
  bucketSeconds: number
  /** Null: it never happened. */
  from: number | null
  points: number[]
}

const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** How fine the buckets are, by the time that is to be shown (contract, section 5.6; what is longer is ours). Seconds. */
const BUCKETS = [
  [30 * MINUTE, MINUTE],
  [HOUR, 2 * MINUTE],
  [2 * HOUR, 4 * MINUTE],
  [3 * HOUR, 5 * MINUTE],
  [6 * HOUR, 10 * MINUTE],
  [12 * HOUR, 30 * MINUTE],
  [DAY, HOUR],
  [2 * DAY, 2 * HOUR],
  [7 * DAY, 6 * HOUR],
  [31 * DAY, DAY],
] as const
const BEYOND = 7 * DAY

/**
 * When recipients did it first.
 * @param hours how many behind the first of them are shown; null: all
 */
export async function overTime(
  { read, survey }: Pick<Storage, 'read' | 'survey'>,
  campaignId: number,
  kind: keyof typeof OVER_TIME,
  hours: number | null,
): Promise<OverTime> {
  const column = sql.ref(OVER_TIME[kind])
  // Of what happens to nearly all of them there is no index.
  const ofCampaign =
    kind === 'sent' || kind === 'delivered'
      ? await wholeLedger(read, campaignId)
      : sql`campaign_id = ${campaignId}`
  const { rows } = await sql<{ minute: number; count: number }>`
    select ${column} / 60000 as minute, count(*) as count from deliveries
    where ${ofCampaign} and ${column} is not null group by 1 order by 1`.execute(survey)
  return inBuckets(
    rows.map(row => ({ minute: Number(row.minute), count: Number(row.count) })),
    hours,
  )
}

/** @param counts by minute since 1970, ascending */
export function inBuckets(
  counts: readonly { minute: number; count: number }[],
  hours: number | null,
): OverTime {
  const first = counts[0]?.minute
  if (first === undefined) return { bucketSeconds: MINUTE, from: null, points: [] }
  const until = hours === null ? Number.POSITIVE_INFINITY : first + hours * 60
  const shown = counts.filter(({ minute }) => minute < until)
  const last = shown.at(-1)?.minute ?? first
  const span = (last - first + 1) * MINUTE
  const bucketSeconds = BUCKETS.find(([longest]) => span <= longest)?.[1] ?? BEYOND
  const size = bucketSeconds / MINUTE
  const start = Math.floor(first / size) * size
  const points = Array<number>(Math.floor((last - start) / size) + 1).fill(0)
  for (const { minute, count } of shown) {
    const at = Math.floor((minute - start) / size)
    points[at] = (points[at] ?? 0) + count
  }
  return { bucketSeconds, from: start * MINUTE * 1000, points }
}
