import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { textOf, wrapped } from '../../http/rails-body.ts'
import { say } from '../../http/say.ts'
import { objectOf, optional, ref, text } from '../../http/schemas.ts'
import { Problem } from '../../problem.ts'
import { type Caller, callerOf } from '../caller.ts'
import { resetApiToken, resetToken, tokenHash } from '../tokens.ts'
import { changeUser, userById } from '../users.ts'
import { isTimeZone } from '../zoned-time.ts'
import type { AccountsDoor } from './accounts-door.ts'
import { confirmations } from './confirm-email.ts'
import { isEmail, MAX_NAME } from './fields.ts'
import { mailtrapUserWire } from './wire.ts'

const body = objectOf({ user: optional({ name: text, timezone: text, email: text }) })

/** The user in Mailtrap's V1 (contract, section 4). */
export function mailtrapUserRoutes(app: FastifyInstance, door: AccountsDoor): void {
  const { storage, live } = door
  const askToConfirm = confirmations(door)

  app.get('/user', { config: { doc: { summary: 'Whoever asks', reply: ref('User') } } }, (request, reply) =>
    answer(request, reply, callerOf(request)),
  )

  const change = {
    summary: 'Change your name, time zone or address',
    description:
      'A new address counts once the link is opened that is mailed to it; `pending_email` until then.',
    body,
    reply: ref('User'),
  }
  app.patch('/user', { config: { doc: change } }, async (request, reply) => {
    const caller = callerOf(request)
    const given = wrapped(request.body, 'user')
    const { email, ...changes } = wanted(given)
    if (email !== undefined) await beginChange(caller, email)
    await changeUser(storage.write, caller.user.id, changes)
    live.tell({ userId: caller.user.id }, 'session', {})
    return answer(request, reply, caller)
  })

  const reset = {
    summary: 'A new API token in the place of the one that is used here',
    description:
      'The old one stops at once. Asked with a JWT or by a browser, your oldest token is replaced.',
    reply: ref('User'),
  }
  app.patch('/user/reset_api_token', { config: { doc: reset } }, async (request, reply) => {
    const caller = callerOf(request)
    const token =
      caller.token === undefined
        ? await resetApiToken(storage.write, caller.user.id)
        : (await resetToken(storage.write, tokenHash(caller.token)))?.value
    // Of two that come at once with the same token one was answered already: with a token that now counts instead.
    if (token === undefined) throw new Problem('unauthenticated')
    return answer(request, reply, { ...caller, token })
  })

  async function beginChange(caller: Caller, email: string): Promise<void> {
    try {
      await askToConfirm(caller.user, email)
    } catch (error) {
      if (!(error instanceof Problem) || error.kind !== 'conflict') throw error
      throw new Problem('invalid', '', { fields: { email: ['has already been taken'] } })
    }
  }

  async function answer(request: FastifyRequest, reply: FastifyReply, caller: Caller): Promise<FastifyReply> {
    const user = await userById(storage.read, caller.user.id)
    if (user === undefined) throw new Problem('absent')
    return say(request, reply, mailtrapUserWire(user, caller), 'user')
  }
}

/** @throws Problem `invalid`, in Rails' words */
function wanted(given: Record<string, unknown>): { name?: string; timezone?: string; email?: string } {
  const fields: Record<string, string[]> = {}
  const texts: { name?: string; timezone?: string; email?: string } = {}
  for (const key of ['name', 'timezone', 'email'] as const)
    if (given[key] !== undefined) texts[key] = textOf(given[key]).trim()
  const { name, timezone, email } = texts
  if (name === '') fields.name = ["can't be blank"]
  else if (name !== undefined && name.length > MAX_NAME)
    fields.name = [`is too long (maximum is ${MAX_NAME} characters)`]
  if (timezone !== undefined && !isTimeZone(timezone)) fields.timezone = ['is not included in the list']
  if (email === '') fields.email = ["can't be blank"]
  else if (email !== undefined && (!isEmail(email) || email.length > MAX_NAME)) fields.email = ['is invalid']
  if (Object.keys(fields).length > 0) throw new Problem('invalid', '', { fields })
  return texts
}
