import { isIPv4 } from 'node:net'
import type { SubmitTarget } from '../mail/smtp/client-opening.ts'

/** The operator's way out, as the URL gives it. */
export type RelayServer = Pick<SubmitTarget, 'host' | 'port' | 'auth'> & {
  secure: NonNullable<SubmitTarget['secure']>
}

const STARTTLS = { required: 'starttls', opportunistic: 'opportunistic', off: 'none' } as const

const SHAPE = 'must be smtp://user:password@host:port or smtps://…'

/**
 * `smtps` is TLS from the first byte, with a certificate that is checked. `smtp` upgrades: with a login the upgrade
 * is required and the certificate checked, for the password must not go to whoever sits in between; without one, or to
 * this very machine, TLS is taken where offered. `?starttls=required|opportunistic|off` says otherwise.
 * @throws Error whose message completes "<name of the setting> …" and holds nothing of the URL, which is secret
 */
export function relayServer(text: string): RelayServer {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^smtps?:$/.test(url.protocol) || url.hostname === '') throw new Error(SHAPE)
  const host = url.hostname.replaceAll(/[[\]]/g, '')
  const auth =
    url.username === '' ? undefined : { username: decoded(url.username), password: decoded(url.password) }
  const asked = url.searchParams.get('starttls')
  if (asked !== null && !(asked in STARTTLS))
    throw new Error('must say starttls=required, opportunistic or off')
  if (asked !== null && url.protocol === 'smtps:') throw new Error('has no use for starttls with smtps')
  const usual = auth !== undefined && !isThisMachine(host) ? 'required' : 'opportunistic'
  const secure = url.protocol === 'smtps:' ? 'tls' : STARTTLS[(asked as keyof typeof STARTTLS) ?? usual]
  // RFC 8314 section 7.3 and RFC 6409 section 3.1: submission has ports of its own.
  const usualPort = secure === 'tls' ? 465 : auth === undefined ? 25 : 587
  return { host, port: Number(url.port || usualPort), secure, ...(auth && { auth }) }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    throw new Error('has a % in its login that is not followed by two hexadecimal digits; write it %25')
  }
}

function isThisMachine(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'))
}
