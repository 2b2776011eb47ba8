import type { FastifyInstance } from 'fastify'
import { say } from '../../http/say.ts'
import { listOf, ref } from '../../http/schemas.ts'

/** Contract, section 7. Nobody can share an inbox with one person yet, so there are none. */
export function sharedInboxes(app: FastifyInstance): void {
  app.get(
    '/shared_inboxes',
    { config: { doc: { summary: 'Inboxes that others shared with the user', reply: listOf(ref('Inbox')) } } },
    async (request, reply) => say(request, reply, [], 'shared_inboxes'),
  )
}
