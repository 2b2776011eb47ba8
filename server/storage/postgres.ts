import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PostgresDialect,
} from 'kysely'
import { Client, type CustomTypesConfig, Pool, types } from 'pg'
import { asFault } from './faults.ts'

const INT8 = 20
const JSONB = 3802

/**
 * A pool whose int8 columns (ids, counts, milliseconds) come as numbers: pg gives strings by default,
 * and none of ours reaches 2^53. JSON stays text, as it is on the other engine.
 * @param options settings of its sessions, as the command line of a server has them
 */
export function postgresPool(url: string, max: number, options?: string): Pool {
  const pool = new Pool({
    connectionString: url,
    max,
    connectionTimeoutMillis: 4_000,
    ...(options !== undefined && { options }),
    types: {
      getTypeParser: (oid: number, format?: 'text' | 'binary') =>
        oid === INT8
          ? Number
          : oid === JSONB
            ? String
            : format === 'binary'
              ? types.getTypeParser(oid, format)
              : types.getTypeParser(oid),
    } as CustomTypesConfig,
  })
  // An idle connection that dies (server restart) is replaced at the next query; unhandled it would end the process.
  pool.on('error', () => {})
  // So would one that dies in the middle of a transaction, between two queries: the next of them says so.
  pool.on('connect', client => client.on('error', () => {}))
  return pool
}

/** Kysely's own dialect, with what the server or the wire says told as StorageFault. */
export function postgresDialect(pool: Pool): Dialect {
  return new (class extends PostgresDialect {
    override createDriver(): Driver {
      const driver = super.createDriver()
      const acquire = driver.acquireConnection.bind(driver)
      driver.acquireConnection = async options => {
        const connection = await acquire(options).catch(rethrow)
        if (!spoken.has(connection)) {
          spoken.add(connection)
          const execute = connection.executeQuery.bind(connection)
          connection.executeQuery = <R>(query: CompiledQuery) => execute<R>(query).catch(rethrow)
        }
        return connection
      }
      return driver
    }
  })({ pool })
}

/** Kysely keeps one object for each connection of the pool: it is taught once. */
const spoken = new WeakSet<DatabaseConnection>()

function rethrow(error: unknown): never {
  throw asFault(error)
}

/** Calls back with the payload of every notification on the channel; reconnects for ever, then calls with ''. */
export function listen(url: string, channel: string, heard: (payload: string) => void): () => void {
  let client: Client | undefined
  let retry: NodeJS.Timeout | undefined
  let closed = false

  const connect = async () => {
    const next = new Client({ connectionString: url, connectionTimeoutMillis: 4_000 })
    client = next
    let lost = false
    const again = () => {
      if (closed || lost) return
      lost = true
      retry = setTimeout(connect, 1_000)
    }
    next.on('error', again)
    next.on('end', again)
    next.on('notification', message => heard(message.payload ?? ''))
    try {
      await next.connect()
      await next.query(`listen ${channel}`)
      // What was said while nobody listened is unknown: let the caller look for itself.
      heard('')
    } catch {
      await next.end().catch(() => {})
      again()
    }
  }
  void connect()

  return () => {
    closed = true
    clearTimeout(retry)
    void client?.end().catch(() => {})
  }
}
