import { type Kysely, sql } from 'kysely'
import type { Engine } from './columns.ts'

/**
 * The substring search over names and addresses: trigrams of `subscribers.search`, which is folded (see
 * search-terms.ts). The index follows the table by itself.
 */
export async function createSubscriberSearch(db: Kysely<unknown>, engine: Engine): Promise<void> {
  if (engine === 'postgres') {
    await sql`create index subscribers_search on subscribers using gin (search gin_trgm_ops)`.execute(db)
    return
  }
  await sql`create virtual table subscriber_search using fts5(
    search, content='', contentless_delete=1, detail=none, tokenize='trigram'
  )`.execute(db)
  const add = 'insert into subscriber_search (rowid, search) values (new.id, new.search);'
  const remove = 'delete from subscriber_search where rowid = old.id;'
  for (const trigger of [
    `create trigger subscribers_found_in after insert on subscribers begin ${add} end`,
    `create trigger subscribers_found_out after delete on subscribers begin ${remove} end`,
    `create trigger subscribers_found_anew after update of search on subscribers
     when old.search <> new.search begin ${remove} ${add} end`,
  ])
    await sql.raw(trigger).execute(db)
}
