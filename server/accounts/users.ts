import { randomBytes } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { Database, Tables } from '../storage/schema.ts'
import { storable } from './storable.ts'

export type User = Selectable<Tables['users']>

interface NewUser {
  name: string
  email: string
  passwordHash: string | null
  workspaceId: number
  /** Whether the address is known to be theirs. */
  verified: boolean
}

/** @throws StorageFault `duplicate`: somebody has that address */
export function createUser(db: Database, user: NewUser, now = Date.now()): Promise<User> {
  return db
    .insertInto('users')
    .values({
      name: storable(user.name),
      email: emailKey(user.email),
      pending_email: null,
      password_hash: user.passwordHash,
      timezone: 'Etc/UTC',
      jwt_id: newJwtId(),
      current_workspace_id: user.workspaceId,
      verified_at: user.verified ? now : null,
      created_at: now,
      updated_at: now,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** Addresses are compared without regard to case. */
export function emailKey(email: string): string {
  return storable(email.trim()).toLowerCase()
}

export function userById(db: Database, id: number): Promise<User | undefined> {
  return db.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst()
}

export async function usersById(db: Database, ids: number[]): Promise<Map<number, User>> {
  if (ids.length === 0) return new Map()
  const users = await db.selectFrom('users').selectAll().where('id', 'in', ids).execute()
  return new Map(users.map(user => [user.id, user]))
}

export function userByEmail(db: Database, email: string): Promise<User | undefined> {
  return db.selectFrom('users').selectAll().where('email', '=', emailKey(email)).executeTakeFirst()
}

export function listUsers(db: Database): Promise<User[]> {
  return db.selectFrom('users').selectAll().orderBy('id').execute()
}

/** The owner who was there first: whom local mode signs in. */
export function firstOwner(db: Database): Promise<User | undefined> {
  return db
    .selectFrom('users')
    .innerJoin('members', 'members.user_id', 'users.id')
    .where('members.role', '=', 'owner')
    .selectAll('users')
    .orderBy('users.id')
    .executeTakeFirst()
}

export async function somebodyHasPassword(db: Database): Promise<boolean> {
  const found = await db
    .selectFrom('users')
    .select('id')
    .where('password_hash', 'is not', null)
    .limit(1)
    .executeTakeFirst()
  return found !== undefined
}

interface UserChanges {
  name?: string
  email?: string
  timezone?: string
  locale?: string
  passwordHash?: string
}

/** @throws StorageFault `duplicate`: somebody else has that address */
export function changeUser(db: Database, id: number, changes: UserChanges): Promise<User | undefined> {
  const { name, email, timezone, locale, passwordHash } = changes
  return db
    .updateTable('users')
    .set({
      ...(name !== undefined && { name: storable(name) }),
      ...(email !== undefined && { email: emailKey(email) }),
      ...(timezone !== undefined && { timezone }),
      ...(locale !== undefined && { locale }),
      ...(passwordHash !== undefined && { password_hash: passwordHash }),
      updated_at: Date.now(),
    })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
}

/** Every JWT of the user made before stops counting. */
export async function resetJwt(db: Database, id: number): Promise<string> {
  const jwtId = newJwtId()
  await db.updateTable('users').set({ jwt_id: jwtId, updated_at: Date.now() }).where('id', '=', id).execute()
  return jwtId
}

function newJwtId(): string {
  return randomBytes(16).toString('hex')
}
