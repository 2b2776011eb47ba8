import type { Storage } from '../storage/database.ts'
import { selectionOf } from './audience-jobs.ts'
import { type CustomField, listFields } from './custom-fields.ts'
import { csvLine } from './export/csv-line.ts'
import type { FieldValue } from './field-values.ts'
import type { SubscriberFilter } from './subscriber-filter.ts'
import { idsMatching } from './subscriber-walk.ts'
import { fieldsOf, type Subscriber } from './subscribers.ts'
import { tagsOf } from './tagging.ts'
import type { Tag } from './tags.ts'

/** Rows of one question. */
const PORTION = 500
/** Between tags, and between choices. */
const SEPARATOR = ';'

const COLUMNS = [
  'id',
  'email',
  'first_name',
  'last_name',
  'status',
  'status_reason',
  'unsubscribed_at',
  'tags',
  'source',
  'created_at',
]

/**
 * Subscribers as CSV, the oldest first, in pieces of text; the custom fields stand at the end under their keys. The
 * import takes it as it is. Begins with a byte order mark: without it spreadsheets take UTF-8 for something else.
 * @throws Problem `invalid` before the first piece
 */
export async function* exportSubscribers(
  storage: Pick<Storage, 'read' | 'survey'>,
  workspaceId: number,
  asked: { ids: readonly number[] } | SubscriberFilter,
): AsyncGenerator<string> {
  const { selection } = await selectionOf(storage, workspaceId, asked, { counted: false })
  const fields = await listFields(storage.read, workspaceId)
  const portions =
    'ids' in selection
      ? [selection.ids]
      : idsMatching(storage, workspaceId, selection.filter, { after: 0, upTo: selection.up_to })
  yield `\ufeff${csvLine([...COLUMNS, ...fields.map(({ key }) => key)])}`
  for await (const ids of portions)
    for (let at = 0; at < ids.length; at += PORTION)
      yield await linesOf(storage, workspaceId, ids.slice(at, at + PORTION), fields)
}

async function linesOf(
  { survey }: Pick<Storage, 'survey'>,
  workspaceId: number,
  ids: number[],
  fields: readonly CustomField[],
): Promise<string> {
  const rows = await survey
    .selectFrom('subscribers')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .where('id', 'in', ids)
    .orderBy('id')
    .execute()
  const tags = await tagsOf(survey, ids)
  return rows.map(row => line(row, tags.get(row.id) ?? [], fields)).join('')
}

function line(subscriber: Subscriber, tags: readonly Tag[], fields: readonly CustomField[]): string {
  const { id, email, first_name, last_name, status, status_reason, status_at, source, created_at } =
    subscriber
  const values = fieldsOf(subscriber)
  return csvLine([
    String(id),
    email,
    first_name ?? '',
    last_name ?? '',
    status,
    status_reason ?? '',
    status !== 'unsubscribed' || status_at === null ? '' : new Date(status_at).toISOString(),
    tags.map(({ name }) => name).join(SEPARATOR),
    source,
    new Date(created_at).toISOString(),
    ...fields.map(({ key }) => written(values[key])),
  ])
}

function written(value: FieldValue | undefined): string {
  return Array.isArray(value) ? value.join(SEPARATOR) : String(value ?? '')
}
