import type { FastifyInstance } from 'fastify'
import { type Caller, callerOf, insist } from '../../../accounts/caller.ts'
import { roleIn } from '../../../accounts/members.ts'
import { sayJson } from '../../../http/json.ts'
import { listOf, objectOf, ref, text } from '../../../http/schemas.ts'
import { Problem } from '../../../problem.ts'
import { inboxesInReach, projectsInReach, type ReachedProject, reachOf } from '../../access.ts'
import { createInbox } from '../../inboxes.ts'
import { createProject, renameProject } from '../../projects.ts'
import { deleteProject } from '../../removal.ts'
import { insistOnAccount } from '../account.ts'
import { foundProject } from '../found.ts'
import { ownsProject } from '../mailtrap-wire.ts'
import { textOf, wrapped } from '../../../http/rails-body.ts'
import { nameFaults } from '../parameters.ts'
import type { Sandbox } from '../sandbox.ts'
import { type Form, inForm, schemaOf } from './form.ts'
import { givenTo } from './given.ts'
import { inboxShape, projectShape } from './shapes.ts'

const named = (wrapper: string) => objectOf({ [wrapper]: objectOf({ name: text }) })

export function projects(app: FastifyInstance, sandbox: Sandbox, form: Form): void {
  const { storage, secrets, inboxLimits, changed } = sandbox
  const project = ref(schemaOf(form, 'Project'))

  app.get(
    '/projects',
    {
      config: {
        doc: { summary: `Projects of the account, with their ${form.inboxes}`, reply: listOf(project) },
      },
    },
    async (request, reply) => {
      const workspaceId = await insistOnAccount(storage.read, request)
      const caller = callerOf(request)
      const [found, inboxes, given] = await Promise.all([
        projectsInReach(storage.read, reachOf(caller), { workspaceId }),
        inboxesInReach(storage.read, reachOf(caller), { workspaceId }),
        givenTo(storage.read, caller),
      ])
      const ofProject = Map.groupBy(inboxes, inbox => inbox.project_id)
      const all = found.map(each =>
        inForm(form, projectShape(sandbox, caller, each, ofProject.get(each.id) ?? [], given)),
      )
      return sayJson(request, reply, all)
    },
  )

  app.post(
    '/projects',
    { config: { doc: { summary: 'A new project', body: named('project'), reply: project } } },
    async (request, reply) => {
      const workspaceId = await insistOnAccount(storage.read, request)
      const caller = callerOf(request)
      const role = await roleIn(storage.read, workspaceId, caller.user.id)
      if (role === null) throw new Problem('forbidden')
      insist({ role }, 'create_projects')
      const name = nameFrom(request.body, 'project', 2)
      const made = await createProject(storage.write, { workspaceId, ownerId: caller.user.id, name })
      changed()
      return sayJson(request, reply, await shown(caller, { ...made, role }))
    },
  )

  app.get(
    '/projects/:id',
    { config: { doc: { summary: 'One project', reply: project } } },
    async (request, reply) =>
      sayJson(request, reply, await shown(callerOf(request), await foundProject(sandbox, request, 'see'))),
  )

  app.patch(
    '/projects/:id',
    { config: { doc: { summary: 'Rename a project', body: named('project'), reply: project } } },
    async (request, reply) => {
      const found = await foundProject(sandbox, request, 'manage_project')
      const { name } = wrapped(request.body, 'project')
      const renamed =
        name === undefined
          ? found
          : await renameProject(storage.write, found.id, nameFrom(request.body, 'project', 2))
      if (renamed === undefined) throw new Problem('absent')
      changed()
      return sayJson(request, reply, await shown(callerOf(request), { ...found, ...renamed }))
    },
  )

  app.delete(
    '/projects/:id',
    {
      config: {
        doc: { summary: `Delete a project with all its ${form.inboxes}`, reply: ref('Deleted') },
      },
    },
    async (request, reply) => {
      const found = await foundProject(sandbox, request, 'see')
      if (!ownsProject(callerOf(request), found)) throw new Problem('forbidden')
      await deleteProject(storage.write, found.id)
      changed()
      return sayJson(request, reply, { id: found.id })
    },
  )

  app.post(
    `/projects/:id/${form.inboxes}`,
    {
      config: { doc: { summary: `A new ${form.inbox}`, body: named(form.inbox), reply: ref('Inbox') } },
    },
    async (request, reply) => {
      const caller = callerOf(request)
      const { id, role, workspace_id } = await foundProject(sandbox, request, 'create_inboxes')
      const name = nameFrom(request.body, form.inbox, 1)
      const made = await createInbox(storage.write, secrets, { projectId: id, name, ...inboxLimits })
      changed()
      const inbox = { ...made, workspace_id, role, project_role: role }
      return sayJson(request, reply, inboxShape(sandbox, caller, inbox, await givenTo(storage.read, caller)))
    },
  )

  async function shown(caller: Caller, found: ReachedProject): Promise<object> {
    const [inboxes, given] = await Promise.all([
      inboxesInReach(storage.read, reachOf(caller), { projectId: found.id }),
      givenTo(storage.read, caller),
    ])
    return inForm(form, projectShape(sandbox, caller, found, inboxes, given))
  }
}

/** @throws Problem `malformed`: no wrapper; `invalid` */
function nameFrom(body: unknown, wrapper: string, least: number): string {
  const name = textOf(wrapped(body, wrapper).name)
  const faults = nameFaults(name, least)
  if (faults.length > 0) throw new Problem('invalid', '', { fields: { name: faults } })
  return name
}
