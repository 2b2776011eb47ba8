import type { FastifyInstance, FastifyRequest } from 'fastify'
import { idFrom } from '../../http/ids.ts'
import type { RouteDoc } from '../../http/route-doc.ts'
import { listOf, objectOf, oneOf, ref } from '../../http/schemas.ts'
import { Problem } from '../../problem.ts'
import { callerOf, insist } from '../caller.ts'
import { changeMember, type Member, membersOf, removeMember } from '../members.ts'
import type { AccountsDoor } from './accounts-door.ts'
import { Fields } from './fields.ts'
import { memberWire } from './wire.ts'
import { foundWorkspace } from './workspaces.ts'

const LIST: RouteDoc = {
  summary: 'The people of a workspace',
  reply: objectOf({ members: listOf(ref('Member')) }),
}
const CHANGE: RouteDoc = {
  summary: 'Another role for a member',
  description: 'Only owners make owners, and unmake them; the last one stays.',
  body: objectOf({ role: oneOf('owner', 'admin', 'viewer') }),
  reply: objectOf({ member: ref('Member') }),
}
const REMOVE: RouteDoc = {
  summary: 'Remove a member, or leave',
  description:
    'Everybody may leave, but for the last owner. What they were given by itself in this workspace goes with it; ' +
    'who was put out finds the share links of its projects changed.',
  reply: objectOf({ member: ref('Member') }),
}

export function memberRoutes(app: FastifyInstance, door: AccountsDoor): void {
  const { storage, shared } = door

  app.get('/workspaces/:id/members', { config: { doc: LIST } }, async (request, reply) => {
    const { id } = await foundWorkspace(door, request, 'see_people')
    const { user } = callerOf(request)
    const members = await membersOf(storage.read, id)
    return reply.send({ members: members.map(member => memberWire(member, user.id)) })
  })

  app.patch('/workspaces/:id/members/:member_id', { config: { doc: CHANGE } }, async (request, reply) => {
    const { workspace, member } = await found(request)
    insist(workspace, 'manage_people')
    const fields = new Fields(request.body)
    const role = fields.role('role', ['owner', 'admin', 'viewer'])
    fields.check()
    const changed = await changeMember(storage.write, {
      workspaceId: workspace.id,
      id: member.id,
      role,
      by: workspace.role,
    })
    return reply.send({ member: memberWire(changed, callerOf(request).user.id) })
  })

  app.delete('/workspaces/:id/members/:member_id', { config: { doc: REMOVE } }, async (request, reply) => {
    const { workspace, member } = await found(request)
    const { user } = callerOf(request)
    const leaves = member.user_id === user.id
    if (!leaves) insist(workspace, 'manage_people')
    const removed = await removeMember(storage.write, shared, {
      workspaceId: workspace.id,
      id: member.id,
      by: leaves ? null : workspace.role,
    })
    return reply.send({ member: memberWire(removed, user.id) })
  })

  async function found(request: FastifyRequest) {
    const workspace = await foundWorkspace(door, request, 'see_people')
    const id = idFrom((request.params as { member_id: string }).member_id)
    const member: Member | undefined = (await membersOf(storage.read, workspace.id)).find(
      one => one.id === id,
    )
    if (member === undefined) throw new Problem('absent')
    return { workspace, member }
  }
}
