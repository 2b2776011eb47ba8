import type { FastifyRequest } from 'fastify'
import { callerOf } from '../../accounts/caller.ts'
import { idFrom } from '../../http/ids.ts'
import { Problem } from '../../problem.ts'
import type { Database } from '../../storage/schema.ts'
import { inboxesInReach, projectsInReach, reachOf } from '../access.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Which workspace the route is about: the one in its path, or the caller's current one. Absent: all at once, as in V1. */
    account?: 'in path' | 'current'
  }
}

/**
 * The workspace a request is about; undefined: all that the caller reaches.
 * @throws Problem `absent` for what is no id
 */
export function accountOf(request: FastifyRequest): number | undefined {
  const { account } = request.routeOptions.config
  if (account === undefined) return undefined
  if (account === 'current') return callerOf(request).workspaceId
  return idFrom((request.params as { account_id?: string }).account_id)
}

/**
 * What to say when a thing was not found: of an account that the caller reaches nothing of, V2 says no more than
 * that (contract, section 13).
 */
export async function notFoundIn(db: Database, request: FastifyRequest): Promise<Problem> {
  const workspaceId = accountOf(request)
  if (workspaceId === undefined) return new Problem('absent')
  return new Problem((await reaches(db, request, workspaceId)) ? 'absent' : 'forbidden')
}

/** @throws Problem `forbidden`: the caller is no member of the workspace, and nothing in it was given to them */
export async function insistOnAccount(db: Database, request: FastifyRequest): Promise<number> {
  const workspaceId = accountOf(request)
  if (workspaceId === undefined) throw new Problem('absent')
  if (!(await reaches(db, request, workspaceId))) throw new Problem('forbidden')
  return workspaceId
}

async function reaches(db: Database, request: FastifyRequest, workspaceId: number): Promise<boolean> {
  const caller = callerOf(request)
  if (caller.workspaceId === workspaceId) return true
  const member = await db
    .selectFrom('members')
    .select('id')
    .where('workspace_id', '=', workspaceId)
    .where('user_id', '=', caller.user.id)
    .executeTakeFirst()
  if (member !== undefined) return true
  const reach = reachOf(caller)
  const projects = await projectsInReach(db, reach, { workspaceId })
  return projects.length > 0 || (await inboxesInReach(db, reach, { workspaceId })).length > 0
}
