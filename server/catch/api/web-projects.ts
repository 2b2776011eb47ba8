import type { FastifyInstance } from 'fastify'
import { callerOf } from '../../accounts/caller.ts'
import { inboxesOf } from '../inboxes.ts'
import { projectsOf } from '../projects.ts'
import { sayJson } from './json.ts'
import type { Sandbox } from './sandbox.ts'
import { listOf, objectOf, ref } from '../../http/schemas.ts'
import { projectSummary } from './web-wire.ts'

/** The tree of projects and inboxes, for the web app. */
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
        projectsOf(storage.read, caller.workspaceId),
        inboxesOf(storage.read, caller.workspaceId),
      ])
      const ofProject = Map.groupBy(inboxes, inbox => inbox.project_id)
      return sayJson(request, reply, {
        projects: projects.map(project => projectSummary(caller, project, ofProject.get(project.id) ?? [])),
      })
    },
  )
}
