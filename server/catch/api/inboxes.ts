import type { FastifyInstance } from 'fastify'
import { callerOf } from '../../accounts/caller.ts'
import { say } from '../../http/say.ts'
import { Problem } from '../../problem.ts'
import { inboxesInReach, reachOf } from '../access.ts'
import { deleteInbox } from '../removal.ts'
import { foundInbox } from './found.ts'
import { INBOX_ACTIONS } from './inbox-actions.ts'
import { type Faults, nameAndAlias, saveInbox } from './inbox-changes.ts'
import { transfer } from './inbox-transfer.ts'
import { inboxWire } from './mailtrap-wire.ts'
import { wrapped } from '../../http/rails-body.ts'
import type { Sandbox } from './sandbox.ts'
import { integer, listOf, objectOf, optional, ref, text } from '../../http/schemas.ts'

/** Contract, section 6. */
export function inboxes(app: FastifyInstance, sandbox: Sandbox): void {
  const { storage, changed } = sandbox

  app.get(
    '/inboxes',
    { config: { doc: { summary: 'All inboxes, by ascending id', reply: listOf(ref('Inbox')) } } },
    async (request, reply) => {
      const caller = callerOf(request)
      const reached = await inboxesInReach(storage.read, reachOf(caller))
      // Those that were given without their project are listed as shared inboxes.
      const found = reached.filter(inbox => inbox.project_role !== null)
      const all = found.map(inbox => inboxWire(sandbox, caller, inbox))
      return say(request, reply, all, 'inboxes')
    },
  )

  app.get(
    '/inboxes/:id',
    { config: { doc: { summary: 'One inbox, with its credentials', reply: ref('Inbox') } } },
    async (request, reply) => {
      const inbox = await foundInbox(sandbox, request, 'see')
      return say(request, reply, inboxWire(sandbox, callerOf(request), inbox), 'inbox')
    },
  )

  const body = objectOf({ inbox: optional({ name: text, email_username: text, company_id: integer }) })
  app.patch(
    '/inboxes/:id',
    {
      config: {
        doc: {
          summary: 'Change name, alias or project of an inbox',
          body,
          reply: ref('Inbox'),
        },
      },
    },
    async (request, reply) => {
      const inbox = await foundInbox(sandbox, request, 'manage_inbox')
      const caller = callerOf(request)
      const wanted = wrapped(request.body, 'inbox')
      const faults: Faults = {}
      const changes = {
        ...nameAndAlias(inbox, wanted, faults),
        ...(await transfer(sandbox, caller, inbox, wanted.company_id, faults)),
      }
      const saved = await saveInbox(sandbox, inbox, changes, faults)
      return say(request, reply, inboxWire(sandbox, caller, saved), 'inbox')
    },
  )

  app.delete(
    '/inboxes/:id',
    { config: { doc: { summary: 'Delete an inbox with its messages', reply: ref('Inbox') } } },
    async (request, reply) => {
      const inbox = await foundInbox(sandbox, request, 'manage_inbox')
      await deleteInbox(storage.write, inbox.id)
      changed()
      return say(request, reply, inboxWire(sandbox, callerOf(request), inbox), 'inbox')
    },
  )

  for (const { name, act, summary, perform } of INBOX_ACTIONS)
    app.patch(
      `/inboxes/:id/${name}`,
      { config: { doc: { summary, reply: ref('Inbox') } } },
      async (request, reply) => {
        const inbox = await foundInbox(sandbox, request, act)
        const now = await perform(sandbox, inbox)
        if (now === undefined) throw new Problem('absent')
        changed()
        return say(request, reply, inboxWire(sandbox, callerOf(request), { ...inbox, ...now }), 'inbox')
      },
    )
}
