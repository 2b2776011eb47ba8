import { sql } from 'kysely'
import { engineOf } from './columns.ts'
import type { Database } from './schema.ts'

/** Messages that the search does not know: after a backup was brought back, or when an index was lost. */
export async function unindexedMessages(
  db: Database,
  after: number,
  limit: number,
): Promise<{ id: number; inbox_id: number; search_head: string }[]> {
  const { rows } = await sql<{ id: number; inbox_id: number; search_head: string }>`
    select m.id, m.inbox_id, m.search_head from messages m
    where m.id > ${after} and ${isUnknown(db)} order by m.id limit ${limit}
  `.execute(db)
  return rows
}

export async function countUnindexed(db: Database): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from messages m where ${isUnknown(db)}
  `.execute(db)
  return rows[0]?.count ?? 0
}

/** The shadow table of FTS5 has one row for each entry; entries may also still wait for their turn. */
function isUnknown(db: Database) {
  return engineOf(db) === 'sqlite'
    ? sql`(not exists (select 1 from search_words_docsize d where d.id = m.id)
        or not exists (select 1 from search_heads_docsize d where d.id = m.id))
        and not exists (select 1 from search_pending p where p.message_id = m.id)`
    : sql`not exists (select 1 from search_index s where s.message_id = m.id)`
}

/** Entries of messages that are not there. */
export async function strayEntries(db: Database, limit: number): Promise<number[]> {
  const entries =
    engineOf(db) === 'sqlite'
      ? sql`(select id from search_words_docsize union select id from search_heads_docsize
          union select message_id from search_pending) as e`
      : sql`(select message_id as id from search_index) as e`
  const { rows } = await sql<{ id: number }>`
    select e.id from ${entries} where not exists (select 1 from messages m where m.id = e.id)
    order by e.id limit ${limit}
  `.execute(db)
  return rows.map(row => row.id)
}
