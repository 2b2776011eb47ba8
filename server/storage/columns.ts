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
  /** JSON that queries look into; read and written as text. */
  json: RawBuilder<unknown> | 'text'
  /** Text that lists are ordered by: byte by byte on both engines, whatever the locale of the cluster. */
  ordered: RawBuilder<unknown> | 'text'
}

export function columnsOf(engine: Engine): Columns {
  if (engine === 'sqlite')
    return {
      engine,
      integer: 'integer',
      // AUTOINCREMENT: an id is never given twice, so `last_id` and links to deleted messages stay true.
      id: column => column.primaryKey().autoIncrement().notNull(),
      bytes: 'blob',
      json: 'text',
      ordered: 'text',
    }
  return {
    engine,
    integer: 'bigint',
    id: column => column.primaryKey().generatedByDefaultAsIdentity().notNull(),
    bytes: sql`bytea`,
    json: sql`jsonb`,
    ordered: sql`text collate "C"`,
  }
}
