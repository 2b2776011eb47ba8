import type { Kysely } from 'kysely'
import { Migrator } from 'kysely/migration'
import { columnsOf, type Columns, type Engine } from './columns.ts'
import { asFault, StorageFault } from './faults.ts'
import type { Database } from './schema.ts'
import { ground } from './migrations/001-ground.ts'
import { sandbox } from './migrations/002-sandbox.ts'
import { searchVocabulary } from './migrations/003-search-vocabulary.ts'
import { people } from './migrations/004-people.ts'
import { forwarding } from './migrations/005-forwarding.ts'
import { audience } from './migrations/006-audience.ts'
import { campaigns } from './migrations/007-campaigns.ts'
import { peopleVerified } from './migrations/008-people-verified.ts'
import { sending } from './migrations/009-sending.ts'

/** Forward only. A landed migration is never edited: the next one mends it. */
const MIGRATIONS: Record<string, (db: Kysely<unknown>, columns: Columns) => Promise<void>> = {
  '001-ground': ground,
  '002-sandbox': sandbox,
  '003-search-vocabulary': searchVocabulary,
  '004-people': people,
  '005-forwarding': forwarding,
  '006-audience': audience,
  '007-campaigns': campaigns,
  '008-people-verified': peopleVerified,
  '009-sending': sending,
}

/**
 * Brings the database up to date, under the engine's own lock, so that processes started together migrate once.
 * @returns the names of the migrations that ran
 */
export async function migrate(db: Database, engine: Engine): Promise<string[]> {
  const { error, results } = await migratorOf(db, engine).migrateToLatest()
  if (error !== undefined) {
    if (/corrupted migrations/.test(String(error)))
      throw new StorageFault('unwell', 'the database was written by a newer Posthorn than this one', 'NEWER')
    throw asFault(error)
  }
  return (results ?? []).map(result => result.migrationName)
}

/** The names of those that have not run yet; changes nothing. */
export async function pendingMigrations(db: Database, engine: Engine): Promise<string[]> {
  const migrations = await migratorOf(db, engine).getMigrations()
  return migrations.filter(({ executedAt }) => executedAt === undefined).map(({ name }) => name)
}

function migratorOf(db: Database, engine: Engine): Migrator {
  const columns = columnsOf(engine)
  return new Migrator({
    db,
    provider: {
      getMigrations: async () =>
        Object.fromEntries(
          Object.entries(MIGRATIONS).map(([name, up]) => [
            name,
            { up: (connection: Kysely<unknown>) => up(connection, columns) },
          ]),
        ),
    },
  })
}
