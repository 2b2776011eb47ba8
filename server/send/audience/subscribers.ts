import type { Selectable } from 'kysely'
import { storable } from '../../accounts/storable.ts'
import { fold } from '../../storage/search-terms.ts'
import type { Database, Tables } from '../../storage/schema.ts'
import { recordEvents } from './subscriber-events.ts'

export type Subscriber = Selectable<Tables['subscribers']>
export type SubscriberStatus = Subscriber['status']
/** Values of the workspace's custom fields by key. */
export type FieldValues = Record<string, string | number | boolean | string[]>

/** Who does it: null is they themselves, or a program. */
export interface By {
  userId: number | null
  /** On their page of preferences, which is told apart from what programs do. */
  onPreferences?: true
}

export interface NewSubscriber {
  email: string
  first_name?: string | null
  last_name?: string | null
  /** Default: subscribed. */
  status?: SubscriberStatus
  status_reason?: Subscriber['status_reason']
  status_at?: number | null
  fields?: FieldValues
  source: Subscriber['source']
  import_id?: number | null
}

/** What a person may be told apart by. Local parts are case-sensitive on paper (RFC 5321, section 2.4) and nowhere else. */
export function emailKey(email: string): string {
  return storable(email).trim().toLowerCase()
}

export function domainOf(key: string): string {
  return key.slice(key.lastIndexOf('@') + 1)
}

/** What the search looks through. */
export function searchText(of: {
  email: string
  first_name: string | null
  last_name: string | null
}): string {
  return fold([of.first_name, of.last_name, of.email].filter(Boolean).join(' '))
}

export function subscriberById(
  db: Database,
  workspaceId: number,
  id: number,
): Promise<Subscriber | undefined> {
  return db
    .selectFrom('subscribers')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .executeTakeFirst()
}

export function subscriberByEmail(
  db: Database,
  workspaceId: number,
  email: string,
): Promise<Subscriber | undefined> {
  return db
    .selectFrom('subscribers')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .where('email_key', '=', emailKey(email))
    .executeTakeFirst()
}

/** How many of the ids are the workspace's. */
export async function countSubscribersOf(db: Database, workspaceId: number, ids: number[]): Promise<number> {
  if (ids.length === 0) return 0
  const { count } = await db
    .selectFrom('subscribers')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('workspace_id', '=', workspaceId)
    .where('id', 'in', ids)
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** The columns of a new row, for one and for many. */
export function subscriberRow(workspaceId: number, given: NewSubscriber, now: number) {
  const email = storable(given.email).trim()
  const key = emailKey(email)
  const names = { first_name: nameOf(given.first_name), last_name: nameOf(given.last_name) }
  const status = given.status ?? 'subscribed'
  return {
    workspace_id: workspaceId,
    email,
    email_key: key,
    domain: domainOf(key),
    ...names,
    search: searchText({ email, ...names }),
    status,
    status_reason: given.status_reason ?? null,
    status_at: given.status_at ?? (status === 'subscribed' ? null : now),
    fields: JSON.stringify(given.fields ?? {}),
    source: given.source,
    import_id: given.import_id ?? null,
    created_at: now,
    updated_at: now,
  }
}

function nameOf(given: string | null | undefined): string | null {
  return given === undefined || given === null || given === '' ? null : storable(given)
}

/** @throws StorageFault `duplicate`: the workspace has that address already */
export function createSubscriber(
  trx: Database,
  workspaceId: number,
  given: NewSubscriber,
  now = Date.now(),
): Promise<Subscriber> {
  return trx
    .insertInto('subscribers')
    .values(subscriberRow(workspaceId, given, now))
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** Fields that are not named stay; a custom field that is null goes. */
export interface SubscriberChanges {
  email?: string
  first_name?: string | null
  last_name?: string | null
  fields?: Record<string, FieldValues[string] | null>
}

/**
 * Writes what differs, and remembers it as `changed`.
 * @throws StorageFault `duplicate`: the new address is somebody else's
 */
export async function changeSubscriber(
  trx: Database,
  subscriber: Subscriber,
  changes: SubscriberChanges,
  by: By,
  now = Date.now(),
): Promise<Subscriber> {
  const email = changes.email === undefined ? subscriber.email : storable(changes.email).trim()
  const first_name = changes.first_name === undefined ? subscriber.first_name : nameOf(changes.first_name)
  const last_name = changes.last_name === undefined ? subscriber.last_name : nameOf(changes.last_name)
  const present = fieldsOf(subscriber)
  const fields = { ...present }
  for (const [key, value] of Object.entries(changes.fields ?? {}))
    if (value === null) delete fields[key]
    else fields[key] = value

  const differing = differences(
    {
      ...present,
      email: subscriber.email,
      first_name: subscriber.first_name,
      last_name: subscriber.last_name,
    },
    { ...fields, email, first_name, last_name },
  )
  if (Object.keys(differing).length === 0) return subscriber
  const key = emailKey(email)
  const changed = await trx
    .updateTable('subscribers')
    .set({
      email,
      email_key: key,
      domain: domainOf(key),
      first_name,
      last_name,
      search: searchText({ email, first_name, last_name }),
      fields: JSON.stringify(fields),
      updated_at: now,
    })
    .where('id', '=', subscriber.id)
    .returningAll()
    .executeTakeFirstOrThrow()
  await recordEvents(trx, [
    {
      subscriber_id: subscriber.id,
      kind: by.onPreferences === true ? 'preferences_changed' : 'changed',
      detail: { changes: differing },
      user_id: by.userId,
      at: now,
    },
  ])
  return changed
}

/** Old and new value of each key whose value is another. */
export function differences(
  before: Record<string, unknown>,
  after: Record<string, unknown>,
): Record<string, [unknown, unknown]> {
  const found: Record<string, [unknown, unknown]> = {}
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [old, fresh] = [before[key] ?? null, after[key] ?? null]
    if (JSON.stringify(old) !== JSON.stringify(fresh)) found[key] = [old, fresh]
  }
  return found
}

/**
 * @param at when it happened, where that is not now
 * @returns the row as it is now; the very same if it had that status
 */
export async function setStatus(
  trx: Database,
  subscriber: Subscriber,
  status: SubscriberStatus,
  reason: Subscriber['status_reason'],
  by: By,
  { at, now = Date.now() }: { at?: number; now?: number } = {},
): Promise<Subscriber> {
  const since = at ?? now
  if (subscriber.status === status && (at === undefined || at === subscriber.status_at)) return subscriber
  const changed = await trx
    .updateTable('subscribers')
    .set({ status, status_reason: reason, status_at: since, updated_at: now })
    .where('id', '=', subscriber.id)
    .returningAll()
    .executeTakeFirstOrThrow()
  if (subscriber.status !== status)
    await recordEvents(trx, [
      {
        subscriber_id: subscriber.id,
        kind: 'status',
        detail: { from: subscriber.status, to: status, reason },
        user_id: by.userId,
        at: now,
      },
    ])
  return changed
}

/** With their tags, events and deliveries. @returns how many there were */
export async function removeSubscribers(trx: Database, workspaceId: number, ids: number[]): Promise<number> {
  let removed = 0
  for (let from = 0; from < ids.length; from += PORTION) {
    const portion = ids.slice(from, from + PORTION)
    const theirs = trx
      .selectFrom('subscribers')
      .select('id')
      .where('workspace_id', '=', workspaceId)
      .where('id', 'in', portion)
    // In one statement for all, where cascading would be one for each of them.
    await trx.deleteFrom('subscriber_tags').where('subscriber_id', 'in', theirs).execute()
    const { numDeletedRows } = await trx
      .deleteFrom('subscribers')
      .where('workspace_id', '=', workspaceId)
      .where('id', 'in', portion)
      .executeTakeFirst()
    removed += Number(numDeletedRows)
  }
  return removed
}

const PORTION = 500

export function fieldsOf({ fields }: Pick<Subscriber, 'fields'>): FieldValues {
  return JSON.parse(fields)
}

/** How many there are by status; those nobody has are 0. */
export async function audienceCounts(
  db: Database,
  workspaceId: number,
): Promise<Record<SubscriberStatus, number>> {
  const counts = { subscribed: 0, unsubscribed: 0, pending: 0, bounced: 0, complained: 0 }
  const rows = await db
    .selectFrom('audience_counts')
    .select(['status', 'count'])
    .where('workspace_id', '=', workspaceId)
    .execute()
  for (const { status, count } of rows) counts[status] = count
  return counts
}
