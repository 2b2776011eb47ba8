import { Problem } from '../problem.ts'
import { hold } from '../storage/claiming.ts'
import type { Database } from '../storage/schema.ts'
import { giveHome, membersOf } from './members.ts'
import { currentMembership, membershipsOf, workIn } from './workspaces.ts'

/** Deletes what the other folders keep in a workspace, a portion after the other; nobody is in it any more. */
export type RemoveContents = (db: Database, workspaceId: number) => Promise<void>

/**
 * The first step, after which the workspace exists for nobody: everybody is put out, its tokens and invitations stop.
 * What is in it may be much, and goes afterwards, by finishRemoval.
 * @returns who was in it
 * @throws Problem `absent`: somebody was quicker
 */
export function abandonWorkspace(db: Database, id: number): Promise<number[]> {
  return db.transaction().execute(async trx => {
    await hold(trx, trx.selectFrom('workspaces').selectAll().where('id', '=', id))
    const members = await membersOf(trx, id)
    if (members.length === 0) throw new Problem('absent')
    await trx.deleteFrom('members').where('workspace_id', '=', id).execute()
    await trx.deleteFrom('tokens').where('workspace_id', '=', id).execute()
    await trx.deleteFrom('invitations').where('workspace_id', '=', id).execute()
    await moveOut(trx, id)
    return members.map(member => member.user_id)
  })
}

/** May be called again where a crash cut it short. */
export async function finishRemoval(db: Database, removeContents: RemoveContents, id: number): Promise<void> {
  await removeContents(db, id)
  await db.transaction().execute(async trx => {
    await moveOut(trx, id)
    await trx.deleteFrom('workspaces').where('id', '=', id).execute()
  })
}

/** Those without anybody in them: a workspace keeps its last owner, so somebody deleted it. */
export async function abandonedWorkspaces(db: Database): Promise<number[]> {
  const rows = await db
    .selectFrom('workspaces')
    .select('id')
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('members').select('members.id').whereRef('members.workspace_id', '=', 'workspaces.id'),
        ),
      ),
    )
    .execute()
  return rows.map(({ id }) => id)
}

/** Also those who worked in it once, were put out, and chose no other since. */
async function moveOut(trx: Database, id: number): Promise<void> {
  const people = await trx
    .selectFrom('users')
    .select(['id', 'name'])
    .where('current_workspace_id', '=', id)
    .orderBy('id')
    .execute()
  for (const person of people) {
    await giveHome(trx, { user_id: person.id, name: person.name })
    const next = currentMembership(await membershipsOf(trx, person.id), 0)
    if (next !== undefined) await workIn(trx, person.id, next.workspaceId)
  }
}
