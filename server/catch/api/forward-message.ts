import type { FastifyInstance } from 'fastify'
import { say } from '../../http/say.ts'
import { objectOf, text, truth } from '../../http/schemas.ts'
import { Problem } from '../../problem.ts'
import { forward } from '../forward.ts'
import { forwardable } from '../forward-copy.ts'
import { provedSince, targetValue } from '../forward-targets.ts'
import { foundMessage, rawOf } from './found.ts'
import { textOf } from '../../http/rails-body.ts'
import type { Sandbox } from './sandbox.ts'

/** Contract, sections 8.2 and 9.4. */
export function forwardMessage(app: FastifyInstance, sandbox: Sandbox, inboxes = '/inboxes'): void {
  const { storage, wayOut, changed } = sandbox

  app.post(
    `${inboxes}/:id/messages/:message_id/forward`,
    {
      config: {
        doc: {
          summary: 'Forward a message to a confirmed address',
          description:
            'The copy goes into a queue, and from there to the relay: what becomes of it is in the history of the inbox.',
          body: objectOf({ email: text }),
          reply: objectOf({ success: truth, message: text }),
          also: { 422: 'The address is not confirmed, or no relay is configured' },
        },
      },
    },
    async (request, reply) => {
      const message = await foundMessage(sandbox, request, 'forward_messages')
      const email = targetValue('email', textOf((request.body as { email?: unknown } | null)?.email), 'email')
      if (!wayOut.configured)
        throw new Problem('invalid', '', { fields: { base: ['forwarding is not configured'] } })
      if ((await provedSince(storage.read, message.workspace_id, 'email', email)) === undefined)
        throw new Problem('invalid', '', { fields: { email: ['is not confirmed'] } })
      const content = forwardable(await rawOf(sandbox, message))
      const inbox = { id: message.inbox_id, workspaceId: message.workspace_id }
      await storage.write
        .transaction()
        .execute(trx =>
          forward(trx, wayOut, inbox, [{ kind: 'forward', message, content, recipients: [email] }]),
        )
      wayOut.wake()
      changed()
      const said = { success: true, message: 'Your email message has been successfully forwarded' }
      return say(request, reply, said, 'hash')
    },
  )
}
