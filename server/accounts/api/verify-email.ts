import type { FastifyInstance } from 'fastify'
import { RateLimit } from '../../http/rate-limit.ts'
import type { RouteDoc } from '../../http/route-doc.ts'
import { objectOf, ref, text } from '../../http/schemas.ts'
import { Problem } from '../../problem.ts'
import { callerOf, person } from '../caller.ts'
import { proofToken, proveEmail } from '../email-proof.ts'
import { proofLetter } from '../letters.ts'
import type { User } from '../users.ts'
import type { AccountsDoor } from './accounts-door.ts'
import { Fields } from './fields.ts'
import { stateOf } from './session-state.ts'

const VERIFY: RouteDoc = {
  summary: 'Prove your address after signing up, with what the mailed link says',
  body: objectOf({ token: text }),
  reply: ref('Session'),
  also: { 404: 'The link is not whole, or too old' },
}
const AGAIN: RouteDoc = {
  summary: 'Mail the link once more',
  reply: objectOf({}),
  also: { 429: 'Too many; Retry-After says when to come again' },
}

const LIMIT = { count: 5, seconds: 3600 }

/** What mails the link that proves an address. */
export function proofs(door: AccountsDoor): (user: Pick<User, 'id' | 'email'>) => Promise<void> {
  return async user => {
    const { secrets, sendLetter, publicUrl } = door
    const token = await proofToken(secrets, user)
    await sendLetter(proofLetter(user.email, `${publicUrl}/verify-email/${token}`))
  }
}

export function verifyEmailRoutes(app: FastifyInstance, door: AccountsDoor): void {
  const { storage, secrets, live } = door
  const asked = new RateLimit(LIMIT)
  const askForProof = proofs(door)

  // The link is the permission: it may be opened in a browser that is not signed in.
  app.post('/account/verify_email', { config: { open: true, doc: VERIFY } }, async (request, reply) => {
    const fields = new Fields(request.body)
    const token = fields.text('token')
    fields.check()
    const user = await proveEmail(storage.write, secrets, token)
    live.tell({ userId: user.id }, 'session', {})
    return stateOf(door, request, reply)
  })

  const again = { unverified: true, doc: AGAIN }
  app.post('/account/verify_email/send', { config: again }, async (request, reply) => {
    const { user, unverified } = person(callerOf(request))
    if (!unverified) return reply.send({})
    const { allowed, retryAfter } = asked.take(String(user.id))
    if (!allowed)
      throw new Problem('too_many', 'It was mailed several times, try again later', { retryAfter })
    await askForProof(user)
    return reply.send({})
  })
}
