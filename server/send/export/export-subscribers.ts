import type { Secrets } from '../../accounts/secrets.ts'
import type { Storage } from '../../storage/database.ts'
import { type CustomField, listFields } from '../audience/custom-fields.ts'
import type { FieldValue } from '../audience/field-values.ts'
import { exportHash } from '../import/export-hash.ts'
import type { SubscriberFilter } from '../audience/subscriber-filter.ts'
import { highestId, idsMatching } from '../audience/subscriber-walk.ts'
import { fieldsOf, type Subscriber } from '../audience/subscribers.ts'
import { tagsOf } from '../audience/tagging.ts'
import type { Tag } from '../audience/tags.ts'
import { csvLine } from './csv-line.ts'

/** Rows of one question. */
const PORTION = 500

const COLUMNS = [
  'id',
  'hash',
  'email',
  'first_name',
  'last_name',
  'status',
  'unsubscribed_at',
  'tags',
  'created_at',
  'updated_at',
]

/**
 * Subscribers as CSV, a portion at a time as it is asked for, by id: first what SendPortal exports, then what it does
 * not know, then a column for each custom field. Whoever comes meanwhile is left out.
 * @throws Problem `invalid`: the filter names what does not exist
 */
export async function* exportSubscribers(
  storage: Pick<Storage, 'read' | 'survey'>,
  secrets: Secrets,
  workspaceId: number,
  exported: { ids: readonly number[] } | SubscriberFilter,
): AsyncGenerator<string> {
  const upTo = await highestId(storage.read, workspaceId)
  const fields = await listFields(storage.read, workspaceId)
  const portions =
    'ids' in exported
      ? [exported.ids.toSorted((a, b) => a - b)]
      : idsMatching(storage, workspaceId, exported, { after: 0, upTo })
  yield csvLine([...COLUMNS, ...fields.map(({ key }) => key)])
  for await (const ids of portions)
    for (let at = 0; at < ids.length; at += PORTION) {
      const rows = await storage.survey
        .selectFrom('subscribers')
        .selectAll()
        .where('workspace_id', '=', workspaceId)
        .where('id', 'in', ids.slice(at, at + PORTION))
        .orderBy('id')
        .execute()
      const tags = await tagsOf(
        storage.survey,
        rows.map(({ id }) => id),
      )
      yield rows.map(row => csvLine(cellsOf(row, tags.get(row.id) ?? [], fields, secrets))).join('')
    }
}

function cellsOf(
  row: Subscriber,
  tags: readonly Tag[],
  fields: readonly CustomField[],
  secrets: Secrets,
): string[] {
  const values = fieldsOf(row)
  return [
    String(row.id),
    exportHash(secrets, row.id),
    row.email,
    row.first_name ?? '',
    row.last_name ?? '',
    row.status,
    row.status === 'subscribed' || row.status_at === null ? '' : instant(row.status_at),
    tagsCell(tags.map(({ name }) => name)),
    instant(row.created_at),
    instant(row.updated_at),
    ...fields.map(({ key }) => cellOf(values[key])),
  ]
}

function cellOf(value: FieldValue | undefined): string {
  if (value === undefined) return ''
  return Array.isArray(value) ? JSON.stringify(value) : String(value)
}

function instant(at: number): string {
  return new Date(at).toISOString()
}

/** With commas between them; where a name has one itself, each is in quotes. */
function tagsCell(names: readonly string[]): string {
  const isPlain = names.every(name => !name.includes(',') && !name.startsWith('"'))
  return isPlain ? names.join() : names.map(name => `"${name}"`).join()
}
