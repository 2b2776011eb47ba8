import { type RawBuilder, sql, type SqlBool } from 'kysely'
import { Problem } from '../../problem.ts'
import type { Database } from '../../storage/schema.ts'
import { hasWords, soughtWords } from '../../storage/subscriber-search.ts'
import type { SegmentGroup } from '../segments/segment-definition.ts'
import { segmentById, whereIn } from '../segments/segments.ts'
import { subscriberByEmail, type SubscriberStatus } from './subscribers.ts'
import { tagById } from './tags.ts'

/** Whom a list, a file or a bulk action is about: all of it counts; nothing named is everybody. */
export interface SubscriberFilter {
  /** Words out of names and address. A whole address that somebody has is that one person. */
  search?: string
  status?: SubscriberStatus
  tag_id?: number
  segment_id?: number
  /** Of a segment that nobody has saved. */
  definition?: SegmentGroup
}

export const SUBSCRIBER_STATUSES: readonly SubscriberStatus[] = [
  'subscribed',
  'unsubscribed',
  'pending',
  'bounced',
  'complained',
]

/** Ready to be asked; each part is a condition on `subscribers`. */
export interface Matching {
  /** All of it, but that they are of the workspace. */
  where: RawBuilder<SqlBool>
  /** What is to be found in names and addresses, when there is anything and it is not somebody's address. */
  words: string[]
  /** Whose address was searched for. */
  exactly: number | undefined
  /** Subscribers of the tag. */
  tagged: number | undefined
}

/** @throws Problem `invalid`: the tag or the segment does not exist */
export async function subscribersMatching(
  db: Database,
  workspaceId: number,
  filter: SubscriberFilter,
): Promise<Matching> {
  const search = filter.search?.trim() ?? ''
  const exact = search.includes('@') ? await subscriberByEmail(db, workspaceId, search) : undefined
  const words = exact === undefined ? soughtWords(search) : []
  const tag = filter.tag_id === undefined ? undefined : await tagById(db, workspaceId, filter.tag_id)
  if (filter.tag_id !== undefined && tag === undefined) refuse('tag_id')
  const parts = [
    ...(exact === undefined ? [] : [sql<SqlBool>`subscribers.id = ${exact.id}`]),
    ...(words.length === 0 ? [] : [hasWords(words)]),
    ...(filter.status === undefined ? [] : [sql<SqlBool>`subscribers.status = ${filter.status}`]),
    ...(tag === undefined ? [] : [hasTag(tag.id)]),
  ]
  if (filter.segment_id !== undefined) {
    const segment = await segmentById(db, workspaceId, filter.segment_id)
    if (segment === undefined) refuse('segment_id')
    parts.push(await whereIn(db, workspaceId, segment.definition))
  }
  if (filter.definition !== undefined) parts.push(await whereIn(db, workspaceId, filter.definition))
  return {
    where: parts.length === 0 ? sql<SqlBool>`1 = 1` : sql<SqlBool>`${sql.join(parts, sql` and `)}`,
    words,
    exactly: exact?.id,
    tagged: tag?.subscribers_count,
  }
}

function hasTag(id: number): RawBuilder<SqlBool> {
  return sql<SqlBool>`exists (
    select 1 from subscriber_tags where tag_id = ${id} and subscriber_id = subscribers.id
  )`
}

function refuse(field: string): never {
  throw new Problem('invalid', '', { fields: { [field]: ['does not exist'] } })
}
