import type { FastifyInstance } from 'fastify'
import { callerOf } from '../../accounts/caller.ts'
import { workspacesById } from '../../accounts/workspaces.ts'
import { inboxesInReach, projectsInReach, reachOf } from '../access.ts'
import { projectsById } from '../projects.ts'
import { sayJson } from '../../http/json.ts'
import type { Sandbox } from './sandbox.ts'
import { listOf, objectOf, ref } from '../../http/schemas.ts'
import { projectSummary } from './web-wire.ts'

/** The tree of projects and inboxes, for the web app; a project of which only inboxes were given stands there without a role. */
export function webProjects(app: FastifyInstance, { storage }: Sandbox): void {
  app.get(
    '/projects',
    {
      config: {
        doc: {
          summary: 'The projects with their inboxes',
          reply: objectOf({ projects: listOf(ref('ProjectSummary')) }),
        },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request)
      const [projects, inboxes] = await Promise.all([
        projectsInReach(storage.read, reachOf(caller)),
        inboxesInReach(storage.read, reachOf(caller)),
      ])
      const ofProject = Map.groupBy(inboxes, inbox => inbox.project_id)
      const given = inboxes.filter(inbox => inbox.project_role === null).map(inbox => inbox.project_id)
      const others = (await projectsById(storage.read, given)).map(project => ({ ...project, role: null }))
      const shown = [...projects, ...others]
      const workspaces = await workspacesById(
        storage.read,
        shown.map(project => project.workspace_id),
      )
      return sayJson(request, reply, {
        projects: shown.map(project =>
          projectSummary(
            caller,
            project,
            workspaces.get(project.workspace_id)?.name ?? '',
            ofProject.get(project.id) ?? [],
          ),
        ),
      })
    },
  )
}
