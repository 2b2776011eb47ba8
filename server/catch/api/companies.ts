import type { FastifyInstance } from 'fastify'
import { callerOf, insist } from '../../accounts/caller.ts'
import { say } from '../../http/say.ts'
import { Problem } from '../../problem.ts'
import { inboxesInReach, projectsInReach, reachOf } from '../access.ts'
import { createInbox } from '../inboxes.ts'
import { createProject, renameProject } from '../projects.ts'
import { deleteProject } from '../removal.ts'
import { foundProject } from './found.ts'
import { companyWire, inboxWire, ownsProject } from './mailtrap-wire.ts'
import { textOf, wrapped } from '../../http/rails-body.ts'
import { nameFaults } from './parameters.ts'
import type { Sandbox } from './sandbox.ts'
import { listOf, objectOf, ref, text } from '../../http/schemas.ts'

const named = (wrapper: string) => objectOf({ [wrapper]: objectOf({ name: text }) })

/** Projects, which Mailtrap calls companies (contract, section 5). */
export function companies(app: FastifyInstance, sandbox: Sandbox): void {
  const { storage, secrets, inboxLimits, changed } = sandbox

  app.get(
    '/companies',
    { config: { doc: { summary: 'All projects, with their inboxes', reply: listOf(ref('Company')) } } },
    async (request, reply) => {
      const caller = callerOf(request)
      const [projects, inboxes] = await Promise.all([
        projectsInReach(storage.read, reachOf(caller)),
        inboxesInReach(storage.read, reachOf(caller)),
      ])
      const ofProject = Map.groupBy(inboxes, inbox => inbox.project_id)
      const all = projects.map(project =>
        companyWire(sandbox, caller, project, ofProject.get(project.id) ?? []),
      )
      return say(request, reply, all, 'companies')
    },
  )

  app.post(
    '/companies',
    { config: { doc: { summary: 'A new project', body: named('company'), reply: ref('Company') } } },
    async (request, reply) => {
      const caller = callerOf(request)
      insist(caller, 'create_projects')
      const name = projectName(wrapped(request.body, 'company').name)
      const project = await createProject(storage.write, {
        workspaceId: caller.workspaceId,
        ownerId: caller.user.id,
        name,
      })
      changed()
      return say(
        request,
        reply,
        companyWire(sandbox, caller, { ...project, role: caller.role }, []),
        'company',
      )
    },
  )

  app.get(
    '/companies/:id',
    { config: { doc: { summary: 'One project', reply: ref('Company') } } },
    async (request, reply) => {
      const caller = callerOf(request)
      const project = await foundProject(sandbox, request, 'see')
      const inboxes = await inboxesInReach(storage.read, reachOf(caller), { projectId: project.id })
      return say(request, reply, companyWire(sandbox, caller, project, inboxes), 'company')
    },
  )

  app.patch(
    '/companies/:id',
    { config: { doc: { summary: 'Rename a project', body: named('company'), reply: ref('Company') } } },
    async (request, reply) => {
      const caller = callerOf(request)
      const project = await foundProject(sandbox, request, 'manage_project')
      const { name } = wrapped(request.body, 'company')
      const renamed =
        name === undefined ? project : await renameProject(storage.write, project.id, projectName(name))
      if (renamed === undefined) throw new Problem('absent')
      changed()
      const wire = companyWire(
        sandbox,
        caller,
        { ...project, ...renamed },
        await inboxesInReach(storage.read, reachOf(caller), { projectId: project.id }),
      )
      return say(request, reply, wire, 'company')
    },
  )

  app.delete(
    '/companies/:id',
    { config: { doc: { summary: 'Delete a project with all its inboxes', reply: ref('Company') } } },
    async (request, reply) => {
      const caller = callerOf(request)
      const project = await foundProject(sandbox, request, 'see')
      if (!ownsProject(caller, project)) throw new Problem('forbidden')
      const inboxes = await inboxesInReach(storage.read, reachOf(caller), { projectId: project.id })
      const asItWas = companyWire(sandbox, caller, project, inboxes)
      await deleteProject(storage.write, project.id)
      changed()
      return say(request, reply, asItWas, 'company')
    },
  )

  app.post(
    '/companies/:id/inboxes',
    { config: { doc: { summary: 'A new inbox', body: named('inbox'), reply: ref('Inbox') } } },
    async (request, reply) => {
      const caller = callerOf(request)
      const project = await foundProject(sandbox, request, 'create_inboxes')
      const name = textOf(wrapped(request.body, 'inbox').name)
      const faults = nameFaults(name, 1)
      if (faults.length > 0) throw new Problem('invalid', '', { fields: { name: faults } })
      const inbox = await createInbox(storage.write, secrets, { projectId: project.id, name, ...inboxLimits })
      changed()
      const { role, workspace_id } = project
      const wire = inboxWire(sandbox, caller, { ...inbox, workspace_id, role, project_role: role })
      return say(request, reply, wire, 'inbox')
    },
  )
}

function projectName(given: unknown): string {
  const name = textOf(given)
  const faults = nameFaults(name, 2)
  if (faults.length > 0) throw new Problem('invalid', '', { fields: { name: faults } })
  return name
}
