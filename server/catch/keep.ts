import { sql } from 'kysely'
import { digest, type Digest } from '../mail/digest.ts'
import { insertRows, reserveIds } from '../storage/bulk.ts'
import { indexMessages } from '../storage/search-index.ts'
import { fold } from '../storage/search-terms.ts'
import type { Database } from '../storage/schema.ts'
import type { Operation } from '../storage/writer-messages.ts'
import type { Arrival } from './arrival.ts'
import { type Inbox, monthOf } from './inboxes.ts'
import type { InboxState } from './messages.ts'
import { storeRaw } from './raw.ts'
import { trimInbox } from './removal.ts'

/** What the writing thread is asked to keep; the raw bytes travel beside it. */
export interface Keeping {
  /** One copy goes into each. */
  inboxIds: number[]
  arrival: Arrival
  /** Milliseconds since 1970. */
  receivedAt: number
}

/**
 * Where it is now. Left out is an inbox that takes no mail any more, at all or under that login: deleted, switched
 * off, or given other credentials since the door asked.
 */
export interface Kept {
  messages: { id: number; inboxId: number }[]
  inboxes: KeptInbox[]
}

/** With the limits of the door as they are by now. */
type KeptInbox = InboxState & Pick<Inbox, 'max_size' | 'max_message_size' | 'rate_count' | 'rate_seconds'>

const SNIPPET_LENGTH = 140

/** This module is loaded by the writing thread (see storage/writer-thread.ts), which finds its work here. */
export const operations: Record<string, Operation> = {
  keep: (db, inputs) => keep(db, inputs as { input: Keeping; bytes: Buffer }[]),
}

/** Stores a batch: rows, raw bytes, attachments, search entries and counters, all in the caller's transaction. */
async function keep(db: Database, inputs: { input: Keeping; bytes: Buffer }[]): Promise<Kept[]> {
  const { inboxes, takes } = await countIn(
    db,
    inputs.map(each => each.input),
  )
  const copies = inputs.flatMap(({ input, bytes }) => {
    const known = input.inboxIds.filter(id => takes(id, input))
    if (known.length === 0) return []
    const read = digest(bytes)
    return known.map(inboxId => ({ input, inboxId, bytes, read }))
  })
  const ids = await reserveIds(db, 'messages', copies.length)
  const attachmentIds = await reserveIds(
    db,
    'attachments',
    copies.reduce((sum, { read }) => sum + read.attachments.length, 0),
  )
  const placed = copies.map((copy, i) => ({ ...copy, id: ids[i] ?? 0 }))

  await insertRows(db, 'messages', placed.map(messageRow))
  await storeRaw(db, placed)
  await insertRows(
    db,
    'attachments',
    placed
      .flatMap(({ id, read, input }) => attachmentRows(id, read, input.receivedAt))
      .map((row, i) => ({ id: attachmentIds[i], ...row })),
  )
  await indexMessages(
    db,
    placed.map(({ id, inboxId, read, input }) => ({
      id,
      inboxId,
      head: searchHead(read, input),
      words: fold(wordsOf(read)),
    })),
  )
  for (const [id, inbox] of inboxes) {
    const trimmed = await trimInbox(db, inbox)
    if (trimmed) inboxes.set(id, { ...inbox, ...trimmed })
  }

  const placedBy = Map.groupBy(placed, copy => copy.input)
  return inputs.map(({ input }) => ({
    messages: (placedBy.get(input) ?? []).map(({ id, inboxId }) => ({ id, inboxId })),
    inboxes: input.inboxIds.flatMap(id => {
      const inbox = takes(id, input) ? inboxes.get(id) : undefined
      return inbox ? [inbox] : []
    }),
  }))
}

/**
 * Moves the counters of every inbox concerned, in id order so that two nodes never lock each other out. The same
 * statement finds out whether the inbox takes the mail: nothing is left to happen between a question and the answer.
 */
async function countIn(
  db: Database,
  keepings: Keeping[],
): Promise<{ inboxes: Map<number, KeptInbox>; takes: (id: number, keeping: Keeping) => boolean }> {
  const key = (id: number, { arrival }: Keeping) => `${id} ${arrival.login ?? ''}`
  const counts = new Map<string, { id: number; login: string | null; messages: number; last: number }>()
  for (const keeping of keepings)
    for (const id of keeping.inboxIds) {
      const count = counts.get(key(id, keeping))
      counts.set(key(id, keeping), {
        id,
        login: keeping.arrival.login,
        messages: (count?.messages ?? 0) + 1,
        last: Math.max(count?.last ?? 0, keeping.receivedAt),
      })
    }
  const inboxes = new Map<number, KeptInbox>()
  const taking = new Set<string>()
  for (const [group, { id, login, messages, last }] of [...counts].toSorted(([, a], [, b]) => a.id - b.id)) {
    const month = monthOf(last)
    let update = db
      .updateTable('inboxes')
      .set({
        emails_count: sql`emails_count + ${messages}`,
        emails_unread_count: sql`emails_unread_count + ${messages}`,
        sent_messages_count: sql`case when counted_month = ${month} then sent_messages_count else 0 end + ${messages}`,
        forwarded_messages_count: sql`case when counted_month = ${month} then forwarded_messages_count else 0 end`,
        counted_month: month,
        last_message_at: last,
        version: sql`version + 1`,
      })
      .where('id', '=', id)
      .where('status', '=', 'active')
    if (login !== null) update = update.where('username', '=', login)
    const inbox = await update
      .returning(['id', 'version', 'emails_count', 'emails_unread_count'])
      .returning(['max_size', 'max_message_size', 'rate_count', 'rate_seconds'])
      .executeTakeFirst()
    if (inbox === undefined) continue
    inboxes.set(id, inbox)
    taking.add(group)
  }
  return { inboxes, takes: (id, keeping) => taking.has(key(id, keeping)) }
}

interface Placed {
  id: number
  inboxId: number
  input: Keeping
  bytes: Buffer
  read: Digest
}

function messageRow({ id, inboxId, input, bytes, read }: Placed) {
  return {
    id,
    inbox_id: inboxId,
    subject: read.subject,
    from_email: read.from.address,
    from_name: read.from.name,
    to_email: recipientsOf(read, input),
    to_name: namesOf(read),
    sent_at: read.date ?? input.receivedAt,
    is_read: 0,
    size: bytes.length,
    html_size: read.htmlSize,
    text_size: read.textSize,
    attachments_count: read.attachments.length,
    snippet: read.text
      .slice(0, SNIPPET_LENGTH * 4)
      .replace(/\s+/g, ' ')
      .trim()
      .slice(0, SNIPPET_LENGTH),
    search_head: searchHead(read, input),
    arrival: JSON.stringify(input.arrival).replaceAll('\\u0000', ''),
    notes: read.notes.length === 0 ? '[]' : JSON.stringify(read.notes),
    created_at: input.receivedAt,
    updated_at: input.receivedAt,
  }
}

function attachmentRows(messageId: number, read: Digest, createdAt: number) {
  return read.attachments.map(attachment => ({
    message_id: messageId,
    part: attachment.partId,
    filename: attachment.filename,
    attachment_type: attachment.type,
    content_type: attachment.contentType,
    content_id: attachment.contentId,
    transfer_encoding: attachment.transferEncoding,
    size: attachment.size,
    created_at: createdAt,
  }))
}

/** The addresses of To; without such a field, those of the envelope. */
function recipientsOf(read: Digest, { arrival }: Keeping): string {
  return read.hasTo ? read.to.map(to => to.address).join(', ') : arrival.rcpt_to.join(', ')
}

function namesOf(read: Digest): string {
  return read.to
    .map(to => to.name)
    .filter(name => name !== '')
    .join(', ')
}

function searchHead(read: Digest, input: Keeping): string {
  return fold(`${read.subject}\n${recipientsOf(read, input)}\n${namesOf(read)}`)
}

/** What the word search finds a message by. */
export function wordsOf(read: Digest): string {
  const people = [read.from, ...read.to, ...read.cc].map(({ name, address }) => `${name} ${address}`)
  return [read.subject, ...people, ...read.attachments.map(each => each.filename), read.text].join(' ')
}
