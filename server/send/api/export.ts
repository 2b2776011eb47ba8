import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import type { RouteDoc } from '../../http/route-doc.ts'
import { text } from '../../http/schemas.ts'
import { exportSubscribers } from '../export/export-subscribers.ts'
import { subscribersMatching } from '../audience/subscriber-filter.ts'
import { audienceOf, queried } from './asked.ts'
import { attachment } from './attachment.ts'
import type { AudienceDoor } from './audience-door.ts'
import { FILTER_QUERY, filterInQuery, idsOf } from './subscriber-filters.ts'

const EXPORT: RouteDoc = {
  summary: 'Subscribers as CSV',
  description:
    'Streamed: first the columns of SendPortal (id, hash, email, first_name, last_name), then status, ' +
    'unsubscribed_at, tags, created_at, updated_at, then a column for each custom field. Cells that a spreadsheet ' +
    "would take for a formula begin with ', which an import takes away again.",
  query: { ...FILTER_QUERY, ids: { description: 'Only these, with commas between them', schema: text } },
  reply: 'text/csv',
}

/** The audience, or a part of it, as a file. */
export function exportRoutes(
  app: FastifyInstance,
  { storage, secrets }: Pick<AudienceDoor, 'storage' | 'secrets'>,
): void {
  app.get('/subscribers/export', { config: { doc: EXPORT } }, async (request, reply) => {
    const workspaceId = audienceOf(request, 'export_audience')
    const ids = queried(request, 'ids')
    const exported =
      ids === undefined
        ? await filterInQuery(storage.read, workspaceId, request)
        : { ids: idsOf(ids.split(',').map(Number)) }
    // What the filter names must exist before the reply begins.
    if (!('ids' in exported)) await subscribersMatching(storage.read, workspaceId, exported)
    const day = new Date().toISOString().slice(0, 10)
    return attachment(reply, `subscribers-${day}.csv`).send(
      Readable.from(exportSubscribers(storage, secrets, workspaceId, exported)),
    )
  })
}
