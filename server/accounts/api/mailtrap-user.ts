import type { FastifyInstance } from 'fastify'
import { say } from '../../http/say.ts'
import { ref } from '../../http/schemas.ts'
import { Problem } from '../../problem.ts'
import { callerOf } from '../caller.ts'
import { userById } from '../users.ts'
import type { AccountsDoor } from './accounts-door.ts'
import { mailtrapUserWire } from './wire.ts'

/** The user in Mailtrap's V1 (contract, section 4). Changing it and resetting the token come with that dialect's rest. */
export function mailtrapUserRoutes(app: FastifyInstance, { storage }: AccountsDoor): void {
  app.get(
    '/user',
    { config: { doc: { summary: 'Whoever asks', reply: ref('User') } } },
    async (request, reply) => {
      const caller = callerOf(request)
      const user = await userById(storage.read, caller.user.id)
      if (user === undefined) throw new Problem('absent')
      return say(request, reply, mailtrapUserWire(user, caller), 'user')
    },
  )
}
