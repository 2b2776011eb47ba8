import { sql } from 'kysely'
import type { Storage } from '../storage/database.ts'
import { everybodyOf } from './audience-scan.ts'
import type { SegmentGroup } from './segment-definition.ts'
import { whereIn } from './segments.ts'
import type { Subscriber } from './subscribers.ts'
import { isSuppressed } from './suppressed.ts'

export interface Reach {
  /** All whom the definition holds. */
  count: number
  /** Those of them who would get a mail now. */
  reachable: number
}

/** How many it holds, in one walk over the audience, on the reading thread. */
export async function reachOf(
  { read, survey }: Pick<Storage, 'read' | 'survey'>,
  workspaceId: number,
  definition: SegmentGroup,
): Promise<Reach> {
  const where = await whereIn(read, workspaceId, definition)
  const { rows } = await sql<Record<keyof Reach, number | null>>`
    select count(*) as count,
      sum(case when subscribers.status = 'subscribed' and not ${isSuppressed(read, workspaceId)} then 1 else 0 end) as reachable
    from subscribers where ${await everybodyOf(read, workspaceId)} and ${where}
  `.execute(survey)
  return { count: Number(rows[0]?.count), reachable: Number(rows[0]?.reachable ?? 0) }
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
