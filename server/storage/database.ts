import { Kysely } from 'kysely'
import { accessSync, constants, existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { CHANGES_CHANNEL } from './change-signals.ts'
import { asFault, StorageFault } from './faults.ts'
import type { Location } from './location.ts'
import { migrate } from './migrations.ts'
import { listen, postgresDialect, postgresPool } from './postgres.ts'
import type { Database, Tables } from './schema.ts'
import { sqliteDialect } from './sqlite.ts'
import { SqliteConnection } from './sqlite-connection.ts'
import { Survey } from './survey.ts'
import { startThread } from './thread.ts'
import { Writer } from './writer.ts'

export interface Storage {
  readonly location: Location
  /** For reading; never waits behind a write. */
  readonly read: Database
  /** For reading that looks at very many rows: it holds up nobody else. Single statements, no transactions. */
  readonly survey: Database
  /** For writing, and for reading inside a transaction that writes. */
  readonly write: Database
  /** Bulk work inside the writing thread (see writer.ts); `bytes` travel beside the input. */
  perform<O>(operation: string, input: unknown, bytes?: Uint8Array): Promise<O>
  /**
   * A number that is the same as before only if nothing was written since, by anybody; undefined where the
   * engine has no cheap answer. What was cached under the same stamp is still true.
   */
  stamp(): number | undefined
  /** Calls back when some process, perhaps this one, has written. Returns the way to stop it. */
  onWrite(heard: () => void): () => void
  close(): Promise<void>
}

const FOREIGN_WRITE_POLL_MS = 250

/**
 * PostgreSQL asks a million times whether an id is among those a query gives, unless it may keep the answers:
 * a million of them are 32 MB, of which its usual 4 MB are too little.
 */
const SURVEYING = '-c work_mem=64MB'

/** Opens one connection for a command that does its work and ends. The database is migrated first. */
export async function openDatabase(location: Location): Promise<Database> {
  const db = new Kysely<Tables>({
    dialect:
      location.engine === 'sqlite'
        ? sqliteDialect(openFile(location.file))
        : postgresDialect(postgresPool(location.url, 2)),
  })
  try {
    await migrate(db, location.engine)
  } catch (error) {
    await db.destroy().catch(() => {})
    throw named(location, error)
  }
  return db
}

/**
 * Opens the storage of a server: migrates, starts the writing thread.
 * @param operations module whose `operations` the writing thread performs
 * @throws StorageFault in words for the operator: no permission, not a database, locked, unreachable
 */
export async function openStorage(
  location: Location,
  operations: URL,
  onCrash: (error: Error) => void,
): Promise<Storage> {
  await (await openDatabase(location)).destroy()
  return location.engine === 'sqlite'
    ? sqliteStorage(location, operations, onCrash)
    : postgresStorage(location, operations, onCrash)
}

function sqliteStorage(
  location: Extract<Location, { engine: 'sqlite' }>,
  operations: URL,
  onCrash: (error: Error) => void,
): Storage {
  const writer = new Writer(location, operations, onCrash)
  const reader = new SqliteConnection(location.file, 'read')
  const survey = new Survey(location.file)
  const checkpointer = startThread(new URL('./checkpointer-thread.ts', import.meta.url), {
    file: location.file,
  })
  checkpointer.on('error', onCrash)
  const checkpointerGone = new Promise<void>(resolve => checkpointer.once('exit', () => resolve()))
  const stamp = oncePerTurn(() => reader.dataVersion())
  const polls = new Set<NodeJS.Timeout>()
  return {
    location,
    read: new Kysely<Tables>({ dialect: sqliteDialect(reader) }),
    survey: new Kysely<Tables>({ dialect: survey.dialect() }),
    write: new Kysely<Tables>({ dialect: writer.dialect() }),
    perform: (operation, input, bytes) => writer.perform(operation, input, bytes),
    stamp,
    onWrite(heard) {
      let last = stamp()
      const timer = setInterval(() => {
        try {
          const now = stamp()
          if (now !== last) heard()
          last = now
        } catch {
          // A file that cannot be read now: whoever wants something from it says so, and this looks again.
        }
      }, FOREIGN_WRITE_POLL_MS)
      polls.add(timer)
      return () => clearInterval(timer)
    },
    async close() {
      for (const timer of polls) clearInterval(timer)
      await writer.close()
      await survey.close()
      reader.close()
      // The last connection to close copies the log back into the file, if it may write: then a copy of the file is all.
      checkpointer.postMessage('close')
      await checkpointerGone
    },
  }
}

function postgresStorage(
  location: Extract<Location, { engine: 'postgres' }>,
  operations: URL,
  onCrash: (error: Error) => void,
): Storage {
  const writer = new Writer(location, operations, onCrash)
  const db = new Kysely<Tables>({ dialect: postgresDialect(postgresPool(location.url, 10)) })
  const survey = new Kysely<Tables>({ dialect: postgresDialect(postgresPool(location.url, 2, SURVEYING)) })
  return {
    location,
    read: db,
    survey,
    write: db,
    perform: (operation, input, bytes) => writer.perform(operation, input, bytes),
    stamp: () => undefined,
    onWrite: heard => listen(location.url, CHANGES_CHANNEL, heard),
    async close() {
      await writer.close()
      await survey.destroy()
      await db.destroy()
    },
  }
}

/**
 * Asks once, however often the answer is wanted before the present callback and its microtasks end. Not for longer:
 * the next callback may read a request from somebody who was told of a write since.
 */
function oncePerTurn(ask: () => number): () => number {
  let known: number | undefined
  const forget = () => {
    known = undefined
  }
  return () => {
    if (known === undefined) {
      known = ask()
      queueMicrotask(forget)
    }
    return known
  }
}

function openFile(file: string): SqliteConnection {
  try {
    if (!existsSync(file)) mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    return new SqliteConnection(file, 'write')
  } catch (error) {
    throw named({ engine: 'sqlite', file }, error)
  }
}

/** What went wrong at the start, with the file it is about: SQLite does not say which, nor whether it may write it. */
function named(location: Location, error: unknown): StorageFault {
  const fault = asFault(error)
  if (location.engine === 'postgres' || fault.code === 'NEWER') return fault
  const { file } = location
  const reason = isWritable(existsSync(file) ? file : dirname(file))
    ? fault.message
    : 'no permission to write it'
  return new StorageFault(fault.kind, `${file}: ${reason}`, fault.code, { cause: error })
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK)
    return true
  } catch (error) {
    return !['EACCES', 'EROFS'].includes((error as NodeJS.ErrnoException).code ?? '')
  }
}
