import type { FastifyInstance } from 'fastify'
import { Problem } from '../../problem.ts'
import { findInbox } from '../inboxes.ts'
import { findByText, listMessages, markMessages } from '../messages.ts'
import { cleanInbox, deleteMessages } from '../removal.ts'
import { foundInbox, insistIn } from './found.ts'
import { sayJson } from '../../http/json.ts'
import { queried, queriedNumber } from './parameters.ts'
import type { Sandbox } from './sandbox.ts'
import { integer, listOf, objectOf, oneOf, optional, ref, text, truth } from '../../http/schemas.ts'
import { inboxSummary, messageSummary } from './web-wire.ts'
import type { BulkReply, BulkRequest, MessagePage } from './wire.ts'

const DEFAULT_LIMIT = 50
const MAX_LIMIT = 200
const MAX_BULK = 1000

const PAGE_QUERY = {
  before: { description: 'Only messages with a lower id', schema: integer },
  after: { description: 'Only messages with a higher id', schema: integer },
  limit: { description: 'From 1 to 200; 50 if not given', schema: integer },
  search: { description: 'All these words, or this text in subject or recipients', schema: text },
  unread: { description: '1: only those not read yet', schema: text },
}

/** The list of the web app, and what it does with many messages at once. */
export function webMessages(app: FastifyInstance, sandbox: Sandbox): void {
  const { storage, changed } = sandbox

  app.get(
    '/inboxes/:id/messages',
    { config: { doc: { summary: 'Messages, newest first', query: PAGE_QUERY, reply: ref('MessagePage') } } },
    async (request, reply) => {
      const inbox = await foundInbox(sandbox, request, 'see')
      const search = (queried(request.query, 'search') ?? '').replaceAll('\0', '').trim()
      const wish = {
        before: queriedNumber(request.query, 'before'),
        after: queriedNumber(request.query, 'after'),
        limit: Math.min(queriedNumber(request.query, 'limit') || DEFAULT_LIMIT, MAX_LIMIT),
        unread: queried(request.query, 'unread') === '1',
      }
      // One more than asked for tells whether there are more.
      const window = { ...wish, limit: wish.limit + 1 }
      const found = await (search === ''
        ? listMessages(storage.read, inbox.id, window)
        : findByText(storage.read, inbox.id, search, window))
      const page: MessagePage = {
        messages: found.slice(0, wish.limit).map(messageSummary),
        has_more: found.length > wish.limit,
        inbox: inboxSummary(inbox),
      }
      return sayJson(request, reply, page)
    },
  )

  app.post(
    '/inboxes/:id/messages/bulk',
    {
      config: {
        doc: {
          summary: 'Mark or delete many messages at once',
          body: optional({ ids: listOf(integer), all: truth, action: oneOf('read', 'unread', 'delete') }),
          reply: objectOf({ changed: integer, inbox: ref('InboxSummary') }),
        },
      },
    },
    async (request, reply) => {
      const inbox = await foundInbox(sandbox, request, 'see')
      const { which, action } = bulkOf(request.body)
      insistIn(inbox, action === 'delete' ? 'change_messages' : 'mark_read')
      const count = await perform(inbox.id, inbox.emails_count, which, action)
      const now = await findInbox(storage.read, inbox.id)
      if (now === undefined) throw new Problem('absent')
      changed()
      return reply.send({ changed: count, inbox: inboxSummary({ ...inbox, ...now }) } satisfies BulkReply)
    },
  )

  async function perform(
    inboxId: number,
    count: number,
    which: number[] | 'all',
    action: BulkRequest['action'],
  ): Promise<number> {
    if (action !== 'delete') return markMessages(storage.write, inboxId, which, action === 'read')
    if (which !== 'all') return deleteMessages(storage.write, inboxId, which)
    await cleanInbox(storage.write, inboxId)
    return count
  }
}

function bulkOf(body: unknown): { which: number[] | 'all'; action: BulkRequest['action'] } {
  const { ids, all, action } = (body ?? {}) as Record<string, unknown>
  const fields: Record<string, string[]> = {}
  if (action !== 'read' && action !== 'unread' && action !== 'delete')
    fields.action = ['must be read, unread or delete']
  const isIds = Array.isArray(ids) && ids.length <= MAX_BULK && ids.every(id => Number.isSafeInteger(id))
  if (all !== true && !isIds) fields.ids = [`must be up to ${MAX_BULK} ids, unless "all" is true`]
  if (Object.keys(fields).length > 0) throw new Problem('invalid', '', { fields })
  return { which: all === true ? 'all' : (ids as number[]), action: action as BulkRequest['action'] }
}
