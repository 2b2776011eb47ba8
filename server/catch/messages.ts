import { sql, type Selectable } from 'kysely'
import type { Note } from '../mail/notes.ts'
import { hold } from '../storage/claiming.ts'
import { searchHeads, searchWords } from '../storage/search.ts'
import type { Database, Tables, Truth } from '../storage/schema.ts'

export type Message = Selectable<Tables['messages']>

/** What a change did to the inbox's row: enough to tell everybody who watches it. */
export interface InboxState {
  id: number
  version: number
  emails_count: number
  emails_unread_count: number
}

/** Rows of one query: a million of them would keep everybody else waiting. */
const LISTED_AT_ONCE = 10_000

export interface MessagePage {
  /** Only ids below this one. */
  before?: number | undefined
  /** Only ids above this one. */
  after?: number | undefined
  limit: number
  /** Skips index entries only, so that page N costs no rows. */
  offset?: number | undefined
  unread?: boolean | undefined
}

/** Newest first. */
export function listMessages(db: Database, inboxId: number, page: MessagePage): Promise<Message[]> {
  let ids = db
    .selectFrom('messages')
    .select('id')
    .where('inbox_id', '=', inboxId)
    .orderBy('id', 'desc')
    .limit(page.limit)
    .offset(page.offset ?? 0)
  if (page.before !== undefined) ids = ids.where('id', '<', page.before)
  if (page.after !== undefined) ids = ids.where('id', '>', page.after)
  if (page.unread) ids = ids.where('is_read', '=', 0)
  return db.selectFrom('messages').selectAll().where('id', 'in', ids).orderBy('id', 'desc').execute()
}

/** A message as POP3 lists it. */
interface MaildropEntry {
  id: number
  /**
   * Bytes with a bare LF counted as CRLF, which it becomes on the wire (RFC 1939 section 11). The line end that a last
   * line may lack is not counted: there it is part of the final CRLF.CRLF.
   */
  size: number
}

/** Every message of an inbox, the oldest first, without reading any. */
export async function maildropOf(db: Database, inboxId: number): Promise<MaildropEntry[]> {
  const entries: MaildropEntry[] = []
  for (let after = 0; ; ) {
    const rows = await db
      .selectFrom('messages')
      .select(['id', 'size', 'notes'])
      .where('inbox_id', '=', inboxId)
      .where('id', '>', after)
      .orderBy('id')
      .limit(LISTED_AT_ONCE)
      .execute()
    for (const { id, size, notes } of rows) entries.push({ id, size: size + bareLineFeeds(notes) })
    after = rows.at(-1)?.id ?? 0
    if (rows.length < LISTED_AT_ONCE) return entries
  }
}

function bareLineFeeds(notes: string): number {
  if (!notes.includes('"bare-lf"')) return 0
  return (JSON.parse(notes) as Note[]).find(note => note.code === 'bare-lf')?.count ?? 0
}

/** Messages whose subject or recipients contain the text, ignoring case. Newest first. */
export async function findByHead(
  db: Database,
  inboxId: number,
  text: string,
  page: Pick<MessagePage, 'before' | 'limit' | 'offset'>,
): Promise<Message[]> {
  return messagesById(db, await searchHeads(db, inboxId, text, page))
}

/** Messages that hold every word (the last may be unfinished), or the text as it stands in subject or recipients. */
export async function findByText(
  db: Database,
  inboxId: number,
  text: string,
  page: Omit<MessagePage, 'offset'>,
): Promise<Message[]> {
  const byWords = await searchWords(db, inboxId, text, page)
  const byHead = await searchHeads(db, inboxId, text, page)
  const ids = [...new Set([...byWords, ...byHead])].toSorted((a, b) => b - a).slice(0, page.limit)
  return messagesById(db, ids)
}

async function messagesById(db: Database, ids: number[]): Promise<Message[]> {
  if (ids.length === 0) return []
  return db.selectFrom('messages').selectAll().where('id', 'in', ids).orderBy('id', 'desc').execute()
}

export function findMessage(db: Database, inboxId: number, id: number): Promise<Message | undefined> {
  return db
    .selectFrom('messages')
    .selectAll()
    .where('id', '=', id)
    .where('inbox_id', '=', inboxId)
    .executeTakeFirst()
}

/**
 * Reading or unreading some messages, or all of the inbox, moves its counter in the same transaction.
 * @returns how many were not so before
 */
export function markMessages(
  db: Database,
  inboxId: number,
  which: number[] | 'all',
  isRead: boolean,
): Promise<number> {
  const to: Truth = isRead ? 1 : 0
  return db.transaction().execute(async trx => {
    await holdInbox(trx, inboxId)
    let update = trx
      .updateTable('messages')
      .set({ is_read: to, updated_at: Date.now() })
      .where('inbox_id', '=', inboxId)
      .where('is_read', '=', isRead ? 0 : 1)
    if (which !== 'all') update = update.where('id', 'in', which.length > 0 ? which : [-1])
    const { numUpdatedRows } = await update.executeTakeFirst()
    const changed = Number(numUpdatedRows)
    await moveCounters(trx, inboxId, 0, isRead ? -changed : changed)
    return changed
  })
}

/** First the inbox, then what is in it: so does new mail, and whoever began at the other end would lock it out. */
export function holdInbox(db: Database, inboxId: number): Promise<void> {
  return hold(db, db.selectFrom('inboxes').select('id').where('id', '=', inboxId))
}

/** Moves an inbox's counters and stamps it with a new version. */
export function moveCounters(
  db: Database,
  inboxId: number,
  messages: number,
  unread: number,
): Promise<InboxState | undefined> {
  return db
    .updateTable('inboxes')
    .set({
      emails_count: sql`emails_count + ${messages}`,
      emails_unread_count: sql`emails_unread_count + ${unread}`,
      version: sql`version + 1`,
    })
    .where('id', '=', inboxId)
    .returning(['id', 'version', 'emails_count', 'emails_unread_count'])
    .executeTakeFirst()
}
