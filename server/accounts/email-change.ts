import { jwtVerify, SignJWT } from 'jose'
import { Problem } from '../problem.ts'
import { StorageFault } from '../storage/faults.ts'
import type { Database } from '../storage/schema.ts'
import type { Secrets } from './secrets.ts'
import { emailKey, type User, userByEmail } from './users.ts'

/**
 * A new address waits until whoever reads its mail has opened a link. What the link says is signed and names both
 * addresses, so that it works once, and not after the change was given up or made to another.
 */
const PURPOSE = 'email-change'
const LIFETIME = '7d'

/**
 * @returns what the link must say
 * @throws Problem `conflict`: somebody else has the address
 */
export async function beginEmailChange(
  db: Database,
  secrets: Secrets,
  user: Pick<User, 'id' | 'email'>,
  email: string,
): Promise<{ to: string; token: string }> {
  const to = emailKey(email)
  if ((await userByEmail(db, to)) !== undefined) throw new Problem('conflict', 'Somebody has that address')
  await db
    .updateTable('users')
    .set({ pending_email: to, updated_at: Date.now() })
    .where('id', '=', user.id)
    .execute()
  const token = await new SignJWT({ from: user.email, to })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(String(user.id))
    .setIssuedAt()
    .setExpirationTime(LIFETIME)
    .sign(secrets.key(PURPOSE))
  return { to, token }
}

export function giveUpEmailChange(db: Database, userId: number): Promise<User | undefined> {
  return db
    .updateTable('users')
    .set({ pending_email: null, updated_at: Date.now() })
    .where('id', '=', userId)
    .returningAll()
    .executeTakeFirst()
}

/** @throws Problem `absent`: the link is none, or not the latest; `conflict`: somebody took the address meanwhile */
export async function confirmEmail(db: Database, secrets: Secrets, token: string): Promise<User> {
  const claims = await jwtVerify(token, secrets.key(PURPOSE), { algorithms: ['HS256'] }).catch(
    () => undefined,
  )
  if (claims === undefined) throw new Problem('absent')
  const { sub, from, to } = claims.payload as { sub: string; from: string; to: string }
  const change = db
    .updateTable('users')
    .set({ email: to, pending_email: null, updated_at: Date.now() })
    .where('id', '=', Number(sub))
    .where('email', '=', from)
    .where('pending_email', '=', to)
    .returningAll()
    .executeTakeFirst()
  const user = await change.catch((error: unknown) => {
    if (error instanceof StorageFault && error.kind === 'duplicate')
      throw new Problem('conflict', 'Somebody has that address')
    throw error
  })
  if (user === undefined) throw new Problem('absent')
  return user
}
