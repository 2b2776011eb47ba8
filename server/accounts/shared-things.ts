import type { Database } from '../storage/schema.ts'
import type { Role } from './permissions.ts'

/** What somebody may be given by itself. */
export interface Thing {
  kind: 'project' | 'inbox'
  id: number
}

/** Projects and inboxes, as far as this folder cares: people are invited to them. It is handed this by assemble. */
export interface SharedThings {
  /** Undefined: there is no such thing. */
  named(db: Database, thing: Thing): Promise<{ name: string; workspaceId: number } | undefined>
  /** The strongest role the person has there, however they came by it; null: it does not exist for them. */
  roleOf(db: Database, thing: Thing, userId: number): Promise<Role | null>
  /** Whoever may do as much there already keeps what they have. */
  give(db: Database, thing: Thing, userId: number, role: 'admin' | 'viewer'): Promise<void>
  /** Takes back everything the person was given by itself in this workspace. */
  takeAll(db: Database, workspaceId: number, userId: number): Promise<void>
  /** Replaces the links by which anybody joins a project of this workspace: somebody knows them who should not. */
  newLinks(db: Database, workspaceId: number): Promise<void>
}
