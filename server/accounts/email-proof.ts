import { jwtVerify, SignJWT } from 'jose'
import { Problem } from '../problem.ts'
import type { Database } from '../storage/schema.ts'
import type { Secrets } from './secrets.ts'
import { type User, userById } from './users.ts'

/** Whoever signed up proves their address by opening a link; it names the address, and is good for that one only. */
const PURPOSE = 'email-proof'
const LIFETIME = '7d'

/** @returns what the link must say */
export function proofToken(secrets: Secrets, { id, email }: Pick<User, 'id' | 'email'>): Promise<string> {
  return new SignJWT({ email })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(String(id))
    .setIssuedAt()
    .setExpirationTime(LIFETIME)
    .sign(secrets.key(PURPOSE))
}

/**
 * Opened twice it says the same twice.
 * @throws Problem `absent`: the link is none, or is too old, or is for another address
 */
export async function proveEmail(db: Database, secrets: Secrets, token: string): Promise<User> {
  const options = { algorithms: ['HS256'] }
  const claims = await jwtVerify(token, secrets.key(PURPOSE), options).catch(() => undefined)
  if (claims === undefined) throw new Problem('absent')
  const { sub, email } = claims.payload as { sub: string; email: string }
  const now = Date.now()
  await db
    .updateTable('users')
    .set({ verified_at: now, updated_at: now })
    .where('id', '=', Number(sub))
    .where('email', '=', email)
    .where('verified_at', 'is', null)
    .execute()
  const user = await userById(db, Number(sub))
  if (user === undefined || user.email !== email) throw new Problem('absent')
  return user
}
