import { type RawBuilder, sql } from 'kysely'
import { engineOf } from './columns.ts'
import type { Database } from './schema.ts'

/** Milliseconds since 1970 by the clock that all who use the database share: their own may differ. */
export function databaseClock(db: Database): RawBuilder<number> {
  return engineOf(db) === 'postgres'
    ? sql`cast(extract(epoch from clock_timestamp()) * 1000 as bigint)`
    : sql`cast(${Date.now()} as integer)`
}
