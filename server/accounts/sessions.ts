import { hash, randomBytes } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { Database, Tables } from '../storage/schema.ts'

export type Session = Selectable<Tables['sessions']>

const DAY_MS = 86_400_000
const LIFETIME_MS = 30 * DAY_MS
/** Browsers, and clients that throw their cookie away with every call; the oldest go first. */
const MAX_PER_USER = 200

/** @returns the cookie's value in clear, this once */
export async function openSession(
  db: Database,
  userId: number,
  now = Date.now(),
): Promise<{ session: Session; value: string }> {
  const value = randomBytes(32).toString('base64url')
  await db.deleteFrom('sessions').where('expires_at', '<=', now).execute()
  await keepNewest(db, userId, MAX_PER_USER - 1)
  const session = await db
    .insertInto('sessions')
    .values({
      hash: sessionHash(value),
      user_id: userId,
      csrf: randomBytes(32).toString('base64url'),
      created_at: now,
      expires_at: now + LIFETIME_MS,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  return { session, value }
}

export function sessionHash(value: string): string {
  return hash('sha256', value, 'hex')
}

export function sessionByHash(db: Database, hashed: string, now = Date.now()): Promise<Session | undefined> {
  return db
    .selectFrom('sessions')
    .selectAll()
    .where('hash', '=', hashed)
    .where('expires_at', '>', now)
    .executeTakeFirst()
}

/** Sessions end 30 days after their last use, told to the day. */
export function wantsExtending(expiresAt: number, now = Date.now()): boolean {
  return expiresAt < now + LIFETIME_MS - DAY_MS
}

export async function extendSession(db: Database, hashed: string, now = Date.now()): Promise<void> {
  await db
    .updateTable('sessions')
    .set({ expires_at: now + LIFETIME_MS })
    .where('hash', '=', hashed)
    .execute()
}

export async function endSession(db: Database, hashed: string): Promise<void> {
  await db.deleteFrom('sessions').where('hash', '=', hashed).execute()
}

/** After a change of the password nobody who came in with the old one, or with none, stays. */
export async function endSessionsOf(db: Database, userId: number, except = ''): Promise<void> {
  await db.deleteFrom('sessions').where('user_id', '=', userId).where('hash', '!=', except).execute()
}

async function keepNewest(db: Database, userId: number, count: number): Promise<void> {
  const surplus = await db
    .selectFrom('sessions')
    .select('hash')
    .where('user_id', '=', userId)
    .orderBy('created_at', 'desc')
    .offset(count)
    .limit(100)
    .execute()
  if (surplus.length === 0) return
  await db
    .deleteFrom('sessions')
    .where(
      'hash',
      'in',
      surplus.map(session => session.hash),
    )
    .execute()
}
