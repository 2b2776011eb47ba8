import type { FastifyInstance } from 'fastify'
import { callerOf } from '../../accounts/caller.ts'
import { idFrom } from '../../http/ids.ts'
import { jsonOf } from '../../http/json.ts'
import { sayFinished } from '../../http/say.ts'
import { Problem } from '../../problem.ts'
import { findMessage, markMessages } from '../messages.ts'
import { deleteMessages } from '../removal.ts'
import { foundMessage } from './found.ts'
import { MessageJson } from './message-json.ts'
import { listQuery, MessageLists } from './message-list.ts'
import { wrapped } from '../../http/rails-body.ts'
import type { Sandbox } from './sandbox.ts'
import { integer, listOf, objectOf, ref, text, truth } from '../../http/schemas.ts'

export const LIST_QUERY = {
  search: {
    description: 'Only messages whose subject or recipients contain this, ignoring case',
    schema: text,
  },
  page: { description: 'From 1; 30 messages each', schema: integer },
  last_id: { description: 'Only messages with a lower id; wins over page', schema: integer },
}

/** Contract, section 8. */
export function messages(app: FastifyInstance, sandbox: Sandbox): void {
  const { storage, changed } = sandbox
  const messageJson = new MessageJson(sandbox)
  const lists = new MessageLists(storage, (found, timezone) => messageJson.of(found, timezone))

  app.get(
    '/inboxes/:id/messages',
    {
      config: {
        doc: { summary: 'Messages, newest first', query: LIST_QUERY, reply: listOf(ref('Message')) },
      },
    },
    // The most frequent request there is: no promise where none is needed.
    (request, reply) => {
      const caller = callerOf(request)
      const inboxId = idFrom((request.params as { id?: string }).id)
      const query = listQuery(request.query)
      const known = lists.stillTrue(caller, { inboxId }, query)
      if (known) return sayFinished(request, reply, known, 'messages')
      return lists
        .page(caller, { inboxId }, query)
        .then(json => sayFinished(request, reply, json, 'messages'))
    },
  )

  app.get(
    '/inboxes/:id/messages/:message_id',
    { config: { doc: { summary: 'One message; does not mark it as read', reply: ref('Message') } } },
    async (request, reply) => {
      const message = await foundMessage(sandbox, request, 'see')
      const [json = ''] = await messageJson.of([message], callerOf(request).user.timezone)
      return sayFinished(request, reply, jsonOf(json), 'message')
    },
  )

  app.patch(
    '/inboxes/:id/messages/:message_id',
    {
      config: {
        doc: {
          summary: 'Mark as read or unread; without a body as read',
          body: objectOf({ message: objectOf({ is_read: truth }) }),
          reply: ref('Message'),
        },
      },
    },
    async (request, reply) => {
      const message = await foundMessage(sandbox, request, 'mark_read')
      const isRead = wantedState(request.body)
      if (isRead !== undefined && isRead !== (message.is_read === 1)) {
        await markMessages(storage.write, message.inbox_id, [message.id], isRead)
        changed()
      }
      const now = await findMessage(storage.read, message.inbox_id, message.id)
      if (now === undefined) throw new Problem('absent')
      const [json = ''] = await messageJson.of([now], callerOf(request).user.timezone)
      return sayFinished(request, reply, jsonOf(json), 'message')
    },
  )

  app.delete(
    '/inboxes/:id/messages/:message_id',
    { config: { doc: { summary: 'Delete a message', reply: ref('Message') } } },
    async (request, reply) => {
      const message = await foundMessage(sandbox, request, 'change_messages')
      const [asItWas = ''] = await messageJson.of([message], callerOf(request).user.timezone)
      if ((await deleteMessages(storage.write, message.inbox_id, [message.id])) === 0)
        throw new Problem('absent')
      changed()
      return sayFinished(request, reply, jsonOf(asItWas), 'message')
    },
  )
}

const SPELLINGS = new Map<unknown, boolean>([
  [true, true],
  ['true', true],
  ['1', true],
  [1, true],
  [false, false],
  ['false', false],
  ['0', false],
  [0, false],
])

/** Undefined: nothing is to change. */
export function wantedState(body: unknown): boolean | undefined {
  // One client's markRead sends no body at all.
  if (body === undefined || body === null) return true
  const { is_read } = wrapped(body, 'message')
  if (is_read === undefined) return undefined
  const isRead = SPELLINGS.get(is_read)
  if (isRead === undefined)
    throw new Problem('invalid', '', { fields: { is_read: ['is not included in the list'] } })
  return isRead
}
