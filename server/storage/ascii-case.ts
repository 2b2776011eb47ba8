import { type Expression, type RawBuilder, sql } from 'kysely'
import { engineOf } from './columns.ts'
import type { Database } from './schema.ts'

/** Lower case for the letters of ASCII, and for no others: what both engines do alike, whatever the locale. */
export function lowered(db: Database, text: Expression<unknown>): RawBuilder<string | null> {
  return engineOf(db) === 'postgres' ? sql`lower((${text}) collate "C")` : sql`lower(${text})`
}

export function lowerAscii(text: string): string {
  return text.replace(/[A-Z]+/g, letters => letters.toLowerCase())
}
