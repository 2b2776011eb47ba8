import type { Database } from '../storage/schema.ts'
import { originOf, type Seen } from './own-origin.ts'
import { keepSetting, settingOf } from './settings.ts'
import { somebodyHasPassword } from './users.ts'

/**
 * Local mode: bound to loopback and no password set yet, the web app opens signed in as the owner. What keeps
 * strangers out is that only this machine reaches the listener, so a request must also look as if somebody at
 * this machine had typed the address: pages of other sites run in the same browser.
 */

const ENDED = 'local_mode_ended'

/** @param loopback whether all listeners are bound to this machine only */
export async function localModeOn(db: Database, loopback: boolean): Promise<boolean> {
  return loopback && (await settingOf(db, ENDED)) === undefined && !(await somebodyHasPassword(db))
}

/** For good: when a password is set, somebody is invited, or the server is bound to another address. */
export function endLocalMode(db: Database, now = Date.now()): Promise<void> {
  return keepSetting(db, ENDED, new Date(now).toISOString())
}

/** What proxies add; behind one, the whole world may look like this machine. */
const FORWARDED = [
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
  'via',
]

/**
 * Whether a request comes from a page of ours, opened on this machine under a name of this machine:
 * - `Host` names a loopback host. A page of attacker.example whose name was made to point to 127.0.0.1
 *   (DNS rebinding) still sends its own name.
 * - `Origin` and `Referer`, if sent, are exactly ours: a page from another local port is a stranger. A proxy
 *   that passes on `Host: localhost` gives itself away here.
 * - `Sec-Fetch-Site`, if sent, says that no other site asked.
 */
export function looksLocal({ headers, protocol }: Seen): boolean {
  const { host = '', origin, referer } = headers
  if (!isLoopbackHost(host) || FORWARDED.some(name => headers[name] !== undefined)) return false
  const own = `${protocol}://${host}`
  if (origin !== undefined && origin !== own) return false
  if (referer !== undefined && originOf(referer) !== originOf(own)) return false
  const site = headers['sec-fetch-site']
  return site === undefined || site === 'same-origin' || site === 'none'
}

/** `localhost`, names under it (RFC 6761, section 6.3), 127.0.0.0/8, `[::1]`; with any port: tunnels have their own. */
function isLoopbackHost(host: string): boolean {
  return /^(?:(?:[a-z0-9-]+\.)*localhost|127(?:\.(?:0|[1-9]\d{0,2})){3}|\[::1\])(?::\d{1,5})?$/i.test(host)
}
