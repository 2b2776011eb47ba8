import { sql, type Selectable } from 'kysely'
import type { Database, Tables } from '../storage/schema.ts'
import { insertRows } from '../storage/bulk.ts'
import { claimable } from '../storage/claiming.ts'

export type Outgoing = Selectable<Tables['outgoing']>

export interface NewOutgoing {
  kind: Outgoing['kind']
  /** What it came from, for the history; null: nobody's but the server's own. */
  workspaceId: number | null
  inboxId: number | null
  messageId: number | null
  reversePath: string
  forwardPath: string
  subject: string
  /** A whole message with CRLF line ends. */
  bytes: Buffer
}

const DAY = 86_400_000

/** After this a mail that nobody takes has failed. RFC 5321 section 4.5.4.1 asks for four to five; a developer's copy is worthless by then. */
const GIVE_UP_AFTER = 2 * DAY
/** So long a failed one can be sent again by hand. */
const KEEP_FAILED_BYTES = 3 * DAY
const KEEP_HISTORY = 14 * DAY

/** Bytes of one statement: all of them are copied on their way to the database. */
const BYTES_AT_ONCE = 8 << 20

/** Puts mail into the queue, in the caller's transaction; wake the relay once that is committed. */
export async function enqueue(db: Database, mails: readonly NewOutgoing[], now = Date.now()): Promise<void> {
  let chunk: Record<string, unknown>[] = []
  let size = 0
  for (const mail of mails) {
    if (chunk.length > 0 && size + mail.bytes.length > BYTES_AT_ONCE) {
      await insertRows(db, 'outgoing', chunk)
      chunk = []
      size = 0
    }
    chunk.push(queuedRow(mail, now))
    size += mail.bytes.length
  }
  await insertRows(db, 'outgoing', chunk)
}

function queuedRow(mail: NewOutgoing, now: number): Record<string, unknown> {
  return {
    kind: mail.kind,
    workspace_id: mail.workspaceId,
    inbox_id: mail.inboxId,
    message_id: mail.messageId,
    reverse_path: mail.reversePath,
    forward_path: mail.forwardPath,
    subject: mail.subject,
    bytes: mail.bytes,
    status: 'queued',
    attempts: 0,
    next_at: now,
    leased_until: null,
    reply: '',
    created_at: now,
    updated_at: now,
  }
}

/** Mail that is this process's to send until the lease runs out; then it is anybody's again. `attempts` tells one claim from the next. */
export type Claimed = Pick<Outgoing, 'id' | 'reverse_path' | 'forward_path' | 'attempts' | 'created_at'> & {
  bytes: Buffer
}

/** Takes what is due, the longest waiting first. Several nodes may ask at once; each gets others. */
export async function claimDue(
  db: Database,
  count: number,
  leaseMs: number,
  now = Date.now(),
): Promise<Claimed[]> {
  // A lease is a due time too: claimed rows are passed over by the same index that finds the due ones.
  const leased = now + leaseMs
  const due = db
    .selectFrom('outgoing')
    .select('id')
    .where('status', '=', 'queued')
    .where('next_at', '<=', now)
    .orderBy('next_at')
    .limit(count)
  const rows = await db
    .updateTable('outgoing')
    .set({ leased_until: leased, next_at: leased, attempts: sql`attempts + 1`, updated_at: now })
    .where('id', 'in', claimable(db, due))
    .returning(['id', 'reverse_path', 'forward_path', 'attempts', 'created_at', 'bytes'])
    .execute()
  // What crossed from the writing thread has forgotten that it is a Buffer.
  return rows.map(row => ({ ...row, bytes: Buffer.from(row.bytes ?? []) }))
}

/** It takes longer, and is still being sent. */
export async function renew(db: Database, mail: Claimed, leaseMs: number, now = Date.now()): Promise<void> {
  const leased = now + leaseMs
  await db
    .updateTable('outgoing')
    .set({ leased_until: leased, next_at: leased })
    .where('id', '=', mail.id)
    .where('status', '=', 'queued')
    .where('attempts', '=', mail.attempts)
    .execute()
}

export type Outcome =
  | { status: 'sent'; reply: string }
  | { status: 'failed'; reply: string }
  /** Not yet. */
  | { status: 'queued'; reply: string; retryInMs: number }

/**
 * Writes down how an attempt ended. If the lease ran out meanwhile and somebody else took the mail, theirs counts.
 * @returns what it has come to: what was tried for two days is not tried again
 */
export async function settle(
  db: Database,
  mail: Claimed,
  outcome: Outcome,
  now = Date.now(),
): Promise<Outgoing['status']> {
  const isOver = outcome.status === 'queued' && now - mail.created_at >= GIVE_UP_AFTER
  const status = isOver ? 'failed' : outcome.status
  await db
    .updateTable('outgoing')
    .set({
      status,
      reply: outcome.reply.replaceAll('\0', '').slice(0, 1000),
      next_at: outcome.status === 'queued' ? now + outcome.retryInMs : now,
      leased_until: null,
      updated_at: now,
      ...(status === 'sent' && { bytes: null }),
    })
    .where('id', '=', mail.id)
    .where('status', '=', 'queued')
    .where('attempts', '=', mail.attempts)
    .execute()
  return status
}

/** When the next mail is due; undefined: the queue is empty. */
export async function nextDue(db: Database): Promise<number | undefined> {
  const row = await db
    .selectFrom('outgoing')
    .select('next_at')
    .where('status', '=', 'queued')
    .orderBy('next_at')
    .limit(1)
    .executeTakeFirst()
  return row?.next_at
}

export async function countQueued(db: Database): Promise<number> {
  const { count } = await db
    .selectFrom('outgoing')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('status', '=', 'queued')
    .executeTakeFirstOrThrow()
  return count
}

/** Forgets what is long over, and before that the bytes of what has failed. */
export async function sweep(db: Database, now = Date.now()): Promise<void> {
  await db
    .deleteFrom('outgoing')
    .where('status', '!=', 'queued')
    .where('next_at', '<', now - KEEP_HISTORY)
    .execute()
  await db
    .updateTable('outgoing')
    .set({ bytes: null })
    .where('status', '=', 'failed')
    .where('next_at', '<', now - KEEP_FAILED_BYTES)
    .where('bytes', 'is not', null)
    .execute()
}

/** Without its bytes. */
export type HistoryEntry = Omit<Outgoing, 'bytes' | 'reverse_path'> & { has_bytes: number }

const HISTORY_COLUMNS = [
  'id',
  'kind',
  'workspace_id',
  'inbox_id',
  'message_id',
  'forward_path',
  'subject',
  'status',
  'attempts',
  'next_at',
  'leased_until',
  'reply',
  'created_at',
  'updated_at',
] as const

/** What went out from an inbox, or of one of its messages; newest first, by ids below `before`. */
export function historyOf(
  db: Database,
  inboxId: number,
  page: { messageId?: number | undefined; before?: number | undefined; limit: number },
): Promise<HistoryEntry[]> {
  let query = withoutBytes(db).where('inbox_id', '=', inboxId).orderBy('id', 'desc').limit(page.limit)
  if (page.messageId !== undefined) query = query.where('message_id', '=', page.messageId)
  if (page.before !== undefined) query = query.where('id', '<', page.before)
  return query.execute()
}

/**
 * Sends a failed one again, with a fresh row of attempts.
 * @returns undefined: it is not there, has not failed, or failed so long ago that its bytes are gone
 */
export async function retry(
  db: Database,
  inboxId: number,
  id: number,
  now = Date.now(),
): Promise<HistoryEntry | undefined> {
  const { numUpdatedRows } = await db
    .updateTable('outgoing')
    .set({ status: 'queued', attempts: 0, next_at: now, leased_until: null, updated_at: now })
    .where('id', '=', id)
    .where('inbox_id', '=', inboxId)
    .where('status', '=', 'failed')
    .where('bytes', 'is not', null)
    .executeTakeFirst()
  return Number(numUpdatedRows) === 0 ? undefined : withoutBytes(db).where('id', '=', id).executeTakeFirst()
}

function withoutBytes(db: Database) {
  return db
    .selectFrom('outgoing')
    .select(HISTORY_COLUMNS)
    .select(sql<number>`case when bytes is null then 0 else 1 end`.as('has_bytes'))
}
