import { Kysely } from 'kysely'
import { closeSync, copyFileSync, constants, fsyncSync, openSync, rmSync } from 'node:fs'
import { type Copied, copyTables } from './copy.ts'
import { openDatabase } from './database.ts'
import { asFault } from './faults.ts'
import type { Location } from './location.ts'
import type { Tables } from './schema.ts'
import { readSnapshot } from './snapshot.ts'
import { sqliteDialect } from './sqlite.ts'
import { SqliteConnection } from './sqlite-connection.ts'

/**
 * Writes everything that is stored, at one moment of a database that may be in use, into a file: SQLite's format,
 * from either engine, without the search index, which is made again from the messages.
 * @param before an earlier file of the same; only what differs from it is read and written
 * @returns once the file is on disk
 */
export async function writeBackup(
  location: Location,
  file: string,
  before: string | undefined,
  tell: (done: number, total: number) => void,
): Promise<Copied> {
  // Brought up to date first: both sides have the same tables then.
  await (await openDatabase(location)).destroy()
  try {
    // A file system that can, shares the blocks.
    if (before !== undefined) copyFileSync(before, file, constants.COPYFILE_FICLONE)
    await (await openDatabase({ engine: 'sqlite', file })).destroy()
    const copied = await fill(location, file, tell)
    syncFile(file)
    return copied
  } catch (error) {
    rmSync(file, { force: true })
    throw error instanceof Error && 'syscall' in error ? error : asFault(error)
  } finally {
    for (const rest of ['-journal', '-wal', '-shm']) rmSync(`${file}${rest}`, { force: true })
  }
}

async function fill(
  location: Location,
  file: string,
  tell: (done: number, total: number) => void,
): Promise<Copied> {
  const connection = new SqliteConnection(file, 'write')
  // One file that can be read where nothing can be written beside it. Nobody sees it before it is whole, so one
  // sync at its end is enough.
  connection.pragma('journal_mode = DELETE')
  connection.pragma('synchronous = OFF')
  connection.pragma('foreign_keys = OFF')
  const target = new Kysely<Tables>({ dialect: sqliteDialect(connection) })
  try {
    return await readSnapshot(location, source =>
      target.transaction().execute(trx => copyTables(source, trx, tell)),
    )
  } finally {
    await target.destroy()
  }
}

export function syncFile(path: string): void {
  const descriptor = openSync(path, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
