import type { Selectable } from 'kysely'
import { randomBytes } from 'node:crypto'
import { storable } from '../../accounts/storable.ts'
import { Problem } from '../../problem.ts'
import type { Database, Tables } from '../../storage/schema.ts'
import type { Picture } from './pictures.ts'
import type { By } from '../audience/subscribers.ts'

type Row = Selectable<Tables['media']>

/** Of what still shows a picture. */
const MOST_NAMED = 3

export interface Medium extends Row {
  /** Widths there are files of, narrowest first. */
  widths: number[]
}

export async function mediumById(db: Database, workspaceId: number, id: number): Promise<Medium | undefined> {
  const row = await db
    .selectFrom('media')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row && (await withWidths(db, [row]))[0]
}

/** @param hash of the uploaded file */
export async function mediumByHash(
  db: Database,
  workspaceId: number,
  hash: string,
): Promise<Medium | undefined> {
  const row = await db
    .selectFrom('media')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .where('hash', '=', hash)
    .executeTakeFirst()
  return row && (await withWidths(db, [row]))[0]
}

/** Newest first. */
export async function listMedia(
  db: Database,
  workspaceId: number,
  { before, limit }: { before: number | undefined; limit: number },
): Promise<Medium[]> {
  let query = db
    .selectFrom('media')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .orderBy('id', 'desc')
    .limit(limit)
  if (before !== undefined) query = query.where('id', '<', before)
  return withWidths(db, await query.execute())
}

/** @throws StorageFault `duplicate`: the workspace has the very same file */
export async function createMedium(
  trx: Database,
  workspaceId: number,
  given: { hash: string; name: string; size: number; picture: Picture } & By,
  now = Date.now(),
): Promise<Medium> {
  const { hash, name, size, picture, userId } = given
  const row = await trx
    .insertInto('media')
    .values({
      workspace_id: workspaceId,
      // Nobody finds the pictures of others by counting.
      public_id: randomBytes(16).toString('hex'),
      hash,
      name: storable(name),
      alt: '',
      content_type: picture.type,
      size,
      width: picture.width,
      height: picture.height,
      user_id: userId,
      created_at: now,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  for (const { width, bytes } of picture.files)
    await trx
      .insertInto('media_files')
      .values({ media_id: row.id, width, content_type: picture.type, bytes })
      .execute()
  return { ...row, widths: picture.files.map(file => file.width) }
}

export async function changeMedium(
  db: Database,
  medium: Medium,
  changes: { name?: string; alt?: string },
): Promise<Medium> {
  const name = storable(changes.name ?? medium.name)
  const alt = storable(changes.alt ?? medium.alt)
  await db.updateTable('media').set({ name, alt }).where('id', '=', medium.id).execute()
  return { ...medium, name, alt }
}

/** @throws Problem `invalid`: a template or a campaign shows it. Mails that were sent are not asked. */
export async function deleteMedium(trx: Database, medium: Medium): Promise<void> {
  const users = await shownIn(trx, medium)
  if (users.length > 0)
    throw new Problem('invalid', '', { fields: { medium: [`is shown in ${users.join(' and ')}`] } })
  await trx.deleteFrom('media').where('id', '=', medium.id).execute()
}

/** One file, for whoever knows its address. */
export function mediaFile(
  db: Database,
  publicId: string,
  width: number,
): Promise<{ content_type: string; bytes: Buffer } | undefined> {
  return db
    .selectFrom('media')
    .innerJoin('media_files', 'media_files.media_id', 'media.id')
    .select(['media_files.content_type', 'media_files.bytes'])
    .where('media.public_id', '=', publicId)
    .where('media_files.width', '=', width)
    .executeTakeFirst()
}

async function shownIn(db: Database, { workspace_id, public_id }: Row): Promise<string[]> {
  const address = `%/media/${public_id}/%`
  const templates = await db
    .selectFrom('templates')
    .select('name')
    .where('workspace_id', '=', workspace_id)
    .where(({ eb, or }) => or([eb('source', 'like', address), eb('content', 'like', address)]))
    .orderBy('name_key')
    .limit(MOST_NAMED)
    .execute()
  const campaigns = await db
    .selectFrom('campaigns')
    .select('name')
    .where('workspace_id', '=', workspace_id)
    .where('content', 'like', address)
    .orderBy('id', 'desc')
    .limit(MOST_NAMED)
    .execute()
  return [
    ...templates.map(({ name }) => `the template “${name}”`),
    ...campaigns.map(({ name }) => `the campaign “${name}”`),
  ]
}

async function withWidths(db: Database, rows: Row[]): Promise<Medium[]> {
  if (rows.length === 0) return []
  const files = await db
    .selectFrom('media_files')
    .select(['media_id', 'width'])
    .where(
      'media_id',
      'in',
      rows.map(row => row.id),
    )
    .orderBy('width')
    .execute()
  return rows.map(row => ({
    ...row,
    widths: files.filter(file => file.media_id === row.id).map(file => file.width),
  }))
}
