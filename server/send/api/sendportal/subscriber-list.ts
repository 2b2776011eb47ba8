import { type RawBuilder, sql, type SqlBool } from 'kysely'
import type { Storage } from '../../../storage/database.ts'
import type { Database } from '../../../storage/schema.ts'
import { foundByIndex, hasWords, isIndexed, soughtWords } from '../../../storage/subscriber-search.ts'
import { everybodyOf } from '../../audience/audience-scan.ts'
import {
  audienceCounts,
  emailKey,
  type Subscriber,
  type SubscriberStatus,
} from '../../audience/subscribers.ts'
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
  storage: Pick<Storage, 'read' | 'survey'>,
  workspaceId: number,
  filter: SubscriberFilter,
  { limit, offset }: Page,
): Promise<{ total: number; subscribers: Subscriber[] }> {
  const { read, survey } = storage
  const { statuses, ...narrower } = filter
  const isCounted = Object.keys(narrower).length === 0
  const where = await conditions(storage, workspaceId, filter)
  const total = isCounted ? await counted(read, workspaceId, statuses) : await count(survey, where)
  if (offset >= total) return { total, subscribers: [] }
  const db = isCounted && statuses === undefined && offset < FAR ? read : survey
  // Ids first: what is passed over costs an entry of the index each, and no row.
  const { rows } = await sql<Subscriber>`
    select * from subscribers where id in (
      select subscribers.id from subscribers where ${where.all}
      order by ${where.lastName} nulls first, subscribers.id limit ${limit} offset ${offset}
    ) order by last_name nulls first, id`.execute(db)
  return { total, subscribers: rows }
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

async function count(db: Database, { all }: Conditions): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from subscribers where ${all}`.execute(db)
  return Number(rows[0]?.count)
}

interface Conditions {
  all: RawBuilder<SqlBool>
  /** What is sorted by. */
  lastName: RawBuilder<unknown>
}

async function conditions(
  { read, survey }: Pick<Storage, 'read' | 'survey'>,
  workspaceId: number,
  { email, name, statuses, tagIds }: SubscriberFilter,
): Promise<Conditions> {
  const parts: RawBuilder<SqlBool>[] = []
  if (email !== undefined) parts.push(sql`subscribers.email_key = ${emailKey(email)}`)
  if (statuses !== undefined) parts.push(sql`subscribers.status in (${sql.join(statuses)})`)
  if (tagIds !== undefined)
    parts.push(
      tagIds.length === 0
        ? sql`1 = 0`
        : sql`subscribers.id in (select subscriber_id from subscriber_tags where tag_id in (${sql.join(tagIds)}))`,
    )
  const ours = sql<SqlBool>`subscribers.workspace_id = ${workspaceId}`
  const all = (first: RawBuilder<SqlBool>) => sql<SqlBool>`${sql.join([first, ...parts], sql` and `)}`
  if (name === undefined) return { all: all(ours), lastName: sql`subscribers.last_name` }

  const words = soughtWords(name)
  const hits = await hitsOf(survey, ours, words)
  parts.push(hits === undefined ? hasWords(words) : sql`subscribers.id in (${sql.join(hits)})`)
  // A text joined to nothing is no column: everybody is read once, and not one by one as the index has them.
  return {
    all: all(hits === undefined ? await everybodyOf(read, workspaceId) : ours),
    lastName: sql`subscribers.last_name || ''`,
  }
}

/** Hits of a search that are so many are not found one by one: everybody is read. */
const MANY = 5_000

/** Whom the index of the search finds; undefined: too many, or what is sought is too short for it. */
async function hitsOf(
  db: Database,
  ours: RawBuilder<SqlBool>,
  words: string[],
): Promise<number[] | undefined> {
  if (!(await isIndexed(db, words))) return undefined
  const found = foundByIndex(db, words, [])
  const { rows } = await sql<{ id: number }>`
    select ${found.id} as id from ${found.from}
    where ${found.where} and ${ours} and ${hasWords(words)} limit ${MANY + 1}`.execute(db)
  if (rows.length > MANY) return undefined
  // Nobody has the id 0: an empty list is no list in SQL.
  return rows.length === 0 ? [0] : rows.map(({ id }) => id)
}
