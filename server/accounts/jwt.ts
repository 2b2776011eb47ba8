import { jwtVerify, SignJWT } from 'jose'
import type { Secrets } from './secrets.ts'

/** The only algorithm there is (contract, section 2): a token that names another, or `none`, is not even looked at. */
const ALGORITHM = 'HS256'
const PURPOSE = 'jwt'

/** A JWT (RFC 7519) that counts as long as `jwtId` is the user's present one. It never expires. */
export function signJwt(secrets: Secrets, userId: number, jwtId: string, now = Date.now()): Promise<string> {
  return new SignJWT()
    .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT' })
    .setSubject(String(userId))
    .setJti(jwtId)
    .setIssuedAt(Math.floor(now / 1000))
    .sign(secrets.key(PURPOSE))
}

/** @returns undefined for anything this server did not sign */
export async function readJwt(
  secrets: Secrets,
  token: string,
): Promise<{ userId: number; jwtId: string } | undefined> {
  try {
    const { payload } = await jwtVerify(token, secrets.key(PURPOSE), { algorithms: [ALGORITHM] })
    if (!/^[1-9]\d{0,15}$/.test(payload.sub ?? '') || payload.jti === undefined) return undefined
    return { userId: Number(payload.sub), jwtId: payload.jti }
  } catch {
    return undefined
  }
}
