import { Problem } from '../../problem.ts'
import type { Database } from '../../storage/schema.ts'
import { createField, type CustomField, listFields } from '../audience/custom-fields.ts'
import { tagsById } from '../audience/tags.ts'
import {
  ENCODINGS,
  FORMATS,
  type ImportOptions,
  isTarget,
  newFieldOf,
  POLICIES,
  STATUSES_OF_NEW,
} from './import-options.ts'

const MAX_COLUMNS = 1000
const MAX_TAGS = 100

/**
 * Takes what somebody sent for options; what is left out is as proposed.
 * @throws Problem `invalid`
 */
export async function readOptions(
  db: Database,
  workspaceId: number,
  given: Record<string, unknown>,
  proposed: ImportOptions,
): Promise<ImportOptions> {
  const options: ImportOptions = { ...proposed }
  const faults: Record<string, string[]> = {}
  const take = <K extends keyof ImportOptions>(
    key: K,
    isFit: (value: unknown) => boolean,
    message: string,
  ): void => {
    const value = given[key]
    if (value === undefined || value === null) return
    if (isFit(value)) options[key] = value as ImportOptions[K]
    else faults[key] = [message]
  }
  take('format', among(FORMATS), `must be one of ${FORMATS.join(', ')}`)
  take('delimiter', isCharacter, 'must be one character, and no quote or line end')
  take('quote', among(['"', "'"]), `must be " or '`)
  take('encoding', among(ENCODINGS), `must be one of ${ENCODINGS.join(', ')}`)
  take('has_header', isTruth, 'must be true or false')
  take('tags_separator', isSeparator, 'must be 1 to 5 characters')
  take('policy', among(POLICIES), `must be one of ${POLICIES.join(', ')}`)
  take('status', among(STATUSES_OF_NEW), `must be one of ${STATUSES_OF_NEW.join(', ')}`)
  take('resubscribe', isTruth, 'must be true or false')
  take('dry_run', isTruth, 'must be true or false')
  take('mapping', isMapping, 'must be a list of what becomes of each column')
  take('tag_ids', isIds, `must be a list of up to ${MAX_TAGS} ids`)
  const wrong =
    faults.mapping === undefined ? mappingFault(options, await listFields(db, workspaceId)) : undefined
  if (wrong !== undefined) faults.mapping = [wrong]
  const tags = await tagsById(db, workspaceId, faults.tag_ids === undefined ? options.tag_ids : [])
  if (faults.tag_ids === undefined && options.tag_ids.some(id => !tags.has(id)))
    faults.tag_ids = ['name a tag that does not exist']
  if (Object.keys(faults).length > 0) throw new Problem('invalid', '', { fields: faults })
  return options
}

/**
 * Makes the fields that the mapping asks for.
 * @returns the options with those in their place
 * @throws Problem `invalid`
 */
export async function makeFields(
  trx: Database,
  workspaceId: number,
  options: ImportOptions,
): Promise<ImportOptions> {
  // A dry run makes nothing: its columns are read as if the fields were there (see importer.ts).
  if (options.dry_run) return options
  const mapping = [...options.mapping]
  for (const [column, target] of mapping.entries()) {
    const wanted = newFieldOf(target)
    if (wanted !== undefined) mapping[column] = `field:${(await createField(trx, workspaceId, wanted)).key}`
  }
  return { ...options, mapping }
}

function mappingFault({ mapping }: ImportOptions, fields: readonly CustomField[]): string | undefined {
  if (!mapping.includes('email')) return 'must say which column holds the email'
  const keys = new Set(fields.map(({ key }) => `field:${key}`))
  const unknown = mapping.find(to => to.startsWith('field:') && !keys.has(to))
  if (unknown !== undefined) return `names a field that does not exist: ${unknown.slice('field:'.length)}`
  const used = mapping.filter(to => to !== 'ignore' && to !== 'tags' && !to.startsWith('new_field:'))
  const twice = used.find((to, at) => used.indexOf(to) !== at)
  return twice === undefined ? undefined : `uses ${twice} twice`
}

function among(values: readonly string[]): (value: unknown) => boolean {
  return value => values.includes(value as string)
}

function isCharacter(value: unknown): boolean {
  return typeof value === 'string' && /^[\x01-\x7f]$/.test(value) && !/["'\r\n]/.test(value)
}

function isSeparator(value: unknown): boolean {
  return typeof value === 'string' && value.length >= 1 && value.length <= 5
}

function isTruth(value: unknown): boolean {
  return typeof value === 'boolean'
}

function isMapping(value: unknown): boolean {
  return Array.isArray(value) && value.length <= MAX_COLUMNS && value.every(isTarget)
}

function isIds(value: unknown): boolean {
  return (
    Array.isArray(value) && value.length <= MAX_TAGS && value.every(id => Number.isSafeInteger(id) && id > 0)
  )
}
