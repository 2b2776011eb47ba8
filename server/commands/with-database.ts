import { openSecrets, type Secrets } from '../accounts/secrets.ts'
import { databaseLocation, type Settings } from '../config.ts'
import { openDatabase } from '../storage/database.ts'
import type { Database } from '../storage/schema.ts'

/** The database and the secrets of this installation, for as long as the work lasts; a server may run beside. */
export async function withDatabase<T>(
  settings: Settings,
  work: (db: Database, secrets: Secrets) => Promise<T>,
): Promise<T> {
  const db = await openDatabase(databaseLocation(settings))
  try {
    return await work(db, openSecrets(settings))
  } finally {
    await db.destroy()
  }
}
