import { type Expression, type RawBuilder, type SqlBool, sql } from 'kysely'
import { engineOf } from './columns.ts'
import type { Database } from './schema.ts'

/**
 * Whether a value is among those a query gives, asked of a million rows. SQLite makes a table of the answers once;
 * PostgreSQL would do so only while they fit into its working memory, and asks again for each row otherwise: it is
 * given an array, which it hashes.
 */
export function isAmong(
  db: Database,
  value: Expression<unknown>,
  those: RawBuilder<unknown>,
): RawBuilder<SqlBool> {
  return engineOf(db) === 'postgres'
    ? sql<SqlBool>`${value} = any(array(${those}))`
    : sql<SqlBool>`${value} in (${those})`
}

/** Lower case for the letters of ASCII, and for no others: what both engines do alike, whatever the locale. */
export function lowered(db: Database, text: Expression<unknown>): RawBuilder<string | null> {
  return engineOf(db) === 'postgres' ? sql`lower((${text}) collate "C")` : sql`lower(${text})`
}

export function lowerAscii(text: string): string {
  return text.replace(/[A-Z]+/g, letters => letters.toLowerCase())
}
