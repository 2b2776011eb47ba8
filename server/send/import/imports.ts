import { type Selectable, sql } from 'kysely'
import { Problem } from '../../problem.ts'
import { isOneOf } from '../../storage/bulk.ts'
import type { Database, Tables } from '../../storage/schema.ts'
import type { Encoding, ImportOptions } from './import-options.ts'

export type Import = Selectable<Tables['imports']>
type ImportFault = Selectable<Tables['import_faults']>

/** With the name of whoever brought it. */
export type NamedImport = Import & { user_name: string | null }

/** As many as anybody looks at. */
const MAX_LISTED = 200
const MAX_NAME = 255

const NOTHING_DONE = {
  position: 0,
  line: 1,
  ahead: 0,
  reached: 0,
  rows_count: 0,
  created_count: 0,
  updated_count: 0,
  skipped_count: 0,
  failed_count: 0,
  error: null,
  finished_at: null,
}

/** A file that waits for somebody to say what is to become of it. Its bytes are elsewhere (see import-files.ts). */
export function createImport(
  trx: Database,
  workspaceId: number,
  given: { userId: number | null; name: string; size: number; encoding: Encoding },
  now = Date.now(),
): Promise<Import> {
  return trx
    .insertInto('imports')
    .values({
      workspace_id: workspaceId,
      user_id: given.userId,
      name: given.name.replaceAll('\0', '').toWellFormed().slice(0, MAX_NAME) || 'subscribers.csv',
      size: given.size,
      status: 'waiting',
      options: JSON.stringify({ encoding: given.encoding }),
      ...NOTHING_DONE,
      leased_until: null,
      created_at: now,
      updated_at: now,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
}

function named(db: Database) {
  return db
    .selectFrom('imports')
    .leftJoin('users', 'users.id', 'imports.user_id')
    .selectAll('imports')
    .select('users.name as user_name')
}

/** Newest first. */
export function listImports(db: Database, workspaceId: number): Promise<NamedImport[]> {
  return named(db)
    .where('imports.workspace_id', '=', workspaceId)
    .orderBy('imports.id', 'desc')
    .limit(MAX_LISTED)
    .execute()
}

export function importById(db: Database, workspaceId: number, id: number): Promise<NamedImport | undefined> {
  return named(db)
    .where('imports.workspace_id', '=', workspaceId)
    .where('imports.id', '=', id)
    .executeTakeFirst()
}

/** What the whole file was found to be written in. */
export function encodingOf({ options }: Pick<Import, 'options'>): Encoding {
  return (JSON.parse(options) as { encoding: Encoding }).encoding
}

/** As it was started; undefined: it has not been. */
export function optionsOf({ options }: Pick<Import, 'options'>): ImportOptions | undefined {
  const known = JSON.parse(options) as Partial<ImportOptions>
  return known.mapping === undefined ? undefined : (known as ImportOptions)
}

/** From 0 to 1. */
export function progressOf({ status, size, reached }: Import): number {
  if (status === 'done') return 1
  return size === 0 ? 0 : Math.min(1, reached / size)
}

/**
 * Sets it going: one that waits, or one that was tried and may now be done.
 * @param leasedUntil somebody is at it already
 * @throws Problem `conflict`
 */
export async function startImport(
  trx: Database,
  { id }: Pick<Import, 'id'>,
  options: ImportOptions,
  leasedUntil: number | null = null,
  now = Date.now(),
): Promise<void> {
  const found = await trx
    .selectFrom('imports')
    .select(['status', 'options'])
    .where('id', '=', id)
    .executeTakeFirst()
  const wasTried = found !== undefined && optionsOf(found)?.dry_run === true
  const from: Import['status'][] = wasTried ? ['waiting', 'done', 'cancelled', 'failed'] : ['waiting']
  await trx.deleteFrom('import_faults').where('import_id', '=', id).execute()
  await move(trx, id, from, {
    status: 'running',
    options: JSON.stringify(options),
    ...NOTHING_DONE,
    leased_until: leasedUntil,
    updated_at: now,
  })
}

/** What is being stored at this moment is the last. @throws Problem `conflict` */
export async function pauseImport(
  trx: Database,
  { id }: Pick<Import, 'id'>,
  now = Date.now(),
): Promise<void> {
  await move(trx, id, ['running'], { status: 'paused', leased_until: null, updated_at: now })
}

/** Goes on where it stopped, also after trouble. @throws Problem `conflict` */
export async function resumeImport(
  trx: Database,
  { id }: Pick<Import, 'id'>,
  leasedUntil: number | null = null,
  now = Date.now(),
): Promise<void> {
  await move(trx, id, ['paused', 'failed'], {
    status: 'running',
    error: null,
    finished_at: null,
    leased_until: leasedUntil,
    updated_at: now,
  })
}

/** What is stored stays. @throws Problem `conflict` */
export async function cancelImport(
  trx: Database,
  { id }: Pick<Import, 'id'>,
  now = Date.now(),
): Promise<void> {
  await move(trx, id, ['waiting', 'running', 'paused', 'failed'], {
    status: 'cancelled',
    leased_until: null,
    finished_at: now,
    updated_at: now,
  })
}

/** With its report; subscribers stay. @throws Problem `conflict`: it is running */
export async function deleteImport(trx: Database, { id }: Pick<Import, 'id'>): Promise<void> {
  const { numDeletedRows } = await trx
    .deleteFrom('imports')
    .where('id', '=', id)
    .where('status', '<>', 'running')
    .executeTakeFirst()
  if (Number(numDeletedRows) === 0)
    throw new Problem('conflict', 'An import that is running is cancelled first')
}

/** Ends it with a reason; it can be resumed. @returns false: it was not to run any more */
export async function failImport(
  db: Database,
  id: number,
  error: string,
  now = Date.now(),
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('imports')
    .set({ status: 'failed', error, leased_until: null, finished_at: now, updated_at: now })
    .where('id', '=', id)
    .where('status', '=', 'running')
    .executeTakeFirst()
  return Number(numUpdatedRows) > 0
}

async function move(
  trx: Database,
  id: number,
  from: Import['status'][],
  to: Partial<Omit<Import, 'id'>>,
): Promise<void> {
  const { numUpdatedRows } = await trx
    .updateTable('imports')
    .set(to)
    .where('id', '=', id)
    .where('status', 'in', from)
    .executeTakeFirst()
  if (Number(numUpdatedRows) > 0) return
  const now = await trx.selectFrom('imports').select('status').where('id', '=', id).executeTakeFirst()
  if (now === undefined) throw new Problem('absent')
  throw new Problem('conflict', `The import is ${now.status}`)
}

/** Those that nobody is at, though they should run. */
export function unattended(db: Database, now = Date.now()): Promise<Import[]> {
  return db
    .selectFrom('imports')
    .selectAll()
    .where('status', '=', 'running')
    .where(({ eb, or }) => or([eb('leased_until', 'is', null), eb('leased_until', '<', now)]))
    .orderBy('id')
    .execute()
}

/**
 * Takes it, for as long as the lease runs or is renewed. What a dry run has found so far is forgotten: it remembers
 * the rows before by what is in memory alone.
 * @returns undefined: somebody else was faster
 */
export async function claimImport(
  db: Database,
  id: number,
  leaseMs: number,
  now = Date.now(),
): Promise<Import | undefined> {
  return db.transaction().execute(async trx => {
    const claimed = await trx
      .updateTable('imports')
      .set({ leased_until: now + leaseMs })
      .where('id', '=', id)
      .where('status', '=', 'running')
      .where(({ eb, or }) => or([eb('leased_until', 'is', null), eb('leased_until', '<', now)]))
      .returningAll()
      .executeTakeFirst()
    if (claimed === undefined || optionsOf(claimed)?.dry_run !== true) return claimed
    await trx.deleteFrom('import_faults').where('import_id', '=', id).execute()
    return trx.updateTable('imports').set(NOTHING_DONE).where('id', '=', id).returningAll().executeTakeFirst()
  })
}

/** @returns false: it is not to run any more */
export async function renewLease(db: Database, id: number, until: number | null): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('imports')
    .set({ leased_until: until })
    .where('id', '=', id)
    .where('status', '=', 'running')
    .executeTakeFirst()
  return Number(numUpdatedRows) > 0
}

/** In the order of the file. @param after the last one of the page before */
export function faultsOf(
  db: Database,
  importId: number,
  page: { after?: { line: number; id: number } | undefined; limit: number },
): Promise<ImportFault[]> {
  let query = db
    .selectFrom('import_faults')
    .selectAll()
    .where('import_id', '=', importId)
    .orderBy('line')
    .orderBy('id')
    .limit(page.limit)
  const { after } = page
  if (after !== undefined) query = query.where(sql<boolean>`(line, id) > (${after.line}, ${after.id})`)
  return query.execute()
}

export async function countFaults(db: Database, importId: number): Promise<number> {
  const { count } = await db
    .selectFrom('import_faults')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('import_id', '=', importId)
    .executeTakeFirstOrThrow()
  return count
}

/** Of these ids those that are of no import: what was imported there is gone with its workspace. */
export async function ofNoImport(db: Database, ids: readonly number[]): Promise<number[]> {
  if (ids.length === 0) return []
  const known = await db
    .selectFrom('imports')
    .select('id')
    .where(isOneOf(db, 'id', ids))
    .execute()
  const left = new Set(ids)
  for (const { id } of known) left.delete(id)
  return [...left]
}

/** Ended so long ago, or never begun, that its file goes. @returns their ids */
export async function outdated(db: Database, before: number): Promise<number[]> {
  const rows = await db
    .selectFrom('imports')
    .select('id')
    .where('status', 'not in', ['running', 'paused'])
    .where('updated_at', '<', before)
    .execute()
  return rows.map(({ id }) => id)
}
