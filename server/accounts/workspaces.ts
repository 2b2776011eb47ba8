import type { Selectable } from 'kysely'
import type { Database, Tables } from '../storage/schema.ts'
import type { Role } from './permissions.ts'
import { storable } from './storable.ts'

export type Workspace = Selectable<Tables['workspaces']>

export function createWorkspace(db: Database, name: string, now = Date.now()): Promise<Workspace> {
  return db
    .insertInto('workspaces')
    .values({ name: storable(name), created_at: now, updated_at: now })
    .returningAll()
    .executeTakeFirstOrThrow()
}

export function workspaceById(db: Database, id: number): Promise<Workspace | undefined> {
  return db.selectFrom('workspaces').selectAll().where('id', '=', id).executeTakeFirst()
}

export async function workspacesById(db: Database, ids: number[]): Promise<Map<number, Workspace>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('workspaces')
    .selectAll()
    .where('id', 'in', [...new Set(ids)])
    .execute()
  return new Map(rows.map(workspace => [workspace.id, workspace]))
}

/** @throws StorageFault `duplicate`: is a member already */
export async function addMember(
  db: Database,
  workspaceId: number,
  userId: number,
  role: Role,
  now = Date.now(),
): Promise<void> {
  await db
    .insertInto('members')
    .values({ workspace_id: workspaceId, user_id: userId, role, created_at: now })
    .execute()
}

export interface Membership {
  workspaceId: number
  role: Role
}

/** Oldest first. */
export async function membershipsOf(db: Database, userId: number): Promise<Membership[]> {
  const rows = await db
    .selectFrom('members')
    .select(['workspace_id', 'role'])
    .where('user_id', '=', userId)
    .orderBy('id')
    .execute()
  return rows.map(row => ({ workspaceId: row.workspace_id, role: row.role }))
}

/** The one the user works in: the chosen one, or another if they are not in that any more. */
export function currentMembership(memberships: Membership[], chosen: number): Membership | undefined {
  return memberships.find(({ workspaceId }) => workspaceId === chosen) ?? memberships[0]
}

export function renameWorkspace(db: Database, id: number, name: string): Promise<Workspace | undefined> {
  return db
    .updateTable('workspaces')
    .set({ name: storable(name), updated_at: Date.now() })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
}

/** Where what the user makes from now on is made. */
export async function workIn(db: Database, userId: number, workspaceId: number): Promise<void> {
  await db
    .updateTable('users')
    .set({ current_workspace_id: workspaceId, updated_at: Date.now() })
    .where('id', '=', userId)
    .execute()
}

export interface WorkspaceOfUser {
  id: number
  name: string
  role: Role
  is_current: boolean
  members_count: number
}

/** Those somebody is a member of; the oldest membership first. */
export async function workspacesOf(db: Database, userId: number): Promise<WorkspaceOfUser[]> {
  const memberships = await membershipsOf(db, userId)
  const ids = memberships.map(({ workspaceId }) => workspaceId)
  if (ids.length === 0) return []
  const workspaces = await workspacesById(db, ids)
  const counts = await db
    .selectFrom('members')
    .select(['workspace_id', count => count.fn.countAll().as('members')])
    .where('workspace_id', 'in', ids)
    .groupBy('workspace_id')
    .execute()
  const counted = new Map(counts.map(row => [row.workspace_id, Number(row.members)]))
  const user = await db
    .selectFrom('users')
    .select('current_workspace_id')
    .where('id', '=', userId)
    .executeTakeFirst()
  const current = currentMembership(memberships, user?.current_workspace_id ?? 0)
  return memberships.map(({ workspaceId, role }) => ({
    id: workspaceId,
    name: workspaces.get(workspaceId)?.name ?? '',
    role,
    is_current: workspaceId === current?.workspaceId,
    members_count: counted.get(workspaceId) ?? 0,
  }))
}
