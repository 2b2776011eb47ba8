import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import type { RouteDoc } from '../../http/route-doc.ts'
import { text } from '../../http/schemas.ts'
import { exportSubscribers } from '../subscriber-export.ts'
import { audienceOf, queried } from './asked.ts'
import { attachment } from './attachment.ts'
import type { AudienceDoor } from './audience-door.ts'
import { askedSelection, filterInQuery } from './subscriber-filters.ts'
import { FILTER_QUERY } from './subscriber-lists.ts'

const EXPORT: RouteDoc = {
  summary: 'Subscribers as CSV',
  description:
    'With status, tags and custom fields, the oldest first. Text that a spreadsheet would run as a formula has an ' +
    'apostrophe in front.',
  query: { ...FILTER_QUERY, ids: { description: 'Only these, with commas between them', schema: text } },
  reply: 'text/csv',
}

export function subscriberExportRoutes(app: FastifyInstance, { storage }: AudienceDoor): void {
  app.get('/subscribers/export', { config: { doc: EXPORT } }, async (request, reply) => {
    const workspaceId = audienceOf(request, 'export_audience')
    const ids = queried(request, 'ids')
    const asked =
      ids === undefined
        ? await filterInQuery(storage.read, workspaceId, request)
        : await askedSelection(storage.read, workspaceId, { ids: ids.split(',').map(Number) })
    const pieces = exportSubscribers(storage, workspaceId, asked)
    // What is wrong with the question is answered in words, before the file begins.
    const first = await pieces.next()
    const day = new Date().toISOString().slice(0, 10)
    return attachment(reply, `subscribers-${day}.csv`).send(Readable.from(begunWith(first, pieces)))
  })
}

async function* begunWith(
  first: IteratorResult<string, void>,
  rest: AsyncGenerator<string>,
): AsyncGenerator<string> {
  if (first.done !== true) yield first.value
  yield* rest
}
