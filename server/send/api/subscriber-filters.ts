import type { FastifyRequest } from 'fastify'
import { storable } from '../../accounts/storable.ts'
import type { RouteDoc } from '../../http/route-doc.ts'
import { integer, oneOf, text } from '../../http/schemas.ts'
import type { Database } from '../../storage/schema.ts'
import { SUBSCRIBER_STATUSES, type SubscriberFilter } from '../audience/subscriber-filter.ts'
import { definitionFrom } from '../segments/segments.ts'
import { refuse } from './asked.ts'

const MAX_IDS = 10_000
const MAX_SEARCH = 500

/** What a list or a file is narrowed to. */
export const FILTER_QUERY: NonNullable<RouteDoc['query']> = {
  search: {
    description: 'Words: each stands somewhere in name or address. A whole address is that one person',
    schema: text,
  },
  status: { description: 'Only those', schema: oneOf(...SUBSCRIBER_STATUSES) },
  tag_id: { description: 'Only who has that tag', schema: integer },
  segment_id: { description: 'Only whom that segment holds', schema: integer },
  filter: { description: 'The definition of a segment, as JSON', schema: text },
}

/** As the query of a list has it: texts only, the definition as JSON. */
export async function filterInQuery(
  db: Database,
  workspaceId: number,
  { query }: FastifyRequest,
): Promise<SubscriberFilter> {
  const { filter, ...given } = query as Record<string, unknown>
  return filterOf(db, workspaceId, { ...given, filter: typeof filter === 'string' ? parsed(filter) : filter })
}

/** @throws Problem `invalid` */
export async function askedSelection(
  db: Database,
  workspaceId: number,
  given: unknown,
): Promise<{ ids: number[] } | SubscriberFilter> {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    refuse('selection', 'must be a list of ids or a filter; {} is everybody')
  if (!('ids' in given)) return filterOf(db, workspaceId, given as Record<string, unknown>)
  return { ids: idsOf(given.ids) }
}

export function idsOf(given: unknown): number[] {
  if (!Array.isArray(given) || given.length > MAX_IDS || !given.every(isId))
    refuse('ids', `must be a list of up to ${MAX_IDS} ids`)
  return given
}

async function filterOf(
  db: Database,
  workspaceId: number,
  given: Record<string, unknown>,
): Promise<SubscriberFilter> {
  const filter: SubscriberFilter = {}
  const { search, status } = given
  if (isThere(search)) {
    if (typeof search !== 'string' || search.length > MAX_SEARCH)
      refuse('search', `must be text of up to ${MAX_SEARCH} characters`)
    filter.search = storable(search).trim()
  }
  if (isThere(status)) {
    const known = SUBSCRIBER_STATUSES.find(each => each === status)
    if (known === undefined) refuse('status', `must be one of ${SUBSCRIBER_STATUSES.join(', ')}`)
    filter.status = known
  }
  for (const field of ['tag_id', 'segment_id'] as const)
    if (isThere(given[field])) {
      const id = Number(given[field])
      if (!isId(id)) refuse(field, 'must be an id')
      filter[field] = id
    }
  if (isThere(given.filter)) filter.definition = await definitionFrom(db, workspaceId, given.filter)
  return filter
}

function isThere(value: unknown): boolean {
  return value !== undefined && value !== null && value !== ''
}

function isId(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) > 0
}

function parsed(json: string): unknown {
  if (json === '') return undefined
  try {
    return JSON.parse(json)
  } catch {
    return refuse('filter', 'must be the JSON of a definition')
  }
}
