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
