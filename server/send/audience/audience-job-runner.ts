import type { Log } from '../../log.ts'
import { Problem } from '../../problem.ts'
import { holdAudience } from '../../storage/claiming.ts'
import type { Storage } from '../../storage/database.ts'
import { asFault } from '../../storage/faults.ts'
import {
  advance,
  type AudienceJob,
  claimJob,
  endJob,
  forgetOldJobs,
  isAnyFree,
  releaseJob,
} from './audience-jobs.ts'
import { act } from './bulk-actions.ts'
import { idsMatching } from './subscriber-walk.ts'

/**
 * Subscribers per transaction: between two of them others get their turn to write. What insertRows takes at once:
 * twelve less would be fourteen statements instead of one.
 */
const PORTION = 512
/** What is done while whoever asked waits. */
const AT_ONCE = 1_000
/** So long after a process died its jobs are somebody else's. */
const LEASE_MS = 10_000
const LOOK_EVERY_MS = 5_000

export interface AudienceJobRunner {
  /** Looks for work by itself from now on. */
  start(): void
  /** A small one is done when this resolves; a greater one has its turn. */
  begin(job: AudienceJob): Promise<void>
  /** Ends between two portions; the next start goes on from there. */
  close(): Promise<void>
}

/** Works on the jobs of all workspaces, one after the other, and looks now and then for those another process left. */
export function createAudienceJobRunner(
  storage: Pick<Storage, 'read' | 'survey' | 'write'>,
  log: Pick<Log, 'warn' | 'error'>,
): AudienceJobRunner {
  let closed = false
  let again = false
  let working: Promise<void> | undefined
  const underWay = new Set<Promise<void>>()

  const look = async () => {
    for (;;) {
      if (closed || !(await isAnyFree(storage.read))) return
      const job = await claimJob(storage.write, LEASE_MS)
      // Another process was quicker.
      if (job === undefined) return
      await work(job)
    }
  }

  const wake = () => {
    again = true
    if (closed || working !== undefined) return
    again = false
    working = look()
      .catch((error: unknown) => log.warn('jobs on the audience could not be looked for', { error }))
      .finally(() => {
        working = undefined
        // One that came while the last look found nothing.
        if (again) wake()
      })
  }

  async function work(job: AudienceJob): Promise<void> {
    try {
      for await (const ids of selected(job))
        for (let at = 0; at < ids.length; at += PORTION) {
          if (closed) return await releaseJob(storage.write, job)
          if (!(await done(job, ids.slice(at, at + PORTION)))) return
        }
      await endJob(storage.write, job, null)
    } catch (error) {
      await failed(job, error)
    }
  }

  function selected({ workspace_id, selection, last_id }: AudienceJob): AsyncIterable<number[]> | number[][] {
    return 'ids' in selection
      ? [selection.ids.filter(id => id > last_id)]
      : idsMatching(storage, workspace_id, selection.filter, { after: last_id, upTo: selection.up_to })
  }

  function done(job: AudienceJob, portion: number[]): Promise<boolean> {
    return storage.write.transaction().execute(async trx => {
      await holdAudience(trx, job.workspace_id)
      if (!(await advance(trx, job, portion, LEASE_MS))) return false
      await act(trx, job.workspace_id, portion, job.action, { userId: job.user_id })
      return true
    })
  }

  /** Trouble of the storage passes: when the lease has run out, the job goes on where it was. */
  async function failed(job: AudienceJob, error: unknown): Promise<void> {
    const gone = error instanceof Problem
    if (!gone && asFault(error).passing) {
      log.warn('a job on the audience was interrupted', { job: job.id, error })
      return
    }
    if (!gone) log.error('a job on the audience failed', { job: job.id, error })
    const why = gone ? 'A tag or a segment it was about does not exist any more' : 'See the log of the server'
    await endJob(storage.write, job, why).catch(() => {})
  }

  let timer: NodeJS.Timeout | undefined
  let forgetting: Promise<void> | undefined
  return {
    start() {
      timer = setInterval(wake, LOOK_EVERY_MS)
      timer.unref()
      forgetting = forgetOldJobs(storage.write).catch((error: unknown) =>
        log.warn('old jobs stay', { error }),
      )
      wake()
    },
    async begin({ id, total_count }) {
      if (total_count > AT_ONCE) return wake()
      const job = await claimJob(storage.write, LEASE_MS, { id })
      if (job === undefined) return
      const end = work(job)
      underWay.add(end)
      await end.finally(() => underWay.delete(end))
    },
    async close() {
      closed = true
      clearInterval(timer)
      await forgetting
      await working
      await Promise.all(underWay)
    },
  }
}
