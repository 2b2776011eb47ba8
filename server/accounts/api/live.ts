import type { FastifyInstance } from 'fastify'
import { Problem } from '../../problem.ts'
import { callerOf } from '../caller.ts'
import { sessionByHash } from '../sessions.ts'
import type { AccountsDoor } from './accounts-door.ts'

/** The feed of what happens in the workspace, for signed-in browsers. */
export function liveRoutes(app: FastifyInstance, { storage, live }: AccountsDoor): void {
  app.get('/live', (request, reply) => {
    const { user, workspaceId, session } = callerOf(request)
    if (session === undefined) throw new Problem('forbidden', 'The live feed is for browser sessions')
    live.open(
      reply,
      { workspaceId, userId: user.id, session },
      async () => (await sessionByHash(storage.read, session)) !== undefined,
    )
  })
}
