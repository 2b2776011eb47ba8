import type { FastifyInstance, FastifyRequest } from 'fastify'
import { callerOf, insist } from '../../accounts/caller.ts'
import { type User, usersById } from '../../accounts/users.ts'
import { timeIn } from '../../accounts/zoned-time.ts'
import { idFrom } from '../../http/ids.ts'
import { wrapped } from '../../http/rails-body.ts'
import { say } from '../../http/say.ts'
import { listOf, objectOf, oneOf, ref, text } from '../../http/schemas.ts'
import { Problem } from '../../problem.ts'
import { removeShare, type Share, sharedThings, sharesOf } from '../shares.ts'
import { foundInbox } from './found.ts'
import type { Sandbox } from './sandbox.ts'
import { wantedPerson } from './shared-users.ts'
import type { InboxUserWire } from './wire.ts'

interface Given {
  share: Share
  user: User
}

const given = objectOf({ inbox_user: objectOf({ email: text, role: oneOf('admin', 'viewer', 'user') }) })

/** Those who were given this one inbox, and nobody else (contract, section 6.1). */
export function inboxesUsers(app: FastifyInstance, sandbox: Sandbox): void {
  const { storage, changed } = sandbox

  app.get(
    '/inboxes/:id/inboxes_users',
    { config: { doc: { summary: 'Whom this inbox was given by itself', reply: listOf(ref('InboxUser')) } } },
    async (request, reply) => {
      const inbox = await foundInbox(sandbox, request, 'see_people')
      const people = await givenTo(inbox.id)
      const { timezone } = callerOf(request).user
      return say(
        request,
        reply,
        people.map(one => inboxUserWire(inbox.id, one, timezone)),
        'inboxes_users',
      )
    },
  )

  const give = {
    summary: 'Give somebody who has an account here an inbox',
    description:
      'Nobody loses a stronger role by it; 422 for whoever may do as much there already without being given it.',
    body: given,
    reply: ref('InboxUser'),
  }
  app.post('/inboxes/:id/inboxes_users', { config: { doc: give } }, async (request, reply) => {
    const inbox = await foundInbox(sandbox, request, 'manage_people')
    const { userId, role } = await wantedPerson(sandbox, wrapped(request.body, 'inbox_user'))
    await storage.write
      .transaction()
      .execute(trx => sharedThings.give(trx, { kind: 'inbox', id: inbox.id }, userId, role))
    changed()
    const person = (await givenTo(inbox.id)).find(({ share }) => share.user_id === userId)
    if (person === undefined)
      throw new Problem('invalid', '', { fields: { email: ['has access to the project already'] } })
    return say(
      request,
      reply,
      inboxUserWire(inbox.id, person, callerOf(request).user.timezone),
      'inboxes_user',
    )
  })

  app.get(
    '/inboxes/:id/inboxes_users/:member_id',
    { config: { doc: { summary: 'One of those whom this inbox was given', reply: ref('InboxUser') } } },
    async (request, reply) => {
      const { inbox, person } = await found(request)
      return say(
        request,
        reply,
        inboxUserWire(inbox.id, person, callerOf(request).user.timezone),
        'inboxes_user',
      )
    },
  )

  app.delete(
    '/inboxes/:id/inboxes_users/:member_id',
    { config: { doc: { summary: 'Take an inbox from somebody, or leave it', reply: ref('InboxUser') } } },
    async (request, reply) => {
      const { inbox, person } = await found(request)
      const { user } = callerOf(request)
      const leaves = person.share.user_id === user.id
      if (!leaves) insist(inbox, 'manage_people')
      await removeShare(storage.write, { kind: 'inbox', id: inbox.id }, person.share, !leaves)
      changed()
      return say(request, reply, inboxUserWire(inbox.id, person, user.timezone), 'inboxes_user')
    },
  )

  async function givenTo(inboxId: number): Promise<Given[]> {
    const shares = await sharesOf(storage.read, { kind: 'inbox', id: inboxId })
    const users = await usersById(
      storage.read,
      shares.map(share => share.user_id),
    )
    return shares.flatMap(share => {
      const user = users.get(share.user_id)
      return user === undefined ? [] : [{ share, user }]
    })
  }

  async function found(request: FastifyRequest) {
    const inbox = await foundInbox(sandbox, request, 'see_people')
    const id = idFrom((request.params as { member_id: string }).member_id)
    const person = (await givenTo(inbox.id)).find(({ share }) => share.id === id)
    if (person === undefined) throw new Problem('absent')
    return { inbox, person }
  }
}

function inboxUserWire(inboxId: number, { share, user }: Given, timezone: string): InboxUserWire {
  return {
    id: share.id,
    inbox_id: inboxId,
    created_at: timeIn(timezone, share.created_at),
    updated_at: timeIn(timezone, share.updated_at),
    email: user.email,
    role: share.role,
  }
}
