import type { FastifyInstance } from 'fastify'
import { callerOf } from '../../../accounts/caller.ts'
import { type Role, strongest } from '../../../accounts/permissions.ts'
import { membershipsOf, workspacesById } from '../../../accounts/workspaces.ts'
import { sayJson } from '../../../http/json.ts'
import { listOf, ref } from '../../../http/schemas.ts'
import { inboxesInReach, projectsInReach, reachOf } from '../../access.ts'
import type { Sandbox } from '../sandbox.ts'
import { LEVELS } from './levels.ts'
import type { AccountWire } from './wire.ts'

/** Workspaces. Guests of a project or of an inbox see the workspace around it too, with the most they may in there. */
export function accounts(app: FastifyInstance, { storage }: Sandbox): void {
  app.get(
    '/accounts',
    { config: { doc: { summary: 'Accounts that the token reaches', reply: listOf(ref('Account')) } } },
    async (request, reply) => {
      const caller = callerOf(request)
      const [members, projects, inboxes] = await Promise.all([
        membershipsOf(storage.read, caller.user.id),
        projectsInReach(storage.read, reachOf(caller)),
        inboxesInReach(storage.read, reachOf(caller)),
      ])
      const roles = new Map<number, Role>(members.map(({ workspaceId, role }) => [workspaceId, role]))
      const isMember = new Set(roles.keys())
      for (const { workspace_id, role } of [...projects, ...inboxes])
        if (!isMember.has(workspace_id))
          roles.set(workspace_id, strongest(roles.get(workspace_id) ?? null, role) ?? role)
      const names = await workspacesById(storage.read, [...roles.keys()])
      const all = [...roles]
        .toSorted(([a], [b]) => a - b)
        .map(
          ([id, role]): AccountWire => ({
            id,
            name: names.get(id)?.name ?? '',
            access_levels: [LEVELS[role]],
          }),
        )
      return sayJson(request, reply, all)
    },
  )
}
