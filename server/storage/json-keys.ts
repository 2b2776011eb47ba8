import { type RawBuilder, sql } from 'kysely'
import { engineOf } from './columns.ts'
import type { Database } from './schema.ts'

/**
 * A JSON column without one of its keys.
 * @param key letters, digits and underscores
 */
export function withoutKey(db: Database, column: string, key: string): RawBuilder<string> {
  return engineOf(db) === 'postgres'
    ? sql`${sql.ref(column)} - ${key}::text`
    : sql`json_remove(${sql.ref(column)}, ${`$.${key}`})`
}

/**
 * A value in a text column that holds a JSON object, as text; of a truth one engine says `true` and the other 1.
 * @param key letters, digits and underscores
 */
export function jsonText(db: Database, column: string, key: string): RawBuilder<string | null> {
  return engineOf(db) === 'postgres'
    ? sql`(${sql.ref(column)}::jsonb ->> ${key}::text)`
    : sql`(${sql.ref(column)} ->> ${`$.${key}`})`
}
