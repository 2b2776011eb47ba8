import { type RawBuilder, sql } from 'kysely'
import { engineOf } from './columns.ts'
import type { Database } from './schema.ts'
import { fold, trigramOf, wordOf, wordsIn } from './search-terms.ts'
import { wordsBeginning } from './search-vocabulary.ts'

export interface SearchPage {
  /** Only ids below this one. */
  before?: number | undefined
  /** Only ids above this one. */
  after?: number | undefined
  /** Only messages that nobody has read. */
  unread?: boolean | undefined
  limit: number
  offset?: number | undefined
}

/** Under three characters there is no trigram to look up: the newest this many messages are read instead. */
const SHORT_SCAN = 100_000

/**
 * The newest this many are looked through before the index is asked. What is common is found among them, and
 * there the index is at its worst: it walks down to a page of messages from the top.
 */
const NEWEST = 500

/** Ids of messages whose subject or recipients contain the text, ignoring case, newest first; `%` and `_` stand for themselves. */
export async function searchHeads(
  db: Database,
  inboxId: number,
  text: string,
  page: SearchPage,
): Promise<number[]> {
  const needle = fold(text)
  const like = `%${needle.replace(/[\\%_]/g, '\\$&')}%`
  const { before, after } = bounds(page)
  const offset = page.offset ?? 0
  const characters = [...needle]
  if (characters.length < 3)
    return idsOf(
      await sql<Row>`
        select id from (
          select id, search_head from messages
          where inbox_id = ${inboxId} and id < ${before} and id > ${after}
          order by id desc limit ${SHORT_SCAN}
        ) as newest
        where search_head like ${like} escape '\\' ${unreadIfAsked(page, 'newest.id')}
        order by id desc limit ${page.limit} offset ${offset}
      `.execute(db),
    )
  if (engineOf(db) === 'postgres')
    return idsOf(
      await sql<Row>`
        select message_id as id from search_index
        where inbox_id = ${inboxId} and message_id < ${before} and message_id > ${after}
          and head like ${like} escape '\\' ${unreadIfAsked(page, 'search_index.message_id')}
        order by message_id desc limit ${page.limit} offset ${offset}
      `.execute(db),
    )
  const newest = await newestHeads(db, inboxId, page)
  const hits = newest.filter(
    each => each.search_head.includes(needle) && !(page.unread && each.is_read === 1),
  )
  if (newest.length < NEWEST || hits.length >= offset + page.limit)
    return hits.slice(offset, offset + page.limit).map(({ id }) => id)
  const match = [trigramOf(inboxId), ...rarestTrigrams(characters, newest)].map(quoted).join(' AND ')
  return withWaiting(
    db,
    inboxId,
    page,
    ({ head }) => head.includes(needle),
    async (limit, skipped) =>
      // CROSS JOIN keeps the index in front: it is walked newest first and left as soon as the page is full.
      idsOf(
        await sql<Row>`
        select m.id from search_heads cross join messages m on m.id = search_heads.rowid
        where search_heads match ${match} and search_heads.rowid < ${before} and search_heads.rowid > ${after}
          and m.inbox_id = ${inboxId} and m.search_head like ${like} escape '\\'
          ${unreadIfAsked(page, 'm.id')}
        order by search_heads.rowid desc limit ${limit} offset ${skipped}
      `.execute(db),
      ),
  )
}

interface Head {
  id: number
  search_head: string
  is_read: number
}

async function newestHeads(db: Database, inboxId: number, page: SearchPage): Promise<Head[]> {
  const { before, after } = bounds(page)
  const { rows } = await sql<Head>`
    select id, search_head, is_read from messages
    where inbox_id = ${inboxId} and id < ${before} and id > ${after}
    order by id desc limit ${NEWEST}
  `.execute(db)
  return rows
}

/**
 * The four trigrams that fewest of these messages have. The index walks a list for each: those that all messages
 * have cost most and exclude nothing, and every hit is verified anyway. (Two to nine were tried.)
 */
function rarestTrigrams(characters: string[], among: readonly Head[]): string[] {
  const trigrams = new Set<string>()
  for (let i = 0; i + 3 <= characters.length; i++) trigrams.add(characters.slice(i, i + 3).join(''))
  const some = among.slice(0, 64)
  return [...trigrams]
    .map(trigram => ({ trigram, count: some.filter(each => each.search_head.includes(trigram)).length }))
    .toSorted((a, b) => a.count - b.count)
    .slice(0, 4)
    .map(({ trigram }) => trigram)
}

/** Ids of messages that hold every word of the text, newest first; the last word may be unfinished. */
export async function searchWords(
  db: Database,
  inboxId: number,
  text: string,
  page: SearchPage,
): Promise<number[]> {
  const terms = wordsIn(fold(text))
  const unfinished = terms.at(-1)
  if (unfinished === undefined) return []
  const { before, after } = bounds(page)
  if (engineOf(db) === 'postgres') {
    const query = [wordOf(inboxId), ...terms].map(term => `'${term}'`).join(' & ')
    return idsOf(
      await sql<Row>`
        select message_id as id from search_index
        where words @@ to_tsquery('simple', ${`${query}:*`}) and message_id < ${before} and message_id > ${after}
          ${unreadIfAsked(page, 'search_index.message_id')}
        order by message_id desc limit ${page.limit} offset ${page.offset ?? 0}
      `.execute(db),
    )
  }
  const ends = await wordsBeginning(db, unfinished)
  const end = ends ? `(${ends.map(quoted).join(' OR ')})` : `${quoted(unfinished)}*`
  const match = [...[wordOf(inboxId), ...terms.slice(0, -1)].map(quoted), end].join(' AND ')
  const holdsAll = ({ words }: Waiting) => {
    const held = new Set(wordsIn(words))
    return (
      terms.slice(0, -1).every(term => held.has(term)) && [...held].some(word => word.startsWith(unfinished))
    )
  }
  return withWaiting(db, inboxId, page, holdsAll, async (limit, skipped) => {
    if (ends?.length === 0) return []
    return idsOf(
      await sql<Row>`
        select rowid as id from search_words
        where search_words match ${match} and rowid < ${before} and rowid > ${after}
          ${unreadIfAsked(page, 'search_words.rowid')}
        order by rowid desc limit ${limit} offset ${skipped}
      `.execute(db),
    )
  })
}

interface Row {
  id: number
}

function bounds({ before, after }: SearchPage): { before: number; after: number } {
  return { before: before ?? Number.MAX_SAFE_INTEGER, after: after ?? 0 }
}

/** The indexes do not know who has read what: each hit is looked up, until the page is full. */
function unreadIfAsked({ unread }: SearchPage, id: string): RawBuilder<unknown> {
  if (unread !== true) return sql``
  return sql`and exists (select 1 from messages as seen where seen.id = ${sql.ref(id)} and seen.is_read = 0)`
}

interface Waiting {
  message_id: number
  head: string
  words: string
}

/**
 * Entries that wait for the index (see settleSearch) are newer than all that are in it, and few: they are read
 * one by one, so that who sends a message and then searches for it finds it.
 */
async function withWaiting(
  db: Database,
  inboxId: number,
  page: SearchPage,
  fits: (entry: Waiting) => boolean,
  indexed: (limit: number, skipped: number) => Promise<number[]>,
): Promise<number[]> {
  const { before, after } = bounds(page)
  const { rows } = await sql<Waiting>`
    select * from search_pending
    where inbox_id = ${inboxId} and message_id < ${before} and message_id > ${after}
      ${unreadIfAsked(page, 'search_pending.message_id')}
    order by message_id desc
  `.execute(db)
  const waiting = rows.filter(fits).map(entry => entry.message_id)
  const offset = page.offset ?? 0
  const fresh = waiting.slice(offset, offset + page.limit)
  const rest = await indexed(page.limit - fresh.length, Math.max(0, offset - waiting.length))
  // One that was moved into the index between the two looks is in both.
  return [...new Set([...fresh, ...rest])]
}

function idsOf({ rows }: { rows: Row[] }): number[] {
  return rows.map(row => row.id)
}

function quoted(term: string): string {
  return `"${term.replaceAll('"', '""')}"`
}
