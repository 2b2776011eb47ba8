import type { FastifyInstance, FastifyRequest } from 'fastify'
import { workspaceById } from '../../accounts/workspaces.ts'
import { RateLimit } from '../../http/rate-limit.ts'
import { ref } from '../../http/schemas.ts'
import { Problem } from '../../problem.ts'
import { confirmTarget, type ForwardTarget, targetOfToken } from '../forward-targets.ts'
import type { Sandbox } from './sandbox.ts'
import type { Confirmation } from './wire.ts'

const ABSENT = { 404: 'The link does not count, or not any more', 429: 'Too many attempts' }

/** What the link in a confirmation mail leads to. Whoever reads the mail needs no account here. */
export function webConfirmations(app: FastifyInstance, sandbox: Sandbox): void {
  const { storage, secrets } = sandbox
  const limit = new RateLimit({ count: 30, seconds: 60 })

  const asked = async (request: FastifyRequest): Promise<ForwardTarget> => {
    const { allowed, retryAfter } = limit.take(request.ip)
    if (!allowed) throw new Problem('too_many', '', { retryAfter })
    return targetOfToken(storage.read, secrets, (request.params as { token?: string }).token ?? '')
  }
  const wire = async ({ value, status, workspace_id }: ForwardTarget): Promise<Confirmation> => ({
    email: value,
    workspace: (await workspaceById(storage.read, workspace_id))?.name ?? '',
    status,
  })

  const look = { summary: 'What a confirmation link is about', reply: ref('Confirmation'), also: ABSENT }
  app.get('/confirmations/:token', { config: { open: true, doc: look } }, async (request, reply) =>
    reply.send(await wire(await asked(request))),
  )

  const agree = {
    summary: 'Agree to be forwarded mail',
    description: 'Only this confirms, opening the link does not. A second time changes nothing.',
    reply: ref('Confirmation'),
    also: ABSENT,
  }
  app.post('/confirmations/:token', { config: { open: true, doc: agree } }, async (request, reply) =>
    reply.send(await wire(await confirmTarget(storage.write, await asked(request)))),
  )
}
