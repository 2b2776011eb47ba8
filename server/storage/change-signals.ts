import { sql, type Kysely } from 'kysely'
import type { Engine } from './columns.ts'

/** The channel on which a PostgreSQL database tells every node that something was written. */
export const CHANGES_CHANNEL = 'posthorn_changes'

/**
 * Whoever writes to one of the tables, wakes everybody who listens; a SQLite file needs nothing of the kind,
 * because `PRAGMA data_version` tells. Equal notifications of one transaction are sent once.
 */
export async function createChangeSignals(
  db: Kysely<unknown>,
  engine: Engine,
  tables: string[],
): Promise<void> {
  if (engine === 'sqlite') return
  await sql`
    create function posthorn_signal_change() returns trigger language plpgsql as $$
    begin
      perform pg_notify(${sql.lit(CHANGES_CHANNEL)}, tg_table_name);
      return null;
    end $$
  `.execute(db)
  await addChangeSignals(db, engine, tables)
}

/** The same for tables that came later. */
export async function addChangeSignals(db: Kysely<unknown>, engine: Engine, tables: string[]): Promise<void> {
  if (engine === 'sqlite') return
  for (const table of tables)
    await sql`
      create trigger ${sql.id(`${table}_signal_change`)} after insert or update or delete on ${sql.table(table)}
      for each statement execute function posthorn_signal_change()
    `.execute(db)
}
