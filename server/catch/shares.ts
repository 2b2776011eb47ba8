import type { SharedThings, Thing } from '../accounts/shared-things.ts'
import { withdrawInvitations } from '../accounts/invitations.ts'
import { may, type Role, strongest } from '../accounts/permissions.ts'
import type { Database } from '../storage/schema.ts'
import { inboxInReach, projectInReach } from './access.ts'
import { findInbox } from './inboxes.ts'
import { projectsById, renewShareLink } from './projects.ts'

/** What somebody was given by itself: one project, or one inbox. */
export interface Share {
  id: number
  user_id: number
  role: 'admin' | 'viewer'
  created_at: number
  updated_at: number
}

/** Oldest first. */
export function sharesOf(db: Database, { kind, id }: Thing): Promise<Share[]> {
  const columns = ['id', 'user_id', 'role', 'created_at', 'updated_at'] as const
  return kind === 'project'
    ? db.selectFrom('project_members').select(columns).where('project_id', '=', id).orderBy('id').execute()
    : db.selectFrom('inbox_members').select(columns).where('inbox_id', '=', id).orderBy('id').execute()
}

export async function changeShare(
  db: Database,
  thing: Thing,
  { id, user_id }: Share,
  role: 'admin' | 'viewer',
): Promise<void> {
  await db.transaction().execute(async trx => {
    await trx.updateTable(tableOf(thing)).set({ role, updated_at: Date.now() }).where('id', '=', id).execute()
    if (!may(role, 'manage_people')) await withdraw(trx, thing, user_id)
  })
}

/** @param byOthers whoever leaves may keep a link that lets anybody in; who was put out may not */
export async function removeShare(
  db: Database,
  thing: Thing,
  { id, user_id }: Share,
  byOthers: boolean,
): Promise<void> {
  await db.transaction().execute(async trx => {
    await trx.deleteFrom(tableOf(thing)).where('id', '=', id).execute()
    await withdraw(trx, thing, user_id)
    if (byOthers && thing.kind === 'project') await renewShareLink(trx, thing.id)
  })
}

/** What invitations and memberships of workspaces need to know of projects and inboxes. */
export const sharedThings: SharedThings = {
  async named(db, { kind, id }) {
    const inbox = kind === 'inbox' ? await findInbox(db, id) : undefined
    const projectId = kind === 'project' ? id : inbox?.project_id
    const [project] = projectId === undefined ? [] : await projectsById(db, [projectId])
    return project && { name: inbox?.name ?? project.name, workspaceId: project.workspace_id }
  },

  roleOf,

  async give(db, thing, userId, role) {
    const present = await roleOf(db, thing, userId)
    if (present !== null && strongest(present, role) === present) return
    const now = Date.now()
    const share = { user_id: userId, role, created_at: now, updated_at: now }
    const raised = { role, updated_at: now }
    if (thing.kind === 'project')
      await db
        .insertInto('project_members')
        .values({ ...share, project_id: thing.id })
        .onConflict(conflict => conflict.columns(['project_id', 'user_id']).doUpdateSet(raised))
        .execute()
    else
      await db
        .insertInto('inbox_members')
        .values({ ...share, inbox_id: thing.id })
        .onConflict(conflict => conflict.columns(['inbox_id', 'user_id']).doUpdateSet(raised))
        .execute()
  },

  async takeAll(db, workspaceId, userId) {
    const projects = db.selectFrom('projects').select('id').where('workspace_id', '=', workspaceId)
    const inboxes = db.selectFrom('inboxes').select('id').where('project_id', 'in', projects)
    await db
      .deleteFrom('project_members')
      .where('user_id', '=', userId)
      .where('project_id', 'in', projects)
      .execute()
    await db
      .deleteFrom('inbox_members')
      .where('user_id', '=', userId)
      .where('inbox_id', 'in', inboxes)
      .execute()
  },

  async newLinks(db, workspaceId) {
    const projects = await db
      .selectFrom('projects')
      .select('id')
      .where('workspace_id', '=', workspaceId)
      .execute()
    for (const { id } of projects) await renewShareLink(db, id)
  },
}

async function roleOf(db: Database, { kind, id }: Thing, userId: number): Promise<Role | null> {
  const reach = { userId }
  const reached = kind === 'project' ? await projectInReach(db, reach, id) : await inboxInReach(db, reach, id)
  return reached?.role ?? null
}

function tableOf({ kind }: Thing): 'project_members' | 'inbox_members' {
  return kind === 'project' ? 'project_members' : 'inbox_members'
}

/** Else a link they sent to themselves would let them in again. */
function withdraw(db: Database, { kind, id }: Thing, invitedBy: number): Promise<void> {
  return withdrawInvitations(db, { invitedBy, ...(kind === 'project' ? { projectId: id } : { inboxId: id }) })
}
