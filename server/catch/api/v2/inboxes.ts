import type { FastifyInstance } from 'fastify'
import { type Caller, callerOf } from '../../../accounts/caller.ts'
import { sayJson } from '../../../http/json.ts'
import { listOf, objectOf, optional, ref, text } from '../../../http/schemas.ts'
import { Problem } from '../../../problem.ts'
import { inboxesInReach, type ReachedInbox, reachOf } from '../../access.ts'
import { deleteInbox } from '../../removal.ts'
import { insistOnAccount } from '../account.ts'
import { foundInbox } from '../found.ts'
import { INBOX_ACTIONS } from '../inbox-actions.ts'
import { type Faults, nameAndAlias, saveInbox } from '../inbox-changes.ts'
import { wrapped } from '../../../http/rails-body.ts'
import type { Sandbox } from '../sandbox.ts'
import type { Form } from './form.ts'
import { givenTo } from './given.ts'
import { inboxShape } from './shapes.ts'
import type { InboxWire } from './wire.ts'

export function inboxes(app: FastifyInstance, sandbox: Sandbox, form: Form): void {
  const { storage, changed } = sandbox
  const path = `/${form.inboxes}`

  app.get(
    path,
    {
      config: {
        doc: {
          summary: `All ${form.inboxes} of the account, those that were given one by one too`,
          reply: listOf(ref('Inbox')),
        },
      },
    },
    async (request, reply) => {
      const workspaceId = await insistOnAccount(storage.read, request)
      const caller = callerOf(request)
      const [found, given] = await Promise.all([
        inboxesInReach(storage.read, reachOf(caller), { workspaceId }),
        givenTo(storage.read, caller),
      ])
      const all = found.map(inbox => inboxShape(sandbox, caller, inbox, given))
      return sayJson(request, reply, all)
    },
  )

  app.get(
    `${path}/:id`,
    { config: { doc: { summary: `One ${form.inbox}, with its credentials`, reply: ref('Inbox') } } },
    async (request, reply) =>
      sayJson(request, reply, await shown(callerOf(request), await foundInbox(sandbox, request, 'see'))),
  )

  app.patch(
    `${path}/:id`,
    {
      config: {
        doc: {
          summary: 'Change its name or its alias',
          body: objectOf({ [form.inbox]: optional({ name: text, email_username: text }) }),
          reply: ref('Inbox'),
        },
      },
    },
    async (request, reply) => {
      const inbox = await foundInbox(sandbox, request, 'manage_inbox')
      const faults: Faults = {}
      const changes = nameAndAlias(inbox, wrapped(request.body, form.inbox), faults)
      const saved = await saveInbox(sandbox, inbox, changes, faults)
      return sayJson(request, reply, await shown(callerOf(request), saved))
    },
  )

  app.delete(
    `${path}/:id`,
    { config: { doc: { summary: 'Delete it with its messages', reply: ref('Inbox') } } },
    async (request, reply) => {
      const inbox = await foundInbox(sandbox, request, 'manage_inbox')
      const asItWas = await shown(callerOf(request), inbox)
      await deleteInbox(storage.write, inbox.id)
      changed()
      return sayJson(request, reply, asItWas)
    },
  )

  for (const { name, act, summary, perform } of INBOX_ACTIONS)
    app.patch(
      `${path}/:id/${name}`,
      { config: { doc: { summary, reply: ref('Inbox') } } },
      async (request, reply) => {
        const inbox = await foundInbox(sandbox, request, act)
        const now = await perform(sandbox, inbox)
        if (now === undefined) throw new Problem('absent')
        changed()
        return sayJson(request, reply, await shown(callerOf(request), { ...inbox, ...now }))
      },
    )

  async function shown(caller: Caller, inbox: ReachedInbox): Promise<InboxWire> {
    return inboxShape(sandbox, caller, inbox, await givenTo(storage.read, caller))
  }
}
