import type { FastifyInstance, FastifyRequest } from 'fastify'
import { callerOf, insist, person } from '../../../accounts/caller.ts'
import type { Act } from '../../../accounts/permissions.ts'
import { createToken, deleteToken, type Token } from '../../../accounts/tokens.ts'
import { addMember, createWorkspace, renameWorkspace } from '../../../accounts/workspaces.ts'
import type { RouteDoc } from '../../../http/route-doc.ts'
import { objectOf, optional, orNull, ref, text } from '../../../http/schemas.ts'
import { Problem } from '../../../problem.ts'
import { NOTHING, oneOf, page, PAGE_QUERY } from './described.ts'
import type { SendPortalDoor } from './door.ts'
import { Form } from './form.ts'
import { pathId, placeInPath } from './generation.ts'
import { inputOf } from './input.ts'
import { type Page, pageOf, paginated } from './paging.ts'
import { apiTokenWire, workspaceWire } from './wire.ts'

const shape = ref('Workspace')
const LIST: RouteDoc = {
  summary: 'The workspaces of whoever asks',
  description: 'To a token of a workspace that one alone.',
  query: PAGE_QUERY,
  reply: page(shape),
}
const CREATE: RouteDoc = {
  summary: 'A new workspace',
  description: 'For people: you own it. Where your tokens work stays as it is.',
  body: objectOf({ name: text }),
  reply: oneOf(shape),
  status: 201,
}
const RENAME: RouteDoc = {
  summary: 'Rename a workspace',
  body: objectOf({ name: text }),
  reply: oneOf(shape),
}
const TOKENS: RouteDoc = {
  summary: 'The API tokens of a workspace',
  description: 'What they say is shown once, when they are made.',
  query: PAGE_QUERY,
  reply: page(ref('ApiToken')),
}
const NEW_TOKEN: RouteDoc = {
  summary: 'A new API token of a workspace',
  body: optional({ description: orNull(text) }),
  reply: oneOf(ref('NewApiToken')),
  status: 201,
}
const NO_TOKEN: RouteDoc = { summary: 'Delete an API token of a workspace', ...NOTHING }

/** Contract, sections 3 and 12. */
export function workspaces(app: FastifyInstance, { storage }: SendPortalDoor): void {
  const tokens = '/workspaces/:workspace_id/api-tokens'

  app.get('/workspaces', { config: { doc: LIST } }, async (request, reply) => {
    const { as, user, workspaceId } = callerOf(request)
    const wanted = pageOf(request)
    const theirs = storage.read
      .selectFrom('workspaces')
      .where('id', 'in', ids =>
        as === 'workspace'
          ? ids.selectFrom('workspaces').select('id').where('id', '=', workspaceId)
          : ids.selectFrom('members').select('workspace_id as id').where('user_id', '=', user.id),
      )
    const { total } = await theirs
      .select(({ fn }) => fn.countAll<number>().as('total'))
      .executeTakeFirstOrThrow()
    const found = await theirs.selectAll().orderBy('id').limit(wanted.limit).offset(wanted.offset).execute()
    return reply.send(paginated(request, wanted, Number(total), found.map(workspaceWire)))
  })

  app.post('/workspaces', { config: { doc: CREATE } }, async (request, reply) => {
    const { user } = person(callerOf(request))
    const name = nameIn(request)
    const workspace = await storage.write.transaction().execute(async trx => {
      const made = await createWorkspace(trx, name)
      await addMember(trx, made.id, user.id, 'owner')
      return made
    })
    return reply.code(201).send({ data: workspaceWire(workspace) })
  })

  app.route({
    method: ['PUT', 'PATCH'],
    url: '/workspaces/:workspace_id',
    config: { doc: RENAME },
    async handler(request, reply) {
      const id = await place(request, 'manage_workspace')
      const workspace = await renameWorkspace(storage.write, id, nameIn(request))
      if (workspace === undefined) throw new Problem('absent')
      return reply.send({ data: workspaceWire(workspace) })
    },
  })

  app.get(tokens, { config: { doc: TOKENS } }, async (request, reply) => {
    const id = await place(request, 'manage_tokens')
    const wanted = pageOf(request)
    const { total, found } = await tokensOf(id, wanted)
    const data = found.map(token => apiTokenWire(token))
    return reply.send(paginated(request, wanted, total, data))
  })

  app.post(tokens, { config: { doc: NEW_TOKEN } }, async (request, reply) => {
    const id = await place(request, 'manage_tokens')
    const form = new Form(inputOf(request))
    const description = form.text('description') ?? ''
    form.check()
    const userId = callerOf(request).user.id
    const made = await createToken(storage.write, { kind: 'workspace', userId, workspaceId: id, description })
    return reply.code(201).send({ data: apiTokenWire(made.token, made.value) })
  })

  app.delete(`${tokens}/:id`, { config: { doc: NO_TOKEN } }, async (request, reply) => {
    const workspaceId = await place(request, 'manage_tokens')
    // Nobody's own: tokens of people are deleted elsewhere.
    await deleteToken(storage.write, pathId(request), { userId: 0, workspaceId })
    return reply.code(204).send()
  })

  /** A token of a workspace makes none, shows none and deletes none: it would be hard to get rid of. */
  async function place(request: FastifyRequest, act: Act): Promise<number> {
    person(callerOf(request))
    const { id, role } = await placeInPath(storage.read, request)
    insist({ role }, act)
    return id
  }

  async function tokensOf(
    workspaceId: number,
    { limit, offset }: Page,
  ): Promise<{ total: number; found: Token[] }> {
    const theirs = storage.read
      .selectFrom('tokens')
      .where('workspace_id', '=', workspaceId)
      .where('kind', '=', 'workspace')
    const { total } = await theirs
      .select(({ fn }) => fn.countAll<number>().as('total'))
      .executeTakeFirstOrThrow()
    const found = await theirs.selectAll().orderBy('id').limit(limit).offset(offset).execute()
    return { total: Number(total), found }
  }
}

function nameIn(request: FastifyRequest): string {
  const form = new Form(inputOf(request))
  const name = form.required('name') ? (form.text('name') ?? '') : ''
  form.check()
  return name
}
