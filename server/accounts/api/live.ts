import type { FastifyInstance } from 'fastify'
import type { RouteDoc } from '../../http/route-doc.ts'
import { Problem } from '../../problem.ts'
import { callerOf } from '../caller.ts'
import { sessionByHash } from '../sessions.ts'
import type { AccountsDoor } from './accounts-door.ts'

const LIVE: RouteDoc = {
  summary: 'What happens in the workspace, as server-sent events',
  description:
    'For browser sessions. Events: `inbox` (`inbox_id`, `version`, `emails_count`, `emails_unread_count`, `newest_id`) when ' +
    'something in an inbox changed; `projects` when the tree of projects and inboxes did; `session` when you should ask ' +
    'for `/session` again. None is repeated: after a reconnection, fetch anew.',
  reply: 'text/event-stream',
  also: { 403: 'Not a browser session', 503: 'Too many browsers are watching already' },
}

/** The feed of what happens in the workspace, for signed-in browsers. */
export function liveRoutes(app: FastifyInstance, { storage, live }: AccountsDoor): void {
  app.get('/live', { config: { doc: LIVE } }, (request, reply) => {
    const { user, workspaceId, session } = callerOf(request)
    if (session === undefined) throw new Problem('forbidden', 'The live feed is for browser sessions')
    live.open(
      reply,
      { workspaceId, userId: user.id, session },
      async () => (await sessionByHash(storage.read, session)) !== undefined,
    )
  })
}
