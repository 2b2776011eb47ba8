import type { Selectable } from 'kysely'
import { randomBytes } from 'node:crypto'
import { storable } from '../../accounts/storable.ts'
import { Problem } from '../../problem.ts'
import type { Database, Tables } from '../../storage/schema.ts'
import { NEW_FORM, type StoredSettings } from './form-settings.ts'

/** A page on which people sign up by themselves. */
export interface Form extends Omit<Selectable<Tables['forms']>, 'settings'> {
  settings: StoredSettings
}

const MAX_FORMS = 200
const MAX_NAME = 255
/** Long enough that nobody finds one by trying. */
const PUBLIC_ID_BYTES = 9

/** Newest first. */
export async function listForms(db: Database, workspaceId: number): Promise<Form[]> {
  const rows = await db
    .selectFrom('forms')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .orderBy('id', 'desc')
    .execute()
  return rows.map(read)
}

export async function formById(db: Database, workspaceId: number, id: number): Promise<Form | undefined> {
  const row = await db
    .selectFrom('forms')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row && read(row)
}

export async function formByPublicId(db: Database, publicId: string): Promise<Form | undefined> {
  if (!/^[\w-]{12}$/.test(publicId)) return undefined
  const row = await db.selectFrom('forms').selectAll().where('public_id', '=', publicId).executeTakeFirst()
  return row && read(row)
}

/** @throws Problem `invalid`: too many */
export async function createForm(
  trx: Database,
  workspaceId: number,
  { name, settings }: { name: string; settings: StoredSettings },
  now = Date.now(),
): Promise<Form> {
  const { count } = await trx
    .selectFrom('forms')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('workspace_id', '=', workspaceId)
    .executeTakeFirstOrThrow()
  if (count >= MAX_FORMS)
    throw new Problem('invalid', '', {
      fields: { base: [`A workspace has no more than ${MAX_FORMS} forms`] },
    })
  const row = await trx
    .insertInto('forms')
    .values({
      workspace_id: workspaceId,
      public_id: randomBytes(PUBLIC_ID_BYTES).toString('base64url'),
      name,
      settings: JSON.stringify(settings),
      shown_count: 0,
      signed_up_count: 0,
      confirmed_count: 0,
      created_at: now,
      updated_at: now,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  return read(row)
}

/** Undefined: it is gone. */
export async function changeForm(
  db: Database,
  { id }: Pick<Form, 'id'>,
  { name, settings }: { name: string; settings: StoredSettings },
  now = Date.now(),
): Promise<Form | undefined> {
  const row = await db
    .updateTable('forms')
    .set({ name, settings: JSON.stringify(settings), updated_at: now })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
  return row && read(row)
}

/** Links in mails it has sent still confirm, without its tags. */
export async function deleteForm(db: Database, { id }: Pick<Form, 'id'>): Promise<void> {
  await db.deleteFrom('forms').where('id', '=', id).execute()
}

/** @throws Problem `invalid` */
export function formName(given: unknown): string {
  const name = typeof given === 'string' ? storable(given).trim() : ''
  const fault =
    name === ''
      ? 'must not be blank'
      : name.length > MAX_NAME
        ? `must not be longer than ${MAX_NAME} characters`
        : undefined
  if (fault !== undefined) throw new Problem('invalid', '', { fields: { name: [fault] } })
  return name
}

export async function countForm(
  db: Database,
  id: number,
  more: { shown?: number; signedUp?: number; confirmed?: number },
): Promise<void> {
  await db
    .updateTable('forms')
    .set(({ eb }) => ({
      shown_count: eb('shown_count', '+', more.shown ?? 0),
      signed_up_count: eb('signed_up_count', '+', more.signedUp ?? 0),
      confirmed_count: eb('confirmed_count', '+', more.confirmed ?? 0),
    }))
    .where('id', '=', id)
    .execute()
}

function read({ settings, ...row }: Selectable<Tables['forms']>): Form {
  // Whatever is set since later versions is as in a new form.
  return { ...row, settings: { ...NEW_FORM, ...(JSON.parse(settings) as Partial<StoredSettings>) } }
}
