import { sql } from 'kysely'
import type { Storage } from '../../../storage/database.ts'
import type { Database } from '../../../storage/schema.ts'
import { hasWords, soughtWords } from '../../../storage/subscriber-search.ts'
import { audienceCounts, emailKey, type Subscriber, type SubscriberStatus } from '../../subscribers.ts'
import { Form } from './form.ts'
import type { Words } from './generation.ts'
import { groupKey } from './ids.ts'
import type { Input } from './input.ts'
import type { Page } from './paging.ts'

/** Ours: SendPortal's API has none (contract, section 4.1). Absent: it does not matter. */
export interface SubscriberFilter {
  email?: string
  /** Part of name or address. */
  name?: string
  statuses?: readonly SubscriberStatus[]
  /** Any of them. */
  tagIds?: number[]
}

/** Statements that pass over more rows than this are no small reads. */
const FAR = 5_000
const OUT = ['unsubscribed', 'bounced', 'complained'] as const
const STATUSES: Readonly<Record<string, readonly SubscriberStatus[]>> = {
  subscribed: ['subscribed'],
  unsubscribed: OUT,
  pending: ['pending'],
  bounced: ['bounced'],
  complained: ['complained'],
}

/** @throws Problem `invalid` */
export function subscriberFilter(query: Input, words: Words): SubscriberFilter {
  const form = new Form(query)
  const filter: SubscriberFilter = {}
  const email = form.text('email')
  const name = form.text('name')
  const status = form.text('status')
  const tags = form.ids(groupKey(form, words), true)
  if (email !== null) filter.email = email
  if (name !== null) filter.name = name
  if (tags !== null) filter.tagIds = tags.flatMap(({ id }) => id ?? [])
  if (status !== null) {
    const statuses = Object.hasOwn(STATUSES, status) ? STATUSES[status] : undefined
    if (statuses === undefined) form.fault('status', 'The selected status is invalid.')
    else filter.statuses = statuses
  }
  form.check()
  return filter
}

/** By last name, those without one first. */
export async function subscriberPage(
  { read, survey }: Pick<Storage, 'read' | 'survey'>,
  workspaceId: number,
  filter: SubscriberFilter,
  { limit, offset }: Page,
): Promise<{ total: number; subscribers: Subscriber[] }> {
  const { statuses, ...narrower } = filter
  const isCounted = Object.keys(narrower).length === 0
  const total = isCounted
    ? await counted(read, workspaceId, statuses)
    : await count(survey, workspaceId, filter)
  if (offset >= total) return { total, subscribers: [] }
  const db = isCounted && statuses === undefined && offset < FAR ? read : survey
  // Ids first: what is passed over costs an entry of the index each, and no row.
  const ids = matching(db, workspaceId, filter)
    .select('id')
    .orderBy('last_name', order => order.asc().nullsFirst())
    .orderBy('id')
    .limit(limit)
    .offset(offset)
  const subscribers = await db
    .selectFrom('subscribers')
    .selectAll()
    .where('id', 'in', ids)
    .orderBy('last_name', order => order.asc().nullsFirst())
    .orderBy('id')
    .execute()
  return { total, subscribers }
}

async function counted(
  db: Database,
  workspaceId: number,
  statuses: readonly SubscriberStatus[] | undefined,
): Promise<number> {
  const counts = await audienceCounts(db, workspaceId)
  const wanted = statuses ?? (Object.keys(counts) as SubscriberStatus[])
  return wanted.reduce((sum, status) => sum + counts[status], 0)
}

async function count(db: Database, workspaceId: number, filter: SubscriberFilter): Promise<number> {
  const { count: found } = await matching(db, workspaceId, filter)
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(found)
}

function matching(db: Database, workspaceId: number, filter: SubscriberFilter) {
  const { email, name, statuses, tagIds } = filter
  let query = db.selectFrom('subscribers').where('workspace_id', '=', workspaceId)
  if (email !== undefined) query = query.where('email_key', '=', emailKey(email))
  if (statuses !== undefined) query = query.where('status', 'in', statuses)
  if (name !== undefined) query = query.where(hasWords(soughtWords(name)))
  if (tagIds !== undefined)
    query =
      tagIds.length === 0
        ? query.where(sql<boolean>`1 = 0`)
        : query.where('id', 'in', tagged =>
            tagged.selectFrom('subscriber_tags').select('subscriber_id').where('tag_id', 'in', tagIds),
          )
  return query
}
