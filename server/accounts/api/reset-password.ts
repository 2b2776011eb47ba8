import type { FastifyInstance, FastifyRequest } from 'fastify'
import { RateLimit } from '../../http/rate-limit.ts'
import type { RouteDoc } from '../../http/route-doc.ts'
import { objectOf, text } from '../../http/schemas.ts'
import { Problem } from '../../problem.ts'
import { passwordResetLetter } from '../letters.ts'
import { originIsOurs } from '../own-origin.ts'
import { passwordResetToken, passwordResetUser, replacePassword } from '../password-reset.ts'
import { emailKey, userByEmail } from '../users.ts'
import type { AccountsDoor } from './accounts-door.ts'
import { Fields } from './fields.ts'
import { networkOf } from '../../http/network.ts'

const ASK: RouteDoc = {
  summary: 'Mail a link to a new password',
  description: 'The answer is the same whether or not somebody has the address here.',
  body: objectOf({ email: text }),
  reply: objectOf({}),
  also: {
    404: 'This server mails no such links',
    429: 'Too many; Retry-After says when to come again',
  },
}
const RESET: RouteDoc = {
  summary: 'Set a new password, with what the mailed link says',
  description: 'Within an hour, and once. All sessions end.',
  body: objectOf({ token: text, password: text }),
  reply: objectOf({}),
  also: {
    404: 'The link was used, or is too old, or this server mails no such links',
    429: 'Too many attempts; Retry-After says when to come again',
  },
}

const PER_ADDRESS = { count: 5, seconds: 3600 }
const PER_NETWORK = { count: 30, seconds: 3600 }

export function resetPasswordRoutes(app: FastifyInstance, door: AccountsDoor): void {
  const { storage, secrets, live, server, publicUrl, log } = door
  const perAddress = new RateLimit(PER_ADDRESS)
  const perNetwork = new RateLimit(PER_NETWORK)

  app.post('/account/password_reset', { config: { open: true, doc: ASK } }, async (request, reply) => {
    guard(request)
    const fields = new Fields(request.body)
    const email = fields.email('email')
    fields.check()
    take(perNetwork, networkOf(request.ip))
    // Counted for unknown addresses too.
    take(perAddress, emailKey(email))
    // Nobody is looked up before the answer has gone: the time it takes must not say who has an account.
    reply.raw.once('finish', () => {
      mail(email).catch((error: unknown) =>
        log.error('a link to a new password could not be mailed', { error }),
      )
    })
    return reply.send({})
  })

  app.post('/account/new_password', { config: { open: true, doc: RESET } }, async (request, reply) => {
    guard(request)
    const fields = new Fields(request.body)
    const token = fields.text('token')
    const password = fields.newPassword('password')
    fields.check()
    take(perNetwork, networkOf(request.ip))
    const user = await passwordResetUser(storage.read, secrets, token)
    await replacePassword(storage.write, user, password)
    live.tell({ userId: user.id }, 'session', {})
    live.drop({ userId: user.id })
    return reply.send({})
  })

  function guard(request: FastifyRequest): void {
    if (!server().password_reset) throw new Problem('absent')
    if (!originIsOurs(request, publicUrl))
      throw new Problem('forbidden', 'The request comes from a page of another site')
  }

  async function mail(email: string): Promise<void> {
    const user = await userByEmail(storage.read, email)
    const token = user && (await passwordResetToken(secrets, user))
    if (user === undefined || token === undefined) return
    await door.sendLetter(passwordResetLetter(user.email, `${publicUrl}/reset-password/${token}`))
  }
}

function take(limit: RateLimit, key: string): void {
  const { allowed, retryAfter } = limit.take(key)
  if (!allowed) throw new Problem('too_many', 'Too many attempts, try again later', { retryAfter })
}
