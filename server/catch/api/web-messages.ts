import type { FastifyInstance } from 'fastify'
import { Problem } from '../../problem.ts'
import type { Database } from '../../storage/schema.ts'
import { findInbox } from '../inboxes.ts'
import { findByText, listMessages, markMessages, type Message } from '../messages.ts'
import { cleanInbox, deleteMessages } from '../removal.ts'
import { insist, callerOf } from '../../accounts/caller.ts'
import { foundInbox } from './found.ts'
import { sayJson } from './json.ts'
import { queried, queriedNumber } from './parameters.ts'
import type { Sandbox } from './sandbox.ts'
import { integer, listOf, objectOf, oneOf, optional, ref, text, truth } from './schemas.ts'
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
  const { storage, announce } = sandbox

  app.get(
    '/inboxes/:id/messages',
    { config: { doc: { summary: 'Messages, newest first', query: PAGE_QUERY, reply: ref('MessagePage') } } },
    async (request, reply) => {
      const inbox = await foundInbox(sandbox, request, 'see')
      const wish: Wish = {
        before: queriedNumber(request.query, 'before'),
        after: queriedNumber(request.query, 'after'),
        limit: Math.min(queriedNumber(request.query, 'limit') || DEFAULT_LIMIT, MAX_LIMIT),
        search: (queried(request.query, 'search') ?? '').replaceAll('\0', '').trim(),
        unread: queried(request.query, 'unread') === '1',
      }
      // One more than asked for tells whether there are more.
      const found = await find(storage.read, inbox.id, { ...wish, limit: wish.limit + 1 })
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
      insist(callerOf(request), action === 'delete' ? 'change_messages' : 'mark_read')
      const changed = await perform(inbox.id, inbox.emails_count, which, action)
      const now = await findInbox(storage.read, inbox.id)
      if (now === undefined) throw new Problem('absent')
      announce.inbox(now)
      return reply.send({ changed, inbox: inboxSummary(now) } satisfies BulkReply)
    },
  )

  async function perform(
    inboxId: number,
    count: number,
    which: number[] | 'all',
    action: BulkRequest['action'],
  ): Promise<number> {
    if (action !== 'delete')
      return (await markMessages(storage.write, inboxId, which, action === 'read')).changed
    if (which !== 'all') return (await deleteMessages(storage.write, inboxId, which)).changed
    await cleanInbox(storage.write, inboxId)
    return count
  }
}

interface Wish {
  before: number | undefined
  after: number | undefined
  limit: number
  search: string
  unread: boolean
}

/** A search knows nothing of read or unread, nor of a lower end: it is asked on until there is enough. */
async function find(db: Database, inboxId: number, wish: Wish): Promise<Message[]> {
  if (wish.search === '') return listMessages(db, inboxId, wish)
  const found: Message[] = []
  let before = wish.before
  for (;;) {
    const some = await findByText(db, inboxId, wish.search, { before, limit: MAX_LIMIT + 1 })
    const last = some.at(-1)
    const above = some.filter(({ id }) => wish.after === undefined || id > wish.after)
    found.push(...above.filter(({ is_read }) => !wish.unread || is_read === 0))
    if (found.length >= wish.limit || last === undefined || above.length < some.length)
      return found.slice(0, wish.limit)
    if (some.length <= MAX_LIMIT) return found
    before = last.id
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
