import type { Location } from './location.ts'
import type { StorageFault } from './faults.ts'
import type { Database } from './schema.ts'

/** What the main thread and the writing thread say to each other. */
export interface WriterData {
  location: Location
  operations: string
}

/** The input of an operation and what it gives back are JSON texts. */
export type Job = { operation: string; input: string } | { sql: string; parameters: unknown[] }

/** The bytes that belong to the jobs, end to end; `ends[i]` is where those of job i stop. */
export interface Packed {
  bytes: Uint8Array
  ends: number[]
}

export type Request =
  | { jobs: Job[]; packed: Packed }
  | { transaction: number; step: 'begin' | 'commit' | 'rollback' }
  | { transaction: number; step: 'query'; job: Job }
  | { close: true }

export type Result = { value: unknown } | { fault: Pick<StorageFault, 'kind' | 'message' | 'code'> }

export interface Answer {
  transaction?: number
  results: Result[]
}

/**
 * Work done inside the writing thread, many at a time: one output for each input, in order. The bytes of an
 * input are a view into the batch's buffer and must not be kept.
 */
export type Operation = (db: Database, inputs: { input: never; bytes: Buffer }[]) => Promise<unknown[]>
