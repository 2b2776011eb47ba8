import { type RawBuilder, sql } from 'kysely'
import { engineOf } from './columns.ts'
import type { Database } from './schema.ts'

/**
 * What follows the @ of an address, in lower case. Of the few whose local part has an @ too (in quotes), one engine
 * takes the first of them.
 */
export function domainOf(db: Database, column: string): RawBuilder<string> {
  return engineOf(db) === 'postgres'
    ? sql`lower(substring(${sql.ref(column)} from '[^@]*$'))`
    : sql`lower(substr(${sql.ref(column)}, instr(${sql.ref(column)}, '@') + 1))`
}
