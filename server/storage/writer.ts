import type { CompiledQuery, DatabaseConnection, Dialect, QueryResult } from 'kysely'
import type { Worker } from 'node:worker_threads'
import { StorageFault } from './faults.ts'
import type { Location } from './location.ts'
import { dialectOf } from './sqlite.ts'
import { refuseStream } from './sqlite-connection.ts'
import { startThread } from './thread.ts'
import type { Answer, Job, Packed, Request, WriterData } from './writer-messages.ts'

/** Jobs of one turn. Past these a batch only makes the first of it wait longer. */
const BATCH_JOBS = 256
const BATCH_BYTES = 8 << 20

interface Pending {
  job: Job
  bytes: Uint8Array | undefined
  resolve(value: unknown): void
  reject(reason: unknown): void
}

/**
 * The main thread's side of the one thread that writes. What arrives while a batch is being committed
 * becomes the next batch, so that one sync of the disk serves many messages (group commit) and a lone
 * message never waits for company.
 */
export class Writer {
  readonly #data: WriterData
  #worker: Worker
  #waiting: Pending[] = []
  #underWay: Pending[] = []
  readonly #transactions = new Map<number, (answer: Answer) => void>()
  #nextTransaction = 1
  #closing = false
  /** Between a crash and the new start. */
  #down = false
  #flushing = false
  readonly #onCrash: (error: Error) => void

  /** @param operations file URL of the module whose `operations` the thread performs */
  constructor(location: Location, operations: URL, onCrash: (error: Error) => void) {
    this.#data = { location, operations: operations.href }
    this.#onCrash = onCrash
    this.#worker = this.#start()
  }

  /** Does one named operation inside the thread, in the transaction of its batch; resolves when committed. Input and output are JSON. */
  perform<O>(operation: string, input: unknown, bytes?: Uint8Array): Promise<O> {
    // As JSON: structured clone of the same objects was a quarter of the main thread's work per message.
    const json = this.#enqueue({ operation, input: JSON.stringify(input) ?? 'null' }, bytes)
    return json.then(text => (text === undefined ? undefined : JSON.parse(text as string)) as O)
  }

  /** A dialect whose statements run in the thread; a transaction has the connection for itself. */
  dialect(): Dialect {
    const single: DatabaseConnection = {
      executeQuery: <R>(query: CompiledQuery) =>
        this.#enqueue({ sql: query.sql, parameters: [...query.parameters] }, undefined) as Promise<
          QueryResult<R>
        >,
      streamQuery: refuseStream,
    }
    const opened = new WeakMap<DatabaseConnection, TransactionConnection>()
    return dialectOf({
      init: async () => {},
      acquireConnection: async () => ({ ...single }),
      beginTransaction: async connection => {
        const transaction = new TransactionConnection(this.#nextTransaction++, (id, request) =>
          this.#ask(id, request),
        )
        await transaction.step('begin')
        opened.set(connection, transaction)
        connection.executeQuery = query => transaction.executeQuery(query)
      },
      commitTransaction: async connection => {
        await opened.get(connection)?.step('commit')
      },
      rollbackTransaction: async connection => {
        // Fails only where there is nothing left to take back: after a commit that failed, or with the thread gone.
        // Its own fault would hide the reason.
        await opened
          .get(connection)
          ?.step('rollback')
          .catch(() => {})
      },
      releaseConnection: async () => {},
      destroy: async () => {},
    })
  }

  async close(): Promise<void> {
    this.#closing = true
    if (this.#down) return
    const gone = new Promise<void>(resolve => this.#worker.once('exit', () => resolve()))
    this.#post({ close: true })
    await gone
  }

  #enqueue(job: Job, bytes: Uint8Array | undefined): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#closing) return reject(new StorageFault('unreachable', 'the storage is closing', 'CLOSING'))
      this.#waiting.push({ job, bytes, resolve, reject })
      this.#flushSoon()
    })
  }

  /** Everything that the current turn of the event loop brings goes into one batch. */
  #flushSoon(): void {
    if (this.#flushing || this.#underWay.length > 0) return
    this.#flushing = true
    setImmediate(() => {
      this.#flushing = false
      this.#flush()
    })
  }

  #flush(): void {
    if (this.#waiting.length === 0 || this.#underWay.length > 0 || this.#down) return
    let count = 0
    let size = 0
    for (const { bytes } of this.#waiting) {
      size += bytes?.length ?? 0
      if (count > 0 && (size > BATCH_BYTES || count >= BATCH_JOBS)) break
      count++
    }
    this.#underWay = this.#waiting.splice(0, count)
    const packed = pack(this.#underWay)
    this.#post({ jobs: this.#underWay.map(pending => pending.job), packed }, [
      packed.bytes.buffer as ArrayBuffer,
    ])
  }

  #ask(transaction: number, request: Request): Promise<Answer> {
    if (this.#down) return Promise.resolve({ transaction, results: [{ fault: stopped() }] })
    return new Promise(resolve => {
      this.#transactions.set(transaction, resolve)
      this.#post(request)
    })
  }

  #post(request: Request, transfer: ArrayBuffer[] = []): void {
    this.#worker.postMessage(request, transfer)
  }

  #start(): Worker {
    const worker = startThread(new URL('./writer-thread.ts', import.meta.url), this.#data)
    worker.on('message', (answer: Answer) => this.#heard(answer))
    worker.on('error', error => this.#onCrash(error))
    worker.on('exit', () => {
      this.#down = true
      this.#failAll(stopped())
      if (this.#closing) return
      // Whatever ended it (memory, a fault of ours), nothing of the unfinished batch was answered 250.
      setTimeout(() => {
        if (this.#closing) return
        this.#worker = this.#start()
        this.#down = false
        this.#flush()
      }, 250)
    })
    return worker
  }

  #heard(answer: Answer): void {
    if (answer.transaction !== undefined) {
      const resolve = this.#transactions.get(answer.transaction)
      this.#transactions.delete(answer.transaction)
      resolve?.(answer)
      return
    }
    const batch = this.#underWay
    this.#underWay = []
    this.#flush()
    batch.forEach((pending, i) => {
      const result = answer.results[i]
      if (result !== undefined && 'value' in result) pending.resolve(result.value)
      else pending.reject(revive(result?.fault))
    })
  }

  #failAll(fault: StorageFault): void {
    const batch = this.#underWay
    this.#underWay = []
    for (const pending of batch) pending.reject(fault)
    for (const [id, resolve] of this.#transactions) {
      this.#transactions.delete(id)
      resolve({ transaction: id, results: [{ fault }] })
    }
  }
}

class TransactionConnection implements DatabaseConnection {
  readonly #id: number
  readonly #ask: (id: number, request: Request) => Promise<Answer>

  constructor(id: number, ask: (id: number, request: Request) => Promise<Answer>) {
    this.#id = id
    this.#ask = ask
  }

  async step(step: 'begin' | 'commit' | 'rollback'): Promise<void> {
    unwrap(await this.#ask(this.#id, { transaction: this.#id, step }))
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const job = { sql: query.sql, parameters: [...query.parameters] }
    return unwrap(await this.#ask(this.#id, { transaction: this.#id, step: 'query', job })) as QueryResult<R>
  }

  streamQuery = refuseStream
}

function stopped(): StorageFault {
  return new StorageFault('unreachable', 'the writer stopped', 'WRITER')
}

function unwrap(answer: Answer): unknown {
  const result = answer.results[0]
  if (result !== undefined && 'value' in result) return result.value
  throw revive(result?.fault)
}

// Errors cross the thread as plain data: structured clone forgets the class.
function revive(fault: Pick<StorageFault, 'kind' | 'message' | 'code'> | undefined): StorageFault {
  if (fault === undefined) return new StorageFault('bug', 'the writer gave no answer', 'WRITER')
  return new StorageFault(fault.kind, fault.message, fault.code)
}

/** One copy into one buffer that is then handed over, instead of one transfer for each message. */
function pack(batch: Pending[]): Packed {
  const total = batch.reduce((sum, { bytes }) => sum + (bytes?.length ?? 0), 0)
  const bytes = new Uint8Array(total)
  const ends: number[] = []
  let at = 0
  for (const pending of batch) {
    if (pending.bytes) bytes.set(pending.bytes, at)
    at += pending.bytes?.length ?? 0
    ends.push(at)
    pending.bytes = undefined
  }
  return { bytes, ends }
}
