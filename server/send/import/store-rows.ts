import { sql } from 'kysely'
import { insertColumns, insertRows, isOneOf, reserveIds } from '../../storage/bulk.ts'
import { holdAudience } from '../../storage/claiming.ts'
import type { Database, Tables } from '../../storage/schema.ts'
import { deferSearch } from '../../storage/subscriber-search-index.ts'
import type { Operation } from '../../storage/writer-messages.ts'
import { recordEvents } from '../audience/subscriber-events.ts'
import {
  differences,
  domainOf,
  type FieldValues,
  searchText,
  type Subscriber,
  type SubscriberStatus,
} from '../audience/subscribers.ts'
import { tagKey, tagsNamed } from '../audience/tags.ts'
import type { ImportOptions } from './import-options.ts'
import type { ImportRow, RowFault } from './import-row.ts'

/** What the writing thread is asked to store; the rows travel beside it (see `Portion`). */
export interface StoringRows {
  importId: number
  workspaceId: number
  /** As it was read by: whoever starts it anew may read it otherwise. */
  options: string
  /** Where the import stands, if nobody else has moved it: else nothing is stored. */
  from: Place
  to: Place & { line: number; reached: number }
  /** They are the last. */
  last: boolean
  leaseMs: number
  now: number
}

/** A window of the file, by where it begins, and how many of its rows are done with. */
export interface Place {
  position: number
  ahead: number
}

/** Some rows of a window, in the order in which they are done. */
interface Portion {
  rows: ImportRow[]
  /** Rows that say nothing that could be stored. */
  faults: RowFault[]
}

/** Past these the report has no more rows; they are counted still. */
const MAX_FAULTS = 100_000

/** This module is loaded by the writing thread (see storage/writer-thread.ts), which finds its work here. */
export const operations: Record<string, Operation> = {
  storeImportedRows: async (db, inputs) => {
    const stored: boolean[] = []
    for (const { input, bytes } of inputs)
      stored.push(await storeRows(db, input as StoringRows, JSON.parse(bytes.toString()) as Portion))
    return stored
  },
}

type Import = Pick<
  Tables['imports'],
  | 'name'
  | 'options'
  | 'rows_count'
  | 'created_count'
  | 'updated_count'
  | 'skipped_count'
  | 'failed_count'
  | 'user_id'
>

/**
 * Stores rows with their tags, events and faults, and moves the import behind them: all of it in the caller's
 * transaction, so that every row is stored exactly once, whatever ends the process.
 * @returns false: the import does not stand there (any more), and nothing was done
 */
async function storeRows(db: Database, storing: StoringRows, portion: Portion): Promise<boolean> {
  await holdAudience(db, storing.workspaceId)
  const { from, to, now } = storing
  const stands = await db
    .updateTable('imports')
    .set({ updated_at: now })
    .where('id', '=', storing.importId)
    .where('status', '=', 'running')
    .where('options', '=', storing.options)
    .where('position', '=', from.position)
    .where('ahead', '=', from.ahead)
    .returning(['name', 'options', 'user_id', 'rows_count'])
    .returning(['created_count', 'updated_count', 'skipped_count', 'failed_count'])
    .executeTakeFirst()
  if (stands === undefined) return false
  const counts = await new Batch(db, storing, stands).store(portion)
  await db
    .updateTable('imports')
    .set({
      position: to.position,
      line: to.line,
      ahead: to.ahead,
      reached: to.reached,
      rows_count: stands.rows_count + portion.rows.length + portion.faults.length,
      created_count: stands.created_count + counts.created,
      updated_count: stands.updated_count + counts.updated,
      skipped_count: stands.skipped_count + counts.skipped,
      failed_count: stands.failed_count + counts.failed,
      leased_until: storing.last ? null : now + storing.leaseMs,
      ...(storing.last && { status: 'done', finished_at: now }),
    })
    .where('id', '=', storing.importId)
    .execute()
  return true
}

type Outcome = 'created' | 'updated' | 'skipped' | 'failed'

/** A subscriber as the rows so far have made them. */
interface State {
  id: number
  email: string
  email_key: string
  first_name: string | null
  last_name: string | null
  status: SubscriberStatus
  status_reason: Subscriber['status_reason']
  status_at: number | null
  fields: string
  created_at: number
  /** Of a new one: what the search looks through. */
  search: string
  tags: string[]
  /** As it was before; undefined: a row of this import has made it. */
  before: Known | undefined
}

type Known = Pick<
  Subscriber,
  | 'id'
  | 'email'
  | 'email_key'
  | 'first_name'
  | 'last_name'
  | 'status'
  | 'status_reason'
  | 'status_at'
  | 'fields'
  | 'created_at'
>

const KNOWN = [
  'id',
  'email',
  'email_key',
  'first_name',
  'last_name',
  'status',
  'status_reason',
  'status_at',
  'fields',
  'created_at',
] as const

const SUBSCRIBER_COLUMNS = {
  id: 'bigint',
  workspace_id: 'bigint',
  email: 'text',
  email_key: 'text',
  domain: 'text',
  first_name: 'text',
  last_name: 'text',
  search: 'text',
  status: 'text',
  status_reason: 'text',
  status_at: 'bigint',
  fields: 'jsonb',
  source: 'text',
  import_id: 'bigint',
  created_at: 'bigint',
  updated_at: 'bigint',
} as const

const CHANGED_COLUMNS = [
  'email',
  'email_key',
  'domain',
  'first_name',
  'last_name',
  'search',
  'status',
  'status_reason',
  'status_at',
  'fields',
  'updated_at',
]

const REASONS: Partial<Record<SubscriberStatus, Subscriber['status_reason']>> = {
  unsubscribed: 'by_admin',
  bounced: 'bounce',
  complained: 'complaint',
}

const WHY_SUPPRESSED = {
  hard_bounce: 'it bounced',
  complaint: 'its owner complained',
  manual: 'it was put there by hand',
  import: 'it was put there with a list',
}

/** The rows of one portion, done one after the other in memory, then written at once. */
class Batch {
  readonly #db: Database
  readonly #storing: StoringRows
  readonly #import: Import
  readonly #options: ImportOptions
  readonly #byKey = new Map<string, State>()
  readonly #byId = new Map<number, State>()
  readonly #faults: RowFault[] = []
  readonly #counts: Record<Outcome, number> = { created: 0, updated: 0, skipped: 0, failed: 0 }

  constructor(db: Database, storing: StoringRows, found: Import) {
    this.#db = db
    this.#storing = storing
    this.#import = found
    this.#options = JSON.parse(found.options) as ImportOptions
  }

  async store({ rows, faults }: Portion): Promise<Record<Outcome, number>> {
    await this.#look(rows)
    const suppressed = await this.#suppressions(rows)
    for (const row of rows) {
      const outcome = this.#apply(row)
      const reason = outcome === 'created' || outcome === 'updated' ? suppressed(row) : undefined
      if (reason !== undefined) this.#fault(row, reason)
      this.#counts[reason === undefined ? outcome : 'skipped']++
    }
    this.#counts.failed += faults.length
    if (!this.#options.dry_run) await this.#write()
    await this.#report([...faults, ...this.#faults])
    return this.#counts
  }

  /** Whom the rows are about, as far as they are here. */
  async #look(rows: readonly ImportRow[]): Promise<void> {
    const theirs = this.#db
      .selectFrom('subscribers')
      .select(KNOWN)
      .where('workspace_id', '=', this.#storing.workspaceId)
    const keys = rows.map(row => row.key)
    if (keys.length > 0)
      for (const known of await theirs.where(isOneOf(this.#db, 'email_key', keys)).execute())
        this.#meet(known)
    const ids = rows.flatMap(row => (row.id === undefined ? [] : [row.id]))
    if (ids.length > 0)
      for (const known of await theirs.where(isOneOf(this.#db, 'id', ids)).execute()) this.#meet(known)
  }

  #meet(known: Known): void {
    if (this.#byId.has(known.id)) return
    const state: State = { ...known, search: '', tags: [], before: known }
    this.#byId.set(known.id, state)
    this.#byKey.set(known.email_key, state)
  }

  async #suppressions(rows: readonly ImportRow[]): Promise<(row: ImportRow) => string | undefined> {
    const ofWorkspace = this.#db
      .selectFrom('suppressions')
      .where('workspace_id', '=', this.#storing.workspaceId)
    if ((await ofWorkspace.select('id').limit(1).executeTakeFirst()) === undefined || rows.length === 0)
      return () => undefined
    const among = async (kind: 'address' | 'domain', values: string[]) => {
      const found = await ofWorkspace
        .select(['value', 'reason'])
        .where('kind', '=', kind)
        .where(isOneOf(this.#db, 'value', values))
        .execute()
      return new Map(found.map(({ value, reason }) => [value, reason]))
    }
    const addresses = await among(
      'address',
      rows.map(({ key }) => key),
    )
    const domains = await among('domain', [...new Set(rows.map(({ domain }) => domain))])
    return ({ key, domain }) => {
      const reason = addresses.get(key)
      if (reason !== undefined)
        return `the address is suppressed (${WHY_SUPPRESSED[reason]}): kept, and not written to`
      return domains.has(domain) ? 'the domain is suppressed: kept, and not written to' : undefined
    }
  }

  #apply(row: ImportRow): Outcome {
    const { policy } = this.#options
    const byId = row.id === undefined ? undefined : this.#byId.get(row.id)
    const state = byId ?? this.#byKey.get(row.key)
    if (state === undefined && row.seen !== true) {
      if (policy === 'update_only') return 'skipped'
      this.#create(row)
      return 'created'
    }
    if (policy === 'create_only') return 'skipped'
    // Of a dry run: an earlier row would have made them.
    if (state === undefined) return 'updated'
    if (state.email_key !== row.key) {
      if (this.#byKey.has(row.key)) {
        this.#fault(row, 'email belongs to another subscriber')
        return 'failed'
      }
      this.#byKey.delete(state.email_key)
      this.#byKey.set(row.key, state)
      state.email = row.email
      state.email_key = row.key
    }
    this.#update(state, row)
    return 'updated'
  }

  #create(row: ImportRow): void {
    const status = row.status ?? this.#options.status
    this.#byKey.set(row.key, {
      id: 0,
      email: row.email,
      email_key: row.key,
      first_name: row.first ?? null,
      last_name: row.last ?? null,
      status,
      status_reason: REASONS[status] ?? null,
      status_at: status === 'subscribed' ? null : (row.statusAt ?? this.#storing.now),
      fields: row.fields === undefined ? '{}' : JSON.stringify(row.fields),
      created_at: row.createdAt ?? this.#storing.now,
      search: row.search,
      tags: row.tags ?? [],
      before: undefined,
    })
  }

  #update(state: State, row: ImportRow): void {
    if (row.first !== undefined) state.first_name = row.first
    if (row.last !== undefined) state.last_name = row.last
    if (row.fields !== undefined)
      state.fields = JSON.stringify({ ...(JSON.parse(state.fields) as FieldValues), ...row.fields })
    if (row.tags !== undefined) state.tags = [...state.tags, ...row.tags]
    const status = this.#statusAfter(state.status, row.status)
    if (status !== state.status) {
      state.status = status
      state.status_reason = REASONS[status] ?? null
      state.status_at = row.statusAt ?? this.#storing.now
    }
  }

  /** Somebody who has left, or cannot be reached, is not brought back by being in a file. */
  #statusAfter(now: SubscriberStatus, given: SubscriberStatus | undefined): SubscriberStatus {
    const { resubscribe } = this.#options
    if (now === 'unsubscribed')
      return resubscribe && (given ?? 'subscribed') === 'subscribed' ? 'subscribed' : now
    if (given === undefined || now === 'bounced' || now === 'complained') return now
    // Nor does a file confirm what its owner has not, or take a confirmation back.
    return given === 'subscribed' || given === 'pending' ? now : given
  }

  async #write(): Promise<void> {
    const states = new Set([...this.#byKey.values(), ...this.#byId.values()])
    const fresh: State[] = []
    const known: State[] = []
    for (const state of states) (state.before === undefined ? fresh : known).push(state)
    const ids = await reserveIds(this.#db, 'subscribers', fresh.length)
    for (const [i, state] of fresh.entries()) state.id = ids[i] as number
    await deferSearch(this.#db, ids)
    const changed = known.filter(isChanged)
    await insertColumns(
      this.#db,
      'subscribers',
      SUBSCRIBER_COLUMNS,
      fresh.map(state => this.#columnsOf(state)),
    )
    await this.#free(changed)
    await insertColumns(
      this.#db,
      'subscribers',
      SUBSCRIBER_COLUMNS,
      changed.map(state => this.#columnsOf(state)),
      `on conflict (id) do update set ${CHANGED_COLUMNS.map(name => `${name} = excluded.${name}`).join()}`,
    )
    const tagged = await this.#tag(fresh, known)
    await this.#remember(known, new Set(changed), tagged)
  }

  /** Two who exchange their addresses would meet on the way. */
  async #free(changed: readonly State[]): Promise<void> {
    const moved = changed.filter(({ before, email_key }) => before?.email_key !== email_key)
    const taken = new Set(moved.map(({ before }) => before?.email_key))
    const clashing = moved.filter(({ email_key }) => taken.has(email_key))
    if (clashing.length === 0) return
    await this.#db
      .updateTable('subscribers')
      .set({ email_key: sql`'moving ' || id` })
      .where(
        isOneOf(
          this.#db,
          'id',
          moved.map(({ id }) => id),
        ),
      )
      .execute()
  }

  #columnsOf(state: State): unknown[] {
    const { importId, workspaceId, now } = this.#storing
    return [
      state.id,
      workspaceId,
      state.email,
      state.email_key,
      domainOf(state.email_key),
      state.first_name,
      state.last_name,
      state.before === undefined && state.search !== '' ? state.search : searchText(state),
      state.status,
      state.status_reason,
      state.status_at,
      state.fields,
      'import',
      importId,
      state.created_at,
      now,
    ]
  }

  /** @returns the names of the tags that somebody got who was here before, by their id */
  async #tag(fresh: readonly State[], known: readonly State[]): Promise<Map<number, string[]>> {
    const forAll = await this.#tagsForAll()
    const byKey = await this.#tagsOf([...fresh, ...known])
    const names = new Map([...forAll, ...byKey.values()].map(({ id, name }) => [id, name]))
    const wishes = (state: State): Set<number> => {
      const ids = new Set(forAll.map(({ id }) => id))
      for (const name of state.tags) {
        const tag = byKey.get(keyOf(name))
        if (tag !== undefined) ids.add(tag.id)
      }
      return ids
    }
    const pairs: [number, number][] = []
    for (const state of fresh) for (const tagId of wishes(state)) pairs.push([tagId, state.id])
    const added = new Map<number, string[]>()
    const wished = known.filter(state => forAll.length > 0 || state.tags.length > 0)
    const present = await this.#taggings(wished.map(({ id }) => id))
    for (const state of wished)
      for (const tagId of wishes(state)) {
        if (present.has(`${tagId} ${state.id}`)) continue
        pairs.push([tagId, state.id])
        const theirs = added.get(state.id) ?? []
        theirs.push(names.get(tagId) ?? '')
        added.set(state.id, theirs)
      }
    pairs.sort(([a, x], [b, y]) => a - b || x - y)
    await insertColumns(this.#db, 'subscriber_tags', { tag_id: 'bigint', subscriber_id: 'bigint' }, pairs)
    return added
  }

  /** Those of them that are there still. */
  async #tagsForAll(): Promise<{ id: number; name: string }[]> {
    const { tag_ids } = this.#options
    if (tag_ids.length === 0) return []
    return this.#db
      .selectFrom('tags')
      .select(['id', 'name'])
      .where('workspace_id', '=', this.#storing.workspaceId)
      .where(isOneOf(this.#db, 'id', tag_ids))
      .execute()
  }

  async #tagsOf(states: readonly State[]): Promise<Map<string, { id: number; name: string }>> {
    const wanted = new Map<string, string>()
    for (const { tags } of states) for (const name of tags) wanted.set(keyOf(name), name)
    if (wanted.size === 0) return new Map()
    const { workspaceId, now } = this.#storing
    const rows = await this.#db
      .selectFrom('tags')
      .select(['id', 'name', 'name_key'])
      .where('workspace_id', '=', workspaceId)
      .where(isOneOf(this.#db, 'name_key', [...wanted.keys()]))
      .execute()
    const found = new Map<string, { id: number; name: string }>(rows.map(tag => [tag.name_key, tag]))
    // Asked for only where they are missing: trying to make one that is there uses up an id.
    const missing = [...wanted].filter(([key]) => !found.has(key)).map(([, name]) => name)
    for (const [key, tag] of await tagsNamed(this.#db, workspaceId, missing, now)) found.set(key, tag)
    return found
  }

  async #taggings(ids: readonly number[]): Promise<Set<string>> {
    if (ids.length === 0) return new Set()
    const rows = await this.#db
      .selectFrom('subscriber_tags')
      .selectAll()
      .where(isOneOf(this.#db, 'subscriber_id', ids))
      .execute()
    return new Set(rows.map(({ tag_id, subscriber_id }) => `${tag_id} ${subscriber_id}`))
  }

  async #remember(
    known: readonly State[],
    changed: ReadonlySet<State>,
    tagged: ReadonlyMap<number, string[]>,
  ): Promise<void> {
    const { importId, now } = this.#storing
    const { name, user_id } = this.#import
    await recordEvents(
      this.#db,
      known
        .filter(state => changed.has(state) || tagged.has(state.id))
        .map(state => {
          const tags = tagged.get(state.id)
          const changes = {
            ...(changed.has(state) && changesOf(state)),
            ...(tags && { tags: [null, tags] as [unknown, unknown] }),
          }
          return {
            subscriber_id: state.id,
            kind: 'imported' as const,
            detail: { import_id: importId, name, changes },
            user_id,
            at: now,
          }
        }),
    )
  }

  #fault({ line, row }: ImportRow, reason: string): void {
    this.#faults.push({ line, reason, row })
  }

  async #report(faults: readonly RowFault[]): Promise<void> {
    const room = MAX_FAULTS - this.#import.failed_count - this.#import.skipped_count
    await insertRows(
      this.#db,
      'import_faults',
      faults
        .slice(0, Math.max(0, room))
        .map(({ line, reason, row }) => ({ import_id: this.#storing.importId, line, reason, row })),
    )
  }
}

const tagKeys = new Map<string, string>()

/** Remembered: the same few names come with every row. */
function keyOf(name: string): string {
  let key = tagKeys.get(name)
  if (key === undefined) {
    if (tagKeys.size > 10_000) tagKeys.clear()
    tagKeys.set(name, (key = tagKey(name)))
  }
  return key
}

function isChanged(state: State): boolean {
  const { before } = state
  if (before === undefined) return false
  return (
    before.email !== state.email ||
    before.first_name !== state.first_name ||
    before.last_name !== state.last_name ||
    before.status !== state.status ||
    (before.fields !== state.fields && Object.keys(changesOf(state)).length > 0)
  )
}

function changesOf(state: State): Record<string, [unknown, unknown]> {
  return state.before === undefined ? {} : differences(shown(state.before), shown(state))
}

function shown({ email, first_name, last_name, status, fields }: Known | State): Record<string, unknown> {
  return { ...(JSON.parse(fields) as FieldValues), email, first_name, last_name, status }
}
