import { CompiledQuery, type RawBuilder, type SqlBool, sql } from 'kysely'
import { engineOf } from './columns.ts'
import type { Database, Tables } from './schema.ts'

/**
 * Rows per statement. Few sizes, so that few texts are compiled and prepared. Up to 60 columns the greatest stays within
 * SQLite's 32,766 parameters and PostgreSQL's 65,535.
 */
const CHUNKS = [512, 64, 8, 1]

const texts = new Map<string, string>()

/**
 * Inserts many rows of one shape. Kysely builds the text once per table and chunk size; after that a row costs
 * its parameters only (building it anew for each batch was the greater part of an insert).
 */
export async function insertRows<T extends keyof Tables>(
  db: Database,
  table: T,
  rows: readonly Record<string, unknown>[],
): Promise<void> {
  const first = rows[0]
  if (first === undefined) return
  const columns = Object.keys(first)
  for (let at = 0; at < rows.length; ) {
    const size = CHUNKS.find(chunk => chunk <= rows.length - at) ?? 1
    const chunk = rows.slice(at, at + size)
    const parameters = chunk.flatMap(row => columns.map(column => row[column]))
    await db.executeQuery(CompiledQuery.raw(insertText(db, table, columns, chunk), parameters))
    at += size
  }
}

function insertText(
  db: Database,
  table: keyof Tables,
  columns: string[],
  chunk: Record<string, unknown>[],
): string {
  const key = `${engineOf(db)} ${table} ${columns.join()} ${chunk.length}`
  let text = texts.get(key)
  if (text === undefined) {
    text = db
      .insertInto(table)
      .values(chunk as never)
      .compile().sql
    texts.set(key, text)
  }
  return text
}

/** Takes `count` ids of a table, ascending; they are never given again, even if nothing is inserted. */
export async function reserveIds(
  db: Database,
  table: 'messages' | 'attachments' | 'raw_packs' | 'subscribers',
  count: number,
): Promise<number[]> {
  if (count === 0) return []
  if (engineOf(db) === 'postgres') {
    const { rows } = await sql<{ id: number }>`
      select nextval(pg_get_serial_sequence(${table}, 'id')) as id from generate_series(1, ${count}::int)
    `.execute(db)
    return rows.map(row => row.id)
  }
  const { rows } = await sql<{ seq: number }>`
    update sqlite_sequence set seq = seq + ${count} where name = ${table} returning seq
  `.execute(db)
  // A table nothing was ever inserted into has no sequence yet.
  if (rows.length === 0)
    await sql`insert into sqlite_sequence (name, seq) values (${table}, ${count})`.execute(db)
  const last = rows[0]?.seq ?? count
  return Array.from({ length: count }, (_, i) => last - count + 1 + i)
}

/** The types that columns of bulk inserts have. */
export type BulkType = 'bigint' | 'text' | 'jsonb'

/** Of the statements of `insertColumns`, where a row costs its parameters only: more at a time cost no less. */
const ROWS_AT_ONCE = 64

/**
 * Inserts rows by the thousand. What SQLite takes best is a prepared statement of some rows; PostgreSQL takes a column
 * as an array, and then a single statement fires its triggers once.
 * @param columns names as they are in the table, with their types
 * @param then what stands behind the values, as `on conflict …`
 */
export async function insertColumns(
  db: Database,
  table: keyof Tables,
  columns: Readonly<Record<string, BulkType>>,
  rows: readonly (readonly unknown[])[],
  then = '',
): Promise<void> {
  if (rows.length === 0) return
  const names = Object.keys(columns)
  const into = `insert into "${table}" (${names.map(name => `"${name}"`).join()})`
  if (engineOf(db) === 'postgres') {
    const types = Object.values(columns)
    // An array of JSON would be one of its text.
    const arrays = types.map((type, i) => `$${i + 1}::${type === 'jsonb' ? 'text' : type}[]`)
    const values = names.map((name, i) =>
      types[i] === 'jsonb' ? `given."${name}"::jsonb` : `given."${name}"`,
    )
    const text = `${into} select ${values.join()} from unnest(${arrays.join()}) as given(${names.map(name => `"${name}"`).join()}) ${then}`
    await db.executeQuery(
      CompiledQuery.raw(
        text,
        names.map((_, column) => rows.map(row => row[column])),
      ),
    )
    return
  }
  const one = `(${names.map(() => '?').join()})`
  for (let at = 0; at < rows.length; ) {
    const size = rows.length - at >= ROWS_AT_ONCE ? ROWS_AT_ONCE : rows.length - at >= 8 ? 8 : 1
    const text = `${into} values ${Array(size).fill(one).join()} ${then}`
    await db.executeQuery(CompiledQuery.raw(text, rows.slice(at, at + size).flat()))
    at += size
  }
}

/** Whether a column is one of many values, given as one parameter. */
export function isOneOf(
  db: Database,
  column: string,
  values: readonly (string | number)[],
): RawBuilder<SqlBool> {
  const ref = sql.ref(column)
  if (engineOf(db) === 'sqlite')
    return sql<SqlBool>`${ref} in (select value from json_each(${JSON.stringify(values)}))`
  const type = sql.raw(typeof values[0] === 'number' ? 'bigint[]' : 'text[]')
  return sql<SqlBool>`${ref} = any(${values}::${type})`
}

/** Rows that travel with a statement, to be selected from or joined: one parameter, or one for each column. */
export function givenRows(
  db: Database,
  name: string,
  columns: Readonly<Record<string, Exclude<BulkType, 'jsonb'>>>,
  rows: readonly (readonly unknown[])[],
): RawBuilder<unknown> {
  const names = Object.keys(columns)
  if (engineOf(db) === 'sqlite') {
    const picked = names.map((column, i) => `value ->> ${i} as "${column}"`).join()
    return sql`(select ${sql.raw(picked)} from json_each(${JSON.stringify(rows)})) as ${sql.ref(name)}`
  }
  const arrays = names.map((column, i) => sql`${rows.map(row => row[i])}::${sql.raw(`${columns[column]}[]`)}`)
  return sql`unnest(${sql.join(arrays)}) as ${sql.ref(name)} (${sql.join(names.map(column => sql.ref(column)))})`
}
