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

/**
 * Rows that nobody else may change until the transaction ends. Two transactions that take the same rows in the same
 * order wait for each other; in different order they would lock each other out.
 */
export async function hold<T extends keyof Tables, O>(
  db: Database,
  rows: SelectQueryBuilder<Tables, T, O>,
): Promise<void> {
  if (engineOf(db) === 'postgres') await rows.forUpdate().execute()
}
