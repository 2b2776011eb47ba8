import type { Database } from '../../../storage/schema.ts'
import type { Subscriber } from '../../audience/subscribers.ts'
import { type Tag, tagsById } from '../../audience/tags.ts'
import type { Form, GivenId } from './form.ts'
import type { Words } from './generation.ts'

/** Ids of one statement. */
const PORTION = 500

/** Under which key tags were given: each generation's name for them counts in both, the path's own first. */
export function groupKey(form: Form, { many }: Words): Words['many'] {
  const other = many === 'tags' ? 'segments' : 'tags'
  return form.has(many) || !form.has(other) ? many : other
}

/** The tags of these ids, each once; of those that the workspace lacks it is said in the form. */
export async function knownTags(
  db: Database,
  workspaceId: number,
  form: Form,
  given: readonly GivenId[],
  words: Words,
): Promise<Tag[]> {
  return known(form, given, `${words.One} ID`, ids => tagsById(db, workspaceId, ids))
}

/** The same of subscribers. */
export async function knownSubscribers(
  db: Database,
  workspaceId: number,
  form: Form,
  given: readonly GivenId[],
): Promise<Subscriber[]> {
  return known(form, given, 'Subscriber ID', ids => subscribersById(db, workspaceId, ids))
}

async function subscribersById(
  db: Database,
  workspaceId: number,
  ids: number[],
): Promise<Map<number, Subscriber>> {
  const rows = await db
    .selectFrom('subscribers')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .where('id', 'in', ids)
    .execute()
  return new Map(rows.map(row => [row.id, row]))
}

async function known<T extends { id: number }>(
  form: Form,
  given: readonly GivenId[],
  what: string,
  lookUp: (ids: number[]) => Promise<Map<number, T>>,
): Promise<T[]> {
  const ids = [...new Set(given.flatMap(({ id }) => (id === undefined ? [] : [id])))].toSorted(
    (a, b) => a - b,
  )
  const found = new Map<number, T>()
  for (let from = 0; from < ids.length; from += PORTION)
    for (const [id, one] of await lookUp(ids.slice(from, from + PORTION))) found.set(id, one)
  for (const { name, id, input } of given)
    if (id === undefined || !found.has(id)) form.fault(name, `${what} ${input} does not exist.`)
  return ids.flatMap(id => found.get(id) ?? [])
}
