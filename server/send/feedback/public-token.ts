import { timingSafeEqual } from 'node:crypto'
import { quickHmac } from './quick-hmac.ts'

/**
 * What stands in public links instead of an id: id and a signature over it, short enough for links in mails. Purposes
 * have keys of their own, so that the token of a test or a rehearsal opens nothing of a real delivery.
 */

/** 72 bits: a guess a nanosecond for a century finds one with a probability of one in a thousand. */
const MAC_BYTES = 9
/** Ids beyond do not occur: six bytes hold 281 million million. */
const ID_BYTES = 6

/** @param key of 32 bytes, for one purpose (Secrets.key) */
export function publicToken(key: Buffer, id: number): string {
  const bytes = Buffer.allocUnsafe(ID_BYTES + MAC_BYTES)
  bytes.writeUIntBE(id, 0, ID_BYTES)
  bytes.write(mac(key, bytes.subarray(0, ID_BYTES)), ID_BYTES, 'latin1')
  return bytes.toString('base64url')
}

/** @returns undefined: forged, or no token at all */
export function idOfToken(key: Buffer, token: string): number | undefined {
  if (!/^[\w-]{20}$/.test(token)) return undefined
  const bytes = Buffer.from(token, 'base64url')
  if (bytes.length !== ID_BYTES + MAC_BYTES) return undefined
  const right = mac(key, bytes.subarray(0, ID_BYTES))
  return timingSafeEqual(Buffer.from(right, 'latin1'), bytes.subarray(ID_BYTES))
    ? bytes.readUIntBE(0, ID_BYTES)
    : undefined
}

/** Signs where a link leads, for links that are different for each recipient. */
export function urlSignature(key: Buffer, token: string, url: string): string {
  return Buffer.from(mac(key, `${token} ${url}`), 'latin1').toString('base64url')
}

/** In latin1. */
function mac(key: Buffer, text: string | Uint8Array): string {
  return quickHmac(key, text).slice(0, MAC_BYTES)
}

/** Of Secrets.key: links to a delivery. */
export const DELIVERY_KEY = 'delivery'
