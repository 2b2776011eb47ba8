import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Secrets } from './secrets.ts'

/** The only header there is (contract, section 2): a token that names another algorithm is not even looked at. */
const HEADER = encode({ alg: 'HS256', typ: 'JWT' })
const PURPOSE = 'jwt'

/** A JWT (RFC 7519) that counts as long as `jwtId` is the user's present one. */
export function signJwt(secrets: Secrets, userId: number, jwtId: string, now = Date.now()): string {
  const claims = encode({ sub: String(userId), jti: jwtId, iat: Math.floor(now / 1000) })
  return `${HEADER}.${claims}.${mac(secrets, `${HEADER}.${claims}`).toString('base64url')}`
}

/** @returns undefined for anything this server did not sign */
export function readJwt(secrets: Secrets, token: string): { userId: number; jwtId: string } | undefined {
  const [header, claims, signature, ...more] = token.split('.')
  if (header === undefined || claims === undefined || signature === undefined || more.length > 0)
    return undefined
  const given = Buffer.from(signature, 'base64url')
  const right = mac(secrets, `${header}.${claims}`)
  if (given.length !== right.length || !timingSafeEqual(given, right)) return undefined
  const { alg } = decode(header)
  const { sub, jti } = decode(claims)
  if (alg !== 'HS256' || typeof sub !== 'string' || !/^[1-9]\d{0,15}$/.test(sub) || typeof jti !== 'string')
    return undefined
  return { userId: Number(sub), jwtId: jti }
}

function mac(secrets: Secrets, text: string): Buffer {
  return createHmac('sha256', secrets.key(PURPOSE)).update(text).digest()
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

function decode(part: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
