import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { RouteDoc } from '../../http/route-doc.ts'
import { objectOf, optional, ref, text } from '../../http/schemas.ts'
import { Problem } from '../../problem.ts'
import { type Caller, callerOf, person } from '../caller.ts'
import { endLocalMode, localModeOn } from '../local-mode.ts'
import { hashPassword, passwordMatches } from '../passwords.ts'
import { endSessionsOf } from '../sessions.ts'
import { changeUser, emailKey, userByEmail, userById } from '../users.ts'
import type { AccountsDoor } from './accounts-door.ts'
import { confirmations } from './confirm-email.ts'
import { Fields } from './fields.ts'
import type { LoginThrottle } from './login-throttle.ts'
import { enter, signedIn } from './session-state.ts'
import { takenAddressIsInvalid } from './taken-address.ts'
import { userWire } from './wire.ts'

const SET_UP: RouteDoc = {
  summary: 'Give the owner a name and a password',
  description:
    'Asked by a browser in local mode, once: it ends local mode for good, and every session but this one.',
  body: objectOf({ name: text, email: text, password: text }),
  reply: ref('Session'),
}

const CHANGE: RouteDoc = {
  summary: 'Change your name, time zone, locale, address or password',
  description:
    'A new address waits as `pending_email` until the link is opened that is mailed to it. A new password asks for ' +
    'the present one, and ends your other sessions. Not for workspace tokens.',
  body: optional({
    name: text,
    timezone: text,
    locale: text,
    email: text,
    password: text,
    current_password: text,
  }),
  reply: { oneOf: [ref('Session'), { ...objectOf({ user: ref('User') }), description: 'To an API token' }] },
  also: {
    409: 'There is no password yet, which is set by setting this server up; or nothing can be mailed from here',
    429: 'Too many wrong passwords; Retry-After says when to come again',
  },
}

/** The first set-up, and what people change about themselves. */
export function accountRoutes(app: FastifyInstance, door: AccountsDoor, throttle: LoginThrottle): void {
  const { storage, callers, live, loopback, server } = door

  const askToConfirm = confirmations(door)

  app.post('/setup', { config: { doc: SET_UP } }, async (request, reply) => {
    const session = await callers.session(request)
    if (session === undefined || !session.local) throw new Problem('forbidden', 'Set up already')
    const fields = new Fields(request.body)
    const owner = { name: fields.name('name'), email: fields.email('email') }
    const password = fields.newPassword('password')
    fields.check()
    const passwordHash = await hashPassword(password)
    const { id } = session.caller.user
    await takenAddressIsInvalid(() =>
      storage.write.transaction().execute(async trx => {
        // Two tabs may try at once; the second comes too late.
        if (!(await localModeOn(trx, loopback))) throw new Problem('forbidden', 'Set up already')
        await changeUser(trx, id, { ...owner, passwordHash })
        await endLocalMode(trx)
        await endSessionsOf(trx, id)
      }),
    )
    const state = await enter(door, request, reply, id)
    live.tell({}, 'session', {})
    live.drop({ userId: id })
    return state
  })

  app.patch('/account', { config: { doc: CHANGE } }, async (request, reply) => {
    const caller = person(callerOf(request))
    const fields = new Fields(request.body)
    const changes = {
      ...(fields.has('name') && { name: fields.name('name') }),
      ...(fields.has('timezone') && { timezone: fields.timeZone('timezone') }),
      ...(fields.has('locale') && { locale: fields.locale('locale') }),
    }
    const password = fields.has('password') ? fields.newPassword('password') : undefined
    const email = fields.has('email') ? fields.email('email') : undefined
    if (email !== undefined) await checkAddress(caller, email, fields)
    fields.check()
    if (password === undefined) await changeUser(storage.write, caller.user.id, changes)
    else await changePassword(request, fields, caller.user.id, changes, password)
    if (email !== undefined) await askToConfirm(caller.user, email)
    return answer(request, reply, caller.user.id)
  })

  async function checkAddress({ user }: Caller, email: string, fields: Fields): Promise<void> {
    if (emailKey(email) === user.email) return
    if (!server().mails)
      throw new Problem(
        'conflict',
        'An address is confirmed by mail, and this server has no relay to send any',
      )
    if ((await userByEmail(storage.read, email)) !== undefined) fields.fault('email', 'is taken')
  }

  async function changePassword(
    request: FastifyRequest,
    fields: Fields,
    userId: number,
    changes: { name?: string; timezone?: string; locale?: string },
    password: string,
  ): Promise<void> {
    const { user, session } = callerOf(request)
    const present = (await userById(storage.read, userId))?.password_hash
    if (typeof present !== 'string')
      throw new Problem('conflict', 'The first password is set by setting this server up')
    const known = fields.has('current_password') ? fields.text('current_password') : ''
    const right = await throttle.attempt(request.ip, user.email, async () =>
      (await passwordMatches(known, present)) ? true : undefined,
    )
    if (right === undefined) fields.fault('current_password', 'is wrong')
    fields.check()
    const passwordHash = await hashPassword(password)
    await storage.write.transaction().execute(async trx => {
      await changeUser(trx, userId, { ...changes, passwordHash })
      await endSessionsOf(trx, userId, session)
    })
    live.tell({ userId }, 'session', {})
  }

  async function answer(request: FastifyRequest, reply: FastifyReply, userId: number) {
    const session = await callers.session(request)
    if (session !== undefined) return signedIn(door, session)
    const user = await userById(storage.read, userId)
    if (user === undefined) throw new Problem('absent')
    return reply.send({ user: userWire(user) })
  }
}
