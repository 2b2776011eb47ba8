import type { FastifyInstance, FastifyRequest } from 'fastify'
import { callerOf } from '../../../accounts/caller.ts'
import { idFrom } from '../../../http/ids.ts'
import { sayJson, sendJson } from '../../../http/json.ts'
import { listOf, objectOf, ref, truth } from '../../../http/schemas.ts'
import { Problem } from '../../../problem.ts'
import { findMessage, markMessages, type Message } from '../../messages.ts'
import { deleteMessages } from '../../removal.ts'
import { accountOf, notFoundIn } from '../account.ts'
import { foundMessage } from '../found.ts'
import { listQuery, MessageLists } from '../message-list.ts'
import { LIST_QUERY, wantedState } from '../messages.ts'
import type { Sandbox } from '../sandbox.ts'
import { type Form, inForm, schemaOf } from './form.ts'
import { messageShape } from './shapes.ts'

export function messages(app: FastifyInstance, sandbox: Sandbox, form: Form): void {
  const { storage, changed } = sandbox
  const path = `/${form.inboxes}/:id/messages`
  const message = ref(schemaOf(form, 'Message'))
  const lists = new MessageLists(storage, async (found, timezone, inbox) =>
    (await shapes(found, timezone, inbox.workspace_id)).map(each => JSON.stringify(each)),
  )

  app.get(
    path,
    {
      config: { doc: { summary: 'Messages, newest first', query: LIST_QUERY, reply: listOf(message) } },
    },
    (request, reply) => {
      const caller = callerOf(request)
      const listed = {
        inboxId: idFrom((request.params as { id?: string }).id),
        workspaceId: accountOf(request),
      }
      const query = listQuery(request.query)
      const known = lists.stillTrue(caller, listed, query)
      if (known) return sendJson(request, reply, known)
      return lists.page(caller, listed, query).then(
        json => sendJson(request, reply, json),
        async (error: unknown) => {
          if (!(error instanceof Problem) || error.kind !== 'absent') throw error
          throw await notFoundIn(storage.read, request)
        },
      )
    },
  )

  app.get(
    `${path}/:message_id`,
    { config: { doc: { summary: 'One message; does not mark it as read', reply: message } } },
    async (request, reply) =>
      sayJson(request, reply, await shown(request, await foundMessage(sandbox, request, 'see'))),
  )

  app.patch(
    `${path}/:message_id`,
    {
      config: {
        doc: {
          summary: 'Mark as read or unread; without a body as read',
          body: objectOf({ message: objectOf({ is_read: truth }) }),
          reply: message,
        },
      },
    },
    async (request, reply) => {
      const found = await foundMessage(sandbox, request, 'mark_read')
      const isRead = wantedState(request.body)
      if (isRead !== undefined && isRead !== (found.is_read === 1)) {
        await markMessages(storage.write, found.inbox_id, [found.id], isRead)
        changed()
      }
      const now = await findMessage(storage.read, found.inbox_id, found.id)
      if (now === undefined) throw new Problem('absent')
      return sayJson(request, reply, await shown(request, { ...found, ...now }))
    },
  )

  app.delete(
    `${path}/:message_id`,
    { config: { doc: { summary: 'Delete a message', reply: message } } },
    async (request, reply) => {
      const found = await foundMessage(sandbox, request, 'change_messages')
      const asItWas = await shown(request, found)
      if ((await deleteMessages(storage.write, found.inbox_id, [found.id])) === 0) throw new Problem('absent')
      changed()
      return sayJson(request, reply, asItWas)
    },
  )

  async function shown(request: FastifyRequest, found: Message & { workspace_id: number }): Promise<object> {
    const [shape = {}] = await shapes([found], callerOf(request).user.timezone, found.workspace_id)
    return shape
  }

  async function shapes(found: Message[], timezone: string, workspaceId: number): Promise<object[]> {
    const blacklists = await sandbox.checks.blacklists?.states(found)
    return found.map(each =>
      inForm(form, messageShape(timezone, listPath(workspaceId), each, blacklists?.get(each.id))),
    )
  }

  function listPath(workspaceId: number): string {
    return `/api${form.prefix.replace(':account_id', String(workspaceId))}/${form.inboxes}`
  }
}
