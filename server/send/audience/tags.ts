import type { Selectable } from 'kysely'
import { storable } from '../../accounts/storable.ts'
import type { Database, Tables } from '../../storage/schema.ts'

export type Tag = Selectable<Tables['tags']>

/** Unique in a workspace; lists are ordered by it. */
export function tagKey(name: string): string {
  return storable(name).normalize('NFC').trim().toLowerCase()
}

export function tagById(db: Database, workspaceId: number, id: number): Promise<Tag | undefined> {
  return db
    .selectFrom('tags')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .executeTakeFirst()
}

/** Those of the ids that are the workspace's. */
export async function tagsById(db: Database, workspaceId: number, ids: number[]): Promise<Map<number, Tag>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('tags')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .where('id', 'in', [...new Set(ids)])
    .execute()
  return new Map(rows.map(tag => [tag.id, tag]))
}

/** By name. */
export function listTags(
  db: Database,
  workspaceId: number,
  { search = '', limit, offset }: { search?: string; limit?: number; offset?: number } = {},
): Promise<Tag[]> {
  let query = db
    .selectFrom('tags')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .orderBy('name_key')
    .orderBy('id')
  if (search !== '')
    query = query.where(({ eb, fn, val }) =>
      eb(fn('replace', ['name_key', val(tagKey(search)), val('')]), '<>', eb.ref('name_key')),
    )
  if (limit !== undefined) query = query.limit(limit).offset(offset ?? 0)
  return query.execute()
}

/** @throws StorageFault `duplicate`: the workspace has a tag of that name */
export function createTag(trx: Database, workspaceId: number, name: string, now = Date.now()): Promise<Tag> {
  return trx
    .insertInto('tags')
    .values(tagRow(workspaceId, name, now))
    .returningAll()
    .executeTakeFirstOrThrow()
}

function tagRow(workspaceId: number, name: string, now: number) {
  return {
    workspace_id: workspaceId,
    name: storable(name).trim(),
    name_key: tagKey(name),
    subscribers_count: 0,
    created_at: now,
    updated_at: now,
  }
}

/** @throws StorageFault `duplicate`: the workspace has another tag of that name */
export function renameTag(
  trx: Database,
  { id }: Pick<Tag, 'id'>,
  name: string,
  now = Date.now(),
): Promise<Tag> {
  return trx
    .updateTable('tags')
    .set({ name: storable(name).trim(), name_key: tagKey(name), updated_at: now })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** Taken off everybody and every campaign that has it. */
export async function deleteTag(trx: Database, { id }: Pick<Tag, 'id'>): Promise<void> {
  await trx.deleteFrom('tags').where('id', '=', id).execute()
}

/** The tags of these names by their key, in the order given; those that are not there are made. */
export async function tagsNamed(
  trx: Database,
  workspaceId: number,
  names: readonly string[],
  now = Date.now(),
): Promise<Map<string, Tag>> {
  const wanted = new Map(names.map(name => [tagKey(name), name]))
  wanted.delete('')
  if (wanted.size === 0) return new Map()
  const keys = [...wanted.keys()]
  await trx
    .insertInto('tags')
    .values([...wanted.values()].map(name => tagRow(workspaceId, name, now)))
    .onConflict(conflict => conflict.columns(['workspace_id', 'name_key']).doNothing())
    .execute()
  const rows = await trx
    .selectFrom('tags')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .where('name_key', 'in', keys)
    .execute()
  const found = new Map(rows.map(tag => [tag.name_key, tag]))
  return new Map(keys.flatMap(key => (found.has(key) ? [[key, found.get(key) as Tag]] : [])))
}
