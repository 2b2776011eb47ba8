import {
  sql,
  SqliteAdapter,
  type ColumnDefinitionBuilder,
  type QueryExecutorProvider,
  type RawBuilder,
} from 'kysely'

export type Engine = 'sqlite' | 'postgres'

export function engineOf(db: QueryExecutorProvider): Engine {
  return db.getExecutor().adapter instanceof SqliteAdapter ? 'sqlite' : 'postgres'
}

/** The few column types that the engines spell differently; every migration takes one of these. */
export interface Columns {
  engine: Engine
  /** 64-bit integers: ids, instants, counts, sizes. */
  integer: 'integer' | 'bigint'
  id(column: ColumnDefinitionBuilder): ColumnDefinitionBuilder
  bytes: RawBuilder<unknown> | 'blob'
}

export function columnsOf(engine: Engine): Columns {
  if (engine === 'sqlite')
    return {
      engine,
      integer: 'integer',
      // AUTOINCREMENT: an id is never given twice, so `last_id` and links to deleted messages stay true.
      id: column => column.primaryKey().autoIncrement().notNull(),
      bytes: 'blob',
    }
  return {
    engine,
    integer: 'bigint',
    id: column => column.primaryKey().generatedByDefaultAsIdentity().notNull(),
    bytes: sql`bytea`,
  }
}
