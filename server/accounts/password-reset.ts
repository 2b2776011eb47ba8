import { jwtVerify, SignJWT } from 'jose'
import { Problem } from '../problem.ts'
import type { Database } from '../storage/schema.ts'
import { hashPassword } from './passwords.ts'
import type { Secrets } from './secrets.ts'
import { endSessionsOf } from './sessions.ts'
import { type User, userById } from './users.ts'

/**
 * Nothing is stored: the link is signed together with the hash of the password it replaces, so it works once, for
 * an hour, and not after the password was changed in another way.
 */
const PURPOSE = 'password-reset'
const LIFETIME = '60m'

/** @returns what the link must say; undefined: they have no password to replace */
export async function passwordResetToken(
  secrets: Secrets,
  { id, password_hash }: Pick<User, 'id' | 'password_hash'>,
): Promise<string | undefined> {
  if (password_hash === null) return undefined
  return new SignJWT({ instead_of: secrets.sign(PURPOSE, password_hash) })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(String(id))
    .setIssuedAt()
    .setExpirationTime(LIFETIME)
    .sign(secrets.key(PURPOSE))
}

/** @throws Problem `absent`: the link is none, was used, or is too old */
export async function passwordResetUser(db: Database, secrets: Secrets, token: string): Promise<User> {
  const options = { algorithms: ['HS256'] }
  const claims = await jwtVerify(token, secrets.key(PURPOSE), options).catch(() => undefined)
  if (claims === undefined) throw new Problem('absent')
  const { sub, instead_of } = claims.payload as { sub: string; instead_of: string }
  const user = await userById(db, Number(sub))
  if (typeof user?.password_hash !== 'string') throw new Problem('absent')
  if (!secrets.verify(PURPOSE, user.password_hash, instead_of)) throw new Problem('absent')
  return user
}

/**
 * Ends all sessions. Whoever opened the link has the mail of that address, which proves it.
 * @throws Problem `absent`: another password was set meanwhile
 */
export async function replacePassword(db: Database, user: User, password: string): Promise<void> {
  const password_hash = await hashPassword(password)
  const now = Date.now()
  await db.transaction().execute(async trx => {
    const changed = await trx
      .updateTable('users')
      // Whoever was in with the old password may have asked for another address.
      .set({ password_hash, pending_email: null, verified_at: user.verified_at ?? now, updated_at: now })
      .where('id', '=', user.id)
      .where('password_hash', '=', user.password_hash)
      .returning('id')
      .executeTakeFirst()
    if (changed === undefined) throw new Problem('absent')
    await endSessionsOf(trx, user.id)
  })
}
