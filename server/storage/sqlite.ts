import { type Dialect, type Driver, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely'
import type { SqliteConnection } from './sqlite-connection.ts'

/** Kysely on one open connection, in this thread. */
export function sqliteDialect(connection: SqliteConnection): Dialect {
  return dialectOf({
    async init() {},
    async acquireConnection() {
      return connection
    },
    async beginTransaction() {
      connection.run('begin immediate', [])
    },
    async commitTransaction() {
      connection.run('commit', [])
    },
    async rollbackTransaction() {
      // A full disk makes SQLite roll back by itself; a second rollback would hide the reason.
      if (connection.inTransaction) connection.run('rollback', [])
    },
    async releaseConnection() {},
    async destroy() {
      connection.close()
    },
  })
}

/** A SQLite dialect around any driver, so that the same compiled text also travels to the writer's thread. */
export function dialectOf(driver: Driver): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => driver,
    createIntrospector: db => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  }
}
