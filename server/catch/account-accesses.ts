import { invitationsOf, scopeOf } from '../accounts/invitations.ts'
import { membersOf } from '../accounts/members.ts'
import type { Role } from '../accounts/permissions.ts'
import { usersById } from '../accounts/users.ts'
import type { Database } from '../storage/schema.ts'

/** What one person, or one invitation, has been given in a workspace: the whole of it, projects, inboxes. */
export interface AccountAccess {
  /** Even: twice the user's id; odd: twice the invitation's and one more. */
  id: number
  specifier:
    | { kind: 'user'; id: number; email: string; name: string; memberId: number | undefined }
    | { kind: 'invitation'; id: number; email: string }
  resources: AccessedResource[]
}

interface AccessedResource {
  kind: 'workspace' | 'project' | 'inbox'
  id: number
  role: Role
}

/** By ascending id. */
export async function accountAccesses(db: Database, workspaceId: number): Promise<AccountAccess[]> {
  const [members, projects, inboxes, invitations] = await Promise.all([
    membersOf(db, workspaceId),
    db
      .selectFrom('project_members')
      .innerJoin('projects', 'projects.id', 'project_members.project_id')
      .select(['projects.id', 'project_members.user_id', 'project_members.role'])
      .where('projects.workspace_id', '=', workspaceId)
      .orderBy('projects.id')
      .execute(),
    db
      .selectFrom('inbox_members')
      .innerJoin('inboxes', 'inboxes.id', 'inbox_members.inbox_id')
      .innerJoin('projects', 'projects.id', 'inboxes.project_id')
      .select(['inboxes.id', 'inbox_members.user_id', 'inbox_members.role'])
      .where('projects.workspace_id', '=', workspaceId)
      .orderBy('inboxes.id')
      .execute(),
    invitationsOf(db, workspaceId),
  ])
  const given = [
    ...members.map(({ user_id, role }) => ({ user_id, kind: 'workspace' as const, id: workspaceId, role })),
    ...projects.map(row => ({ ...row, kind: 'project' as const })),
    ...inboxes.map(row => ({ ...row, kind: 'inbox' as const })),
  ]
  const byUser = Map.groupBy(given, ({ user_id }) => user_id)
  const users = await usersById(db, [...byUser.keys()])
  const memberIds = new Map(members.map(({ user_id, id }) => [user_id, id]))
  const ofPeople = [...byUser].map(([userId, resources]): AccountAccess => {
    const user = users.get(userId)
    return {
      id: userId * 2,
      specifier: {
        kind: 'user',
        id: userId,
        email: user?.email ?? '',
        name: user?.name ?? '',
        memberId: memberIds.get(userId),
      },
      resources: resources.map(({ kind, id, role }) => ({ kind, id, role })),
    }
  })
  const ofInvitations = invitations.map((invitation): AccountAccess => {
    const { id, email, role } = invitation
    return {
      id: id * 2 + 1,
      specifier: { kind: 'invitation', id, email },
      resources: [{ ...scopeOf(invitation), role }],
    }
  })
  return [...ofPeople, ...ofInvitations].toSorted((a, b) => a.id - b.id)
}
