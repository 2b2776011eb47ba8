import type { FastifyInstance, FastifyRequest } from 'fastify'
import { idFrom } from '../../http/ids.ts'
import { RateLimit } from '../../http/rate-limit.ts'
import type { RouteDoc } from '../../http/route-doc.ts'
import { integer, listOf, objectOf, oneOf, orNull, ref, text, truth } from '../../http/schemas.ts'
import { Problem } from '../../problem.ts'
import { type Caller, callerOf, insist, person } from '../caller.ts'
import {
  createInvitation,
  deleteInvitation,
  type Invitation,
  invitationById,
  invitationsOf,
  renewInvitation,
  scopeOf,
} from '../invitations.ts'
import { invitationLetter, joinedLetter } from '../letters.ts'
import { may } from '../permissions.ts'
import { type FoundScope, join, type Scope, scopeFor } from '../scopes.ts'
import { userByEmail, userById, usersById } from '../users.ts'
import type { AccountsDoor } from './accounts-door.ts'
import { Fields } from './fields.ts'
import { type InvitationWire, type InviteReply, invitationWire } from './wire.ts'

const LIST: RouteDoc = {
  summary: 'Who is invited and has not come yet',
  description: 'To the present workspace and what is in it, as far as you may manage people there.',
  reply: objectOf({ invitations: listOf(ref('Invitation')) }),
}
const CREATE: RouteDoc = {
  summary: 'Invite somebody to a workspace, a project or an inbox',
  description:
    'Whoever has an account here joins at once; others get a link that works once, within seven days. An invitation ' +
    'of the same address to the same thing is replaced.',
  body: objectOf({
    scope: objectOf({ kind: oneOf('workspace', 'project', 'inbox'), id: integer }),
    email: text,
    role: oneOf('admin', 'viewer'),
  }),
  reply: ref('InviteReply'),
  also: {
    404: 'There is no such thing, or it is not yours',
    409: 'You have no password yet: set one first',
    429: 'Too many invitations; Retry-After says when to come again',
  },
}
const RESEND: RouteDoc = {
  summary: 'A new link in the place of the old one',
  reply: objectOf({ link: text, mailed: truth }),
}
const WITHDRAW: RouteDoc = {
  summary: 'Withdraw an invitation',
  reply: objectOf({ invitation: orNull(ref('Invitation')) }),
}

/** Each may be a mail to somebody who never asked for one. */
const LIMIT = { count: 100, seconds: 3600 }

export function invitationRoutes(app: FastifyInstance, door: AccountsDoor): void {
  const { storage, shared, sendLetter, publicUrl } = door
  const sent = new RateLimit(LIMIT)

  app.get('/invitations', { config: { doc: LIST } }, async (request, reply) => {
    const caller = person(callerOf(request))
    const invitations = []
    for (const invitation of await invitationsOf(storage.read, caller.workspaceId)) {
      const scope = await scopeFor(storage.read, shared, scopeOf(invitation), caller.user.id)
      if (scope !== undefined && may(scope.role, 'manage_people')) invitations.push({ invitation, scope })
    }
    const inviters = await usersById(
      storage.read,
      invitations.map(({ invitation }) => invitation.invited_by),
    )
    return reply.send({
      invitations: invitations.map(({ invitation, scope }) =>
        invitationWire(invitation, scope.name, inviters.get(invitation.invited_by)?.name ?? ''),
      ),
    })
  })

  app.post('/invitations', { config: { doc: CREATE } }, async (request, reply) => {
    const caller = person(callerOf(request))
    const { scope, email, role } = wanted(request.body)
    const found = await scopeFor(storage.read, shared, scope, caller.user.id)
    if (found === undefined) throw new Problem('absent')
    insist(found, 'manage_people')
    await mustHavePassword(caller)
    count(caller)
    const known = await userByEmail(storage.read, email)
    // Anybody may have signed up with that address: until it is proved, the link goes to whoever reads its mail.
    if (known !== undefined && known.verified_at !== null) {
      await storage.write.transaction().execute(trx => join(trx, shared, scope, known.id, role))
      const mailed = await sendLetter(joinedLetter(offer(known.email, caller, scope, found), publicUrl))
      const joined: InviteReply = { invitation: null, link: null, mailed, joined: true }
      return reply.send(joined)
    }
    const { invitation, secret } = await storage.write.transaction().execute(trx =>
      createInvitation(trx, {
        workspaceId: found.workspaceId,
        scope,
        email,
        role,
        invitedBy: caller.user.id,
      }),
    )
    const invited: InviteReply = {
      invitation: invitationWire(invitation, found.name, caller.user.name),
      ...(await mail(caller, invitation, found, secret)),
      joined: false,
    }
    return reply.send(invited)
  })

  app.post('/invitations/:id/resend', { config: { doc: RESEND } }, async (request, reply) => {
    const caller = person(callerOf(request))
    const { invitation, scope } = await foundInvitation(request, caller)
    count(caller)
    const renewed = await renewInvitation(storage.write, invitation.id)
    if (renewed === undefined) throw new Problem('absent')
    return reply.send(await mail(caller, renewed.invitation, scope, renewed.secret))
  })

  app.delete('/invitations/:id', { config: { doc: WITHDRAW } }, async (request, reply) => {
    const caller = person(callerOf(request))
    const { invitation, scope } = await foundInvitation(request, caller)
    if (!(await deleteInvitation(storage.write, invitation.id))) throw new Problem('absent')
    const inviter = await userById(storage.read, invitation.invited_by)
    const withdrawn: InvitationWire = invitationWire(invitation, scope.name, inviter?.name ?? '')
    return reply.send({ invitation: withdrawn })
  })

  /** One of a workspace that is not the present one is found too: its id was given for something the caller manages. */
  async function foundInvitation(
    request: FastifyRequest,
    caller: Caller,
  ): Promise<{ invitation: Invitation; scope: FoundScope }> {
    const id = idFrom((request.params as { id: string }).id)
    const invitation = await invitationById(storage.read, id)
    const scope = invitation && (await scopeFor(storage.read, shared, scopeOf(invitation), caller.user.id))
    // Invitations exist for those alone who may manage them.
    if (invitation === undefined || scope === undefined) throw new Problem('absent')
    insist(scope, 'manage_people')
    return { invitation, scope }
  }

  async function mail(
    caller: Caller,
    invitation: Invitation,
    scope: FoundScope,
    secret: string,
  ): Promise<{ link: string; mailed: boolean }> {
    const link = `${publicUrl}/invitation/${secret}`
    const { email, expires_at } = invitation
    const mailed = await sendLetter(
      invitationLetter(offer(email, caller, scopeOf(invitation), scope), link, expires_at),
    )
    return { link, mailed }
  }

  /** In local mode whoever sits at this machine is the owner: nobody else may come before that has ended. */
  async function mustHavePassword({ user }: Caller): Promise<void> {
    const { password_hash = null } = (await userById(storage.read, user.id)) ?? {}
    if (password_hash === null) throw new Problem('conflict', 'Set a password first')
  }

  function count({ user }: Caller): void {
    const { allowed, retryAfter } = sent.take(String(user.id))
    if (!allowed) throw new Problem('too_many', 'Too many invitations, try again later', { retryAfter })
  }
}

function offer(to: string, { user }: Caller, { kind }: Scope, { name }: FoundScope) {
  return { to, by: user.name, kind, thing: name }
}

/** @throws Problem `malformed`, `invalid` */
function wanted(body: unknown): { scope: Scope; email: string; role: 'admin' | 'viewer' } {
  const fields = new Fields(body)
  const email = fields.email('email')
  const role = fields.role('role', ['admin', 'viewer'])
  const { kind, id } = ((body as { scope?: unknown }).scope ?? {}) as { kind?: unknown; id?: unknown }
  const found = (['workspace', 'project', 'inbox'] as const).find(one => one === kind)
  if (found === undefined || !Number.isSafeInteger(id))
    fields.fault('scope', 'must be the kind (workspace, project or inbox) and the id of what it is for')
  fields.check()
  return { scope: { kind: found ?? 'workspace', id: Number(id) }, email, role }
}
