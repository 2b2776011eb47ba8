import type { FastifyInstance } from 'fastify'
import { RateLimit } from '../../http/rate-limit.ts'
import type { RouteDoc } from '../../http/route-doc.ts'
import { objectOf, ref, text } from '../../http/schemas.ts'
import { Problem } from '../../problem.ts'
import { callerOf, person } from '../caller.ts'
import { beginEmailChange, confirmEmail, giveUpEmailChange } from '../email-change.ts'
import { confirmationLetter } from '../letters.ts'
import { emailKey } from '../users.ts'
import type { AccountsDoor } from './accounts-door.ts'
import { Fields } from './fields.ts'
import { stateOf } from './session-state.ts'
import { userWire } from './wire.ts'

const CONFIRM: RouteDoc = {
  summary: 'Confirm a new address, with what the mailed link says',
  body: objectOf({ token: text }),
  reply: ref('Session'),
  also: {
    404: 'The link was used, or is not the latest, or is too old',
    409: 'Somebody has that address now',
  },
}

/** Each is a mail to somebody who may never have asked for one. */
const LIMIT = { count: 20, seconds: 3600 }

/**
 * What makes a new address wait and mails the link that confirms it. The present one changes nothing: some clients send
 * the whole user back.
 * @throws Problem `conflict`: somebody else has the address; `too_many`
 */
export function confirmations(
  door: AccountsDoor,
): (user: { id: number; email: string }, email: string) => Promise<void> {
  const asked = new RateLimit(LIMIT)
  return async (user, email) => {
    const { storage, secrets, sendLetter, publicUrl } = door
    if (emailKey(email) === user.email) return
    const { allowed, retryAfter } = asked.take(String(user.id))
    if (!allowed) throw new Problem('too_many', 'Too many new addresses, try again later', { retryAfter })
    const { to, token } = await beginEmailChange(storage.write, secrets, user, email)
    await sendLetter(confirmationLetter(to, `${publicUrl}/confirm-email/${token}`))
  }
}

export function confirmEmailRoutes(app: FastifyInstance, door: AccountsDoor): void {
  const { storage, secrets, live } = door

  // The link is the permission: it may be opened in a browser that is not signed in.
  app.post('/account/confirm_email', { config: { open: true, doc: CONFIRM } }, async (request, reply) => {
    const fields = new Fields(request.body)
    const token = fields.text('token')
    fields.check()
    const user = await confirmEmail(storage.write, secrets, token)
    live.tell({ userId: user.id }, 'session', {})
    return stateOf(door, request, reply)
  })

  const giveUp = { summary: 'Keep the present address', reply: objectOf({ user: ref('User') }) }
  app.delete('/account/pending_email', { config: { doc: giveUp } }, async (request, reply) => {
    const { user } = person(callerOf(request))
    const now = await giveUpEmailChange(storage.write, user.id)
    if (now === undefined) throw new Problem('absent')
    live.tell({ userId: user.id }, 'session', {})
    return reply.send({ user: userWire(now) })
  })
}
