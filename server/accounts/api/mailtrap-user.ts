import type { FastifyInstance } from 'fastify'
import type { RouteDoc, Schema } from '../../http/route-doc.ts'
import { Problem } from '../../problem.ts'
import { callerOf } from '../caller.ts'
import { userById } from '../users.ts'
import type { AccountsDoor } from './accounts-door.ts'
import { type MailtrapUserWire, mailtrapUserWire } from './wire.ts'

const text = { type: 'string' }
const integer = { type: 'integer', format: 'int64' }

const USER = {
  id: integer,
  name: text,
  email: text,
  api_token: { type: ['string', 'null'], description: 'The token of this very request; null with a JWT.' },
  gravatar_img: text,
  gravatar_icon: text,
  gravatar_little_icon: text,
  created_at: { type: 'string', format: 'date-time' },
  created_at_int: integer,
  timezone: text,
  timezone_in_int: { type: 'integer', description: 'Seconds east of UTC, now.' },
  pending_email: { type: ['string', 'null'] },
} satisfies Record<keyof MailtrapUserWire, Schema>

const DOC: RouteDoc = {
  summary: 'Whoever asks',
  reply: { type: 'object', required: Object.keys(USER), properties: USER },
}

/** The user in Mailtrap's V1 (contract, section 4). Changing it and resetting the token come with that dialect's rest. */
export function mailtrapUserRoutes(app: FastifyInstance, { storage }: AccountsDoor): void {
  app.get('/user', { config: { doc: DOC } }, async (request, reply) => {
    const caller = callerOf(request)
    const user = await userById(storage.read, caller.user.id)
    if (user === undefined) throw new Problem('absent')
    return reply.send(mailtrapUserWire(user, caller))
  })
}
