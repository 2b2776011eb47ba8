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
    // detail=none: nobody asks where in a text a token stands. A third of the index and of the work; candidates
    // for a substring are verified against messages.search_head.
    await sql`create virtual table search_heads using fts5(
      head, content='', contentless_delete=1, detail=none, tokenize='trigram'
    )`.execute(db)
    await sql`create virtual table search_words using fts5(
      words, content='', contentless_delete=1, detail=none, tokenize='unicode61 remove_diacritics 2'
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
      // As the indexes will have them: they are moved there without passing through here again.
      entries.map(({ id, inboxId, head, words }) => ({
        message_id: id,
        inbox_id: inboxId,
        head: `${trigramOf(inboxId)}\n${head}`,
        words: `${wordOf(inboxId)} ${words}`,
      })),
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
  const { rows } = await sql<{ last: number | null; count: number }>`
    select max(message_id) as last, count(*) as count
    from (select message_id from search_pending order by message_id limit ${most}) as portion
  `.execute(db)
  const { last = null, count = 0 } = rows[0] ?? {}
  if (last === null) return 0
  for (const [index, column] of [
    ['search_heads', 'head'],
    ['search_words', 'words'],
  ])
    await run(
      db,
      `insert into ${index} (rowid, ${column})
       select message_id, ${column} from search_pending where message_id <= ? order by message_id`,
      [last],
    )
  await run(db, 'delete from search_pending where message_id <= ?', [last])
  return count
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
