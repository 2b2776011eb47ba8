import { unindexMessages } from '../storage/search-index.ts'
import type { Database } from '../storage/schema.ts'
import { moveCounters, type InboxState } from './messages.ts'
import { removeRaw } from './raw.ts'

/** Messages per transaction: new mail gets its turn between two of them. */
const PER_TURN = 500

/**
 * Deletes the given messages of one inbox; those it does not have are passed over.
 * @returns how many there were
 */
export async function deleteMessages(db: Database, inboxId: number, ids: readonly number[]): Promise<number> {
  let deleted = 0
  for (let at = 0; at < ids.length; at += PER_TURN)
    await db.transaction().execute(async trx => {
      const some = ids.slice(at, at + PER_TURN)
      const { removed, unread } = await removeRows(trx, inboxId, some)
      deleted += removed
      await moveCounters(trx, inboxId, -removed, -unread)
    })
  return deleted
}

/** Empties an inbox of everything that was in it when asked; what comes meanwhile stays. */
export async function cleanInbox(db: Database, inboxId: number): Promise<void> {
  const newest = await db
    .selectFrom('messages')
    .select('id')
    .where('inbox_id', '=', inboxId)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  for (;;) {
    const gone = await db.transaction().execute(async trx => {
      const ids = await oldestIds(trx, inboxId, PER_TURN, newest?.id ?? 0)
      const { removed, unread } = await removeRows(trx, inboxId, ids)
      await moveCounters(trx, inboxId, -removed, -unread)
      return removed
    })
    if (gone < PER_TURN) return
  }
}

/**
 * Deletes an inbox with everything in it. It takes no mail from the first step on, and a deletion that a
 * crash cut short can simply be asked for again.
 */
export async function deleteInbox(db: Database, inboxId: number): Promise<void> {
  await db.updateTable('inboxes').set({ status: 'inactive' }).where('id', '=', inboxId).execute()
  for (;;) {
    await cleanInbox(db, inboxId)
    const deleted = await db.transaction().execute(async trx => {
      // Mail that was under way when the inbox closed may have come in behind the broom.
      const [left] = await oldestIds(trx, inboxId, 1, Number.MAX_SAFE_INTEGER)
      if (left !== undefined) return false
      await trx.deleteFrom('inboxes').where('id', '=', inboxId).execute()
      return true
    })
    if (deleted) return
  }
}

export async function deleteProject(db: Database, projectId: number): Promise<void> {
  const inboxes = await db.selectFrom('inboxes').select('id').where('project_id', '=', projectId).execute()
  for (const inbox of inboxes) await deleteInbox(db, inbox.id)
  await db.deleteFrom('projects').where('id', '=', projectId).execute()
}

/** Takes the oldest messages out of an inbox that holds more than it may. Runs inside the transaction that overfilled it. */
export async function trimInbox(
  db: Database,
  inbox: InboxState & { max_size: number },
): Promise<InboxState | undefined> {
  const excess = inbox.emails_count - inbox.max_size
  if (inbox.max_size === 0 || excess <= 0) return inbox
  const ids = await oldestIds(db, inbox.id, excess, Number.MAX_SAFE_INTEGER)
  const { removed, unread } = await removeRows(db, inbox.id, ids)
  return moveCounters(db, inbox.id, -removed, -unread)
}

async function oldestIds(db: Database, inboxId: number, count: number, upTo: number): Promise<number[]> {
  const rows = await db
    .selectFrom('messages')
    .select('id')
    .where('inbox_id', '=', inboxId)
    .where('id', '<=', upTo)
    .orderBy('id')
    .limit(count)
    .execute()
  return rows.map(row => row.id)
}

/** Removes rows of every table that hangs on the messages; the caller moves the counters. */
async function removeRows(
  db: Database,
  inboxId: number,
  ids: readonly number[],
): Promise<{ removed: number; unread: number }> {
  if (ids.length === 0) return { removed: 0, unread: 0 }
  const rows = await db
    .deleteFrom('messages')
    .where('inbox_id', '=', inboxId)
    .where('id', 'in', ids)
    .returning(['id', 'is_read'])
    .execute()
  const removed = rows.map(row => row.id)
  if (removed.length > 0) {
    await removeRaw(db, removed)
    await db.deleteFrom('attachments').where('message_id', 'in', removed).execute()
    await db.deleteFrom('message_reports').where('message_id', 'in', removed).execute()
    await unindexMessages(db, removed)
  }
  return { removed: removed.length, unread: rows.filter(row => row.is_read === 0).length }
}
