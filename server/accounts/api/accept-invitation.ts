import type { FastifyInstance, FastifyRequest } from 'fastify'
import { RateLimit } from '../../http/rate-limit.ts'
import type { RouteDoc } from '../../http/route-doc.ts'
import { objectOf, optional, ref, text } from '../../http/schemas.ts'
import { Problem } from '../../problem.ts'
import type { Database } from '../../storage/schema.ts'
import { StorageFault } from '../../storage/faults.ts'
import { type Invitation, invitationBySecret, scopeOf, takeInvitation } from '../invitations.ts'
import { originIsOurs } from '../own-origin.ts'
import { hashPassword } from '../passwords.ts'
import { insertPerson } from '../people.ts'
import { join, namedScope } from '../scopes.ts'
import { userByEmail, userById } from '../users.ts'
import { workIn, workspaceById } from '../workspaces.ts'
import type { AccountsDoor } from './accounts-door.ts'
import { Fields } from './fields.ts'
import { networkOf } from '../../http/network.ts'
import { enter, signedIn } from './session-state.ts'
import type { OpenInvitationWire } from './wire.ts'

const SHOW: RouteDoc = {
  summary: 'What an invitation is to, for whoever holds its link',
  reply: objectOf({ invitation: ref('OpenInvitation') }),
  also: { 429: 'Too many attempts; Retry-After says when to come again' },
}
const ACCEPT: RouteDoc = {
  summary: 'Accept an invitation',
  description:
    'By a browser that is signed in: for its user, whatever their address. Else `name` and `password` make an ' +
    'account with the address that was invited. It works once.',
  body: optional({ name: text, password: text }),
  reply: ref('Session'),
  also: {
    404: 'Unknown, used or too old',
    409: 'Somebody has the address here: sign in first',
    429: 'Too many attempts; Retry-After says when to come again',
  },
}

/** Nobody guesses 32 random bytes; this is for the work that trying makes. */
const LIMIT = { count: 60, seconds: 60 }

/** The secret in the link is the permission. */
export function acceptInvitationRoutes(app: FastifyInstance, door: AccountsDoor): void {
  const { storage, callers, shared, publicUrl } = door
  const tried = new RateLimit(LIMIT)

  app.get('/invitations/by_secret/:secret', { config: { open: true, doc: SHOW } }, async (request, reply) => {
    const { invitation } = await found(request)
    const [scope, workspace, inviter, known] = await Promise.all([
      namedScope(storage.read, shared, scopeOf(invitation)),
      workspaceById(storage.read, invitation.workspace_id),
      userById(storage.read, invitation.invited_by),
      userByEmail(storage.read, invitation.email),
    ])
    if (scope === undefined) throw new Problem('absent')
    const shown: OpenInvitationWire = {
      email: invitation.email,
      role: invitation.role,
      scope: { kind: scopeOf(invitation).kind, name: scope.name },
      workspace_name: workspace?.name ?? '',
      invited_by: { name: inviter?.name ?? '' },
      expires_at: new Date(invitation.expires_at).toISOString(),
      has_account: known !== undefined,
    }
    return reply.send({ invitation: shown })
  })

  app.post(
    '/invitations/by_secret/:secret',
    { config: { open: true, doc: ACCEPT } },
    async (request, reply) => {
      const { invitation, secret } = await found(request)
      const caller = await callers.identify(request, undefined, 'user')
      if (caller !== undefined) {
        await accept(secret, async () => caller.user.id)
        const session = await callers.session(request)
        return session === undefined ? enter(door, request, reply, caller.user.id) : signedIn(door, session)
      }
      // There is no CSRF token yet.
      if (!originIsOurs(request, publicUrl))
        throw new Problem('forbidden', 'The request comes from a page of another site')
      return enter(door, request, reply, await makeAccount(request, invitation, secret))
    },
  )

  async function makeAccount(
    { body }: FastifyRequest,
    { email }: Invitation,
    secret: string,
  ): Promise<number> {
    if ((await userByEmail(storage.read, email)) !== undefined) throw taken(email)
    const fields = new Fields(body ?? {})
    const name = fields.name('name')
    const password = fields.newPassword('password')
    fields.check()
    const passwordHash = await hashPassword(password)
    const account = accept(
      secret,
      async trx => (await insertPerson(trx, { name, email }, passwordHash)).user.id,
    )
    return account.catch((error: unknown) => {
      if (error instanceof StorageFault && error.kind === 'duplicate') throw taken(email)
      throw error
    })
  }

  /** Used up and joined, or neither. It is used up first: whoever tries at the same moment waits, and finds it gone. */
  function accept(secret: string, who: (trx: Database) => Promise<number>): Promise<number> {
    return storage.write.transaction().execute(async trx => {
      const invitation = await takeInvitation(trx, secret)
      if (invitation === undefined) throw new Problem('absent')
      const userId = await who(trx)
      await join(trx, shared, scopeOf(invitation), userId, invitation.role)
      if (scopeOf(invitation).kind === 'workspace') await workIn(trx, userId, invitation.workspace_id)
      return userId
    })
  }

  async function found(request: FastifyRequest): Promise<{ invitation: Invitation; secret: string }> {
    const { allowed, retryAfter } = tried.take(networkOf(request.ip))
    if (!allowed) throw new Problem('too_many', 'Too many attempts, try again later', { retryAfter })
    const { secret } = request.params as { secret: string }
    const invitation = await invitationBySecret(storage.read, secret)
    if (invitation === undefined) throw new Problem('absent')
    return { invitation, secret }
  }
}

function taken(email: string): Problem {
  return new Problem('conflict', `Somebody has the address ${email} here; sign in first`)
}
