import type { Caller } from '../accounts/caller.ts'
import { type Role, strongest } from '../accounts/permissions.ts'
import type { Database } from '../storage/schema.ts'
import type { Inbox } from './inboxes.ts'
import type { Project } from './projects.ts'

/**
 * How far somebody reaches. A person reaches every project and inbox of the workspaces they are a member of, and
 * those they were given one by one; a workspace token reaches all of its workspace and nothing else.
 */
export type Reach = { userId: number } | { workspaceId: number; role: Role }

export function reachOf(caller: Pick<Caller, 'as' | 'user' | 'workspaceId' | 'role'>): Reach {
  return caller.as === 'workspace'
    ? { workspaceId: caller.workspaceId, role: caller.role }
    : { userId: caller.user.id }
}

/** The same for the same reach: what answers may be kept under. */
export function reachKey(reach: Reach): string {
  return 'userId' in reach ? `user ${reach.userId}` : `workspace ${reach.workspaceId}`
}

/** A project, and the strongest role that whoever asks has there. */
export type ReachedProject = Project & { role: Role }

export type ReachedInbox = Inbox & {
  workspace_id: number
  /** Of the workspace, the project or the inbox itself, whichever is strongest. */
  role: Role
  /** The same without the inbox itself; null: the inbox was given, its project was not. */
  project_role: Role | null
}

/** By ascending id. */
export async function projectsInReach(
  db: Database,
  reach: Reach,
  only: { workspaceId?: number; projectId?: number } = {},
): Promise<ReachedProject[]> {
  const { workspaceId, projectId } = only
  const rows = await withRoles(db, reach)
    .selectAll('projects')
    .$if(workspaceId !== undefined, query => query.where('projects.workspace_id', '=', workspaceId ?? 0))
    .$if(projectId !== undefined, query => query.where('projects.id', '=', projectId ?? 0))
    .orderBy('projects.id')
    .execute()
  return rows.flatMap(({ workspace_role, project_role, ...project }) => {
    const role = 'role' in reach ? reach.role : strongest(workspace_role, project_role)
    return role === null ? [] : [{ ...project, role }]
  })
}

export async function projectInReach(
  db: Database,
  reach: Reach,
  projectId: number,
): Promise<ReachedProject | undefined> {
  const [project] = await projectsInReach(db, reach, { projectId })
  return project
}

/** By ascending id. */
export async function inboxesInReach(
  db: Database,
  reach: Reach,
  only: { workspaceId?: number; projectId?: number; inboxId?: number } = {},
): Promise<ReachedInbox[]> {
  const { workspaceId, projectId, inboxId } = only
  const rows = await withRoles(db, reach)
    .innerJoin('inboxes', 'inboxes.project_id', 'projects.id')
    .leftJoin('inbox_members', join =>
      join.onRef('inbox_members.inbox_id', '=', 'inboxes.id').on('inbox_members.user_id', '=', userOf(reach)),
    )
    .selectAll('inboxes')
    .select(['projects.workspace_id', 'inbox_members.role as inbox_role'])
    .$if(workspaceId !== undefined, query => query.where('projects.workspace_id', '=', workspaceId ?? 0))
    .$if(projectId !== undefined, query => query.where('projects.id', '=', projectId ?? 0))
    .$if(inboxId !== undefined, query => query.where('inboxes.id', '=', inboxId ?? 0))
    .orderBy('inboxes.id')
    .execute()
  return rows.flatMap(({ workspace_role, project_role, inbox_role, ...inbox }) => {
    const above = 'role' in reach ? reach.role : strongest(workspace_role, project_role)
    const role = strongest(above, inbox_role)
    return role === null ? [] : [{ ...inbox, role, project_role: above }]
  })
}

export async function inboxInReach(
  db: Database,
  reach: Reach,
  inboxId: number,
): Promise<ReachedInbox | undefined> {
  const [inbox] = await inboxesInReach(db, reach, { inboxId })
  return inbox
}

/** Projects with what the person is in their workspace and in themselves; what gives no role at all is left to the caller. */
function withRoles(db: Database, reach: Reach) {
  const userId = userOf(reach)
  const query = db
    .selectFrom('projects')
    .leftJoin('members', join =>
      join.onRef('members.workspace_id', '=', 'projects.workspace_id').on('members.user_id', '=', userId),
    )
    .leftJoin('project_members', join =>
      join.onRef('project_members.project_id', '=', 'projects.id').on('project_members.user_id', '=', userId),
    )
    .select(['members.role as workspace_role', 'project_members.role as project_role'])
  return 'role' in reach ? query.where('projects.workspace_id', '=', reach.workspaceId) : query
}

/** Nobody has the id 0: behind a workspace token no membership counts. */
function userOf(reach: Reach): number {
  return 'userId' in reach ? reach.userId : 0
}
