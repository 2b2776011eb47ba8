import type { FastifyInstance } from 'fastify'
import type { RouteDoc } from '../../http/route-doc.ts'
import { objectOf, ref, text } from '../../http/schemas.ts'
import { Problem } from '../../problem.ts'
import { originIsOurs } from '../own-origin.ts'
import { passwordMatches } from '../passwords.ts'
import { endSession } from '../sessions.ts'
import { userByEmail } from '../users.ts'
import type { AccountsDoor } from './accounts-door.ts'
import { Fields } from './fields.ts'
import type { LoginThrottle } from './login-throttle.ts'
import { enter, leave, stateOf } from './session-state.ts'

const SIGN_IN: RouteDoc = {
  summary: 'Sign in',
  description:
    'The reply sets the cookie that the next requests carry. An Origin header, if sent, must be ours.',
  body: objectOf({ email: text, password: text }),
  reply: ref('Session'),
  also: {
    401: 'Wrong email or password',
    403: 'The request comes from a page of another site',
    429: 'Too many attempts; Retry-After says when to come again',
  },
}

/** Signing in and out. */
export function sessionRoutes(app: FastifyInstance, door: AccountsDoor, throttle: LoginThrottle): void {
  const state = {
    summary: 'How this browser stands',
    description: 'In local mode the browser is let in here: the reply sets its cookie.',
    reply: ref('Session'),
  }
  app.get('/session', { config: { open: true, doc: state } }, (request, reply) =>
    stateOf(door, request, reply),
  )

  app.post('/session', { config: { open: true, doc: SIGN_IN } }, async (request, reply) => {
    // There is no CSRF token yet; signing somebody in as somebody else is an attack too.
    if (!originIsOurs(request, door.publicUrl))
      throw new Problem(
        'forbidden',
        'The request comes from a page of another site; is POSTHORN_PUBLIC_URL the address you opened?',
      )
    const fields = new Fields(request.body)
    const email = fields.text('email')
    const password = fields.text('password')
    fields.check()
    const user = await throttle.attempt(request.ip, email, async () => {
      const found = await userByEmail(door.storage.read, email)
      return (await passwordMatches(password, found?.password_hash)) ? found : undefined
    })
    if (user === undefined) {
      door.log.warn('Somebody failed to sign in', { from: request.ip })
      throw new Problem('unauthenticated', 'Wrong email or password')
    }
    const before = await door.callers.session(request)
    if (before?.caller.session !== undefined) await endSession(door.storage.write, before.caller.session)
    return enter(door, request, reply, user.id)
  })

  app.delete(
    '/session',
    { config: { unverified: true, doc: { summary: 'Sign out', reply: ref('Session') } } },
    async (request, reply) => {
      const session = await door.callers.session(request)
      const hashed = session?.caller.session
      if (hashed !== undefined) {
        await endSession(door.storage.write, hashed)
        door.live.tell({ session: hashed }, 'session', {})
        door.live.drop({ session: hashed })
      }
      return leave(door, request, reply)
    },
  )
}
