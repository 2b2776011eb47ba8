import { Kysely, sql } from 'kysely'
import { asFault } from './faults.ts'
import type { Location } from './location.ts'
import { postgresDialect, postgresPool } from './postgres.ts'
import type { Database, Tables } from './schema.ts'
import { sqliteDialect } from './sqlite.ts'
import { SqliteConnection } from './sqlite-connection.ts'

/**
 * What is there, as it is: nothing is made, migrated or changed.
 * @throws StorageFault
 */
export function openUnchanged(location: Location): Database {
  try {
    return new Kysely<Tables>({
      dialect:
        location.engine === 'sqlite'
          ? sqliteDialect(new SqliteConnection(location.file, 'read'))
          : postgresDialect(postgresPool(location.url, 1)),
    })
  } catch (error) {
    throw asFault(error)
  }
}

/** Everything the work reads is of one moment, whatever is written beside it; nobody waits for it. */
export async function readSnapshot<T>(location: Location, work: (db: Database) => Promise<T>): Promise<T> {
  const db = openUnchanged(location)
  try {
    return await db.connection().execute(async connection => {
      const begin = location.engine === 'sqlite' ? 'begin' : 'begin isolation level repeatable read read only'
      await sql.raw(begin).execute(connection)
      const result = await work(connection)
      await sql.raw('commit').execute(connection)
      return result
    })
  } finally {
    await db.destroy()
  }
}
