import type { FastifyInstance } from 'fastify'
import { idFrom } from '../../http/ids.ts'
import { sayJson } from '../../http/json.ts'
import { integer, objectOf, ref } from '../../http/schemas.ts'
import { Problem } from '../../problem.ts'
import { historyOf, retry } from '../../relay/outgoing.ts'
import { outgoingSummary } from './forwarding-wire.ts'
import { foundInbox } from './found.ts'
import { queriedNumber } from './parameters.ts'
import type { Sandbox } from './sandbox.ts'
import type { OutgoingPage } from './wire.ts'

const DEFAULT_LIMIT = 50
const MAX_LIMIT = 200

const PAGE_QUERY = {
  message_id: { description: 'Only copies of this message', schema: integer },
  before: { description: 'Only entries with a lower id', schema: integer },
  limit: { description: 'From 1 to 200; 50 if not given', schema: integer },
}

/** What was forwarded from an inbox, and what became of it. */
export function webOutgoing(app: FastifyInstance, sandbox: Sandbox): void {
  const { storage, wayOut } = sandbox

  app.get(
    '/inboxes/:id/outgoing',
    {
      config: {
        doc: {
          summary: 'What was forwarded from an inbox, newest first',
          description: 'Entries are kept for 14 days.',
          query: PAGE_QUERY,
          reply: ref('OutgoingPage'),
        },
      },
    },
    async (request, reply) => {
      const inbox = await foundInbox(sandbox, request, 'see')
      const limit = Math.min(queriedNumber(request.query, 'limit') || DEFAULT_LIMIT, MAX_LIMIT)
      const found = await historyOf(storage.read, inbox.id, {
        messageId: queriedNumber(request.query, 'message_id'),
        before: queriedNumber(request.query, 'before'),
        // One more than asked for tells whether there are more.
        limit: limit + 1,
      })
      return sayJson(request, reply, {
        outgoing: found.slice(0, limit).map(entry => outgoingSummary(entry)),
        has_more: found.length > limit,
      } satisfies OutgoingPage)
    },
  )

  app.post(
    '/inboxes/:id/outgoing/:outgoing_id/retry',
    {
      config: {
        doc: {
          summary: 'Send again what has failed',
          reply: objectOf({ outgoing: ref('OutgoingSummary') }),
          also: { 409: 'It has not failed, or so long ago that it is not kept any more' },
        },
      },
    },
    async (request, reply) => {
      const inbox = await foundInbox(sandbox, request, 'forward_messages')
      const id = idFrom((request.params as { outgoing_id?: string }).outgoing_id)
      const [entry] = await historyOf(storage.read, inbox.id, { before: id + 1, limit: 1 })
      if (entry?.id !== id) throw new Problem('absent')
      const now = await retry(storage.write, inbox.id, id)
      if (now === undefined)
        throw new Problem(
          'conflict',
          'It has not failed, or so long ago that its content is not kept any more',
        )
      wayOut.wake()
      return reply.send({ outgoing: outgoingSummary(now) })
    },
  )
}
