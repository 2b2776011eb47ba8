import { hash, timingSafeEqual } from 'node:crypto'
import { Problem } from '../problem.ts'
import type { Storage } from '../storage/database.ts'
import type { Caller } from './caller.ts'
import { type Credential, type CredentialReader, credentialOf } from './credentials.ts'
import { readJwt } from './jwt.ts'
import { localModeOn, looksLocal } from './local-mode.ts'
import { originIsOurs, type Seen } from './own-origin.ts'
import type { Secrets } from './secrets.ts'
import { sessionCookie } from './session-cookie.ts'
import { extendSession, sessionByHash, sessionHash, wantsExtending } from './sessions.ts'
import type { TokenUses } from './token-uses.ts'
import { tokenHash } from './tokens.ts'
import { type User, userById } from './users.ts'
import { currentMembership, membershipsOf } from './workspaces.ts'

interface Options {
  storage: Pick<Storage, 'read' | 'write' | 'stamp'>
  secrets: Secrets
  publicUrl: string
  /** Whether all listeners are bound to this machine only. */
  loopback: boolean
  /** Told of every request that a token was good for. */
  uses?: Pick<TokenUses, 'note'>
}

/** The part of a request that says who sent it. */
export interface Asking extends Seen {
  method: string
  query: unknown
}

/** Which tokens count on a path: those of users only, or those of workspaces as well. */
export type Counting = 'user' | 'any'

export interface BrowserSession {
  caller: Caller
  csrf: string
  expiresAt: number
  /** Opened by local mode: the user has no password, and only requests from this machine count. */
  local: boolean
}

interface Known {
  caller: Caller
  tokenId?: number
  session?: BrowserSession
}

interface LookUp {
  stamp: number | undefined
  known: Promise<Known | undefined>
}

const MAX_KNOWN = 5_000
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Who is asking. Answers are kept as long as nothing was written to the storage, so that a busy client is
 * looked up once; where the storage cannot tell, everybody is looked up each time.
 */
export class Callers {
  readonly #options: Options
  readonly #known = new Map<string, Known>()
  readonly #underWay = new Map<string, LookUp>()
  #stamp: number | undefined

  constructor(options: Options) {
    this.#options = options
  }

  /**
   * @param body parsed, if it was read already: it may hold the parameter `api_token`
   * @param unverifiedToo whether people count whose address is still to be proved
   * @param read where the dialect looks for a token
   * @returns undefined if the request carries no credentials, or a session that ended
   * @throws Problem `unauthenticated`: a token that does not count; `unverified`; `forbidden`: a session's call
   * without CSRF token
   */
  identify(
    request: Asking,
    body: unknown,
    counting: Counting,
    unverifiedToo = false,
    read: CredentialReader = credentialOf,
  ): Caller | undefined | Promise<Caller | undefined> {
    const found = this.#identify(request, body, counting, read)
    if (unverifiedToo) return found
    return found instanceof Promise ? found.then(requireVerified) : requireVerified(found)
  }

  #identify(
    request: Asking,
    body: unknown,
    counting: Counting,
    read: CredentialReader,
  ): Caller | undefined | Promise<Caller | undefined> {
    const credential = read(request.headers, request.query, body)
    if (credential !== undefined) {
      const known = this.#recall(keyOf(credential))
      return known === undefined ? this.#byToken(credential, counting) : this.#counted(known, counting)
    }
    const cookie = sessionCookie(request.headers.cookie)
    if (cookie === undefined) return undefined
    const known = this.#recall(`session ${cookie}`)
    if (known?.session !== undefined) return this.#admit(request, known.session)
    return this.session(request).then(session => session && this.#admit(request, session))
  }

  /** The browser's session alone, for reading: no CSRF token is asked for. */
  async session(request: Seen): Promise<BrowserSession | undefined> {
    const cookie = sessionCookie(request.headers.cookie)
    if (cookie === undefined) return undefined
    const key = `session ${cookie}`
    const known =
      this.#recall(key) ?? (await this.#learn(key, () => this.#lookUpSession(sessionHash(cookie))))
    const session = known?.session
    return session !== undefined && this.#alive(request, session) ? session : undefined
  }

  #admit(request: Asking, session: BrowserSession): Caller | undefined {
    if (!this.#alive(request, session)) return undefined
    if (!SAFE_METHODS.has(request.method)) {
      if (!originIsOurs(request, this.#options.publicUrl))
        throw new Problem('forbidden', 'The request comes from a page of another site')
      if (!sameSecret(String(request.headers['x-csrf-token'] ?? ''), session.csrf))
        throw new Problem('forbidden', 'The CSRF token is missing or old; reload the page')
    }
    if (wantsExtending(session.expiresAt) && session.caller.session !== undefined)
      // Should it fail, the next request does it.
      extendSession(this.#options.storage.write, session.caller.session).catch(() => {})
    return session.caller
  }

  #alive(request: Seen, session: BrowserSession): boolean {
    return session.expiresAt > Date.now() && (!session.local || looksLocal(request))
  }

  async #byToken(credential: Credential, counting: Counting): Promise<Caller> {
    const { value } = credential
    const known = await this.#learn(keyOf(credential), () =>
      isJwt(credential) ? this.#lookUpJwt(value) : this.#lookUpToken(value),
    )
    if (known === undefined) throw new Problem('unauthenticated')
    return this.#counted(known, counting)
  }

  #counted({ caller, tokenId }: Known, counting: Counting): Caller {
    if (counting === 'user' && caller.as === 'workspace') throw new Problem('unauthenticated')
    if (tokenId !== undefined) this.#options.uses?.note(tokenId)
    return caller
  }

  async #lookUpToken(value: string): Promise<Known | undefined> {
    const db = this.#options.storage.read
    const token = await db
      .selectFrom('tokens')
      .select(['id', 'kind', 'user_id', 'workspace_id'])
      .where('hash', '=', tokenHash(value))
      .executeTakeFirst()
    const user = token && (await userById(db, token.user_id))
    if (token === undefined || user === undefined) return undefined
    const limitKey = `token ${token.id}`
    if (token.kind === 'workspace') {
      if (token.workspace_id === null) return undefined
      const workspaceId = token.workspace_id
      // Within its workspace such a token may do everything an admin may; its maker's role does not matter.
      const caller = {
        user: personOf(user),
        as: 'workspace',
        workspaceId,
        role: 'admin',
        via: 'token',
        limitKey,
      } as const
      return { caller, tokenId: token.id }
    }
    const caller = await this.#callerFor(user, { via: 'token', limitKey, token: value })
    return caller && { caller, tokenId: token.id }
  }

  async #lookUpJwt(value: string): Promise<Known | undefined> {
    const claims = await readJwt(this.#options.secrets, value)
    const user = claims && (await userById(this.#options.storage.read, claims.userId))
    if (user === undefined || user.jwt_id !== claims?.jwtId) return undefined
    const caller = await this.#callerFor(user, { via: 'jwt', limitKey: `jwt ${user.id}` })
    return caller && { caller }
  }

  async #lookUpSession(hashed: string): Promise<Known | undefined> {
    const db = this.#options.storage.read
    const session = await sessionByHash(db, hashed)
    const user = session && (await userById(db, session.user_id))
    if (session === undefined || user === undefined) return undefined
    const local = user.password_hash === null
    if (local && !(await localModeOn(db, this.#options.loopback))) return undefined
    const caller = await this.#callerFor(user, { via: 'session', limitKey: undefined, session: hashed })
    return caller && { caller, session: { caller, csrf: session.csrf, expiresAt: session.expires_at, local } }
  }

  async #callerFor(
    user: User,
    how: Pick<Caller, 'via' | 'limitKey' | 'token' | 'session'>,
  ): Promise<Caller | undefined> {
    const memberships = await membershipsOf(this.#options.storage.read, user.id)
    const membership = currentMembership(memberships, user.current_workspace_id)
    if (membership === undefined) return undefined
    const unverified = user.verified_at === null && { unverified: true as const }
    return { user: personOf(user), as: 'user', ...membership, ...how, ...unverified }
  }

  #recall(key: string): Known | undefined {
    const stamp = this.#options.storage.stamp()
    if (stamp === undefined) return undefined
    if (stamp !== this.#stamp) {
      this.#known.clear()
      this.#stamp = stamp
      return undefined
    }
    return this.#known.get(key)
  }

  #learn(key: string, lookUp: () => Promise<Known | undefined>): Promise<Known | undefined> {
    const stamp = this.#options.storage.stamp()
    // After each write many ask for the same token at once. What was begun since that write is true for all of them.
    const begun = this.#underWay.get(key)
    if (begun !== undefined && stamp !== undefined && begun.stamp === stamp) return begun.known
    const known = this.#lookUpAndKeep(key, stamp, lookUp).finally(() => {
      if (this.#underWay.get(key)?.known === known) this.#underWay.delete(key)
    })
    this.#underWay.set(key, { stamp, known })
    return known
  }

  async #lookUpAndKeep(
    key: string,
    stamp: number | undefined,
    lookUp: () => Promise<Known | undefined>,
  ): Promise<Known | undefined> {
    const known = await lookUp()
    // Written meanwhile: true perhaps, but not to be relied on again.
    if (known !== undefined && stamp !== undefined && stamp === this.#stamp) {
      if (this.#known.size >= MAX_KNOWN) this.#known.clear()
      this.#known.set(key, known)
    }
    return known
  }
}

/** Elsewhere than behind `Bearer` the text of a JWT is a token that nobody has. */
function isJwt({ value, bearer }: Credential): boolean {
  return bearer && value.includes('.')
}

function keyOf(credential: Credential): string {
  return `${isJwt(credential) ? 'jwt' : 'token'} ${credential.value}`
}

function requireVerified(caller: Caller | undefined): Caller | undefined {
  if (caller?.unverified) throw new Problem('unverified')
  return caller
}

function personOf({ id, name, email, timezone }: User): Caller['user'] {
  return { id, name, email, timezone }
}

/** Hashed first, so that neither length nor content shows in the time it takes. */
function sameSecret(given: string, right: string): boolean {
  return timingSafeEqual(hash('sha256', given, 'buffer'), hash('sha256', right, 'buffer'))
}
