import { CompiledQuery, sql } from 'kysely'
import { engineOf } from './columns.ts'
import type { Database, Tables } from './schema.ts'

/** Rows per statement. Few sizes, so that few texts are compiled and prepared; the greatest fits PostgreSQL's 65,535 parameters. */
const CHUNKS = [64, 8, 1]

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
  table: 'messages' | 'attachments' | 'raw_packs',
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
  const last = rows[0]?.seq
  if (last === undefined) throw new Error(`no sequence for ${table}`)
  return Array.from({ length: count }, (_, i) => last - count + 1 + i)
}
