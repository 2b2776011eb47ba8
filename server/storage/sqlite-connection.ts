import Database from 'better-sqlite3'
import type { CompiledQuery, DatabaseConnection, QueryResult } from 'kysely'
import { asFault, type StorageFault } from './faults.ts'

/** How long a statement waits for another process that holds the file. */
const BUSY_TIMEOUT_MS = 4_000

/** One open file. Statements are prepared once: the texts are few, because values are always parameters. */
export class SqliteConnection implements DatabaseConnection {
  readonly #handle: Database.Database
  readonly #statements = new Map<string, Database.Statement>()
  readonly #dataVersion: Database.Statement

  constructor(file: string, mode: 'read' | 'write') {
    this.#handle = new Database(file, { readonly: mode === 'read', timeout: BUSY_TIMEOUT_MS })
    if (mode === 'write') {
      this.#handle.pragma('journal_mode = WAL')
      // FULL, because 250 promises that the message survives a loss of power.
      this.#handle.pragma('synchronous = FULL')
      // On macOS an fsync leaves the bytes in the drive's own cache; elsewhere this changes nothing.
      this.#handle.pragma('fullfsync = ON')
      // Checkpoints run on a connection of their own (see checkpointer-thread.ts).
      this.#handle.pragma('wal_autocheckpoint = 0')
      // Cut back when the log starts anew, so that its size tells how far behind the checkpoints are.
      this.#handle.pragma(`journal_size_limit = ${32 << 20}`)
    }
    this.#handle.pragma('foreign_keys = ON')
    this.#handle.pragma('cache_size = -16000')
    this.#handle.pragma('temp_store = MEMORY')
    this.#dataVersion = this.#handle.prepare('pragma data_version').pluck()
  }

  run(sql: string, parameters: readonly unknown[]): QueryResult<never> {
    try {
      let statement = this.#statements.get(sql)
      if (statement === undefined) {
        statement = this.#handle.prepare(sql)
        if (this.#statements.size > 500) this.#statements.clear()
        this.#statements.set(sql, statement)
      }
      if (statement.reader) return { rows: statement.all(parameters) as never[] }
      const { changes, lastInsertRowid } = statement.run(parameters)
      return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) }
    } catch (error) {
      throw this.#fault(error)
    }
  }

  /** Pages read from a file that was damaged, and is mended, must not be remembered: while nothing can be written they would stay. */
  #fault(error: unknown): StorageFault {
    const fault = asFault(error)
    if (fault.kind === 'unwell' || fault.kind === 'damaged')
      try {
        this.#handle.pragma('shrink_memory')
      } catch {
        // What is in use stays, until the next fault.
      }
    return fault
  }

  /** Another number after any commit of another connection. Prepared once: it is asked with every cached reply. */
  dataVersion(): number {
    try {
      return this.#dataVersion.get() as number
    } catch (error) {
      throw asFault(error)
    }
  }

  pragma(text: string): unknown {
    try {
      return this.#handle.pragma(text, { simple: true })
    } catch (error) {
      throw asFault(error)
    }
  }

  get inTransaction(): boolean {
    return this.#handle.inTransaction
  }

  close(): void {
    this.#statements.clear()
    this.#handle.close()
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    return this.run(query.sql, query.parameters)
  }

  streamQuery = refuseStream
}

/** Pages are read by key, never streamed; Kysely's interface asks for it all the same. */
export function refuseStream(): never {
  throw new Error('nothing is streamed out of the database')
}
