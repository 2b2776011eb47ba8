import type { FastifyInstance } from 'fastify'
import type { RouteDoc } from '../../http/route-doc.ts'
import { objectOf, text } from '../../http/schemas.ts'
import { Problem } from '../../problem.ts'
import { callerOf, person } from '../caller.ts'
import { signJwt } from '../jwt.ts'
import { resetApiToken } from '../tokens.ts'
import { resetJwt, userById } from '../users.ts'
import type { AccountsDoor } from './accounts-door.ts'

const GET_JWT: RouteDoc = {
  summary: 'Your JWT, written anew',
  description: 'Those written before count as well. It never expires.',
  reply: objectOf({ jwt: text }),
}
const RESET_JWT: RouteDoc = {
  summary: 'A new JWT; all before it stop at once',
  reply: objectOf({ jwt: text }),
}
const RESET_TOKEN: RouteDoc = {
  summary: 'A new API token in the place of your oldest',
  description: 'The old one stops at once; the new one is shown this once.',
  reply: objectOf({ token: text }),
}

/** What Mailtrap calls "the" API token and "the" JWT of a user. */
export function accountTokenRoutes(app: FastifyInstance, { storage, secrets }: AccountsDoor): void {
  app.get('/account/jwt', { config: { doc: GET_JWT } }, async (request, reply) => {
    const user = await userById(storage.read, person(callerOf(request)).user.id)
    if (user === undefined) throw new Problem('absent')
    return reply.send({ jwt: await signJwt(secrets, user.id, user.jwt_id) })
  })

  app.post('/account/jwt/reset', { config: { doc: RESET_JWT } }, async (request, reply) => {
    const { user } = person(callerOf(request))
    return reply.send({ jwt: await signJwt(secrets, user.id, await resetJwt(storage.write, user.id)) })
  })

  app.post('/account/api_token/reset', { config: { doc: RESET_TOKEN } }, async (request, reply) => {
    const { user } = person(callerOf(request))
    return reply.send({ token: await resetApiToken(storage.write, user.id) })
  })
}
