import type { Storage } from '../storage/database.ts'
import type { Database } from '../storage/schema.ts'
import { deleteOldest, oldestMessages, type Aged } from './removal.ts'

const DAY_MS = 86_400_000
/** Retention is counted in days: a few minutes more are no matter. */
const SWEEP_EVERY_MS = 300_000
/** More than one: the very oldest may have come while the clock was ahead. */
const LOOKED_AT = 10

/**
 * Deletes what an inbox has outlived or holds beyond its number, in portions between which new mail gets its turn.
 * Only the oldest messages are looked at, and on from there as long as all of them go: ids and time of arrival
 * ascend together.
 * @param now milliseconds since 1970
 * @param stopped asked before each portion
 * @returns how many went
 */
export function trimToLimits(
  db: Database,
  inboxId: number,
  now: number,
  stopped = () => false,
): Promise<number> {
  return deleteOldest(db, inboxId, (oldest, { emails_count, max_size, retention_days }) => {
    if (stopped()) return []
    const excess = max_size === 0 ? 0 : Math.max(0, emails_count - max_size)
    return oldest.filter((message, i) => i < excess || hasOutlived(message, retention_days, now))
  })
}

function hasOutlived({ created_at }: Aged, days: number | null, now: number): boolean {
  return days !== null && created_at < now - days * DAY_MS
}

interface Options {
  storage: Pick<Storage, 'read' | 'write'>
  /** Called when something was deleted, for those who watch. */
  changed(): void
  onError(error: unknown): void
  now?: () => number
}

export interface Retention {
  /** Looks through all inboxes now. @returns how many messages went */
  sweep(): Promise<number>
  /** Ends between two portions. */
  close(): Promise<void>
}

/** Looks through the inboxes at the start and every few minutes. */
export function createRetention({ storage, changed, onError, now = Date.now }: Options): Retention {
  let closed = false
  let last: Promise<number> = Promise.resolve(0)

  const sweep = async () => {
    let gone = 0
    for (const inbox of await limitedInboxes(storage.read)) {
      if (closed) break
      // Whether there is anything to do is found out without the writer.
      const due =
        (inbox.max_size > 0 && inbox.emails_count > inbox.max_size) ||
        (await oldestMessages(storage.read, inbox.id, LOOKED_AT)).some(message =>
          hasOutlived(message, inbox.retention_days, now()),
        )
      if (due) gone += await trimToLimits(storage.write, inbox.id, now(), () => closed)
    }
    if (gone > 0) changed()
    return gone
  }
  // One after the other, however long one takes.
  const look = () => {
    last = last.then(sweep).catch((error: unknown) => {
      onError(error)
      return 0
    })
    return last
  }
  const timer = setInterval(look, SWEEP_EVERY_MS)
  void look()
  return {
    sweep: look,
    async close() {
      closed = true
      clearInterval(timer)
      await last
    },
  }
}

/** Those that may hold too much, by age or by number. */
function limitedInboxes(db: Database) {
  return db
    .selectFrom('inboxes')
    .select(['id', 'retention_days', 'max_size', 'emails_count'])
    .where(({ or, and, eb }) =>
      or([
        eb('retention_days', 'is not', null),
        and([eb('max_size', '>', 0), eb('emails_count', '>', eb.ref('max_size'))]),
      ]),
    )
    .orderBy('id')
    .execute()
}
