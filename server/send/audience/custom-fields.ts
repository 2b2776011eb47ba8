import { sql } from 'kysely'
import { storable } from '../../accounts/storable.ts'
import { Problem } from '../../problem.ts'
import { holdAudience } from '../../storage/claiming.ts'
import { withoutKey } from '../../storage/json-keys.ts'
import type { Database, Tables } from '../../storage/schema.ts'
import { fold } from '../../storage/search-terms.ts'

export type FieldKind = Tables['custom_fields']['kind']

/** What a workspace knows of its subscribers beyond name and address. */
export interface CustomField {
  id: number
  key: string
  label: string
  kind: FieldKind
  /** What may be chosen, of one_of and many_of; else empty. */
  options: string[]
  position: number
}

export const FIELD_KINDS: readonly FieldKind[] = ['text', 'number', 'boolean', 'date', 'one_of', 'many_of']

const MAX_FIELDS = 100
const MAX_OPTIONS = 500
const MAX_NAME = 255

/** Merge tags and columns of files that mean something else already. */
const RESERVED = new Set(
  `id hash email first_name last_name name status status_reason status_at tag tags segment segments source domain
  created_at updated_at unsubscribed_at subscribed attributes fields suppressed content subject campaign subscriber
  unsubscribe_url unsubscribe_link webview_url preferences_url confirm_url public_name workspace`.split(
    /\s+/,
  ),
)

/** In the order that the workspace gave them. */
export async function listFields(db: Database, workspaceId: number): Promise<CustomField[]> {
  const rows = await db
    .selectFrom('custom_fields')
    .select(['id', 'key', 'label', 'kind', 'options', 'position'])
    .where('workspace_id', '=', workspaceId)
    .orderBy('position')
    .orderBy('id')
    .execute()
  return rows.map(row => ({ ...row, options: JSON.parse(row.options) as string[] }))
}

/**
 * @param key made from the label, if it is not given
 * @throws Problem `invalid`
 */
export async function createField(
  trx: Database,
  workspaceId: number,
  given: { label: string; key?: string | undefined; kind: FieldKind; options?: string[] | undefined },
  now = Date.now(),
): Promise<CustomField> {
  await holdAudience(trx, workspaceId)
  const known = await listFields(trx, workspaceId)
  if (known.length >= MAX_FIELDS) refuse('base', `A workspace has no more than ${MAX_FIELDS} fields`)
  const label = checkedLabel(given.label)
  const taken = new Set([...known.map(field => field.key), ...(await keysBeingRemoved(trx, workspaceId))])
  const key = given.key === undefined ? keyFor(label, taken) : checkedKey(given.key, taken)
  const options = checkedOptions(given.kind, given.options ?? [])
  const position = Math.max(-1, ...known.map(field => field.position)) + 1
  const { id } = await trx
    .insertInto('custom_fields')
    .values({
      workspace_id: workspaceId,
      key,
      label,
      kind: given.kind,
      options: JSON.stringify(options),
      position,
      created_at: now,
      updated_at: now,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return { id, key, label, kind: given.kind, options, position }
}

/**
 * Values that are no option any more stay with those who have them, until somebody changes them.
 * @throws Problem `absent`, `invalid`
 */
export async function changeField(
  trx: Database,
  workspaceId: number,
  id: number,
  changes: { label?: string | undefined; options?: string[] | undefined; position?: number | undefined },
  now = Date.now(),
): Promise<CustomField> {
  await holdAudience(trx, workspaceId)
  const known = await listFields(trx, workspaceId)
  const field = known.find(each => each.id === id)
  if (field === undefined) throw new Problem('absent')
  const label = changes.label === undefined ? field.label : checkedLabel(changes.label)
  const options = changes.options === undefined ? field.options : checkedOptions(field.kind, changes.options)
  await trx
    .updateTable('custom_fields')
    .set({ label, options: JSON.stringify(options), updated_at: now })
    .where('id', '=', id)
    .execute()
  if (changes.position === undefined) return { ...field, label, options }
  const others = known.filter(each => each.id !== id)
  const position = Math.min(changes.position, others.length)
  for (const [at, each] of others.toSpliced(position, 0, field).entries())
    if (each.position !== at || each.id === id)
      await trx.updateTable('custom_fields').set({ position: at }).where('id', '=', each.id).execute()
  return { ...field, label, options, position }
}

/**
 * The field is gone at once; what subscribers have in it is taken away by a job (see audience-jobs.ts), and until
 * that ends the key is not given to another field.
 * @throws Problem `absent`
 */
export async function deleteField(trx: Database, workspaceId: number, id: number): Promise<CustomField> {
  await holdAudience(trx, workspaceId)
  const field = (await listFields(trx, workspaceId)).find(each => each.id === id)
  if (field === undefined) throw new Problem('absent')
  await trx.deleteFrom('custom_fields').where('id', '=', id).execute()
  return field
}

/** Takes the values of one key from those with these ids. */
export async function removeValues(trx: Database, ids: readonly number[], key: string): Promise<void> {
  await trx
    .updateTable('subscribers')
    .set({ fields: withoutKey(trx, 'fields', key) })
    .where('id', 'in', ids)
    .where(sql<boolean>`fields ->> ${sql.lit(key)} is not null`)
    .execute()
}

async function keysBeingRemoved(db: Database, workspaceId: number): Promise<string[]> {
  const rows = await db
    .selectFrom('audience_jobs')
    .select('argument')
    .where('workspace_id', '=', workspaceId)
    .where('kind', '=', 'delete_field')
    .where('status', '=', 'running')
    .execute()
  return rows.map(row => (JSON.parse(row.argument) as { key: string }).key)
}

function checkedLabel(given: string): string {
  const label = storable(given).trim()
  if (label === '') refuse('label', 'must not be blank')
  if (label.length > MAX_NAME) refuse('label', `must not be longer than ${MAX_NAME} characters`)
  return label
}

function checkedKey(key: string, taken: ReadonlySet<string>): string {
  if (!/^[a-z][a-z0-9_]{0,39}$/.test(key))
    refuse('key', 'must begin with a letter and have up to 40 small letters, digits and underscores')
  if (RESERVED.has(key)) refuse('key', 'means something else already')
  if (taken.has(key)) refuse('key', 'has already been taken')
  return key
}

function keyFor(label: string, taken: ReadonlySet<string>): string {
  const bare = fold(label)
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[_0-9]+|_+$/g, '')
    .slice(0, 36)
  const stem = bare === '' ? 'field' : bare
  for (let n = 1; ; n++) {
    const key = n === 1 ? stem : `${stem}_${n}`
    if (!taken.has(key) && !RESERVED.has(key)) return key
  }
}

function checkedOptions(kind: FieldKind, given: readonly string[]): string[] {
  if (kind !== 'one_of' && kind !== 'many_of') {
    if (given.length > 0) refuse('options', `are not of a field of the kind ${kind}`)
    return []
  }
  const options = given.map(option => storable(option).trim())
  if (options.length === 0) refuse('options', 'must name something to choose from')
  if (options.length > MAX_OPTIONS) refuse('options', `must not be more than ${MAX_OPTIONS}`)
  if (options.some(option => option === '' || option.length > MAX_NAME))
    refuse('options', `must have 1 to ${MAX_NAME} characters each`)
  if (new Set(options.map(option => option.toLowerCase())).size < options.length)
    refuse('options', 'must not be named twice')
  return options
}

function refuse(field: string, message: string): never {
  throw new Problem('invalid', '', { fields: { [field]: [message] } })
}
