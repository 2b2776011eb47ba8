import type { Database } from '../storage/schema.ts'
import { letIn, roleIn } from './members.ts'
import type { Role } from './permissions.ts'
import type { SharedThings, Thing } from './shared-things.ts'
import { workspaceById } from './workspaces.ts'

/** What somebody may be invited to. */
export type Scope = Thing | { kind: 'workspace'; id: number }

export interface FoundScope {
  name: string
  workspaceId: number
  /** Of whoever asks, there. */
  role: Role
}

/** Undefined: it does not exist, at least not for this person. */
export async function scopeFor(
  db: Database,
  shared: SharedThings,
  scope: Scope,
  userId: number,
): Promise<FoundScope | undefined> {
  const named = await namedScope(db, shared, scope)
  if (named === undefined) return undefined
  const role =
    scope.kind === 'workspace' ? await roleIn(db, scope.id, userId) : await shared.roleOf(db, scope, userId)
  return role === null ? undefined : { ...named, role }
}

export async function namedScope(
  db: Database,
  shared: SharedThings,
  scope: Scope,
): Promise<Omit<FoundScope, 'role'> | undefined> {
  if (scope.kind !== 'workspace') return shared.named(db, scope)
  const workspace = await workspaceById(db, scope.id)
  return workspace && { name: workspace.name, workspaceId: workspace.id }
}

/** Nobody loses a stronger role by it. */
export function join(
  db: Database,
  shared: SharedThings,
  scope: Scope,
  userId: number,
  role: 'admin' | 'viewer',
): Promise<void> {
  return scope.kind === 'workspace' ? letIn(db, scope.id, userId, role) : shared.give(db, scope, userId, role)
}
