import type { FastifyInstance, FastifyRequest } from 'fastify'
import { callerOf, insist } from '../../accounts/caller.ts'
import { userByEmail } from '../../accounts/users.ts'
import { idFrom } from '../../http/ids.ts'
import { textOf, wrapped } from '../../http/rails-body.ts'
import { say } from '../../http/say.ts'
import { listOf, objectOf, oneOf, ref, text } from '../../http/schemas.ts'
import { Problem } from '../../problem.ts'
import type { ReachedProject } from '../access.ts'
import { peopleOfProject, type Reaching } from '../people.ts'
import { removeShare, sharedThings } from '../shares.ts'
import { foundProject } from './found.ts'
import type { Sandbox } from './sandbox.ts'
import type { SharedUserWire } from './wire.ts'

const given = objectOf({ shared_user: objectOf({ email: text, role: oneOf('admin', 'viewer', 'user') }) })

/** Everybody who reaches a project (contract, section 5.1). */
export function sharedUsers(app: FastifyInstance, sandbox: Sandbox): void {
  const { storage, changed } = sandbox

  app.get(
    '/companies/:id/shared_users',
    { config: { doc: { summary: 'The people of a project', reply: listOf(ref('SharedUser')) } } },
    async (request, reply) => {
      const project = await foundProject(sandbox, request, 'see_people')
      const people = await peopleOfProject(storage.read, project)
      return say(request, reply, people.map(sharedUserWire), 'shared_users')
    },
  )

  const give = {
    summary: 'Give somebody who has an account here a project',
    description: 'Nobody loses a stronger role by it. Whoever has no account is invited under /api/posthorn.',
    body: given,
    reply: ref('SharedUser'),
  }
  app.post('/companies/:id/shared_users', { config: { doc: give } }, async (request, reply) => {
    const project = await foundProject(sandbox, request, 'manage_people')
    const { userId, role } = await wantedPerson(sandbox, wrapped(request.body, 'shared_user'))
    await storage.write
      .transaction()
      .execute(trx => sharedThings.give(trx, { kind: 'project', id: project.id }, userId, role))
    changed()
    const person = (await peopleOfProject(storage.read, project)).find(one => one.user_id === userId)
    if (person === undefined) throw new Problem('absent')
    return say(request, reply, sharedUserWire(person), 'shared_user')
  })

  app.get(
    '/companies/:id/shared_users/:member_id',
    { config: { doc: { summary: 'One of the people of a project', reply: ref('SharedUser') } } },
    async (request, reply) => {
      const { person } = await found(request)
      return say(request, reply, sharedUserWire(person), 'shared_user')
    },
  )

  const remove = {
    summary: 'Take a project from somebody, or leave it',
    description: 'Whoever reaches it through the workspace, as its owner does, is not removed here.',
    reply: ref('SharedUser'),
    also: { 422: 'They reach it through the workspace' },
  }
  app.delete(
    '/companies/:id/shared_users/:member_id',
    { config: { doc: remove } },
    async (request, reply) => {
      const { project, person } = await found(request)
      const leaves = person.user_id === callerOf(request).user.id
      if (!leaves) insist(project, 'manage_people')
      if (person.share === undefined) {
        const base = person.is_owner ? 'The owner cannot be removed' : 'Is a member of the workspace'
        throw new Problem('invalid', '', { fields: { base: [base] } })
      }
      await removeShare(storage.write, { kind: 'project', id: project.id }, person.share, !leaves)
      changed()
      return say(request, reply, sharedUserWire(person), 'shared_user')
    },
  )

  async function found(request: FastifyRequest): Promise<{ project: ReachedProject; person: Reaching }> {
    const project = await foundProject(sandbox, request, 'see_people')
    const id = idFrom((request.params as { member_id: string }).member_id)
    const person = (await peopleOfProject(storage.read, project)).find(one => listIdOf(one) === id)
    if (person === undefined) throw new Problem('absent')
    return { project, person }
  }
}

/**
 * @throws Problem `invalid`: a role that nobody is given, or an address that nobody has here
 */
export async function wantedPerson(
  { storage }: Pick<Sandbox, 'storage'>,
  attributes: Record<string, unknown>,
): Promise<{ userId: number; role: 'admin' | 'viewer' }> {
  const email = textOf(attributes.email).trim()
  // Mailtrap's own sample says `user`.
  const role = attributes.role === 'user' ? 'admin' : (attributes.role ?? 'viewer')
  const user = email === '' ? undefined : await userByEmail(storage.read, email)
  const fields: Record<string, string[]> = {}
  if (email === '') fields.email = ["can't be blank"]
  else if (user === undefined || user.verified_at === null) fields.email = ['has no account here']
  const isRole = role === 'admin' || role === 'viewer'
  if (!isRole) fields.role = ['is not included in the list']
  if (user === undefined || !isRole) throw new Problem('invalid', '', { fields })
  return { userId: user.id, role }
}

function sharedUserWire(person: Reaching): SharedUserWire {
  const { user_id, role, is_owner, name, email } = person
  return { id: listIdOf(person), user_id, role, is_owner, name, email }
}

/** Two tables are in one list: even ids are of what was given, odd ones of members of the workspace. */
function listIdOf({ share, memberId = 0 }: Reaching): number {
  return share === undefined ? memberId * 2 + 1 : share.id * 2
}
