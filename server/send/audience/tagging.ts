import { insertRows } from '../../storage/bulk.ts'
import { holdAudience } from '../../storage/claiming.ts'
import type { Database } from '../../storage/schema.ts'
import { recordEvents } from './subscriber-events.ts'
import type { By } from './subscribers.ts'
import type { Tag } from './tags.ts'

/** Who has which tag. Ids are trusted here: that they are of one workspace is the caller's to ask. */

/** Subscribers of one statement: what insertRows takes at once. */
const PORTION = 512

/** The tags of each of them, by id of the tag; of one without tags an empty list. */
export async function tagsOf(db: Database, subscriberIds: readonly number[]): Promise<Map<number, Tag[]>> {
  const found = new Map<number, Tag[]>(subscriberIds.map(id => [id, []]))
  for (const portion of portions(subscriberIds)) {
    const rows = await db
      .selectFrom('subscriber_tags')
      .innerJoin('tags', 'tags.id', 'subscriber_tags.tag_id')
      .selectAll('tags')
      .select('subscriber_tags.subscriber_id')
      .where('subscriber_tags.subscriber_id', 'in', portion)
      .orderBy('tags.id')
      .execute()
    for (const { subscriber_id, ...tag } of rows) found.get(subscriber_id)?.push(tag)
  }
  return found
}

/** Each of them has each of the tags afterwards; remembered as `tagged` of those who lacked some. */
export async function addTags(
  trx: Database,
  subscriberIds: readonly number[],
  tags: readonly Tag[],
  by: By,
  now = Date.now(),
): Promise<void> {
  for (const portion of portions(subscriberIds)) {
    const present = await tagsOf(trx, portion)
    const lacked = portion.map(id => ({ id, tags: without(tags, present.get(id) ?? []) }))
    await insertRows(
      trx,
      'subscriber_tags',
      lacked.flatMap(({ id, tags: theirs }) => theirs.map(tag => ({ tag_id: tag.id, subscriber_id: id }))),
    )
    await remember(trx, 'tagged', lacked, by, now)
  }
}

/** None of them has any of the tags afterwards; remembered as `untagged` of those who had some. */
export async function removeTags(
  trx: Database,
  subscriberIds: readonly number[],
  tags: readonly Tag[],
  by: By,
  now = Date.now(),
): Promise<void> {
  if (tags.length === 0) return
  const ids = new Set(tags.map(({ id }) => id))
  for (const portion of portions(subscriberIds)) {
    const present = await tagsOf(trx, portion)
    const had = portion.map(id => ({ id, tags: (present.get(id) ?? []).filter(tag => ids.has(tag.id)) }))
    await trx
      .deleteFrom('subscriber_tags')
      .where('subscriber_id', 'in', portion)
      .where('tag_id', 'in', [...ids])
      .execute()
    await remember(trx, 'untagged', had, by, now)
  }
}

/**
 * Off everybody who has it, in transactions of their own between which others write; not remembered of each.
 * Before the tag itself goes: a million of them in one statement would hold up everybody.
 */
export async function takeOff(db: Database, { id, workspace_id }: Tag): Promise<void> {
  for (;;) {
    const gone = await db.transaction().execute(async trx => {
      await holdAudience(trx, workspace_id)
      const some = trx
        .selectFrom('subscriber_tags')
        .select('subscriber_id')
        .where('tag_id', '=', id)
        .orderBy('subscriber_id')
        .limit(TAKEN_OFF_AT_ONCE)
      const { numDeletedRows } = await trx
        .deleteFrom('subscriber_tags')
        .where('tag_id', '=', id)
        .where('subscriber_id', 'in', some)
        .executeTakeFirst()
      return Number(numDeletedRows)
    })
    if (gone < TAKEN_OFF_AT_ONCE) return
  }
}

const TAKEN_OFF_AT_ONCE = 5_000

/** They have these tags and no others afterwards. */
export async function replaceTags(
  trx: Database,
  subscriberId: number,
  tags: readonly Tag[],
  by: By,
  now = Date.now(),
): Promise<void> {
  const present = (await tagsOf(trx, [subscriberId])).get(subscriberId) ?? []
  await removeTags(trx, [subscriberId], without(present, tags), by, now)
  await addTags(trx, [subscriberId], tags, by, now)
}

function without(tags: readonly Tag[], others: readonly Tag[]): Tag[] {
  const ids = new Set(others.map(({ id }) => id))
  return tags.filter(({ id }) => !ids.has(id))
}

async function remember(
  trx: Database,
  kind: 'tagged' | 'untagged',
  whom: readonly { id: number; tags: Tag[] }[],
  { userId }: By,
  now: number,
): Promise<void> {
  await recordEvents(
    trx,
    whom
      .filter(({ tags }) => tags.length > 0)
      .map(({ id, tags }) => ({
        subscriber_id: id,
        kind,
        detail: { tags: tags.map(({ name }) => name) },
        user_id: userId,
        at: now,
      })),
  )
}

function portions(ids: readonly number[]): number[][] {
  const found: number[][] = []
  for (let from = 0; from < ids.length; from += PORTION) found.push(ids.slice(from, from + PORTION))
  return found
}
