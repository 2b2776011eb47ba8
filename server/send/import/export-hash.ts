import type { Secrets } from '../../accounts/secrets.ts'

/**
 * What an export gives a subscriber beside the id: a UUID that is the same in every export of this installation, and
 * of no other. By it an import knows whether the ids of a file are ours. (Version 8 of RFC 9562, section 5.8.)
 */
export function exportHash(secrets: Secrets, id: number): string {
  const digest = Buffer.from(secrets.sign('subscriber hash', String(id)), 'base64url').subarray(0, 16)
  digest[6] = ((digest[6] as number) & 0x0f) | 0x80
  digest[8] = ((digest[8] as number) & 0x3f) | 0x80
  const hex = digest.toString('hex')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

export function isExportHash(secrets: Secrets, id: number, hash: string): boolean {
  return Number.isSafeInteger(id) && id > 0 && exportHash(secrets, id) === hash.toLowerCase()
}
