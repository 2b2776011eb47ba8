import { sql } from 'kysely'
import { insertRows } from './bulk.ts'
import { recountAudience } from './audience-counters.ts'
import { engineOf } from './columns.ts'
import { recountDeliveries } from './delivery-totals.ts'
import type { Database, Tables } from './schema.ts'

/** What hangs on messages is copied by message; the search entries are made anew from the messages. */
type CopiedByMessage =
  | 'messages'
  | 'raw_packs'
  | 'raw_messages'
  | 'attachments'
  | 'search_pending'
  | 'message_reports'

/** Has no column of its own to be walked by, and what is counted anew in the end. */
type CopiedOtherwise = 'subscriber_tags' | 'audience_counts' | 'campaign_totals'

/**
 * All other tables, those that are referred to first, with the column their rows are walked by. A new table
 * does not compile until it stands here.
 */
const WHOLE_TABLES: Record<
  Exclude<keyof Tables, CopiedByMessage | CopiedOtherwise>,
  'id' | 'key' | 'hash' | 'inbox_id' | 'workspace_id' | 'delivery_id'
> = {
  workspaces: 'id',
  users: 'id',
  members: 'id',
  tokens: 'id',
  sessions: 'hash',
  settings: 'key',
  projects: 'id',
  inboxes: 'id',
  project_members: 'id',
  inbox_members: 'id',
  invitations: 'id',
  cors_domains: 'id',
  forward_rules: 'id',
  forward_targets: 'id',
  forward_cursors: 'inbox_id',
  outgoing: 'id',
  audiences: 'workspace_id',
  custom_fields: 'id',
  tags: 'id',
  segments: 'id',
  subscribers: 'id',
  subscriber_events: 'id',
  suppressions: 'id',
  imports: 'id',
  import_faults: 'id',
  audience_jobs: 'id',
  forms: 'id',
  templates: 'id',
  template_versions: 'id',
  media: 'id',
  media_files: 'id',
  email_services: 'id',
  campaigns: 'id',
  campaign_tags: 'id',
  campaign_segments: 'id',
  campaign_attachments: 'id',
  campaign_links: 'id',
  sending_settings: 'workspace_id',
  sending_domains: 'id',
  service_usage: 'id',
  sending_nodes: 'id',
  deliveries: 'id',
  delivery_events: 'id',
  transactional_mails: 'delivery_id',
}

const ROWS_PER_STEP = 500
const BYTES_PER_STEP = 16 << 20

export interface Copied {
  added: number
  /** Read or unread since. */
  changed: number
  removed: number
  /** In all, now. */
  messages: number
}

/**
 * Makes `target` hold what `source` holds, whichever engines they are: the messages it lacks are added, those that
 * are gone are removed, all else is copied whole. Search entries are left to the caller.
 * @param target inside a transaction, with nothing that would check foreign keys before its end
 */
export async function copyTables(
  source: Database,
  target: Database,
  tell: (done: number, total: number) => void,
): Promise<Copied> {
  const tables = Object.entries(WHOLE_TABLES) as [keyof typeof WHOLE_TABLES, string][]
  for (const [table] of tables.toReversed()) await target.deleteFrom(table).execute()
  for (const [table, key] of tables) await copyWhole(source, target, table, key)
  await copyTagging(source, target)
  await recountAudience(target)
  await recountDeliveries(target)
  const removed = await removeGone(source, target)
  const copied = await addMissing(source, target, tell)
  await copySequences(source, target)
  return { ...copied, removed }
}

async function copyWhole(
  source: Database,
  target: Database,
  table: keyof Tables,
  key: string,
): Promise<void> {
  const column = sql.ref<string | number>(key)
  let last: unknown
  for (;;) {
    let query = source.selectFrom(table).selectAll().orderBy(column).limit(ROWS_PER_STEP)
    if (last !== undefined) query = query.where(sql<boolean>`${column} > ${last}`)
    const rows = (await query.execute()) as Record<string, unknown>[]
    await insertRows(target, table, rows)
    if (rows.length < ROWS_PER_STEP) return
    last = rows.at(-1)?.[key]
  }
}

async function copyTagging(source: Database, target: Database): Promise<void> {
  for (const { id } of await source.selectFrom('tags').select('id').orderBy('id').execute())
    for (let last = 0; ; ) {
      const rows = await source
        .selectFrom('subscriber_tags')
        .selectAll()
        .where('tag_id', '=', id)
        .where('subscriber_id', '>', last)
        .orderBy('subscriber_id')
        .limit(ROWS_PER_STEP)
        .execute()
      await insertRows(target, 'subscriber_tags', rows as unknown as Record<string, unknown>[])
      if (rows.length < ROWS_PER_STEP) break
      last = rows.at(-1)?.subscriber_id ?? last
    }
}

/**
 * What tells a message from another that was given the same id: databases are set back from file copies, and go
 * on from there. Packs and attachments follow their message, which came in one transaction with them.
 */
interface Mark {
  id: number
  inbox_id: number
  created_at: number
  size: number
  updated_at: number
  is_read: number
}

function marks(db: Database, where: { after: number } | { ids: number[] }): Promise<Mark[]> {
  const query = db
    .selectFrom('messages')
    .select(['id', 'inbox_id', 'created_at', 'size', 'updated_at', 'is_read'])
    .orderBy('id')
  if ('after' in where) return query.where('id', '>', where.after).limit(ROWS_PER_STEP).execute()
  return query.where('id', 'in', where.ids).execute()
}

function same(one: Mark, other: Mark | undefined): boolean {
  return one.inbox_id === other?.inbox_id && one.created_at === other.created_at && one.size === other.size
}

async function removeGone(source: Database, target: Database): Promise<number> {
  let removed = 0
  for (let after = 0; ; ) {
    const there = await marks(target, { after })
    const last = there.at(-1)
    if (last === undefined) return removed
    const here = new Map(
      (await marks(source, { ids: there.map(mark => mark.id) })).map(mark => [mark.id, mark]),
    )
    const gone = there.filter(mark => !same(mark, here.get(mark.id))).map(mark => mark.id)
    if (gone.length > 0) await removeMessages(target, gone)
    removed += gone.length
    after = last.id
  }
}

async function removeMessages(target: Database, ids: number[]): Promise<void> {
  await target.deleteFrom('messages').where('id', 'in', ids).execute()
  await target.deleteFrom('attachments').where('message_id', 'in', ids).execute()
  const places = await target
    .deleteFrom('raw_messages')
    .where('message_id', 'in', ids)
    .returning('pack_id')
    .execute()
  const packs = [...new Set(places.map(place => place.pack_id))]
  if (packs.length === 0) return
  await target
    .deleteFrom('raw_packs')
    .where('id', 'in', packs)
    .where('id', 'not in', target.selectFrom('raw_messages').select('pack_id').where('pack_id', 'in', packs))
    .execute()
}

async function addMissing(
  source: Database,
  target: Database,
  tell: (done: number, total: number) => void,
): Promise<Omit<Copied, 'removed'>> {
  const { total } = await source
    .selectFrom('messages')
    .select(({ fn }) => fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  const copied = { added: 0, changed: 0, messages: 0 }
  for (let after = 0; ; ) {
    const here = await marks(source, { after })
    const last = here.at(-1)
    if (last === undefined) return copied
    const there = new Map(
      (await marks(target, { ids: here.map(mark => mark.id) })).map(mark => [mark.id, mark]),
    )
    const missing = here.filter(mark => !there.has(mark.id))
    for (const step of inSteps(missing)) {
      await copyMessages(source, target, step)
      tell(copied.messages + step.length, total)
    }
    const changed = here.filter(mark => {
      const known = there.get(mark.id)
      return known && (known.updated_at !== mark.updated_at || known.is_read !== mark.is_read)
    })
    await replaceRows(
      source,
      target,
      changed.map(mark => mark.id),
    )
    copied.added += missing.length
    copied.changed += changed.length
    copied.messages += here.length
    after = last.id
    tell(copied.messages, total)
  }
}

/** Steps that fit into memory, whatever was attached. */
function inSteps(missing: Mark[]): number[][] {
  const steps: number[][] = []
  let size = Number.POSITIVE_INFINITY
  for (const mark of missing) {
    if (size + mark.size > BYTES_PER_STEP) {
      steps.push([])
      size = 0
    }
    steps.at(-1)?.push(mark.id)
    size += mark.size
  }
  return steps
}

async function copyMessages(source: Database, target: Database, ids: number[]): Promise<void> {
  await insertRows(target, 'messages', await rowsOf(source, 'messages', 'id', ids))
  await insertRows(target, 'attachments', await rowsOf(source, 'attachments', 'message_id', ids))
  const places = await source.selectFrom('raw_messages').selectAll().where('message_id', 'in', ids).execute()
  await insertRows(target, 'raw_messages', places as unknown as Record<string, unknown>[])
  const packs = [...new Set(places.map(place => place.pack_id))]
  if (packs.length === 0) return
  const known = new Set(
    (await target.selectFrom('raw_packs').select('id').where('id', 'in', packs).execute()).map(
      pack => pack.id,
    ),
  )
  const missing = packs.filter(id => !known.has(id))
  await insertRows(target, 'raw_packs', await rowsOf(source, 'raw_packs', 'id', missing))
}

async function replaceRows(source: Database, target: Database, ids: number[]): Promise<void> {
  if (ids.length === 0) return
  await target.deleteFrom('messages').where('id', 'in', ids).execute()
  await insertRows(target, 'messages', await rowsOf(source, 'messages', 'id', ids))
}

async function rowsOf(
  db: Database,
  table: 'messages' | 'attachments' | 'raw_packs',
  column: 'id' | 'message_id',
  values: number[],
): Promise<Record<string, unknown>[]> {
  if (values.length === 0) return []
  return db
    .selectFrom(table)
    .selectAll()
    .where(sql<boolean>`${sql.ref(column)} in (${sql.join(values)})`)
    .orderBy('id')
    .execute()
}

/** Where the ids go on: one that was given is not given again, even if its row is gone. */
async function copySequences(source: Database, target: Database): Promise<void> {
  for (const [table, key] of [
    ...Object.entries(WHOLE_TABLES),
    ...(['messages', 'attachments', 'raw_packs'] as const).map(name => [name, 'id'] as const),
  ]) {
    if (key !== 'id') continue
    const last = await lastId(source, table)
    if (engineOf(target) === 'postgres')
      await sql`select setval(pg_get_serial_sequence(${table}, 'id'), ${Math.max(last, 1)}::bigint, ${last > 0})`.execute(
        target,
      )
    else {
      await sql`delete from sqlite_sequence where name = ${table}`.execute(target)
      await sql`insert into sqlite_sequence (name, seq) values (${table}, ${last})`.execute(target)
    }
  }
}

async function lastId(db: Database, table: string): Promise<number> {
  if (engineOf(db) === 'sqlite') {
    const { rows } = await sql<{
      seq: number
    }>`select seq from sqlite_sequence where name = ${table}`.execute(db)
    return rows[0]?.seq ?? 0
  }
  const { rows } = await sql<{ name: string }>`select pg_get_serial_sequence(${table}, 'id') as name`.execute(
    db,
  )
  const sequence = sql.raw(rows[0]?.name ?? '')
  const { rows: found } = await sql<{ last: number }>`
    select case when is_called then last_value else 0 end as last from ${sequence}
  `.execute(db)
  return found[0]?.last ?? 0
}
