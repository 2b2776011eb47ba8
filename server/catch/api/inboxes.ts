import type { FastifyInstance } from 'fastify'
import { callerOf } from '../../accounts/caller.ts'
import type { Act } from '../../accounts/permissions.ts'
import { say } from '../../http/say.ts'
import { Problem } from '../../problem.ts'
import { inboxesInReach, reachOf } from '../access.ts'
import { changeInbox, findInbox, resetCredentials, resetEmailUsername } from '../inboxes.ts'
import type { Inbox } from '../inboxes.ts'
import { markMessages } from '../messages.ts'
import { cleanInbox, deleteInbox } from '../removal.ts'
import { foundInbox } from './found.ts'
import { type Faults, nameAndAlias, saveInbox } from './inbox-changes.ts'
import { transfer } from './inbox-transfer.ts'
import { inboxWire } from './mailtrap-wire.ts'
import { wrapped } from './parameters.ts'
import type { Sandbox } from './sandbox.ts'
import { integer, listOf, objectOf, optional, ref, text } from '../../http/schemas.ts'

/** Contract, section 6. */
export function inboxes(app: FastifyInstance, sandbox: Sandbox): void {
  const { storage, secrets, changed } = sandbox

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

  /** A change that takes no parameters and answers with the inbox as it is then. */
  const action = (
    name: string,
    act: Act,
    summary: string,
    perform: (inbox: Inbox) => Promise<Inbox | undefined>,
  ) =>
    app.patch(
      `/inboxes/:id/${name}`,
      { config: { doc: { summary, reply: ref('Inbox') } } },
      async (request, reply) => {
        const inbox = await foundInbox(sandbox, request, act)
        const now = await perform(inbox)
        if (now === undefined) throw new Problem('absent')
        changed()
        return say(request, reply, inboxWire(sandbox, callerOf(request), { ...inbox, ...now }), 'inbox')
      },
    )

  action('clean', 'change_messages', 'Delete all messages of an inbox', async ({ id }) => {
    await cleanInbox(storage.write, id)
    return findInbox(storage.read, id)
  })
  action('all_read', 'mark_read', 'Mark all messages of an inbox as read', async ({ id }) => {
    await markMessages(storage.write, id, 'all', true)
    return findInbox(storage.read, id)
  })
  action('reset_credentials', 'manage_inbox', 'New username and password', ({ id }) =>
    resetCredentials(storage.write, secrets, id),
  )
  action('reset_email_username', 'manage_inbox', 'A new address', ({ id }) =>
    resetEmailUsername(storage.write, id),
  )
  action('toggle_email_username', 'manage_inbox', 'Switch the address on or off', inbox =>
    changeInbox(storage.write, inbox.id, {
      email_username_enabled: inbox.email_username_enabled === 1 ? 0 : 1,
    }),
  )
}
