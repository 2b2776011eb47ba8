import type { FastifyInstance, FastifyRequest } from 'fastify'
import { idFrom } from '../../http/ids.ts'
import type { RouteDoc } from '../../http/route-doc.ts'
import { listOf, objectOf, ref, text } from '../../http/schemas.ts'
import { Problem } from '../../problem.ts'
import { callerOf, insist, person } from '../caller.ts'
import { membersOf, roleIn } from '../members.ts'
import type { Act, Role } from '../permissions.ts'
import {
  addMember,
  createWorkspace,
  renameWorkspace,
  workIn,
  type WorkspaceOfUser,
  workspacesOf,
} from '../workspaces.ts'
import { abandonWorkspace, finishRemoval } from '../workspace-removal.ts'
import type { AccountsDoor } from './accounts-door.ts'
import { Fields } from './fields.ts'
import { signedIn } from './session-state.ts'
import type { WorkspaceWire } from './wire.ts'

const one = objectOf({ workspace: ref('Workspace') })
const LIST: RouteDoc = {
  summary: 'The workspaces you are a member of',
  reply: objectOf({ workspaces: listOf(ref('Workspace')) }),
}
const CREATE: RouteDoc = {
  summary: 'A new workspace',
  description: 'You own it, and work in it from then on.',
  body: objectOf({ name: text }),
  reply: one,
}
const RENAME: RouteDoc = { summary: 'Rename a workspace', body: objectOf({ name: text }), reply: one }
const DELETE: RouteDoc = {
  summary: 'Delete a workspace',
  description:
    'For its owners. Everybody is put out of it at once, its tokens stop; what is in it is deleted afterwards. Whoever ' +
    'is left without any workspace is given an empty one.',
  reply: { oneOf: [ref('Session'), { ...objectOf({}), description: 'To an API token' }] },
}
const CURRENT: RouteDoc = {
  summary: 'Work in this workspace from now on',
  description: 'In all browsers, and with all of your tokens.',
  reply: { oneOf: [ref('Session'), { ...one, description: 'To an API token' }] },
}

/** A workspace that somebody is no member of does not exist for them; workspace tokens have nothing to do here. */
export function workspaceRoutes(app: FastifyInstance, door: AccountsDoor): void {
  const { storage, callers, live } = door

  app.get('/workspaces', { config: { doc: LIST } }, async (request, reply) =>
    reply.send({ workspaces: await listed(request) }),
  )

  app.post('/workspaces', { config: { doc: CREATE } }, async (request, reply) => {
    const { user } = person(callerOf(request))
    const name = nameIn(request)
    const { id } = await storage.write.transaction().execute(async trx => {
      const workspace = await createWorkspace(trx, name)
      await addMember(trx, workspace.id, user.id, 'owner')
      await workIn(trx, user.id, workspace.id)
      return workspace
    })
    return reply.send({ workspace: await single(request, id) })
  })

  app.patch('/workspaces/:id', { config: { doc: RENAME } }, async (request, reply) => {
    const { id } = await foundWorkspace(door, request, 'manage_workspace')
    await renameWorkspace(storage.write, id, nameIn(request))
    const members = await membersOf(storage.read, id)
    live.tellUsers(
      members.map(member => member.user_id),
      'session',
      {},
    )
    return reply.send({ workspace: await single(request, id) })
  })

  app.delete('/workspaces/:id', { config: { doc: DELETE } }, async (request, reply) => {
    const { id } = await foundWorkspace(door, request, 'manage_workspace')
    const people = await abandonWorkspace(storage.write, id)
    finishRemoval(storage.write, door.removeContents, id).catch((error: unknown) =>
      // It goes on at the next start.
      door.log.error('a workspace could not be deleted whole', { workspace: id, error }),
    )
    for (const userId of people) {
      live.tell({ userId }, 'session', {})
      live.drop({ userId })
    }
    const session = await callers.session(request)
    return reply.send(session === undefined ? {} : await signedIn(door, session))
  })

  app.post('/workspaces/:id/current', { config: { doc: CURRENT } }, async (request, reply) => {
    const { user } = callerOf(request)
    const { id } = await foundWorkspace(door, request, 'see_people')
    await workIn(storage.write, user.id, id)
    live.tell({ userId: user.id }, 'session', {})
    live.drop({ userId: user.id })
    const session = await callers.session(request)
    return reply.send(
      session === undefined ? { workspace: await single(request, id) } : await signedIn(door, session),
    )
  })

  async function listed(request: FastifyRequest): Promise<WorkspaceWire[]> {
    const { user } = person(callerOf(request))
    return (await workspacesOf(storage.read, user.id)).map(workspaceWire)
  }

  async function single(request: FastifyRequest, id: number): Promise<WorkspaceWire> {
    const workspace = (await listed(request)).find(given => given.id === id)
    if (workspace === undefined) throw new Problem('absent')
    return workspace
  }
}

/** What the path names, if the caller is inside, with their role. */
export async function foundWorkspace(
  { storage }: Pick<AccountsDoor, 'storage'>,
  request: FastifyRequest,
  act: Act,
): Promise<{ id: number; role: Role }> {
  const { user } = person(callerOf(request))
  const id = idFrom((request.params as { id: string }).id)
  const role = await roleIn(storage.read, id, user.id)
  if (role === null) throw new Problem('absent')
  insist({ role }, act)
  return { id, role }
}

function workspaceWire({ id, name, role, is_current, members_count }: WorkspaceOfUser): WorkspaceWire {
  return { id, name, role, is_current, members_count }
}

function nameIn({ body }: FastifyRequest): string {
  const fields = new Fields(body)
  const name = fields.name('name')
  fields.check()
  return name
}
