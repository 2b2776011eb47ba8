import { Kysely } from 'kysely'
import { copyFileSync, constants, rmSync } from 'node:fs'
import { syncFile } from './backup-file.ts'
import { copyTables } from './copy.ts'
import { openDatabase } from './database.ts'
import type { Location } from './location.ts'
import type { Database, Tables } from './schema.ts'
import { sqliteDialect } from './sqlite.ts'
import { SqliteConnection } from './sqlite-connection.ts'

/**
 * Makes a database out of what writeBackup has written, brought up to the tables of this program.
 * @param file beside the place where the database is to be; it is gone at the end
 * @param reindex gives the messages their search entries
 * @throws StorageFault: nothing was made then
 */
export async function prepareRestore(
  backup: string,
  file: string,
  reindex: (db: Database) => Promise<void>,
): Promise<void> {
  copyFileSync(backup, file, constants.COPYFILE_FICLONE)
  try {
    // Migrated here and not in its place: the backup stays as it is.
    const db = await openDatabase({ engine: 'sqlite', file })
    try {
      await reindex(db)
    } finally {
      await db.destroy()
    }
    syncFile(file)
  } catch (error) {
    discard(file)
    throw error
  }
}

/** For the other engine: the rows of a prepared file into an empty database, all or nothing. */
export async function copyInto(
  location: Location,
  file: string,
  reindex: (db: Database) => Promise<void>,
  tell: (done: number, total: number) => void,
): Promise<void> {
  const target = await openDatabase(location)
  const source = new Kysely<Tables>({ dialect: sqliteDialect(new SqliteConnection(file, 'read')) })
  try {
    await target.transaction().execute(async trx => {
      await copyTables(source, trx, tell)
      await reindex(trx)
    })
  } finally {
    await source.destroy()
    await target.destroy()
  }
}

export function discard(file: string): void {
  for (const rest of ['', '-journal', '-wal', '-shm']) rmSync(`${file}${rest}`, { force: true })
}
