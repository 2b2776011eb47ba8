import { hash, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { callerOf, person } from '../../accounts/caller.ts'
import { idFrom } from '../../http/ids.ts'
import { integer, objectOf, text } from '../../http/schemas.ts'
import { Problem } from '../../problem.ts'
import { type Project, projectsById, renewShareLink } from '../projects.ts'
import { sharedThings } from '../shares.ts'
import { foundProject } from './found.ts'
import { shareLink } from './mailtrap-wire.ts'
import type { Sandbox } from './sandbox.ts'

/** The link by which anybody who is signed in joins a project, to look at it (contract, section 10.3). */
export function projectShareLink(app: FastifyInstance, sandbox: Sandbox): void {
  const { storage, changed } = sandbox

  const renew = {
    summary: 'A new share link in the place of the old one',
    reply: objectOf({ share_link: text }),
  }
  app.post('/projects/:id/share_link', { config: { doc: renew } }, async (request, reply) => {
    person(callerOf(request))
    const { id } = await foundProject(sandbox, request, 'manage_people')
    const project = await renewShareLink(storage.write, id)
    if (project === undefined) throw new Problem('absent')
    return reply.send({ share_link: shareLink(sandbox.advertised, project) })
  })

  const show = {
    summary: 'The project that a share link leads to',
    reply: objectOf({ project: objectOf({ id: integer, name: text }) }),
  }
  app.get('/share/:id/:ext_id', { config: { open: true, doc: show } }, async (request, reply) => {
    const { id, name } = await shared(request)
    return reply.send({ project: { id, name } })
  })

  const join = {
    summary: 'Join the project of a share link, to look at it',
    description: 'Whoever may do as much there already stays what they are.',
    reply: objectOf({ project_id: integer }),
  }
  app.post('/share/:id/:ext_id', { config: { doc: join } }, async (request, reply) => {
    const { user } = person(callerOf(request))
    const { id } = await shared(request)
    await storage.write
      .transaction()
      .execute(trx => sharedThings.give(trx, { kind: 'project', id }, user.id, 'viewer'))
    changed()
    return reply.send({ project_id: id })
  })

  async function shared(request: FastifyRequest): Promise<Project> {
    const { id, ext_id } = request.params as { id: string; ext_id: string }
    const [project] = await projectsById(storage.read, [idFrom(id)])
    if (project === undefined || !same(project.ext_id, ext_id)) throw new Problem('absent')
    return project
  }
}

function same(right: string, given: string): boolean {
  return timingSafeEqual(hash('sha256', right, 'buffer'), hash('sha256', given, 'buffer'))
}
