import { membersOf } from '../accounts/members.ts'
import { may, type Role, strongest } from '../accounts/permissions.ts'
import { usersById } from '../accounts/users.ts'
import type { Database } from '../storage/schema.ts'
import type { ReachedInbox, ReachedProject } from './access.ts'
import { projectsById } from './projects.ts'
import { type Share, sharesOf } from './shares.ts'

/** Somebody who reaches a project or an inbox. */
export interface Reaching {
  user_id: number
  name: string
  email: string
  /** The strongest of all ways. */
  role: Role
  through: 'workspace' | 'project' | 'inbox'
  /** What they were given by itself, if that is the way. */
  share: Share | undefined
  /** The membership of the workspace, if that is the way. */
  memberId: number | undefined
  /** Of the project: its maker, while they may manage it, or an owner of the workspace. */
  is_owner: boolean
}

type Way = Pick<Reaching, 'user_id' | 'role' | 'through' | 'share' | 'memberId'>

export async function peopleOfProject(
  db: Database,
  { id, workspace_id, owner_id }: Pick<ReachedProject, 'id' | 'workspace_id' | 'owner_id'>,
): Promise<Reaching[]> {
  const ways = [...(await throughWorkspace(db, workspace_id)), ...(await through(db, 'project', id))]
  return described(db, ways, owner_id)
}

export async function peopleOfInbox(
  db: Database,
  { id, workspace_id, project_id }: Pick<ReachedInbox, 'id' | 'workspace_id' | 'project_id'>,
): Promise<Reaching[]> {
  const [project] = await projectsById(db, [project_id])
  const ways = [
    ...(await throughWorkspace(db, workspace_id)),
    ...(await through(db, 'project', project_id)),
    ...(await through(db, 'inbox', id)),
  ]
  return described(db, ways, project?.owner_id ?? 0)
}

async function throughWorkspace(db: Database, workspaceId: number): Promise<Way[]> {
  const members = await membersOf(db, workspaceId)
  return members.map(({ id, user_id, role }) => ({
    user_id,
    role,
    through: 'workspace',
    share: undefined,
    memberId: id,
  }))
}

async function through(db: Database, kind: 'project' | 'inbox', id: number): Promise<Way[]> {
  const shares = await sharesOf(db, { kind, id })
  return shares.map(share => ({
    user_id: share.user_id,
    role: share.role,
    through: kind,
    share,
    memberId: undefined,
  }))
}

/** Everybody once, by the way that allows most; of equal ones the widest, which is first. */
async function described(db: Database, ways: Way[], makerId: number): Promise<Reaching[]> {
  const best = new Map<number, Way>()
  for (const way of ways) {
    const known = best.get(way.user_id)
    if (known === undefined || strongest(known.role, way.role) !== known.role) best.set(way.user_id, way)
  }
  const users = await usersById(db, [...best.keys()])
  return [...best.values()].flatMap(way => {
    const user = users.get(way.user_id)
    const isOwner =
      way.role === 'owner' ||
      (way.user_id === makerId && may(way.role, 'manage_project') && way.through !== 'inbox')
    return user === undefined ? [] : [{ ...way, name: user.name, email: user.email, is_owner: isOwner }]
  })
}
