import { sql, type Selectable } from 'kysely'
import { randomBytes } from 'node:crypto'
import type { Secrets } from '../accounts/secrets.ts'
import { Problem } from '../problem.ts'
import type { Database, Tables } from '../storage/schema.ts'

export type Inbox = Selectable<Tables['inboxes']>

export interface NewInbox {
  projectId: number
  name: string
  /** Messages kept, oldest out first; 0 = no limit. */
  maxSize: number
  /** Bytes. */
  maxMessageSize: number
  credentials?: { username: string; password: string } | undefined
}

export async function createInbox(db: Database, secrets: Secrets, inbox: NewInbox): Promise<Inbox> {
  const now = Date.now()
  const { username, password } = inbox.credentials ?? newCredentials()
  return db
    .insertInto('inboxes')
    .values({
      project_id: inbox.projectId,
      name: inbox.name,
      username,
      password: secrets.seal(password),
      status: 'active',
      email_username: `${randomHex(5)}-${randomHex(3)}`,
      email_username_enabled: 0,
      max_size: inbox.maxSize,
      max_message_size: inbox.maxMessageSize,
      emails_count: 0,
      emails_unread_count: 0,
      counted_month: monthOf(now),
      sent_messages_count: 0,
      forwarded_messages_count: 0,
      last_message_at: null,
      retention_days: null,
      rate_count: null,
      rate_seconds: null,
      version: 1,
      created_at: now,
      updated_at: now,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
}

export function findInbox(db: Database, id: number): Promise<Inbox | undefined> {
  return db.selectFrom('inboxes').selectAll().where('id', '=', id).executeTakeFirst()
}

export function inboxByUsername(db: Database, username: string): Promise<Inbox | undefined> {
  return db.selectFrom('inboxes').selectAll().where('username', '=', username).executeTakeFirst()
}

/** The inbox behind `<email_username>[+tag]` at the sandbox domain, if it takes mail there. */
export function inboxByLocalPart(db: Database, localPart: string): Promise<Inbox | undefined> {
  const [name = ''] = localPart.toLowerCase().split('+')
  return db
    .selectFrom('inboxes')
    .selectAll()
    .where('email_username', '=', name)
    .where('email_username_enabled', '=', 1)
    .where('status', '=', 'active')
    .executeTakeFirst()
}

/** Where mail without AUTH goes in anonymous mode. */
export function firstInbox(db: Database): Promise<Inbox | undefined> {
  return db
    .selectFrom('inboxes')
    .selectAll()
    .where('status', '=', 'active')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
}

export type InboxChanges = Partial<
  Pick<
    Inbox,
    | 'name'
    | 'project_id'
    | 'email_username'
    | 'email_username_enabled'
    | 'status'
    | 'max_size'
    | 'max_message_size'
    | 'rate_count'
    | 'rate_seconds'
    | 'retention_days'
  >
>

export async function changeInbox(db: Database, id: number, changes: InboxChanges): Promise<Inbox> {
  const inbox = await db
    .updateTable('inboxes')
    .set({ ...changes, version: sql`version + 1`, updated_at: Date.now() })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
  if (inbox === undefined) throw new Problem('absent')
  return inbox
}

/** New username and password; the old ones stop at once. */
export async function resetCredentials(db: Database, secrets: Secrets, id: number): Promise<Inbox> {
  const { username, password } = newCredentials()
  const inbox = await db
    .updateTable('inboxes')
    .set({ username, password: secrets.seal(password), version: sql`version + 1`, updated_at: Date.now() })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
  if (inbox === undefined) throw new Problem('absent')
  return inbox
}

/** A new address, alias and hash both. */
export function resetEmailUsername(db: Database, id: number): Promise<Inbox> {
  return changeInbox(db, id, { email_username: `${randomHex(5)}-${randomHex(3)}` })
}

/**
 * A new alias before the inbox's own six-character hash, which stays. The present name sent back whole
 * changes nothing, and the hash may be sent along.
 * @throws Problem `invalid`
 */
export function withAlias(inbox: Inbox, wanted: string): string {
  const hash = inbox.email_username.slice(-7)
  const given = wanted.trim().toLowerCase()
  const alias = given.endsWith(hash) ? given.slice(0, -hash.length) : given
  if (!/^[a-z0-9](?:[a-z0-9._-]{0,38}[a-z0-9])?$/.test(alias))
    throw new Problem('invalid', '', { fields: { email_username: ['is invalid'] } })
  return `${alias}${hash}`
}

/** What counts for the current month; after the turn of the month the stored counters are last month's. */
export function countedThisMonth(inbox: Inbox, now: number): { sent: number; forwarded: number } {
  return inbox.counted_month === monthOf(now)
    ? { sent: inbox.sent_messages_count, forwarded: inbox.forwarded_messages_count }
    : { sent: 0, forwarded: 0 }
}

/** Year and month in UTC, as 202611. */
export function monthOf(instant: number): number {
  const date = new Date(instant)
  return date.getUTCFullYear() * 100 + date.getUTCMonth() + 1
}

function newCredentials(): { username: string; password: string } {
  return { username: randomHex(7), password: randomHex(7) }
}

function randomHex(bytes: number): string {
  return randomBytes(bytes).toString('hex')
}
