import { type Selectable, sql } from 'kysely'
import { Problem } from '../../problem.ts'
import { claimable } from '../../storage/claiming.ts'
import type { Storage } from '../../storage/database.ts'
import type { Database, Tables } from '../../storage/schema.ts'
import type { BulkAction } from './bulk-actions.ts'
import type { SubscriberFilter } from './subscriber-filter.ts'
import { countSubscribers } from './subscriber-list.ts'
import { highestId } from './subscriber-walk.ts'
import type { By } from './subscribers.ts'

/** Those with these ids, ascending; or everybody the filter finds up to `up_to`, the highest id of the start. */
export type Selection = { ids: number[] } | { filter: SubscriberFilter; up_to: number }

/** Something done to many subscribers, in portions; where it is moves in the transaction of each portion. */
export type AudienceJob = Omit<Selectable<Tables['audience_jobs']>, 'selection' | 'argument'> & {
  selection: Selection
  action: BulkAction
}

const KEEP_FINISHED = 7 * 86_400_000

/**
 * Who they are, as the selection stands now.
 * @throws Problem `invalid`
 */
export async function selectionOf(
  storage: Pick<Storage, 'read' | 'survey'>,
  workspaceId: number,
  asked: { ids: readonly number[] } | SubscriberFilter,
): Promise<{ selection: Selection; total: number }> {
  if ('ids' in asked) {
    const ids = [...new Set(asked.ids)].toSorted((a, b) => a - b)
    return { selection: { ids }, total: ids.length }
  }
  // First the end, then the count: whoever comes meanwhile is counted at most, never met.
  const up_to = await highestId(storage.read, workspaceId)
  const total = await countSubscribers(storage, workspaceId, asked)
  return { selection: { filter: asked, up_to }, total }
}

export async function createJob(
  trx: Database,
  workspaceId: number,
  { selection, total }: { selection: Selection; total: number },
  action: BulkAction,
  { userId }: By,
  now = Date.now(),
): Promise<AudienceJob> {
  const row = await trx
    .insertInto('audience_jobs')
    .values({
      workspace_id: workspaceId,
      user_id: userId,
      kind: action.kind,
      selection: JSON.stringify(selection),
      argument: JSON.stringify(action),
      status: 'running',
      last_id: 0,
      done_count: 0,
      total_count: total,
      error: null,
      leased_until: null,
      created_at: now,
      updated_at: now,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  return read(row)
}

/** @throws Problem `absent` */
export async function jobById(db: Database, workspaceId: number, id: number): Promise<AudienceJob> {
  const row = await db
    .selectFrom('audience_jobs')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .executeTakeFirst()
  if (row === undefined) throw new Problem('absent')
  return read(row)
}

/** What was done stays done. */
export async function cancelJob(
  db: Database,
  { id }: Pick<AudienceJob, 'id'>,
  now = Date.now(),
): Promise<void> {
  await db
    .updateTable('audience_jobs')
    .set({ status: 'cancelled', leased_until: null, updated_at: now })
    .where('id', '=', id)
    .where('status', '=', 'running')
    .execute()
}

/**
 * Takes one that nobody works on, the oldest first; this process's until the lease runs out.
 * @param id only this one
 */
export async function claimJob(
  db: Database,
  leaseMs: number,
  { id, now = Date.now() }: { id?: number; now?: number } = {},
): Promise<AudienceJob | undefined> {
  let free = freeJobs(db, now).limit(1)
  if (id !== undefined) free = free.where('id', '=', id)
  const row = await db
    .updateTable('audience_jobs')
    .set({ leased_until: now + leaseMs })
    .where('id', 'in', claimable(db, free))
    .returningAll()
    .executeTakeFirst()
  return row && read(row)
}

/** Asked now and then, without the writer. */
export async function isAnyFree(db: Database, now = Date.now()): Promise<boolean> {
  return (await freeJobs(db, now).limit(1).executeTakeFirst()) !== undefined
}

function freeJobs(db: Database, now: number) {
  return db
    .selectFrom('audience_jobs')
    .select('id')
    .where('status', '=', 'running')
    .where(({ or, eb }) => or([eb('leased_until', 'is', null), eb('leased_until', '<=', now)]))
    .orderBy('id')
}

/**
 * In the transaction of a portion, before it is done.
 * @returns false: somebody cancelled the job, or works on it: leave the portion alone
 */
export async function advance(
  trx: Database,
  job: AudienceJob,
  portion: readonly number[],
  leaseMs: number,
  now = Date.now(),
): Promise<boolean> {
  const last = portion.at(-1) ?? job.last_id
  const { numUpdatedRows } = await trx
    .updateTable('audience_jobs')
    .set({
      last_id: last,
      done_count: sql<number>`done_count + ${portion.length}`,
      leased_until: now + leaseMs,
      updated_at: now,
    })
    .where('id', '=', job.id)
    .where('status', '=', 'running')
    .where('last_id', '=', job.last_id)
    .executeTakeFirst()
  if (numUpdatedRows === 0n) return false
  job.last_id = last
  return true
}

/** @param error null: everybody is done with */
export async function endJob(
  db: Database,
  { id }: Pick<AudienceJob, 'id'>,
  error: string | null,
  now = Date.now(),
): Promise<void> {
  await db
    .updateTable('audience_jobs')
    .set({ status: error === null ? 'done' : 'failed', error, leased_until: null, updated_at: now })
    .where('id', '=', id)
    .where('status', '=', 'running')
    .execute()
}

/** Anybody's again, at once. */
export async function releaseJob(db: Database, { id }: Pick<AudienceJob, 'id'>): Promise<void> {
  await db.updateTable('audience_jobs').set({ leased_until: null }).where('id', '=', id).execute()
}

export async function forgetOldJobs(db: Database, now = Date.now()): Promise<void> {
  await db
    .deleteFrom('audience_jobs')
    .where('status', '<>', 'running')
    .where('updated_at', '<', now - KEEP_FINISHED)
    .execute()
}

function read({ selection, argument, ...row }: Selectable<Tables['audience_jobs']>): AudienceJob {
  return { ...row, selection: JSON.parse(selection), action: JSON.parse(argument) }
}
