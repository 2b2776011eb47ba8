import { type RawBuilder, sql, type SqlBool } from 'kysely'
import type { Storage } from '../../storage/database.ts'
import type { Database } from '../../storage/schema.ts'
import { type Found, foundByIndex, isIndexed } from '../../storage/subscriber-search.ts'
import { everybodyOf } from './audience-scan.ts'
import { type Matching, type SubscriberFilter, subscribersMatching } from './subscriber-filter.ts'
import { audienceCounts, type Subscriber } from './subscribers.ts'

export type SubscriberOrder = 'newest' | 'oldest' | 'email' | 'name'

/** Where a page begins: behind this one, whether it is still there or not. */
type Position = Pick<Subscriber, 'id' | 'email_key' | 'last_name'>

interface Page {
  order: SubscriberOrder
  after?: Position | undefined
  limit: number
}

type Where = RawBuilder<SqlBool>
type Readers = Pick<Storage, 'read' | 'survey'>

/** What fewer than one in so many have is looked up and sorted; of what more have, an ordered walk soon fills a page. */
const RARE = 20
/** The newest so many are looked through before the index is asked, which is slowest with what is common. */
const NEWEST = 2_000
/** Up to so many hits of a search are sorted by name or address; more are so common that everybody is read. */
const SORTED_HITS = 5_000
/** An audience of this size is walked through faster than an index of everybody's is asked. */
const SMALL = 10_000

/**
 * One page of those the filter finds. Whatever the order, pages neither repeat nor leave out anybody who stays as
 * they are, while others come and go.
 * @throws Problem `invalid`
 */
export async function listSubscribers(
  storage: Readers,
  workspaceId: number,
  filter: SubscriberFilter,
  page: Page,
): Promise<Subscriber[]> {
  const { read, survey } = storage
  const matching = await subscribersMatching(read, workspaceId, filter)
  const ours = sql<SqlBool>`subscribers.workspace_id = ${workspaceId}`
  const where = [ours, matching.where]
  const byId = page.order === 'newest' || page.order === 'oldest'
  if (matching.exactly !== undefined) return walk(read, where, page)

  const counts = await audienceCounts(read, workspaceId)
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0)
  if (matching.words.length > 0 && total > SMALL && (await isIndexed(read, matching.words)))
    return byId
      ? searchById(survey, where, matching, page)
      : searchSorted(survey, where, matching, page, await everybodyOf(read, workspaceId))

  const asksMuch =
    matching.words.length > 0 || filter.segment_id !== undefined || filter.definition !== undefined
  if (asksMuch)
    return byId || total <= SMALL
      ? walk(survey, where, page)
      : sorted(survey, [await everybodyOf(read, workspaceId), matching.where], page)

  // What is left is a status, a tag, both or neither: their sizes are known.
  const { status, tag_id } = filter
  const rarer = Math.min(status === undefined ? total : counts[status], matching.tagged ?? total)
  const db = status !== undefined && tag_id !== undefined ? survey : read
  if (tag_id !== undefined && (byId || rarer * RARE < total)) {
    const tagged: Found = {
      from: sql`subscriber_tags cross join subscribers`,
      where: sql<SqlBool>`subscriber_tags.tag_id = ${tag_id} and subscribers.id = subscriber_tags.subscriber_id`,
      id: sql.ref('subscriber_tags.subscriber_id'),
    }
    const among = [...where, tagged.where]
    return byId ? walk(db, among, page, tagged) : sorted(survey, among, page, tagged.from)
  }
  if (byId || status === undefined) return walk(db, where, page)
  if (rarer * RARE < total) return sorted(survey, where, page)
  // No column, and so not the index of the status.
  return walk(survey, [ours, sql<SqlBool>`subscribers.status || '' = ${status}`, matching.where], page)
}

/**
 * How many there are; on the reading thread, unless a counter knows.
 * @throws Problem `invalid`
 */
export async function countSubscribers(
  storage: Readers,
  workspaceId: number,
  filter: SubscriberFilter,
): Promise<number> {
  const known = await knownCount(storage.read, workspaceId, filter)
  if (known !== undefined) return known
  const matching = await subscribersMatching(storage.read, workspaceId, filter)
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from subscribers
    where ${await everybodyOf(storage.read, workspaceId)} and ${matching.where}
  `.execute(storage.survey)
  return Number(rows[0]?.count)
}

/**
 * What needs no counting: everybody, those of a status, those with a tag. Undefined: anything else.
 * @throws Problem `invalid`
 */
export async function knownCount(
  db: Database,
  workspaceId: number,
  filter: SubscriberFilter,
): Promise<number | undefined> {
  const { search = '', status, tag_id, segment_id, definition } = filter
  if (search.trim() !== '' || segment_id !== undefined || definition !== undefined) return undefined
  if (tag_id !== undefined)
    return status === undefined ? (await subscribersMatching(db, workspaceId, filter)).tagged : undefined
  const counts = await audienceCounts(db, workspaceId)
  return status === undefined ? Object.values(counts).reduce((sum, count) => sum + count, 0) : counts[status]
}

/** By id, through the index of the search: first the newest, or oldest, then what it has beyond them. */
async function searchById(
  db: Database,
  where: Where[],
  matching: Matching,
  page: Page,
): Promise<Subscriber[]> {
  const direction = page.order === 'newest' ? sql`desc` : sql`asc`
  const [ours] = where
  const from = sql`(
    select * from subscribers where ${all([ours, ...beyond(page)])} order by id ${direction} limit ${NEWEST}
  ) as subscribers`
  const near = await select(db, from, [matching.where], sql`subscribers.id ${direction}`, page.limit)
  if (near.length >= page.limit) return near
  const found = foundByIndex(db, matching.words, await sampleOf(db, ours))
  return walk(db, [...where, found.where], page, found)
}

async function searchSorted(
  db: Database,
  where: Where[],
  matching: Matching,
  page: Page,
  everybody: Where,
): Promise<Subscriber[]> {
  const found = foundByIndex(db, matching.words, await sampleOf(db, where[0]))
  const { rows } = await sql<{ id: number }>`
    select ${found.id} as id from ${found.from} where ${all([found.where, ...where])} limit ${SORTED_HITS + 1}
  `.execute(db)
  if (rows.length > SORTED_HITS) return sorted(db, [everybody, matching.where], page)
  if (rows.length === 0) return []
  const ids = sql.join(rows.map(({ id }) => id))
  return sorted(db, [sql<SqlBool>`subscribers.id in (${ids})`, ...where], page)
}

async function sampleOf(db: Database, ours: Where | undefined): Promise<string[]> {
  const { rows } = await sql<{ search: string }>`
    select search from subscribers where ${all([ours])} order by id desc limit 64
  `.execute(db)
  return rows.map(({ search }) => search)
}

/** Along the index that has the order, until the page is full. */
async function walk(db: Database, where: Where[], page: Page, found?: Found): Promise<Subscriber[]> {
  const id = found?.id ?? sql.ref<number>('subscribers.id')
  const from = found?.from ?? sql`subscribers`
  const order = ORDERS[page.order](id)
  const { after, limit } = page
  if (page.order !== 'name' || after?.last_name !== null)
    return select(db, from, [...where, ...beyond(page, id)], order, limit)
  // Who has no name comes first. Asked in two, each part begins where the index has it.
  const nameless = sql<SqlBool>`subscribers.last_name is null and subscribers.id > ${after.id}`
  const rest = await select(db, from, [...where, nameless], sql`subscribers.id`, limit)
  if (rest.length >= limit) return rest
  const named = sql<SqlBool>`subscribers.last_name is not null`
  return [...rest, ...(await select(db, from, [...where, named], order, limit - rest.length))]
}

/**
 * All of them are read, and the first kept. Texts joined to nothing are no columns: so that the index of the order,
 * which leads to everybody, stays out of it.
 */
function sorted(db: Database, where: Where[], page: Page, from = sql`subscribers`): Promise<Subscriber[]> {
  const { order, after, limit } = page
  const [email, name] = [sql`subscribers.email_key || ''`, sql`subscribers.last_name || ''`]
  if (order === 'email') {
    const further = after === undefined ? [] : [sql<SqlBool>`${email} > ${after.email_key}`]
    return select(db, from, [...where, ...further], email, limit)
  }
  if (order === 'name') {
    const further = after === undefined ? [] : [beyondName(after, name)]
    return select(db, from, [...where, ...further], sql`${name} nulls first, subscribers.id`, limit)
  }
  return select(db, from, [...where, ...beyond(page)], ORDERS[order](sql.ref('subscribers.id')), limit)
}

async function select(
  db: Database,
  from: RawBuilder<unknown>,
  where: Where[],
  order: RawBuilder<unknown>,
  limit: number,
): Promise<Subscriber[]> {
  const { rows } = await sql<Subscriber>`
    select subscribers.* from ${from} where ${all(where)} order by ${order} limit ${limit}
  `.execute(db)
  return rows
}

const ORDERS: Record<SubscriberOrder, (id: RawBuilder<number>) => RawBuilder<unknown>> = {
  newest: id => sql`${id} desc`,
  oldest: id => sql`${id}`,
  email: () => sql`subscribers.email_key`,
  name: id => sql`subscribers.last_name nulls first, ${id}`,
}

function beyond({ order, after }: Page, id = sql.ref<number>('subscribers.id')): Where[] {
  if (after === undefined) return []
  if (order === 'newest') return [sql<SqlBool>`${id} < ${after.id}`]
  if (order === 'oldest') return [sql<SqlBool>`${id} > ${after.id}`]
  if (order === 'email') return [sql<SqlBool>`subscribers.email_key > ${after.email_key}`]
  return [beyondName(after, sql.ref('subscribers.last_name'))]
}

function beyondName({ id, last_name }: Position, name: RawBuilder<unknown>): Where {
  return last_name === null
    ? sql<SqlBool>`(${name} is not null or subscribers.id > ${id})`
    : sql<SqlBool>`(${name}, subscribers.id) > (${last_name}, ${id})`
}

function all(where: (Where | undefined)[]): Where {
  return sql<SqlBool>`${sql.join(
    where.filter(each => each !== undefined),
    sql` and `,
  )}`
}
