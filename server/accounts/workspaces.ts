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
