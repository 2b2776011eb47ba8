import type { Selectable } from 'kysely'
import { randomBytes } from 'node:crypto'
import type { Database, Tables } from '../storage/schema.ts'

export type Project = Selectable<Tables['projects']>

export async function createProject(
  db: Database,
  project: { workspaceId: number; ownerId: number; name: string },
): Promise<Project> {
  const now = Date.now()
  return db
    .insertInto('projects')
    .values({
      workspace_id: project.workspaceId,
      owner_id: project.ownerId,
      name: project.name,
      ext_id: newExtId(),
      created_at: now,
      updated_at: now,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
}

export function projectsOf(db: Database, workspaceId: number): Promise<Project[]> {
  return db.selectFrom('projects').selectAll().where('workspace_id', '=', workspaceId).orderBy('id').execute()
}

/** By ascending id. */
export async function projectsById(db: Database, ids: number[]): Promise<Project[]> {
  if (ids.length === 0) return []
  return db
    .selectFrom('projects')
    .selectAll()
    .where('id', 'in', [...new Set(ids)])
    .orderBy('id')
    .execute()
}

export function renameProject(db: Database, id: number, name: string): Promise<Project | undefined> {
  return db
    .updateTable('projects')
    .set({ name, updated_at: Date.now() })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
}

/** Whoever holds the old link joins by it no more. */
export function renewShareLink(db: Database, id: number): Promise<Project | undefined> {
  return db
    .updateTable('projects')
    .set({ ext_id: newExtId(), updated_at: Date.now() })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
}

function newExtId(): string {
  return randomBytes(9).toString('hex')
}
