import type { FastifyInstance } from 'fastify'
import { callerOf } from '../../accounts/caller.ts'
import type { Act } from '../../accounts/permissions.ts'
import { say } from '../../http/say.ts'
import { Problem } from '../../problem.ts'
import { inboxesInReach, reachOf } from '../access.ts'
import { StorageFault } from '../../storage/faults.ts'
import { changeInbox, findInbox, resetCredentials, resetEmailUsername, withAlias } from '../inboxes.ts'
import type { Inbox } from '../inboxes.ts'
import { markMessages } from '../messages.ts'
import { cleanInbox, deleteInbox } from '../removal.ts'
import { foundInbox } from './found.ts'
import { inboxWire } from './mailtrap-wire.ts'
import { nameFaults, textOf, wrapped } from './parameters.ts'
import type { Sandbox } from './sandbox.ts'
import { listOf, objectOf, optional, ref, text } from '../../http/schemas.ts'

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

  const body = objectOf({ inbox: optional({ name: text, email_username: text }) })
  app.patch(
    '/inboxes/:id',
    {
      config: {
        doc: {
          summary: 'Change the name or the alias of an inbox',
          body,
          reply: ref('Inbox'),
        },
      },
    },
    async (request, reply) => {
      const inbox = await foundInbox(sandbox, request, 'manage_inbox')
      const renamed = await change(inbox, wrapped(request.body, 'inbox'))
      return say(request, reply, inboxWire(sandbox, callerOf(request), { ...inbox, ...renamed }), 'inbox')
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

  async function change(inbox: Inbox, wanted: Record<string, unknown>): Promise<Inbox> {
    const changes: Partial<Pick<Inbox, 'name' | 'email_username'>> = {}
    const fields: Record<string, string[]> = {}
    if (wanted.name !== undefined) {
      changes.name = textOf(wanted.name)
      const faults = nameFaults(changes.name, 1)
      if (faults.length > 0) fields.name = faults
    }
    // Some clients always send this key; empty it changes nothing.
    const alias = textOf(wanted.email_username)
    if (alias !== '')
      try {
        changes.email_username = withAlias(inbox, alias)
      } catch (problem) {
        if (!(problem instanceof Problem) || problem.fields === undefined) throw problem
        Object.assign(fields, problem.fields)
      }
    if (Object.keys(fields).length > 0) throw new Problem('invalid', '', { fields })
    if ((changes.name ?? inbox.name) === inbox.name) delete changes.name
    if (changes.email_username === inbox.email_username) delete changes.email_username
    if (Object.keys(changes).length === 0) return inbox
    const now = await changeInbox(storage.write, inbox.id, changes).catch((error: unknown) => {
      if (!(error instanceof StorageFault) || error.kind !== 'duplicate') throw error
      throw new Problem('invalid', '', { fields: { email_username: ['has already been taken'] } })
    })
    changed()
    return now
  }
}
