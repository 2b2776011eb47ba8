import { CompiledQuery, Kysely, sql } from 'kysely'
import { statSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { asFault, type StorageFault } from './faults.ts'
import { postgresDialect, postgresPool } from './postgres.ts'
import type { Database, Tables } from './schema.ts'
import { settleSearch } from './search-index.ts'
import { sqliteDialect } from './sqlite.ts'
import { settleSubscriberSearch } from './subscriber-search-index.ts'
import { SqliteConnection } from './sqlite-connection.ts'
import type { Answer, Job, Operation, Packed, Request, Result, WriterData } from './writer-messages.ts'

/**
 * The one thread that writes to the SQLite file. (With PostgreSQL the same operations run here on a pool of
 * their own, so that reading a message apart never holds up a socket on either engine.)
 */

/**
 * Past this the write-ahead log is copied back here, on the spot: it starts anew only when all of it has been,
 * which never happens by itself while the checkpointer runs behind a flood.
 */
const WAL_BOUND = 64 << 20

/** A transaction whose owner fell silent must not keep everybody out. */
const TRANSACTION_SILENCE_MS = 10_000

/**
 * Search entries are moved into the index once this many jobs were done, or as soon as nobody asks for anything.
 * More at a time costs no less, and whoever waits for a 250 meanwhile waits longer (3 to 6 ms at this size).
 */
const SETTLE_JOBS = 128
const SETTLE_IDLE_MS = 15
/** Takes 10 to 20 ms. */
const SETTLE_SUBSCRIBERS = 1_000
let kept = 0

class RolledBack extends Error {}

const { location, operations: operationsUrl } = workerData as WriterData
const port = parentPort
if (port === null) throw new Error('writer-thread.ts runs as a worker only')

const { operations } = (await import(operationsUrl)) as { operations: Record<string, Operation> }

let file: SqliteConnection | undefined
const db: Database = new Kysely<Tables>({
  dialect:
    location.engine === 'sqlite'
      ? sqliteDialect((file = new SqliteConnection(location.file, 'write')))
      : postgresDialect(postgresPool(location.url, 2)),
})

const inbox: Request[] = []
let wake: (() => void) | undefined
port.on('message', (request: Request) => {
  inbox.push(request)
  wake?.()
})

async function next(within?: number): Promise<Request | undefined> {
  if (inbox.length === 0) {
    let timer: NodeJS.Timeout | undefined
    await new Promise<void>(resolve => {
      wake = resolve
      if (within !== undefined) timer = setTimeout(resolve, within)
    })
    clearTimeout(timer)
    wake = undefined
  }
  return inbox.shift()
}

let unsettled = true
for (;;) {
  const request = await next(unsettled ? SETTLE_IDLE_MS : undefined)
  if (request === undefined) {
    unsettled = (await settle()) || (await settleSubscribers())
    continue
  }
  if ('close' in request) break
  if ('jobs' in request) {
    say({ results: await turn(request.jobs, request.packed) })
    boundLog()
    kept += request.jobs.length
    unsettled = kept >= SETTLE_JOBS ? await settle() : true
  } else if (request.step === 'begin') await transaction(request.transaction)
  else
    say({ transaction: request.transaction, results: [{ fault: plain(asFault('the transaction is over')) }] })
}
await db.destroy()
port.close()

/** One batch, one transaction, one sync. */
async function turn(jobs: Job[], packed: Packed): Promise<Result[]> {
  try {
    return await db.transaction().execute(async trx => {
      const results: Result[] = []
      for (let at = 0; at < jobs.length; ) {
        const unit = unitAt(jobs, at)
        results.push(...(await attempt(trx, unit, packed, at)))
        at += unit.length
      }
      return results
    })
  } catch (error) {
    const fault = plain(asFault(error))
    return jobs.map(() => ({ fault }))
  }
}

/** The jobs from here on that name the same operation are done in one call. */
function unitAt(jobs: Job[], at: number): Job[] {
  const first = jobs[at]
  if (first === undefined || !('operation' in first)) return jobs.slice(at, at + 1)
  let end = at + 1
  for (; end < jobs.length; end++) {
    const job = jobs[end]
    if (job === undefined || !('operation' in job) || job.operation !== first.operation) break
  }
  return jobs.slice(at, end)
}

/** A unit in a savepoint of its own; if one of many is at fault, each is tried alone so that the others are kept. */
async function attempt(trx: Database, unit: Job[], packed: Packed, at: number): Promise<Result[]> {
  await sql`savepoint unit`.execute(trx)
  try {
    const results = await work(trx, unit, packed, at)
    await sql`release savepoint unit`.execute(trx)
    return results
  } catch (error) {
    const fault = asFault(error)
    // The engine gave up the whole transaction, or soon will: so does the batch.
    if (fault.passing) throw fault
    await sql`rollback to savepoint unit`.execute(trx)
    await sql`release savepoint unit`.execute(trx)
    if (unit.length === 1) return [{ fault: plain(fault) }]
    const results: Result[] = []
    for (const [i, job] of unit.entries()) results.push(...(await attempt(trx, [job], packed, at + i)))
    return results
  }
}

async function work(trx: Database, unit: Job[], packed: Packed, at: number): Promise<Result[]> {
  const first = unit[0]
  if (first === undefined) return []
  if ('sql' in first) return [{ value: await query(trx, first) }]
  const operation = operations[first.operation]
  if (operation === undefined) throw new Error(`no operation ${first.operation}`)
  const inputs = unit.map((job, i) => {
    const start = packed.ends[at + i - 1] ?? 0
    const end = packed.ends[at + i] ?? start
    const bytes = Buffer.from(packed.bytes.buffer, packed.bytes.byteOffset + start, end - start)
    return { input: JSON.parse('input' in job ? job.input : 'null') as never, bytes }
  })
  return (await operation(trx, inputs)).map(value => ({ value: JSON.stringify(value) }))
}

function query(trx: Database, job: { sql: string; parameters: unknown[] }) {
  return trx.executeQuery(CompiledQuery.raw(job.sql, job.parameters))
}

/** Statements of one caller's transaction, until it ends; everybody else waits in the inbox. */
async function transaction(id: number): Promise<void> {
  const held: Request[] = []
  try {
    await db.transaction().execute(async trx => {
      say({ transaction: id, results: [{ value: undefined }] })
      for (;;) {
        const request = await next(TRANSACTION_SILENCE_MS)
        if (request === undefined) throw new Error('the transaction fell silent')
        if (!('transaction' in request) || request.transaction !== id) {
          held.push(request)
          continue
        }
        if (request.step === 'commit') return
        if (request.step === 'rollback') throw new RolledBack()
        if (request.step === 'query' && 'sql' in request.job)
          try {
            say({ transaction: id, results: [{ value: await query(trx, request.job) }] })
          } catch (error) {
            say({ transaction: id, results: [{ fault: plain(asFault(error)) }] })
          }
      }
    })
    say({ transaction: id, results: [{ value: undefined }] })
  } catch (error) {
    if (error instanceof RolledBack) say({ transaction: id, results: [{ value: undefined }] })
    else say({ transaction: id, results: [{ fault: plain(asFault(error)) }] })
  } finally {
    inbox.unshift(...held)
  }
}

/** One portion of waiting search entries; true if there may be more. */
async function settle(): Promise<boolean> {
  // More than has come since: a message in several inboxes has several entries, and what piled up must go.
  const most = Math.max(SETTLE_JOBS, 2 * kept)
  kept = 0
  try {
    return (await db.transaction().execute(trx => settleSearch(trx, most))) === most
  } catch {
    // The storage is in trouble: the entries stay where they are, and the next turn tries again.
    return false
  }
}

/** One portion of imported subscribers that the search does not know yet: only while nobody asks for anything. */
async function settleSubscribers(): Promise<boolean> {
  try {
    return await db.transaction().execute(trx => settleSubscriberSearch(trx, SETTLE_SUBSCRIBERS))
  } catch {
    return false
  }
}

function boundLog(): void {
  if (file === undefined || location.engine !== 'sqlite') return
  try {
    if (statSync(`${location.file}-wal`).size > WAL_BOUND) file.pragma('wal_checkpoint(PASSIVE)')
  } catch {
    // The log is not there yet, or the disk is in trouble: the next commit says so.
  }
}

function plain({ kind, message, code }: StorageFault): Pick<StorageFault, 'kind' | 'message' | 'code'> {
  return { kind, message, code }
}

function say(answer: Answer): void {
  port?.postMessage(answer)
}
