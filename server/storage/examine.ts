import { sql } from 'kysely'
import { statSync } from 'node:fs'
import { asFault } from './faults.ts'
import type { Location } from './location.ts'
import { pendingMigrations } from './migrations.ts'
import type { Database } from './schema.ts'
import { SqliteConnection } from './sqlite-connection.ts'

/** What only the engine itself can say about its health. */
export interface Examined {
  /** Name and version. */
  engine: string
  bytes: number
  pending: string[]
  /** Bytes of SQLite's write-ahead log. */
  log: number
  /** What is wrong with the pages, in the engine's words. */
  damage: string[]
  /** How far the server's clock is ahead of ours, in milliseconds; 0 for a file. */
  clockAhead: number
}

/** @throws StorageFault: it cannot be read at all */
export async function examine(db: Database, location: Location): Promise<Examined> {
  return location.engine === 'sqlite' ? examineFile(db, location.file) : examineServer(db)
}

async function examineFile(db: Database, file: string): Promise<Examined> {
  const { rows } = await sql<{ version: string }>`select sqlite_version() as version`.execute(db)
  const { rows: found } = await sql<{ quick_check: string }>`pragma quick_check(5)`.execute(db)
  return {
    engine: `SQLite ${rows[0]?.version}`,
    bytes: statSync(file).size,
    pending: await pendingMigrations(db, 'sqlite'),
    log: statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0,
    damage: found.map(row => row.quick_check).filter(text => text !== 'ok'),
    clockAhead: 0,
  }
}

async function examineServer(db: Database): Promise<Examined> {
  const asked = Date.now()
  const { rows } = await sql<{ version: string; bytes: number; now: number }>`
    select current_setting('server_version') as version, pg_database_size(current_database()) as bytes,
      (extract(epoch from clock_timestamp()) * 1000)::bigint as now
  `.execute(db)
  const [row] = rows
  return {
    engine: `PostgreSQL ${row?.version}`,
    bytes: row?.bytes ?? 0,
    pending: await pendingMigrations(db, 'postgres'),
    log: 0,
    damage: [],
    clockAhead: row ? row.now - (asked + Date.now()) / 2 : 0,
  }
}

/** Who keeps everybody else from writing, in words; undefined if nobody does. */
export async function heldUp(db: Database, location: Location): Promise<string | undefined> {
  if (location.engine === 'sqlite') return fileHeldUp(location.file)
  const { rows } = await sql<{ pid: number; seconds: number }>`
    select pid, extract(epoch from now() - xact_start)::bigint as seconds from pg_stat_activity
    where datname = current_database() and state like 'idle in transaction%' and pid <> pg_backend_pid()
      and xact_start < now() - interval '60 seconds'
    order by xact_start limit 1
  `.execute(db)
  const [row] = rows
  return row && `connection ${row.pid} has kept a transaction open for ${row.seconds} s`
}

function fileHeldUp(file: string): string | undefined {
  let connection: SqliteConnection | undefined
  try {
    connection = new SqliteConnection(file, 'write')
    connection.run('begin immediate', [])
    connection.run('rollback', [])
    return undefined
  } catch (error) {
    const { kind, message } = asFault(error)
    return kind === 'locked' ? 'another process has held the lock for writing for more than 4 s' : message
  } finally {
    connection?.close()
  }
}
