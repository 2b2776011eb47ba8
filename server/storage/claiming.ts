import type { SelectQueryBuilder } from 'kysely'
import { engineOf } from './columns.ts'
import type { Database, Tables } from './schema.ts'

/**
 * Rows that are about to be claimed: what another connection is claiming at this moment is passed over instead of
 * waited for. Where there is only one writer at a time nobody else can be.
 */
export function claimable<T extends keyof Tables, O>(
  db: Database,
  rows: SelectQueryBuilder<Tables, T, O>,
): SelectQueryBuilder<Tables, T, O> {
  return engineOf(db) === 'postgres' ? rows.forUpdate().skipLocked() : rows
}
