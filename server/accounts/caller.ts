import { Problem } from '../problem.ts'
import { type Act, may, type Role } from './permissions.ts'

/** Who is asking, and as whom. */
export interface Caller {
  /** The person; behind a workspace token, whoever made it. */
  user: { id: number; name: string; email: string; timezone: string }
  /** A workspace token acts for its workspace and is nobody's account. */
  as: 'user' | 'workspace'
  /** The user's current workspace, where new things are made; a workspace token stays inside its own. */
  workspaceId: number
  role: Role
  via: 'token' | 'jwt' | 'session'
  /** The very API token the request carried: `GET /user` gives it back, nothing else may. */
  token?: string
  /** SHA-256 of the session's cookie, hex. */
  session?: string
  /** They signed up, and have still to prove their address: until then they may do next to nothing. */
  unverified?: true
  /** What the rate limit counts by; undefined for browser sessions. */
  limitKey: string | undefined
}

/**
 * Who sent this request. Every route has somebody, unless its config says `open`.
 * The identities of our APIs are made by identify.ts alone, and are callers.
 */
export function callerOf(request: { identity: unknown }): Caller {
  if (request.identity === null) throw new Problem('unauthenticated')
  return request.identity as Caller
}

/**
 * @param on whoever asks, for what they are in their workspace; or what they found, for what they are there
 * @throws Problem `forbidden`
 */
export function insist(on: { role: Role }, act: Act): void {
  if (!may(on.role, act)) throw new Problem('forbidden')
}

/**
 * For what concerns people: a workspace token is nobody, and must not make itself somebody.
 * @throws Problem `forbidden`
 */
export function person(caller: Caller): Caller {
  if (caller.as !== 'user') throw new Problem('forbidden')
  return caller
}
