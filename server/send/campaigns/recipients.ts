import { type RawBuilder, sql, type SqlBool } from 'kysely'
import type { Storage } from '../../storage/database.ts'
import type { Database } from '../../storage/schema.ts'
import { everybodyOf } from '../audience/audience-scan.ts'
import { whereIn } from '../segments/segments.ts'
import type { Campaign, Recipients } from './campaigns.ts'

/** Whom a campaign reaches, and why the others whom it is meant for are left out. */
export interface AudienceReceipt {
  /** Everybody it is meant for, each once. */
  total: number
  included: number
  unsubscribed: number
  bounced: number
  complained: number
  /** Who have not confirmed yet. */
  pending: number
  suppressed: number
  /** How often somebody has more than one of the chosen tags. */
  duplicates: number
}

export const NOBODY: AudienceReceipt = {
  total: 0,
  included: 0,
  unsubscribed: 0,
  bounced: 0,
  complained: 0,
  pending: 0,
  suppressed: 0,
  duplicates: 0,
}

/** A campaign, or one that may become one. */
export type Aimed = Pick<Campaign, 'workspace_id' | 'send_to_all'>

/** Everybody a campaign is meant for, as a condition on `subscribers`: the union of its tags and segments. */
export async function meantFor(
  db: Database,
  { workspace_id, send_to_all }: Aimed,
  { tags, segments }: Recipients,
  now: number,
): Promise<RawBuilder<SqlBool>> {
  if (send_to_all === 1) return sql<SqlBool>`1 = 1`
  const parts: RawBuilder<SqlBool>[] = []
  if (tags.length > 0)
    parts.push(
      sql<SqlBool>`+subscribers.id in (select subscriber_id from subscriber_tags where tag_id in (${sql.join(tags)}))`,
    )
  if (segments.length > 0) {
    const rows = await db
      .selectFrom('segments')
      .select('definition')
      .where('workspace_id', '=', workspace_id)
      .where('id', 'in', segments)
      .execute()
    for (const { definition } of rows)
      parts.push(await whereIn(db, workspace_id, JSON.parse(definition), now))
  }
  return parts.length === 0 ? sql<SqlBool>`1 = 0` : sql<SqlBool>`(${sql.join(parts, sql` or `)})`
}

/** Whether the subscriber, or their whole domain, is on the workspace's list of those who get nothing. */
export const isSuppressed = sql<SqlBool>`(exists (
    select 1 from suppressions where suppressions.workspace_id = subscribers.workspace_id
    and suppressions.kind = 'address' and suppressions.value = subscribers.email_key)
  or exists (select 1 from suppressions where suppressions.workspace_id = subscribers.workspace_id
    and suppressions.kind = 'domain' and suppressions.value = subscribers.domain))`

/** Whom it would reach now: what is shown before it is sent. */
export async function countRecipients(
  { read, survey }: Pick<Storage, 'read' | 'survey'>,
  aimed: Aimed,
  recipients: Recipients,
  now = Date.now(),
): Promise<AudienceReceipt> {
  const where = sql<SqlBool>`${await everybodyOf(read, aimed.workspace_id)}
    and ${await meantFor(read, aimed, recipients, now)}`
  const anySuppressed = await read
    .selectFrom('suppressions')
    .select('id')
    .where('workspace_id', '=', aimed.workspace_id)
    .limit(1)
    .executeTakeFirst()
  // Asking each of a million takes half a second: not for an empty list.
  const suppressed = anySuppressed === undefined ? sql`0` : sql`case when ${isSuppressed} then 1 else 0 end`
  const { rows } = await sql<StatusCount>`
    select subscribers.status, ${suppressed} as suppressed, count(*) as count
    from subscribers where ${where} group by 1, 2`.execute(survey)
  const receipt = receiptOf(rows)
  return { ...receipt, duplicates: await duplicatesAmong(survey, aimed, recipients) }
}

export interface StatusCount {
  status: 'subscribed' | 'unsubscribed' | 'pending' | 'bounced' | 'complained'
  suppressed: number
  count: number
}

export function receiptOf(rows: readonly StatusCount[]): AudienceReceipt {
  const receipt = { ...NOBODY }
  for (const { status, suppressed, count } of rows) {
    const people = Number(count)
    receipt.total += people
    if (status !== 'subscribed') receipt[status] += people
    else if (Number(suppressed) === 1) receipt.suppressed += people
    else receipt.included += people
  }
  return receipt
}

export function addReceipts(one: AudienceReceipt, other: AudienceReceipt): AudienceReceipt {
  const sum = { ...one }
  for (const key of Object.keys(sum) as (keyof AudienceReceipt)[]) sum[key] += other[key]
  return sum
}

async function duplicatesAmong(
  survey: Database,
  { send_to_all }: Aimed,
  { tags }: Recipients,
): Promise<number> {
  if (send_to_all === 1 || tags.length < 2) return 0
  const { rows } = await sql<{ taggings: number; people: number }>`
    select count(*) as taggings, count(distinct subscriber_id) as people
    from subscriber_tags where tag_id in (${sql.join(tags)})`.execute(survey)
  return Number(rows[0]?.taggings) - Number(rows[0]?.people)
}
