import { type RawBuilder, sql, type SqlBool } from 'kysely'
import type { Storage } from '../../storage/database.ts'
import { everybodyOf } from '../audience/audience-scan.ts'
import type { SegmentGroup } from './segment-definition.ts'
import { whereIn } from './segments.ts'
import type { Subscriber } from '../audience/subscribers.ts'

export interface Reach {
  /** All whom the definition holds. */
  count: number
  /** Those of them who would get a mail now. */
  reachable: number
}

/**
 * How many it holds, in one walk over the audience, on the reading thread. Asking each of a million whether they
 * are suppressed takes half a second; the list is short, and is asked instead who of it is among them.
 */
export async function reachOf(
  storage: Pick<Storage, 'read' | 'survey'>,
  workspaceId: number,
  definition: SegmentGroup,
): Promise<Reach> {
  const { read, survey } = storage
  const where = await whereIn(read, workspaceId, definition)
  const listed = await listedKinds(storage, workspaceId)
  const open = listed.domain
    ? sql<SqlBool>`subscribers.status = 'subscribed' and subscribers.domain not in (${values(workspaceId, 'domain')})`
    : sql<SqlBool>`subscribers.status = 'subscribed'`
  const { rows } = await sql<Record<keyof Reach, number | null>>`
    select count(*) as count, sum(case when ${open} then 1 else 0 end) as reachable
    from subscribers where ${await everybodyOf(read, workspaceId)} and ${where}
  `.execute(survey)
  const reachable = Number(rows[0]?.reachable ?? 0)
  const suppressed = listed.address ? await suppressedOf(storage, workspaceId, sql`${where} and ${open}`) : 0
  return { count: Number(rows[0]?.count), reachable: reachable - suppressed }
}

type Kind = 'address' | 'domain'

function values(workspaceId: number, kind: Kind): RawBuilder<unknown> {
  return sql`select value from suppressions where workspace_id = ${workspaceId} and kind = ${kind}`
}

async function listedKinds(
  { read }: Pick<Storage, 'read'>,
  workspaceId: number,
): Promise<Record<Kind, boolean>> {
  const has = async (kind: Kind) =>
    (await sql`${values(workspaceId, kind)} limit 1`.execute(read)).rows.length > 0
  return { address: await has('address'), domain: await has('domain') }
}

async function suppressedOf(
  { survey }: Pick<Storage, 'survey'>,
  workspaceId: number,
  where: RawBuilder<unknown>,
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from suppressions cross join subscribers
    where suppressions.workspace_id = ${workspaceId} and suppressions.kind = 'address'
      and subscribers.workspace_id = ${workspaceId} and subscribers.email_key = suppressions.value and ${where}
  `.execute(survey)
  return Number(rows[0]?.count)
}

/** The first of them to come. */
export async function firstOf(
  { read, survey }: Pick<Storage, 'read' | 'survey'>,
  workspaceId: number,
  definition: SegmentGroup,
  limit: number,
): Promise<Subscriber[]> {
  const where = await whereIn(read, workspaceId, definition)
  return survey
    .selectFrom('subscribers')
    .selectAll()
    .where(await everybodyOf(read, workspaceId))
    .where(where)
    .orderBy('id')
    .limit(limit)
    .execute()
}
