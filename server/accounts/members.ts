import { Problem } from '../problem.ts'
import { hold } from '../storage/claiming.ts'
import type { Database } from '../storage/schema.ts'
import { withdrawInvitations } from './invitations.ts'
import { may, type Role, strongest } from './permissions.ts'
import type { SharedThings } from './shared-things.ts'
import { addMember, createWorkspace } from './workspaces.ts'

/** Somebody inside a workspace. */
export interface Member {
  /** Of the membership. */
  id: number
  user_id: number
  name: string
  email: string
  role: Role
  created_at: number
}

/** Oldest first. */
export function membersOf(db: Database, workspaceId: number): Promise<Member[]> {
  return db
    .selectFrom('members')
    .innerJoin('users', 'users.id', 'members.user_id')
    .select([
      'members.id',
      'members.user_id',
      'users.name',
      'users.email',
      'members.role',
      'members.created_at',
    ])
    .where('members.workspace_id', '=', workspaceId)
    .orderBy('members.id')
    .execute()
}

/** Null: they are no member. */
export async function roleIn(db: Database, workspaceId: number, userId: number): Promise<Role | null> {
  const row = await db
    .selectFrom('members')
    .select('role')
    .where('workspace_id', '=', workspaceId)
    .where('user_id', '=', userId)
    .executeTakeFirst()
  return row?.role ?? null
}

/** Somebody who is there already keeps their role if it is stronger. */
export async function letIn(
  db: Database,
  workspaceId: number,
  userId: number,
  role: Exclude<Role, 'owner'>,
): Promise<void> {
  await db
    .insertInto('members')
    .values({ workspace_id: workspaceId, user_id: userId, role, created_at: Date.now() })
    .onConflict(conflict => conflict.columns(['workspace_id', 'user_id']).doNothing())
    .execute()
  const present = await roleIn(db, workspaceId, userId)
  if (present === null || strongest(present, role) === present) return
  await db
    .updateTable('members')
    .set({ role })
    .where('workspace_id', '=', workspaceId)
    .where('user_id', '=', userId)
    .execute()
}

/**
 * @param by the role of whoever changes it
 * @throws Problem `absent`; `forbidden`: only owners make and unmake owners; `invalid`: the last owner stays
 */
export function changeMember(
  db: Database,
  { workspaceId, id, role, by }: { workspaceId: number; id: number; role: Role; by: Role },
): Promise<Member> {
  return db.transaction().execute(async trx => {
    const { member, isLastOwner } = await held(trx, workspaceId, id)
    if ((member.role === 'owner' || role === 'owner') && by !== 'owner') throw new Problem('forbidden')
    if (isLastOwner && role !== 'owner') throw lastOwner()
    // Else a link they sent to themselves would bring the old role back.
    if (!may(role, 'manage_people'))
      await withdrawInvitations(trx, { workspaceId, invitedBy: member.user_id })
    await trx.updateTable('members').set({ role }).where('id', '=', id).execute()
    return { ...member, role }
  })
}

/**
 * Puts somebody out of a workspace, with all they were given one by one there.
 * @param by the role of whoever removes them; null: they leave
 * @throws Problem as changeMember
 */
export function removeMember(
  db: Database,
  shared: SharedThings,
  { workspaceId, id, by }: { workspaceId: number; id: number; by: Role | null },
): Promise<Member> {
  return db.transaction().execute(async trx => {
    const { member, isLastOwner } = await held(trx, workspaceId, id)
    if (by !== null && member.role === 'owner' && by !== 'owner') throw new Problem('forbidden')
    if (isLastOwner) throw lastOwner()
    await trx.deleteFrom('members').where('id', '=', id).execute()
    await shared.takeAll(trx, workspaceId, member.user_id)
    await withdrawInvitations(trx, { workspaceId, invitedBy: member.user_id })
    if (by !== null) await shared.newLinks(trx, workspaceId)
    await giveHome(trx, member)
    return member
  })
}

/** Of two owners who leave at the same moment the second must see that the first is gone: they take turns. */
async function held(
  trx: Database,
  workspaceId: number,
  id: number,
): Promise<{ member: Member; isLastOwner: boolean }> {
  await hold(trx, trx.selectFrom('workspaces').selectAll().where('id', '=', workspaceId))
  const members = await membersOf(trx, workspaceId)
  const member = members.find(one => one.id === id)
  if (member === undefined) throw new Problem('absent')
  const owners = members.filter(one => one.role === 'owner')
  return { member, isLastOwner: member.role === 'owner' && owners.length === 1 }
}

/** A person is always in some workspace: whoever is in none is given an empty one. */
export async function giveHome(
  trx: Database,
  { user_id, name }: Pick<Member, 'user_id' | 'name'>,
): Promise<void> {
  await hold(trx, trx.selectFrom('users').selectAll().where('id', '=', user_id))
  const left = await trx
    .selectFrom('members')
    .select('id')
    .where('user_id', '=', user_id)
    .limit(1)
    .executeTakeFirst()
  if (left !== undefined) return
  const { id } = await createWorkspace(trx, `${name}'s workspace`)
  await addMember(trx, id, user_id, 'owner')
}

function lastOwner(): Problem {
  return new Problem('invalid', '', {
    fields: { base: ['A workspace keeps its last owner; make somebody else owner first'] },
  })
}
