import { type Kysely, sql } from 'kysely'
import { engineOf, type Engine } from './columns.ts'
import type { Database } from './schema.ts'

/**
 * The substring search over names and addresses: trigrams of `subscribers.search`, which is folded (see
 * search-terms.ts). The index follows the table by itself, but for the rows of imports (see deferSearch).
 */
export async function createSubscriberSearch(db: Kysely<unknown>, engine: Engine): Promise<void> {
  if (engine === 'postgres') {
    await sql`create index subscribers_search on subscribers using gin (search gin_trgm_ops)`.execute(db)
    return
  }
  await sql`create virtual table subscriber_search using fts5(
    search, content='', contentless_delete=1, detail=none, tokenize='trigram'
  )`.execute(db)
  await sql`create table subscriber_search_waiting (
    first_id integer primary key, last_id integer not null
  )`.execute(db)
  const add = 'insert into subscriber_search (rowid, search) values (new.id, new.search);'
  const remove = 'delete from subscriber_search where rowid = old.id;'
  for (const trigger of [
    `create trigger subscribers_found_in after insert on subscribers when ${indexed('new')} begin ${add} end`,
    `create trigger subscribers_found_out after delete on subscribers when ${indexed('old')} begin ${remove} end`,
    `create trigger subscribers_found_anew after update of search on subscribers
     when old.search <> new.search and ${indexed('new')} begin ${remove} ${add} end`,
  ])
    await sql.raw(trigger).execute(db)
}

/** Said of a row in a trigger. */
function indexed(row: 'new' | 'old'): string {
  return `not exists (select 1 from subscriber_search_waiting where ${row}.id between first_id and last_id)`
}

/**
 * Rows with these ids are about to be inserted by the thousand: they are indexed later (see settleSubscriberSearch).
 * Beside the import it was a third of the work. PostgreSQL keeps such a list by itself (GIN fastupdate).
 * @param ids ascending, without a gap
 */
export async function deferSearch(trx: Database, ids: readonly number[]): Promise<void> {
  const [first] = ids
  const last = ids.at(-1)
  if (engineOf(trx) === 'postgres' || first === undefined || last === undefined) return
  const { numAffectedRows } = await sql`
    update subscriber_search_waiting set last_id = ${last} where last_id = ${first - 1}`.execute(trx)
  if (numAffectedRows === 0n)
    await sql`insert into subscriber_search_waiting (first_id, last_id) values (${first}, ${last})`.execute(
      trx,
    )
}

/** Whether there are rows that the index does not know yet: then it must not be asked. */
export async function isSearchWaiting(db: Database): Promise<boolean> {
  if (engineOf(db) === 'postgres') return false
  return (await sql`select 1 from subscriber_search_waiting limit 1`.execute(db)).rows.length > 0
}

/** Indexes some of the rows that wait for it. @returns whether there may be more */
export async function settleSubscriberSearch(trx: Database, most: number): Promise<boolean> {
  if (engineOf(trx) === 'postgres') return false
  const { rows } = await sql<{ first_id: number; last_id: number }>`
    select first_id, last_id from subscriber_search_waiting order by first_id limit 1`.execute(trx)
  const [waiting] = rows
  if (waiting === undefined) return false
  const { first_id, last_id } = waiting
  const end = Math.min(last_id, first_id + most - 1)
  await sql`insert into subscriber_search (rowid, search)
    select id, search from subscribers where id between ${first_id} and ${end}`.execute(trx)
  if (end === last_id)
    await sql`delete from subscriber_search_waiting where first_id = ${first_id}`.execute(trx)
  else
    await sql`update subscriber_search_waiting set first_id = ${end + 1} where first_id = ${first_id}`.execute(
      trx,
    )
  return true
}
