import type { Secrets } from '../../accounts/secrets.ts'

/**
 * Addresses of inline parts for the frame that shows a message. That frame has an origin of its own, so no
 * cookie travels with its requests: the address itself is the permission, for a while.
 */

const PURPOSE = 'parts'
const HOUR_MS = 3_600_000
/** Addresses stay the same for an hour, so that the browser's cache is of use. */
const VALID_HOURS = 12

export function partLink(
  secrets: Secrets,
  messageId: number,
  attachmentId: number,
  now = Date.now(),
): string {
  const until = (Math.floor(now / HOUR_MS) + VALID_HOURS).toString(36)
  const signature = secrets.sign(PURPOSE, `${messageId} ${attachmentId} ${until}`)
  return `/api/posthorn/parts/${messageId}/${attachmentId}/${until}.${signature}`
}

export function isPartLink(
  secrets: Secrets,
  messageId: number,
  attachmentId: number,
  given: string,
  now = Date.now(),
): boolean {
  const [, until = '', signature = ''] = /^([0-9a-z]{1,10})\.([\w-]+)$/.exec(given) ?? []
  if (!secrets.verify(PURPOSE, `${messageId} ${attachmentId} ${until}`, signature)) return false
  return Number.parseInt(until, 36) * HOUR_MS > now
}
