import { CompiledQuery, sql, type Kysely } from 'kysely'
import { insertRows } from './bulk.ts'
import { engineOf, type Engine } from './columns.ts'
import type { Database } from './schema.ts'
import { trigramOf, wordOf, wordsIn } from './search-terms.ts'

/**
 * Two indexes over caught messages. *Heads* answer the substring search over subject and recipients;
 * *words* the word search over everything that can be read in the message. Both give ids, newest first.
 * Each entry carries its inbox as one more token, so that a term which is common elsewhere costs nothing here.
 */
export interface SearchEntry {
  id: number
  inboxId: number
  /** Folded (see fold). */
  head: string
  /** Folded. */
  words: string
}

export async function createSearchTables(db: Kysely<unknown>, engine: Engine): Promise<void> {
  if (engine === 'sqlite') {
    // detail=none: a third of the index and of the work; candidates are verified against messages.search_head.
    await sql`create virtual table search_heads using fts5(
      head, content='', contentless_delete=1, detail=none, tokenize='trigram'
    )`.execute(db)
    await sql`create virtual table search_words using fts5(
      words, content='', contentless_delete=1, detail=full, tokenize='unicode61 remove_diacritics 2'
    )`.execute(db)
    // Where entries wait for company (see settleSearch).
    await sql`create table search_pending (
      message_id integer primary key, inbox_id integer not null, head text not null, words text not null
    )`.execute(db)
    // Ids are taken in bulk from the sequence before the first insert has made its row.
    await sql`insert into sqlite_sequence (name, seq) values ('messages', 0), ('attachments', 0), ('raw_packs', 0)`.execute(
      db,
    )
    return
  }
  await sql`create extension if not exists pg_trgm`.execute(db)
  await sql`create table search_index (
    message_id bigint primary key, inbox_id bigint not null, head text not null, words tsvector not null
  )`.execute(db)
  await sql`create index search_heads on search_index using gin (head gin_trgm_ops)`.execute(db)
  await sql`create index search_words on search_index using gin (words)`.execute(db)
}

export async function indexMessages(db: Database, entries: readonly SearchEntry[]): Promise<void> {
  if (engineOf(db) === 'sqlite') {
    await insertRows(
      db,
      'search_pending',
      entries.map(({ id, inboxId, head, words }) => ({ message_id: id, inbox_id: inboxId, head, words })),
    )
    return
  }
  await run(
    db,
    `insert into search_index (message_id, inbox_id, head, words)
     select id, inbox, head, to_tsvector('simple', words)
     from unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[]) as entry (id, inbox, head, words)`,
    [
      entries.map(entry => entry.id),
      entries.map(entry => entry.inboxId),
      entries.map(entry => entry.head),
      entries.map(entry => `${wordOf(entry.inboxId)} ${wordsIn(entry.words).join(' ')}`),
    ],
  )
}

/**
 * Moves waiting entries into the SQLite indexes, and answers how many. FTS5 writes and merges a segment with
 * every commit: at 50 messages a commit that was half of all work (100 µs a message), at some hundreds it is not.
 * PostgreSQL keeps such a list by itself (GIN fastupdate).
 */
export async function settleSearch(db: Database, most: number): Promise<number> {
  if (engineOf(db) !== 'sqlite') return 0
  const { rows } = await sql<{ message_id: number; inbox_id: number; head: string; words: string }>`
    select * from search_pending order by message_id limit ${most}
  `.execute(db)
  for (const { message_id, inbox_id, head, words } of rows) {
    await run(db, 'insert into search_heads (rowid, head) values (?, ?)', [
      message_id,
      `${trigramOf(inbox_id)}\n${head}`,
    ])
    await run(db, 'insert into search_words (rowid, words) values (?, ?)', [
      message_id,
      `${wordOf(inbox_id)} ${words}`,
    ])
  }
  const last = rows.at(-1)
  if (last) await run(db, 'delete from search_pending where message_id <= ?', [last.message_id])
  return rows.length
}

export async function unindexMessages(db: Database, ids: readonly number[]): Promise<void> {
  if (engineOf(db) === 'sqlite') {
    for (const id of ids) {
      await run(db, 'delete from search_pending where message_id = ?', [id])
      await run(db, 'delete from search_heads where rowid = ?', [id])
      await run(db, 'delete from search_words where rowid = ?', [id])
    }
    return
  }
  await run(db, 'delete from search_index where message_id = any($1::bigint[])', [ids])
}

function run(db: Database, text: string, parameters: readonly unknown[]) {
  return db.executeQuery(CompiledQuery.raw(text, [...parameters]))
}
