import { unindexMessages } from '../storage/search-index.ts'
import type { Database } from '../storage/schema.ts'
import type { Inbox } from './inboxes.ts'
import { holdInbox, moveCounters, type InboxState } from './messages.ts'
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
    deleted += await removePortion(db, inboxId, async () => ids.slice(at, at + PER_TURN))
  return deleted
}

/**
 * Deletes messages of one inbox, the oldest first, a portion after the other until all that are left may stay.
 * @param goes of the oldest messages of an inbox those that are to go
 * @returns how many went
 */
export async function deleteOldest(
  db: Database,
  inboxId: number,
  goes: (oldest: Aged[], inbox: Pick<Inbox, 'emails_count' | 'max_size' | 'retention_days'>) => Aged[],
): Promise<number> {
  for (let deleted = 0; ; ) {
    let more = false
    deleted += await removePortion(db, inboxId, async trx => {
      const inbox = await trx
        .selectFrom('inboxes')
        .select(['emails_count', 'max_size', 'retention_days'])
        .where('id', '=', inboxId)
        .executeTakeFirst()
      const oldest = inbox ? await oldestMessages(trx, inboxId, PER_TURN) : []
      const going = inbox ? goes(oldest, inbox) : []
      // Where the youngest of a portion may stay, so may all after it.
      more = oldest.length === PER_TURN && going.at(-1) === oldest.at(-1)
      return going.map(message => message.id)
    })
    if (!more) return deleted
  }
}

/** A message by its place in time. */
export interface Aged {
  id: number
  created_at: number
}

export function oldestMessages(db: Database, inboxId: number, count: number): Promise<Aged[]> {
  return db
    .selectFrom('messages')
    .select(['id', 'created_at'])
    .where('inbox_id', '=', inboxId)
    .orderBy('id')
    .limit(count)
    .execute()
}

/** One transaction. */
function removePortion(
  db: Database,
  inboxId: number,
  which: (trx: Database) => Promise<readonly number[]>,
): Promise<number> {
  return db.transaction().execute(async trx => {
    await holdInbox(trx, inboxId)
    const { removed, unread } = await removeRows(trx, inboxId, await which(trx))
    if (removed > 0) await moveCounters(trx, inboxId, -removed, -unread)
    return removed
  })
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
    const gone = await removePortion(db, inboxId, trx => oldestIds(trx, inboxId, PER_TURN, newest?.id ?? 0))
    if (gone < PER_TURN) return
  }
}

/**
 * Deletes an inbox with everything in it. It takes no mail from the first step on, and a deletion that a
 * crash cut short can simply be asked for again.
 */
export async function deleteInbox(db: Database, inboxId: number): Promise<void> {
  for (;;) {
    // What is being kept right now holds the inbox: it is in before this, and nothing comes in behind it.
    await db.updateTable('inboxes').set({ status: 'inactive' }).where('id', '=', inboxId).execute()
    await cleanInbox(db, inboxId)
    const deleted = await db.transaction().execute(async trx => {
      await holdInbox(trx, inboxId)
      // Unless somebody switched it on again meanwhile.
      const [left] = await oldestIds(trx, inboxId, 1, Number.MAX_SAFE_INTEGER)
      if (left !== undefined) return false
      // Copies that wait for the relay too: what is deleted is not to turn up elsewhere afterwards.
      await trx.deleteFrom('outgoing').where('inbox_id', '=', inboxId).execute()
      await trx.deleteFrom('inboxes').where('id', '=', inboxId).execute()
      return true
    })
    if (deleted) return
  }
}

/** With its inboxes, also those that are made or moved here meanwhile. */
export async function deleteProject(db: Database, projectId: number): Promise<void> {
  for (;;) {
    const inboxes = await db
      .selectFrom('inboxes')
      .select('id')
      .where('project_id', '=', projectId)
      .orderBy('id')
      .execute()
    for (const inbox of inboxes) await deleteInbox(db, inbox.id)
    const { numDeletedRows } = await db
      .deleteFrom('projects')
      .where('id', '=', projectId)
      .where(({ not, exists, selectFrom }) =>
        not(exists(selectFrom('inboxes').select('id').where('project_id', '=', projectId))),
      )
      .executeTakeFirst()
    if (numDeletedRows > 0n || inboxes.length === 0) return
  }
}

/** Of a workspace that is being deleted. */
export async function deleteProjectsOf(db: Database, workspaceId: number): Promise<void> {
  for (;;) {
    const project = await db
      .selectFrom('projects')
      .select('id')
      .where('workspace_id', '=', workspaceId)
      .limit(1)
      .executeTakeFirst()
    if (project === undefined) return
    await deleteProject(db, project.id)
  }
}

/**
 * Takes the oldest messages out of an inbox that holds more than it may, inside the transaction that overfilled it:
 * no more than a portion, for new mail waits. Where a limit was lowered, more goes with the next.
 */
export async function trimInbox(
  db: Database,
  inbox: InboxState & { max_size: number },
): Promise<InboxState | undefined> {
  const excess = inbox.emails_count - inbox.max_size
  if (inbox.max_size === 0 || excess <= 0) return inbox
  const ids = await oldestIds(db, inbox.id, Math.min(excess, PER_TURN), Number.MAX_SAFE_INTEGER)
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
