import type { FastifyRequest } from 'fastify'
import { callerOf } from '../../accounts/caller.ts'
import type { Act } from '../../accounts/permissions.ts'
import { Problem } from '../../problem.ts'
import type { Storage } from '../../storage/database.ts'
import { type Subscriber, subscriberById } from '../audience/subscribers.ts'
import { audienceOf, idIn } from './asked.ts'

/**
 * Whom the path names. Existence comes before permission: somebody of another workspace is absent, not forbidden.
 * @throws Problem `absent`, `forbidden`
 */
export async function foundSubscriber(
  { read }: Pick<Storage, 'read'>,
  request: FastifyRequest,
  act: Act,
): Promise<Subscriber> {
  const subscriber = await subscriberById(read, callerOf(request).workspaceId, idIn(request))
  if (subscriber === undefined) throw new Problem('absent')
  audienceOf(request, act)
  return subscriber
}
