import { type RawBuilder, sql, type SqlBool } from 'kysely'
import { engineOf } from './columns.ts'
import type { Database } from './schema.ts'
import { fold } from './search-terms.ts'
import { isSearchWaiting } from './subscriber-search-index.ts'

const MAX_WORDS = 10
const MAX_LENGTH = 100

/** What somebody looks for, folded as names and addresses are: each of the words must stand in them somewhere. */
export function soughtWords(text: string): string[] {
  const words = fold(text)
    .split(/\s+/)
    .filter(word => word !== '')
  return [...new Set(words)].slice(0, MAX_WORDS).map(word => [...word].slice(0, MAX_LENGTH).join(''))
}

/** Whether a row of `subscribers` has all of the words; `%` and `_` stand for themselves. */
export function hasWords(words: readonly string[]): RawBuilder<SqlBool> {
  const each = words.map(
    word => sql<SqlBool>`subscribers.search like ${`%${word.replace(/[\\%_]/g, '\\$&')}%`} escape '\\'`,
  )
  return each.length === 0 ? sql<SqlBool>`1 = 1` : sql<SqlBool>`${sql.join(each, sql` and `)}`
}

/** Whether the index may be asked. Under three characters there is no trigram to look up. */
export async function isIndexed(db: Database, words: readonly string[]): Promise<boolean> {
  return words.some(word => [...word].length >= 3) && !(await isSearchWaiting(db))
}

/** Where rows that may have the words are found, in the order of their ids; hasWords tells which of them do. */
export interface Found {
  from: RawBuilder<unknown>
  where: RawBuilder<SqlBool>
  id: RawBuilder<number>
}

/** @param sample a few of the texts that are looked through */
export function foundByIndex(db: Database, words: readonly string[], sample: readonly string[]): Found {
  if (engineOf(db) === 'postgres')
    return { from: sql`subscribers`, where: sql<SqlBool>`1 = 1`, id: sql.ref('subscribers.id') }
  const match = rarestTrigrams(words, sample).map(trigram => `"${trigram.replaceAll('"', '""')}"`)
  return {
    // CROSS JOIN keeps the index in front: it is walked by id and left as soon as the page is full.
    from: sql`subscriber_search cross join subscribers`,
    where: sql<SqlBool>`subscriber_search match ${match.join(' AND ')} and subscribers.id = subscriber_search.rowid`,
    id: sql.ref('subscriber_search.rowid'),
  }
}

/**
 * The four that fewest of the sample have. The index walks a list for each: those that everybody has cost most and
 * exclude nobody.
 */
function rarestTrigrams(words: readonly string[], sample: readonly string[]): string[] {
  const trigrams = new Set<string>()
  for (const word of words) {
    const characters = [...word]
    for (let i = 0; i + 3 <= characters.length; i++) trigrams.add(characters.slice(i, i + 3).join(''))
  }
  return [...trigrams]
    .map(trigram => ({ trigram, count: sample.filter(text => text.includes(trigram)).length }))
    .toSorted((a, b) => a.count - b.count)
    .slice(0, 4)
    .map(({ trigram }) => trigram)
}
