import type { CompiledQuery, DatabaseConnection, Dialect, QueryResult } from 'kysely'
import type { Worker } from 'node:worker_threads'
import { StorageFault } from './faults.ts'
import { dialectOf } from './sqlite.ts'
import { refuseStream } from './sqlite-connection.ts'
import { startThread } from './thread.ts'

export interface SurveyQuery {
  id: number
  sql: string
  parameters: readonly unknown[]
}

export type SurveyAnswer = { id: number } & (
  | { result: QueryResult<unknown> }
  | { fault: Pick<StorageFault, 'kind' | 'message' | 'code'> }
)

interface Pending {
  resolve(result: QueryResult<unknown>): void
  reject(reason: StorageFault): void
}

async function refuse(): Promise<never> {
  throw new Error('a survey has no transactions')
}

/** The thread costs some 10 MB while it is there. */
const IDLE_MS = 60_000

/**
 * Reads in a thread what would hold up everybody else: SQLite answers on the thread that asks, and counting a
 * million rows takes a fifth of a second. The thread is started when something is asked, and ends when nothing is.
 */
export class Survey {
  readonly #file: string
  #worker: Worker | undefined
  #next = 1
  readonly #pending = new Map<number, Pending>()
  #idle: NodeJS.Timeout | undefined

  constructor(file: string) {
    this.#file = file
  }

  /** For single statements: there are no transactions here. */
  dialect(): Dialect {
    const connection: DatabaseConnection = {
      executeQuery: <R>({ sql, parameters }: CompiledQuery) =>
        this.#ask(sql, parameters) as Promise<QueryResult<R>>,
      streamQuery: refuseStream,
    }
    return dialectOf({
      init: async () => {},
      acquireConnection: async () => connection,
      beginTransaction: refuse,
      commitTransaction: refuse,
      rollbackTransaction: refuse,
      releaseConnection: async () => {},
      destroy: async () => {},
    })
  }

  async close(): Promise<void> {
    await this.#end(new StorageFault('unreachable', 'the storage is closing', 'CLOSING'))
  }

  #ask(sql: string, parameters: readonly unknown[]): Promise<QueryResult<unknown>> {
    clearTimeout(this.#idle)
    const worker = (this.#worker ??= this.#start())
    return new Promise((resolve, reject) => {
      const id = this.#next++
      this.#pending.set(id, { resolve, reject })
      worker.postMessage({ id, sql, parameters } satisfies SurveyQuery)
    })
  }

  #start(): Worker {
    const worker = startThread(new URL('./survey-thread.ts', import.meta.url), { file: this.#file })
    worker.unref()
    worker.on('message', (answer: SurveyAnswer) => {
      const pending = this.#pending.get(answer.id)
      this.#pending.delete(answer.id)
      if ('result' in answer) pending?.resolve(answer.result)
      else pending?.reject(new StorageFault(answer.fault.kind, answer.fault.message, answer.fault.code))
      if (this.#pending.size === 0) this.#rest()
    })
    worker.on('error', error => {
      if (worker === this.#worker)
        void this.#end(
          new StorageFault('unreachable', 'the reading thread stopped', 'SURVEY', { cause: error }),
        )
    })
    return worker
  }

  #rest(): void {
    clearTimeout(this.#idle)
    this.#idle = setTimeout(() => void this.#end(), IDLE_MS).unref()
  }

  async #end(reason?: StorageFault): Promise<void> {
    clearTimeout(this.#idle)
    const worker = this.#worker
    this.#worker = undefined
    for (const { reject } of this.#pending.values())
      reject(reason ?? new StorageFault('unreachable', 'the reading thread ended', 'SURVEY'))
    this.#pending.clear()
    await worker?.terminate()
  }
}
