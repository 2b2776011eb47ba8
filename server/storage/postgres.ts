import { PostgresDialect, type Dialect } from 'kysely'
import pg from 'pg'

const INT8 = 20

/**
 * A pool whose int8 columns (ids, counts, milliseconds) come as numbers: pg gives strings by default,
 * and none of ours reaches 2^53.
 */
export function postgresPool(url: string, max: number): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    connectionTimeoutMillis: 4_000,
    types: {
      getTypeParser: (oid: number, format?: 'text' | 'binary') =>
        oid === INT8
          ? Number
          : format === 'binary'
            ? pg.types.getTypeParser(oid, format)
            : pg.types.getTypeParser(oid),
    } as pg.CustomTypesConfig,
  })
  // An idle connection that dies (server restart) is replaced at the next query; unhandled it would end the process.
  pool.on('error', () => {})
  return pool
}

export function postgresDialect(pool: pg.Pool): Dialect {
  return new PostgresDialect({ pool })
}

/** Calls back with the payload of every notification on the channel; reconnects for ever, then calls with ''. */
export function listen(url: string, channel: string, heard: (payload: string) => void): () => void {
  let client: pg.Client | undefined
  let retry: NodeJS.Timeout | undefined
  let closed = false

  const connect = async () => {
    const next = new pg.Client({ connectionString: url, connectionTimeoutMillis: 4_000 })
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
