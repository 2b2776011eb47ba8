import type { FastifyInstance, FastifyRequest } from 'fastify'
import { callerOf, insist, person } from '../../accounts/caller.ts'
import { type Act, may, type Role } from '../../accounts/permissions.ts'
import type { Thing } from '../../accounts/shared-things.ts'
import { idFrom } from '../../http/ids.ts'
import { sayJson } from '../../http/json.ts'
import { objectOf, oneOf, ref } from '../../http/schemas.ts'
import { Problem } from '../../problem.ts'
import { peopleOfInbox, peopleOfProject, type Reaching } from '../people.ts'
import { changeShare, removeShare, type Share } from '../shares.ts'
import { foundInbox, foundProject } from './found.ts'
import type { Sandbox } from './sandbox.ts'
import type { PeopleList, ReachingPerson } from './wire.ts'

interface Place {
  thing: Thing
  role: Role
  people: Reaching[]
}

/** Who reaches a project or an inbox. Only what was given there is changed and taken back there. */
export function webPeople(app: FastifyInstance, sandbox: Sandbox): void {
  const { storage, changed } = sandbox
  const onePerson = objectOf({ person: ref('ReachingPerson') })

  routes('project', 'projects', 'a project', async (request, act) => {
    const project = await foundProject(sandbox, request, act)
    return {
      thing: { kind: 'project', id: project.id },
      role: project.role,
      people: await peopleOfProject(storage.read, project),
    }
  })
  routes('inbox', 'inboxes', 'an inbox', async (request, act) => {
    const inbox = await foundInbox(sandbox, request, act)
    return {
      thing: { kind: 'inbox', id: inbox.id },
      role: inbox.role,
      people: await peopleOfInbox(storage.read, inbox),
    }
  })

  function routes(
    kind: Thing['kind'],
    path: string,
    named: string,
    place: (request: FastifyRequest, act: Act) => Promise<Place>,
  ): void {
    app.get(
      `/${path}/:id/people`,
      { config: { doc: { summary: `Who reaches ${named}, and through what`, reply: ref('PeopleList') } } },
      async (request, reply) => {
        const { role, people } = await place(request, 'see_people')
        const caller = callerOf(request)
        const list: PeopleList = {
          people: people.map(one => reachingPerson(one, kind, caller.user.id)),
          may_manage: caller.as === 'user' && may(role, 'manage_people'),
        }
        return sayJson(request, reply, list)
      },
    )

    const change = {
      summary: `Another role for somebody who was given ${named}`,
      body: objectOf({ role: oneOf('admin', 'viewer') }),
      reply: onePerson,
    }
    app.patch(`/${path}/:id/people/:member_id`, { config: { doc: change } }, async (request, reply) => {
      const { user } = person(callerOf(request))
      const { thing, role: own, found, share } = await foundPerson(request)
      insist({ role: own }, 'manage_people')
      const { role } = (request.body ?? {}) as { role?: unknown }
      if (role !== 'admin' && role !== 'viewer')
        throw new Problem('invalid', '', { fields: { role: ['must be admin or viewer'] } })
      await changeShare(storage.write, thing, share, role)
      changed()
      return reply.send({ person: reachingPerson({ ...found, role }, kind, user.id) })
    })

    const remove = {
      summary: `Take ${named} from somebody, or leave it`,
      reply: onePerson,
    }
    app.delete(`/${path}/:id/people/:member_id`, { config: { doc: remove } }, async (request, reply) => {
      const { user } = person(callerOf(request))
      const { thing, role, found, share } = await foundPerson(request)
      const leaves = found.user_id === user.id
      if (!leaves) insist({ role }, 'manage_people')
      await removeShare(storage.write, thing, share, !leaves)
      changed()
      return reply.send({ person: reachingPerson(found, kind, user.id) })
    })

    async function foundPerson(
      request: FastifyRequest,
    ): Promise<Omit<Place, 'people'> & { found: Reaching; share: Share }> {
      const { thing, role, people } = await place(request, 'see_people')
      const id = idFrom((request.params as { member_id: string }).member_id)
      const found = people.find(one => one.through === kind && one.share?.id === id)
      if (found?.share === undefined) throw new Problem('absent')
      return { thing, role, found, share: found.share }
    }
  }
}

function reachingPerson(
  { share, user_id, name, email, role, through, is_owner }: Reaching,
  kind: Thing['kind'],
  askedBy: number,
): ReachingPerson {
  return {
    id: through === kind && share !== undefined ? share.id : null,
    user_id,
    name,
    email,
    role,
    through,
    is_owner,
    is_you: user_id === askedBy,
  }
}
