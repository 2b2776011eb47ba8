import type { FastifyInstance } from 'fastify'
import { idFrom } from '../../http/ids.ts'
import type { RouteDoc } from '../../http/route-doc.ts'
import { listOf, objectOf, oneOf, ref, text } from '../../http/schemas.ts'
import { type Caller, callerOf, insist, person } from '../caller.ts'
import { may } from '../permissions.ts'
import { createToken, deleteToken, listTokens } from '../tokens.ts'
import type { AccountsDoor } from './accounts-door.ts'
import { Fields } from './fields.ts'
import { type NewTokenWire, tokenWire } from './wire.ts'

const NOT_FOR_WORKSPACES = { 403: 'A workspace token makes, shows and deletes no tokens' }

const LIST: RouteDoc = {
  summary: 'Your API tokens, and those of the workspace',
  description:
    'Those of the workspace are shown to its owners and admins. What a token says is shown nowhere.',
  reply: objectOf({ tokens: listOf(ref('Token')) }),
  also: NOT_FOR_WORKSPACES,
}

const CREATE: RouteDoc = {
  summary: 'A new API token',
  description:
    'A user token acts as you, everywhere; a workspace token as an admin of the present workspace.',
  body: {
    type: 'object',
    required: ['kind'],
    properties: { kind: oneOf('user', 'workspace'), description: text },
  },
  reply: objectOf({ token: ref('NewToken') }),
}

const DELETE: RouteDoc = {
  summary: 'Delete an API token',
  description: 'It counts no more from the next request on.',
  reply: objectOf({}),
}

/** API tokens: one's own, and those of the workspace for those who may manage them. */
export function tokenRoutes(app: FastifyInstance, { storage, tokenUses }: AccountsDoor): void {
  app.get('/tokens', { config: { doc: LIST } }, async (request, reply) => {
    const tokens = await listTokens(storage.read, theirs(person(callerOf(request))))
    return reply.send({ tokens: tokens.map(token => tokenWire(token, tokenUses.since(token.id))) })
  })

  app.post('/tokens', { config: { doc: CREATE } }, async (request, reply) => {
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

  app.delete('/tokens/:id', { config: { doc: DELETE } }, async (request, reply) => {
    const caller = person(callerOf(request))
    await deleteToken(storage.write, idFrom((request.params as { id: string }).id), theirs(caller))
    return reply.send({})
  })
}

function theirs({ user, role, workspaceId }: Caller) {
  return { userId: user.id, workspaceId: may(role, 'manage_tokens') ? workspaceId : undefined }
}
