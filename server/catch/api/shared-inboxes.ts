import type { FastifyInstance } from 'fastify'
import { type Caller, callerOf } from '../../accounts/caller.ts'
import { idFrom } from '../../http/ids.ts'
import { say } from '../../http/say.ts'
import { listOf, ref } from '../../http/schemas.ts'
import { Problem } from '../../problem.ts'
import { inboxesInReach, type ReachedInbox, reachOf } from '../access.ts'
import { projectsById } from '../projects.ts'
import { removeShare, sharesOf } from '../shares.ts'
import { inboxWire } from './mailtrap-wire.ts'
import type { Sandbox } from './sandbox.ts'
import type { SharedInboxWire } from './wire.ts'

/** Inboxes that were given to the user, and their projects were not (contract, section 7). */
export function sharedInboxes(app: FastifyInstance, sandbox: Sandbox): void {
  const { storage, changed } = sandbox

  app.get(
    '/shared_inboxes',
    {
      config: {
        doc: { summary: 'Inboxes that others shared with you', reply: listOf(ref('SharedInbox')) },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request)
      return say(request, reply, await listed(caller, await given(caller)), 'shared_inboxes')
    },
  )

  app.delete(
    '/shared_inboxes/:id',
    {
      config: {
        doc: {
          summary: 'Leave an inbox that was shared with you',
          description: 'The inbox itself stays as it is.',
          reply: ref('SharedInbox'),
        },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request)
      const thing = { kind: 'inbox', id: idFrom((request.params as { id: string }).id) } as const
      const inbox = (await given(caller)).find(one => one.id === thing.id)
      const share = (await sharesOf(storage.read, thing)).find(one => one.user_id === caller.user.id)
      const [asItWas] = inbox === undefined ? [] : await listed(caller, [inbox])
      if (asItWas === undefined || share === undefined) throw new Problem('absent')
      await removeShare(storage.write, thing, share, false)
      changed()
      return say(request, reply, asItWas, 'shared_inbox')
    },
  )

  async function given(caller: Caller): Promise<ReachedInbox[]> {
    const reached = await inboxesInReach(storage.read, reachOf(caller))
    return reached.filter(inbox => inbox.project_role === null)
  }

  async function listed(caller: Caller, inboxes: ReachedInbox[]): Promise<SharedInboxWire[]> {
    const projects = await projectsById(
      storage.read,
      inboxes.map(inbox => inbox.project_id),
    )
    const names = new Map(projects.map(({ id, name }) => [id, name]))
    return inboxes.map(inbox => {
      const wire = inboxWire(sandbox, caller, inbox)
      return {
        id: wire.id,
        company_id: wire.company_id,
        name: wire.name,
        domain: wire.domain,
        username: wire.username,
        password: wire.password,
        status: wire.status,
        max_size: wire.max_size,
        emails_count: wire.emails_count,
        emails_unread_count: wire.emails_unread_count,
        last_message_sent_at: wire.last_message_sent_at,
        sent_messages_count: wire.sent_messages_count,
        forwarded_messages_count: wire.forwarded_messages_count,
        company_name: names.get(inbox.project_id) ?? '',
        last_message_sent_at_timestamp: wire.last_message_sent_at_timestamp,
      }
    })
  }
}
