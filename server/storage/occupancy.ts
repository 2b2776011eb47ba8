import { sql } from 'kysely'
import { existsSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import type { Location } from './location.ts'
import { asFault } from './faults.ts'
import type { Database } from './schema.ts'
import { openUnchanged } from './snapshot.ts'
import { SqliteConnection } from './sqlite-connection.ts'

/** Whether somebody lives in the database: a place that has none may be filled without asking. */
export async function isInhabited(location: Location): Promise<boolean> {
  if (location.engine === 'sqlite' && !existsSync(location.file)) return false
  const db = openUnchanged(location)
  try {
    const { rows } = await (location.engine === 'sqlite'
      ? sql`select 1 from sqlite_master where type = 'table' and name = 'users'`
      : sql`select 1 where to_regclass('users') is not null`
    ).execute(db)
    if (rows.length === 0) return false
    return (await db.selectFrom('users').select('id').limit(1).executeTakeFirst()) !== undefined
  } catch (error) {
    // What cannot be read may still be dear to somebody.
    if (location.engine === 'sqlite' && isUnreadable(error)) return true
    throw error
  } finally {
    await db.destroy()
  }
}

/** Whether another process has the database open, even if it does nothing with it now. */
export async function isInUse(location: Location): Promise<boolean> {
  return location.engine === 'sqlite' ? fileInUse(location.file) : serverInUse(location)
}

function fileInUse(file: string): boolean {
  if (!existsSync(file)) return false
  let connection: SqliteConnection | undefined
  try {
    connection = new SqliteConnection(file, 'write')
    connection.pragma('busy_timeout = 500')
    // Every connection in WAL mode holds a shared lock on the file until it is closed, and leaving that mode
    // needs the file for oneself. The next to open it turns it back.
    connection.pragma('journal_mode = DELETE')
    return false
  } catch (error) {
    if (asFault(error).kind === 'locked') return true
    // A file that is damaged, or no database at all, is what one comes to replace.
    if (isUnreadable(error)) return false
    throw error
  } finally {
    connection?.close()
  }
}

function isUnreadable(error: unknown): boolean {
  return ['unwell', 'damaged'].includes(asFault(error).kind)
}

async function serverInUse(location: Location): Promise<boolean> {
  const db = openUnchanged(location)
  try {
    const { rows } = await sql<{ count: number }>`
      select count(*) as count from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()
        and coalesce(backend_type, 'client backend') = 'client backend'
    `.execute(db)
    return (rows[0]?.count ?? 0) > 0
  } finally {
    await db.destroy()
  }
}

/** Puts what is there out of the way, whole, and answers where it is now and the way back. */
export async function moveAside(
  location: Location,
  folder: string,
  stamp: string,
): Promise<{ where: string; undo(): Promise<void> }> {
  if (location.engine === 'sqlite') {
    const moved = ['', '-wal', '-shm'].filter(rest => existsSync(`${location.file}${rest}`))
    for (const rest of moved) renameSync(`${location.file}${rest}`, join(folder, `posthorn.db${rest}`))
    return {
      where: folder,
      undo: async () => {
        for (const rest of moved) renameSync(join(folder, `posthorn.db${rest}`), `${location.file}${rest}`)
      },
    }
  }
  const aside = `posthorn_before_${stamp.toLowerCase().replaceAll(/[^a-z0-9]/g, '')}`
  const schema = await renameSchema(location, aside)
  return { where: `schema ${aside}`, undo: () => renameSchemaBack(location, aside, schema) }
}

/** Kysely looks for its own tables in every schema: those put aside must not be found. */
const MIGRATOR_TABLES = ['kysely_migration', 'kysely_migration_lock']

async function renameTable(db: Database, schema: string, from: string, to: string): Promise<void> {
  await sql`alter table if exists ${sql.id(schema, from)} rename to ${sql.id(to)}`.execute(db)
}

/** All tables at once; the extension of the search stays where it is looked for. */
async function renameSchema(location: Location, aside: string): Promise<string> {
  const db = openUnchanged(location)
  try {
    return await db.transaction().execute(async trx => {
      const { rows } = await sql<{ schema: string }>`select current_schema() as schema`.execute(trx)
      const schema = rows[0]?.schema ?? 'public'
      await sql`alter schema ${sql.id(schema)} rename to ${sql.id(aside)}`.execute(trx)
      await sql`create schema ${sql.id(schema)}`.execute(trx)
      for (const table of MIGRATOR_TABLES) await renameTable(trx, aside, table, `${table}_before`)
      const { rows: extensions } = await sql<{ name: string }>`
        select extname as name from pg_extension e join pg_namespace n on n.oid = e.extnamespace
        where n.nspname = ${aside} and e.extname = 'pg_trgm'
      `.execute(trx)
      if (extensions.length > 0) await sql`alter extension pg_trgm set schema ${sql.id(schema)}`.execute(trx)
      return schema
    })
  } finally {
    await db.destroy()
  }
}

async function renameSchemaBack(location: Location, aside: string, schema: string): Promise<void> {
  const db = openUnchanged(location)
  try {
    await db.transaction().execute(async trx => {
      const { rows } = await sql`
        select 1 from pg_extension e join pg_namespace n on n.oid = e.extnamespace
        where n.nspname = ${schema} and e.extname = 'pg_trgm'
      `.execute(trx)
      if (rows.length > 0) await sql`alter extension pg_trgm set schema ${sql.id(aside)}`.execute(trx)
      for (const table of MIGRATOR_TABLES) await renameTable(trx, aside, `${table}_before`, table)
      await sql`drop schema ${sql.id(schema)} cascade`.execute(trx)
      await sql`alter schema ${sql.id(aside)} rename to ${sql.id(schema)}`.execute(trx)
    })
  } finally {
    await db.destroy()
  }
}
