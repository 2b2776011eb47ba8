import type { FastifyInstance } from 'fastify'
import { RateLimit } from '../../http/rate-limit.ts'
import type { RouteDoc } from '../../http/route-doc.ts'
import { ref, text } from '../../http/schemas.ts'
import { Problem } from '../../problem.ts'
import { originIsOurs } from '../own-origin.ts'
import { hashPassword } from '../passwords.ts'
import { insertPerson } from '../people.ts'
import { changeUser, somebodyHasPassword, userByEmail } from '../users.ts'
import type { AccountsDoor } from './accounts-door.ts'
import { Fields } from './fields.ts'
import type { LoginThrottle } from './login-throttle.ts'
import { networkOf } from '../../http/network.ts'
import { enter } from './session-state.ts'
import { takenAddressIsInvalid } from './taken-address.ts'
import { proofs } from './verify-email.ts'

const REGISTER: RouteDoc = {
  summary: 'Sign up',
  description:
    'Where POSTHORN_REGISTRATION is on. Makes a workspace and its owner, who may do nothing before they have opened ' +
    'the link that is mailed to them. `timezone` and `locale` are those of the browser.',
  body: {
    type: 'object',
    required: ['workspace', 'name', 'email', 'password'],
    properties: { workspace: text, name: text, email: text, password: text, timezone: text, locale: text },
  },
  reply: ref('Session'),
  also: {
    403: 'The request comes from a page of another site',
    404: 'Nobody signs up here by themselves',
    409: 'The owner of this server has no password yet',
    429: 'Too many attempts; Retry-After says when to come again',
  },
}

/** Each is a mail to somebody who may never have asked for one. An office has one address. */
const LIMIT = { count: 20, seconds: 3600 }

export function registerRoutes(app: FastifyInstance, door: AccountsDoor, throttle: LoginThrottle): void {
  const { storage, server, publicUrl } = door
  const seen = new RateLimit(LIMIT)
  const askForProof = proofs(door)

  app.post('/register', { config: { open: true, doc: REGISTER } }, async (request, reply) => {
    if (!server().registration) throw new Problem('absent')
    if (!originIsOurs(request, publicUrl))
      throw new Problem('forbidden', 'The request comes from a page of another site')
    // The first password ends local mode: it must not be a stranger's.
    if (!(await somebodyHasPassword(storage.read)))
      throw new Problem('conflict', 'The owner of this server has to set a password first')
    const fields = new Fields(request.body)
    const person = {
      workspaceName: fields.name('workspace'),
      name: fields.name('name'),
      email: fields.email('email'),
      verified: false,
    }
    const password = fields.newPassword('password')
    const ways = {
      ...(fields.has('timezone') && { timezone: fields.timeZone('timezone') }),
      ...(fields.has('locale') && { locale: fields.locale('locale') }),
    }
    fields.check()
    const { allowed, retryAfter } = seen.take(networkOf(request.ip))
    if (!allowed) throw new Problem('too_many', 'Too many new accounts, try again later', { retryAfter })
    if ((await userByEmail(storage.read, person.email)) !== undefined) fields.fault('email', 'is taken')
    fields.check()
    // For the sake of how many are hashed at once; whoever signs up guesses nothing.
    const user = await throttle.attempt(request.ip, person.email, async () => {
      const passwordHash = await hashPassword(password)
      return takenAddressIsInvalid(() =>
        storage.write.transaction().execute(async trx => {
          const made = (await insertPerson(trx, person, passwordHash)).user
          await changeUser(trx, made.id, ways)
          return made
        }),
      )
    })
    if (user === undefined) throw new Problem('broken')
    await askForProof(user)
    return enter(door, request, reply, user.id)
  })
}
