import { type SelectQueryBuilder, sql } from 'kysely'
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

/** Rows that may be read as they are, by several at once, but that nobody may change until the transaction ends. */
export async function keepStill<T extends keyof Tables, O>(
  db: Database,
  rows: SelectQueryBuilder<Tables, T, O>,
): Promise<void> {
  if (engineOf(db) === 'postgres') await rows.forShare().execute()
}

/**
 * Lets one transaction at a time change the audience of a workspace: each of them touches many rows and the
 * counters they share, and two that met them in different order would lock each other out.
 */
export async function holdAudience(trx: Database, workspaceId: number): Promise<void> {
  if (engineOf(trx) === 'postgres')
    await sql`select pg_advisory_xact_lock(${AUDIENCE_LOCK}::int, ${workspaceId}::int)`.execute(trx)
}

/** Any number that no other kind of advisory lock has. */
const AUDIENCE_LOCK = 6
