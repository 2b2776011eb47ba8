import { sql, type Kysely } from 'kysely'
import type { Engine } from './columns.ts'
import type { Database } from './schema.ts'

/** Past this it is no longer a word that somebody has begun to type. */
const MANY = 60

/** The terms of the word index in their order, to be looked up like the words of a dictionary; it stores nothing itself. */
export async function createVocabulary(db: Kysely<unknown>, engine: Engine): Promise<void> {
  if (engine !== 'sqlite') return
  await sql`create virtual table search_vocabulary using fts5vocab('search_words', 'instance')`.execute(db)
}

/**
 * The words of the index that begin so; undefined if they are too many to name. An index that is asked for a
 * beginning first joins the messages of all such words, whatever page is wanted: 100 to 300 ms for a common word
 * in a million messages. Asked for the words themselves it walks only as far as the page goes.
 */
export async function wordsBeginning(db: Database, beginning: string): Promise<string[] | undefined> {
  const length = [...beginning].length
  // Each step seeks behind the last word; walking on would visit it once for every message that has it.
  const { rows } = await sql<{ term: string }>`
    with recursive found (term) as (
      values ((select term from search_vocabulary where term >= ${beginning} limit 1))
      union all
      select (select term from search_vocabulary where term >= found.term || char(1) limit 1)
      from found where substr(found.term, 1, ${length}) = ${beginning}
    )
    select term from found where substr(term, 1, ${length}) = ${beginning} limit ${MANY + 1}
  `.execute(db)
  return rows.length > MANY ? undefined : rows.map(row => row.term)
}
