import type { Selectable } from 'kysely'
import { storable } from '../../accounts/storable.ts'
import { Problem } from '../../problem.ts'
import type { Database, Tables } from '../../storage/schema.ts'
import { listFields } from '../audience/custom-fields.ts'
import type { SegmentGroup } from './segment-definition.ts'
import { type Known, readDefinition } from './segment-reading.ts'
import { type SegmentContext, segmentWhere } from './segment-where.ts'

export type Segment = Omit<Selectable<Tables['segments']>, 'definition'> & { definition: SegmentGroup }

/** By name. */
export async function listSegments(db: Database, workspaceId: number): Promise<Segment[]> {
  const rows = await db
    .selectFrom('segments')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .orderBy('name_key')
    .execute()
  return rows.map(read)
}

export async function segmentById(
  db: Database,
  workspaceId: number,
  id: number,
): Promise<Segment | undefined> {
  const row = await db
    .selectFrom('segments')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row && read(row)
}

/** Those of the ids that are of the workspace, ascending. */
export async function knownSegments(
  db: Database,
  workspaceId: number,
  ids: readonly number[],
): Promise<number[]> {
  if (ids.length === 0) return []
  const rows = await db
    .selectFrom('segments')
    .select('id')
    .where('workspace_id', '=', workspaceId)
    .where('id', 'in', ids)
    .orderBy('id')
    .execute()
  return rows.map(({ id }) => id)
}

function read(row: Selectable<Tables['segments']>): Segment {
  return { ...row, definition: JSON.parse(row.definition) }
}

/** @throws StorageFault `duplicate`: the workspace has a segment of that name */
export async function createSegment(
  trx: Database,
  workspaceId: number,
  { name, definition }: { name: string; definition: SegmentGroup },
  now = Date.now(),
): Promise<Segment> {
  const row = await trx
    .insertInto('segments')
    .values({
      workspace_id: workspaceId,
      ...named(name),
      definition: JSON.stringify(definition),
      created_at: now,
      updated_at: now,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  return read(row)
}

/** @throws StorageFault `duplicate` */
export async function changeSegment(
  trx: Database,
  { id }: Pick<Segment, 'id'>,
  { name, definition }: { name?: string; definition?: SegmentGroup },
  now = Date.now(),
): Promise<Segment> {
  const row = await trx
    .updateTable('segments')
    .set({
      ...(name !== undefined && named(name)),
      ...(definition && { definition: JSON.stringify(definition) }),
      updated_at: now,
    })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
  if (row === undefined) throw new Problem('absent')
  return read(row)
}

/** Drafts that were to go to it go to it no more. */
export async function deleteSegment(trx: Database, { id }: Pick<Segment, 'id'>): Promise<void> {
  await trx.deleteFrom('segments').where('id', '=', id).execute()
}

function named(name: string) {
  const clean = storable(name).trim()
  return { name: clean, name_key: clean.normalize('NFC').toLowerCase() }
}

/**
 * Takes a definition from outside.
 * @throws Problem `invalid` with what is wrong under `definition`
 */
export async function definitionFrom(
  db: Database,
  workspaceId: number,
  given: unknown,
): Promise<SegmentGroup> {
  const result = readDefinition(given, await known(db, workspaceId))
  if ('faults' in result) throw new Problem('invalid', '', { fields: { definition: result.faults } })
  return result.definition
}

/** Whom the definition holds at this moment, as a condition on `subscribers`. */
export async function whereIn(
  db: Database,
  workspaceId: number,
  definition: SegmentGroup,
  now = Date.now(),
): Promise<ReturnType<typeof segmentWhere>> {
  return segmentWhere(db, definition, await contextOf(db, workspaceId, now))
}

async function contextOf(db: Database, workspaceId: number, now: number): Promise<SegmentContext> {
  const sent = await db
    .selectFrom('campaigns')
    .select('id')
    .where('workspace_id', '=', workspaceId)
    .where('sent_at', 'is not', null)
    .orderBy('sent_at', 'desc')
    .orderBy('id', 'desc')
    .execute()
  return { workspaceId, ...(await known(db, workspaceId)), campaignIds: sent.map(({ id }) => id), now }
}

async function known(db: Database, workspaceId: number): Promise<Known> {
  const fields = await listFields(db, workspaceId)
  const tags = await db.selectFrom('tags').select('id').where('workspace_id', '=', workspaceId).execute()
  return {
    fields: new Map(fields.map(({ key, kind }) => [key, kind])),
    tagIds: new Set(tags.map(({ id }) => id)),
  }
}
