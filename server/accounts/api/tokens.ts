import type { FastifyInstance } from 'fastify'
import { idFrom } from '../../http/ids.ts'
import { Problem } from '../../problem.ts'
import { type Caller, callerOf, insist } from '../caller.ts'
import { may } from '../permissions.ts'
import { createToken, deleteToken, listTokens } from '../tokens.ts'
import type { AccountsDoor } from './accounts-door.ts'
import { Fields } from './fields.ts'
import { type NewTokenWire, tokenWire } from './wire.ts'

/** API tokens: one's own, and those of the workspace for those who may manage them. */
export function tokenRoutes(app: FastifyInstance, { storage }: AccountsDoor): void {
  app.get('/tokens', async (request, reply) => {
    const tokens = await listTokens(storage.read, theirs(person(callerOf(request))))
    return reply.send({ tokens: tokens.map(tokenWire) })
  })

  app.post('/tokens', async (request, reply) => {
    const caller = person(callerOf(request))
    const fields = new Fields(request.body)
    const kind = fields.oneOf('kind', ['user', 'workspace'])
    const description = fields.description('description')
    fields.check()
    if (kind === 'workspace') insist(caller, 'manage_tokens')
    const { token, value } = await createToken(storage.write, {
      kind,
      userId: caller.user.id,
      workspaceId: kind === 'workspace' ? caller.workspaceId : null,
      description,
    })
    const made: NewTokenWire = { ...tokenWire(token), value }
    return reply.send({ token: made })
  })

  app.delete('/tokens/:id', async (request, reply) => {
    const caller = person(callerOf(request))
    await deleteToken(storage.write, idFrom((request.params as { id: string }).id), theirs(caller))
    return reply.send({})
  })
}

/** A workspace token must not make itself others, least of all a person's. */
function person(caller: Caller): Caller {
  if (caller.as !== 'user') throw new Problem('forbidden')
  return caller
}

function theirs({ user, role, workspaceId }: Caller) {
  return { userId: user.id, workspaceId: may(role, 'manage_tokens') ? workspaceId : undefined }
}
