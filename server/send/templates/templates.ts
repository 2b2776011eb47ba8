import type { Selectable } from 'kysely'
import { storable } from '../../accounts/storable.ts'
import { Problem } from '../../problem.ts'
import { hold } from '../../storage/claiming.ts'
import type { Database, Tables } from '../../storage/schema.ts'
import { tagKey } from '../audience/tags.ts'
import type { By } from '../audience/subscribers.ts'

export type Template = Selectable<Tables['templates']>
type TemplateVersion = Selectable<Tables['template_versions']>
export type TemplateKind = Template['kind']
export type TemplateLanguage = Template['language']

export const TEMPLATE_KINDS: readonly TemplateKind[] = ['html', 'mjml', 'markdown', 'blocks']
export const TEMPLATE_LANGUAGES: readonly TemplateLanguage[] = ['tags', 'liquid']

/** Characters. No mail program shows as much, and every version of it is kept. */
export const MAX_SOURCE = 2_000_000

/** Older ones are let go. */
const MAX_VERSIONS = 200

/** A row of a list: what was written is left out, it may be long. */
export type TemplateSummary = Omit<Template, 'source' | 'content' | 'name_key'> & {
  /** Campaigns. */
  used_by: number
}

export interface TemplateText {
  /** Default: html. */
  kind?: TemplateKind
  /** Default: tags. */
  language?: TemplateLanguage
  source: string
  /** The HTML made from the source (see compiler.ts); default: the source itself, as of the kind html. */
  content?: string
}

/** `{{content}}` is where a campaign's own content goes. These three spellings, in any letter case, become that one. */
export function normalisePlaceholder(text: string): string {
  return text.replace(/\{\{(?: content |content | content)\}\}/gi, '{{content}}')
}

export function templateById(db: Database, workspaceId: number, id: number): Promise<Template | undefined> {
  return db
    .selectFrom('templates')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .executeTakeFirst()
}

/** Whole, by name. */
export function listTemplates(
  db: Database,
  workspaceId: number,
  { limit, offset = 0 }: { limit: number; offset?: number },
): Promise<Template[]> {
  return db
    .selectFrom('templates')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .orderBy('name_key')
    .orderBy('id')
    .limit(limit)
    .offset(offset)
    .execute()
}

export async function countTemplates(db: Database, workspaceId: number): Promise<number> {
  const { count } = await db
    .selectFrom('templates')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('workspace_id', '=', workspaceId)
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** By name. @param search part of the name */
export function templateSummaries(
  db: Database,
  workspaceId: number,
  search = '',
): Promise<TemplateSummary[]> {
  let query = db
    .selectFrom('templates')
    .select(['id', 'workspace_id', 'name', 'kind', 'language', 'version', 'created_at', 'updated_at'])
    .select(({ selectFrom, fn }) =>
      selectFrom('campaigns')
        .select(fn.countAll<number>().as('count'))
        .whereRef('campaigns.template_id', '=', 'templates.id')
        .as('used_by'),
    )
    .where('workspace_id', '=', workspaceId)
    .orderBy('name_key')
    .orderBy('id')
  if (search !== '')
    query = query.where(({ eb, fn, val }) =>
      eb(fn('replace', ['name_key', val(tagKey(search)), val('')]), '<>', eb.ref('name_key')),
    )
  return query.$narrowType<{ used_by: number }>().execute()
}

/** How many campaigns use it. */
export async function usesOf(db: Database, { id }: Pick<Template, 'id'>): Promise<number> {
  const { count } = await db
    .selectFrom('campaigns')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('template_id', '=', id)
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** @throws StorageFault `duplicate`: the workspace has a template of that name; Problem `invalid`: too long */
export async function createTemplate(
  trx: Database,
  workspaceId: number,
  given: TemplateText & { name: string } & By,
  now = Date.now(),
): Promise<Template> {
  const template = await trx
    .insertInto('templates')
    .values({
      workspace_id: workspaceId,
      ...named(given.name),
      kind: given.kind ?? 'html',
      language: given.language ?? 'tags',
      ...written(given),
      version: 1,
      created_at: now,
      updated_at: now,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  await keepVersion(trx, template, given, now)
  return template
}

/**
 * A new version, unless nothing but the name is another.
 * @throws StorageFault `duplicate`: another template has that name; Problem `invalid`: too long
 */
export async function changeTemplate(
  trx: Database,
  template: Template,
  changes: Partial<TemplateText> & { name?: string },
  by: By,
  now = Date.now(),
): Promise<Template> {
  const { kind = template.kind, language = template.language } = changes
  const text =
    changes.source === undefined
      ? { source: template.source, content: template.content }
      : written({ ...changes, source: changes.source })
  const isNew =
    kind !== template.kind ||
    language !== template.language ||
    text.source !== template.source ||
    text.content !== template.content
  const name = named(changes.name ?? template.name)
  if (!isNew && name.name === template.name) return template
  const changed = await trx
    .updateTable('templates')
    .set(({ eb }) => ({
      ...name,
      ...(isNew && { kind, language, ...text, version: eb('version', '+', 1) }),
      updated_at: now,
    }))
    .where('id', '=', template.id)
    .returningAll()
    .executeTakeFirstOrThrow()
  if (isNew) await keepVersion(trx, changed, by, now)
  return changed
}

/**
 * For those who know templates as HTML alone. One of another kind becomes HTML, and its source stays in the version
 * before; unless the HTML is what was read from it: then nothing was changed, and it stays what it is.
 * @throws as changeTemplate
 */
export function putContent(
  trx: Database,
  template: Template,
  { name, content }: { name: string; content: string },
  by: By,
  now = Date.now(),
): Promise<Template> {
  const same = written({ source: content }).source === template.content
  return changeTemplate(trx, template, same ? { name } : { name, kind: 'html', source: content }, by, now)
}

/** @throws Problem `invalid`: a campaign uses it */
export async function deleteTemplate(trx: Database, template: Pick<Template, 'id'>): Promise<void> {
  // A campaign that is being given this template waits, and then finds it gone.
  await hold(trx, trx.selectFrom('templates').select('id').where('id', '=', template.id))
  if ((await usesOf(trx, template)) > 0)
    throw new Problem('invalid', '', {
      fields: { template: ['Cannot delete a template that has been used.'] },
    })
  await trx.deleteFrom('templates').where('id', '=', template.id).execute()
}

/** A name that is not taken: `News`, `News (2)`, … */
export async function freeName(db: Database, workspaceId: number, wished: string): Promise<string> {
  for (let n = 2; ; n++) {
    const name = `${wished.slice(0, 240)} (${n})`
    const taken = await db
      .selectFrom('templates')
      .select('id')
      .where('workspace_id', '=', workspaceId)
      .where('name_key', '=', tagKey(name))
      .executeTakeFirst()
    if (taken === undefined) return name
  }
}

/** A row of the history, with who made it. */
export type VersionRow = Omit<TemplateVersion, 'id' | 'template_id' | 'source' | 'content'> & {
  /** Null: nobody, or somebody who is gone. */
  user_name: string | null
}

/** Newest first. */
export function versionsOf(db: Database, { id }: Pick<Template, 'id'>): Promise<VersionRow[]> {
  return db
    .selectFrom('template_versions as version')
    .leftJoin('users', 'users.id', 'version.user_id')
    .select([
      'version.number',
      'version.name',
      'version.kind',
      'version.language',
      'version.user_id',
      'version.created_at',
      'users.name as user_name',
    ])
    .where('version.template_id', '=', id)
    .orderBy('version.number', 'desc')
    .execute()
}

export function versionOf(
  db: Database,
  { id }: Pick<Template, 'id'>,
  number: number,
): Promise<(TemplateVersion & VersionRow) | undefined> {
  return db
    .selectFrom('template_versions as version')
    .leftJoin('users', 'users.id', 'version.user_id')
    .selectAll('version')
    .select('users.name as user_name')
    .where('version.template_id', '=', id)
    .where('version.number', '=', number)
    .executeTakeFirst()
}

async function keepVersion(trx: Database, template: Template, { userId }: By, now: number): Promise<void> {
  const { name, kind, language, source, content } = template
  await trx
    .insertInto('template_versions')
    .values({
      template_id: template.id,
      number: template.version,
      name,
      kind,
      language,
      source,
      content,
      user_id: userId,
      created_at: now,
    })
    .execute()
  await trx
    .deleteFrom('template_versions')
    .where('template_id', '=', template.id)
    .where('number', '<=', template.version - MAX_VERSIONS)
    .execute()
}

function named(given: string): { name: string; name_key: string } {
  return { name: storable(given).trim(), name_key: tagKey(given) }
}

function written({ source, content = source }: Pick<TemplateText, 'source' | 'content'>) {
  if (source.length > MAX_SOURCE || content.length > 2 * MAX_SOURCE)
    throw new Problem('invalid', '', {
      fields: { source: [`must not be longer than ${MAX_SOURCE} characters`] },
    })
  return { source: normalisePlaceholder(storable(source)), content: normalisePlaceholder(storable(content)) }
}
