import { type RawBuilder, sql, type SqlBool } from 'kysely'
import type { Database } from '../../storage/schema.ts'

/** A campaign with at least this part of all deliveries is read by reading all of them. */
const GREAT_PART = 1 / 20

/**
 * A campaign's rows, where all of them will be read: for a great one from one end of the file to the other, which takes
 * half of the time that an index does. The plus keeps the index out.
 */
export async function wholeLedger(db: Database, campaignId: number): Promise<RawBuilder<SqlBool>> {
  const { rows } = await sql<{ own: number | null; all: number | null }>`
    select sum(case when campaign_id = ${campaignId} then total else 0 end) as own, sum(total) as "all"
    from campaign_totals`.execute(db)
  const { own, all } = rows[0] ?? {}
  return Number(own) >= Number(all) * GREAT_PART
    ? sql<SqlBool>`+campaign_id = ${campaignId}`
    : sql<SqlBool>`campaign_id = ${campaignId}`
}
