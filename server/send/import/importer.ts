import type { Worker } from 'node:worker_threads'
import { setTimeout as pause } from 'node:timers/promises'
import type { Storage } from '../../storage/database.ts'
import { asFault } from '../../storage/faults.ts'
import { startThread } from '../../storage/thread.ts'
import { type CustomField, listFields } from '../audience/custom-fields.ts'
import type { ImportFiles } from './import-files.ts'
import { type ImportOptions, newFieldOf } from './import-options.ts'
import type { ImportWork, PortionWish, ReadyPortion } from './import-thread.ts'
import {
  claimImport,
  failImport,
  type Import,
  ofNoImport,
  optionsOf,
  outdated,
  renewLease,
  unattended,
} from './imports.ts'
import type { StoringRows } from './store-rows.ts'

/** Whoever takes an import and falls silent has lost it after this: that is also how long a killed one waits. */
export const LEASE_MS = 3_000
const RENEW_MS = 1_000
const LOOK_MS = 1_000
const SWEEP_MS = 3_600_000
/** Files stay so long after the end. */
const KEEP_FILES_MS = 30 * 86_400_000

/** No node has the file: it stayed behind when the database was brought back from a backup. */
const MISSED_AFTER_MS = 3_600_000
const FILE_GONE = 'The file is not there any more'

const AT_ONCE = 2
/** Portions that are ready before they are asked for, so that the writing thread does not wait for a sort. */
const READY = 3
const FIRST_ROWS = 1_000
/** A portion costs some statements, however few rows it has. */
const FEWEST_ROWS = 500
const MOST_ROWS = 4_000
/** A young generation of the usual size would only let more garbage lie. */
const THREAD_LIMITS = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 192 }
/**
 * What a portion should take: a message that comes in behind one waits so long for its 250 (bench/import.ts measures
 * it). Larger portions would cost a little less for each row.
 */
const PORTION_MS = 80
/** Of trouble that passes. */
const TRIES = 30
const RETRY_MS = 1_000

interface ImporterOptions {
  storage: Storage
  files: ImportFiles
  /** Something of ours went wrong, or the storage did. */
  onError: (error: unknown) => void
}

/** Runs imports in the background, two at a time, those too that another process has left behind. */
export class Importer {
  readonly #storage: Storage
  readonly #files: ImportFiles
  readonly #onError: (error: unknown) => void
  readonly #running = new Map<number, Run>()
  readonly #timers: NodeJS.Timeout[] = []
  #looking: Promise<void> | undefined
  #closing = false

  constructor({ storage, files, onError }: ImporterOptions) {
    this.#storage = storage
    this.#files = files
    this.#onError = onError
  }

  /** Begins to look for work by itself. */
  start(): void {
    this.#timers.push(
      setInterval(() => this.look(), LOOK_MS),
      setInterval(() => void this.#sweep(), SWEEP_MS),
    )
    for (const timer of this.#timers) timer.unref()
    this.look()
    void this.#sweep()
  }

  /** Something may have to be done. */
  look(): void {
    if (this.#looking === undefined && !this.#closing)
      this.#looking = this.#take()
        .catch(this.#onError)
        .finally(() => {
          this.#looking = undefined
        })
  }

  /** Rows a second; undefined: it does not run here. */
  rate(importId: number): number | undefined {
    return this.#running.get(importId)?.rate
  }

  /** Runs one that this process has claimed, to its end or until it is paused. */
  async run(claimed: Import): Promise<void> {
    const run = new Run(claimed, this.#storage, this.#files.path(claimed.id))
    this.#running.set(claimed.id, run)
    try {
      await run.done()
    } catch (error) {
      // Of one that was cancelled and deleted meanwhile the file may be gone.
      const failed = await failImport(this.#storage.write, claimed.id, reasonOf(error)).catch(() => true)
      if (failed) this.#onError(error)
    } finally {
      this.#running.delete(claimed.id)
    }
  }

  /** What runs stops behind the portion that is being stored, free for whoever comes next. */
  async close(): Promise<void> {
    this.#closing = true
    for (const timer of this.#timers) clearInterval(timer)
    await this.#looking
    await Promise.all([...this.#running.values()].map(run => run.stop()))
  }

  async #take(): Promise<void> {
    if (this.#running.size >= AT_ONCE) return
    for (const { id } of await unattended(this.#storage.read)) {
      if (this.#running.size >= AT_ONCE || this.#closing) return
      // Another node may have it.
      if (this.#running.has(id) || !this.#files.has(id)) continue
      const claimed = await claimImport(this.#storage.write, id, LEASE_MS)
      if (claimed !== undefined) void this.run(claimed).then(() => this.look())
    }
  }

  async #sweep(): Promise<void> {
    try {
      this.#files.removeAbandoned()
      const { read, write } = this.#storage
      for (const id of await outdated(read, Date.now() - KEEP_FILES_MS)) this.#files.remove(id)
      for (const id of await ofNoImport(read, this.#files.ids())) this.#files.remove(id)
      for (const { id, updated_at } of await unattended(read))
        if (!this.#files.has(id) && updated_at < Date.now() - MISSED_AFTER_MS)
          await failImport(write, id, FILE_GONE)
    } catch (error) {
      this.#onError(error)
    }
  }
}

/** One import while it runs here: a thread makes portions of rows, the writing thread stores them. */
class Run {
  readonly #import: Import
  readonly #storage: Storage
  readonly #path: string
  readonly #ended: Promise<void>
  #stopping = false
  #rows = FIRST_ROWS
  rate: number | undefined

  constructor(claimed: Import, storage: Storage, path: string) {
    this.#import = claimed
    this.#storage = storage
    this.#path = path
    this.#ended = this.#run()
  }

  done(): Promise<void> {
    return this.#ended
  }

  async stop(): Promise<void> {
    this.#stopping = true
    await this.#ended.catch(() => {})
  }

  async #run(): Promise<void> {
    const { id, workspace_id, position, line, ahead } = this.#import
    const options = optionsOf(this.#import)
    if (options === undefined) throw new Error(`import ${id} runs without options`)
    const fields = [...(await listFields(this.#storage.write, workspace_id)), ...fieldsOnTrial(options)]
    const work: ImportWork = { path: this.#path, options, fields, from: { position, line, ahead } }
    const portions = new Portions(
      startThread(new URL('./import-thread.ts', import.meta.url), work, THREAD_LIMITS),
    )
    const lease = setInterval(() => void this.#renew(Date.now() + LEASE_MS), RENEW_MS)
    let isOver = false
    try {
      for (let i = 0; i < READY; i++) portions.ask({ rows: this.#rows })
      while (!this.#stopping && !isOver) {
        const portion = await portions.next()
        const begun = performance.now()
        const isStored = await this.#store(portion)
        isOver = portion.last || !isStored
        if (isOver) break
        this.#measure(portion, performance.now() - begun)
        portions.ask({ rows: this.#rows })
      }
    } finally {
      clearInterval(lease)
      await portions.end()
      if (this.#stopping && !isOver) await this.#renew(null)
    }
  }

  async #store({ from, to, last, bytes }: ReadyPortion): Promise<boolean> {
    const { id, workspace_id, options } = this.#import
    for (let tries = 1; ; tries++) {
      const input: StoringRows = {
        importId: id,
        workspaceId: workspace_id,
        options,
        from,
        to,
        last,
        leaseMs: LEASE_MS,
        now: Date.now(),
      }
      try {
        return await this.#storage.perform<boolean>('storeImportedRows', input, bytes)
      } catch (error) {
        const fault = asFault(error)
        // A duplicate: somebody has just come in by another way, and will be found the next time.
        const mayPass = fault.passing || fault.kind === 'duplicate'
        if (!mayPass || tries >= TRIES) throw error
        if (this.#stopping) return false
        await pause(RETRY_MS)
      }
    }
  }

  /** Its next portion is of the size that would have taken as long as one should. */
  #measure({ rows }: ReadyPortion, took: number): void {
    if (rows === 0) return
    const factor = Math.min(2, Math.max(0.5, PORTION_MS / took))
    this.#rows = Math.round(Math.min(MOST_ROWS, Math.max(FEWEST_ROWS, rows * factor)))
    const now = Date.now()
    this.#recent.push({ at: now, rows })
    while ((this.#recent[0]?.at ?? now) < now - RATE_OVER_MS) this.#recent.shift()
    const since = this.#recent[0]?.at ?? now
    const counted = this.#recent.slice(1).reduce((sum, each) => sum + each.rows, 0)
    this.rate = now > since ? Math.round((counted / (now - since)) * 1000) : undefined
  }

  readonly #recent: { at: number; rows: number }[] = []

  async #renew(until: number | null): Promise<void> {
    try {
      await renewLease(this.#storage.write, this.#import.id, until)
    } catch {
      // The storage is in trouble: storing rows will meet it too, and say so.
    }
  }
}

/** Those that a dry run would make. */
function fieldsOnTrial({ mapping }: ImportOptions): CustomField[] {
  return mapping.flatMap(key => {
    const field = newFieldOf(key)
    return field === undefined ? [] : [{ id: 0, key, ...field, options: [], position: 0 }]
  })
}

const RATE_OVER_MS = 5_000

/** What the thread sends, in order. */
class Portions {
  readonly #worker: Worker
  readonly #ready: ReadyPortion[] = []
  #waiting: { resolve(portion: ReadyPortion): void; reject(reason: unknown): void } | undefined
  #fault: unknown

  constructor(worker: Worker) {
    this.#worker = worker
    worker.on('message', (portion: ReadyPortion) => {
      const waiting = this.#waiting
      this.#waiting = undefined
      if (waiting) waiting.resolve(portion)
      else this.#ready.push(portion)
    })
    worker.on('error', error => {
      this.#fault = error
      this.#waiting?.reject(error)
    })
  }

  ask(wish: PortionWish): void {
    this.#worker.postMessage(wish)
  }

  next(): Promise<ReadyPortion> {
    const portion = this.#ready.shift()
    if (portion !== undefined) return Promise.resolve(portion)
    if (this.#fault !== undefined) return Promise.reject(this.#fault)
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject }
    })
  }

  async end(): Promise<void> {
    await this.#worker.terminate()
  }
}

/** In words for whoever looks at the import; what else is known goes to the log. */
function reasonOf(error: unknown): string {
  const fault = asFault(error)
  if (fault.code === 'ENOENT') return FILE_GONE
  if (fault.kind === 'full') return 'The disk is full'
  return fault.passing
    ? `The storage is in trouble: ${fault.message}`
    : 'Something went wrong; the log says more'
}
