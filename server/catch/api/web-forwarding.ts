import type { FastifyInstance, FastifyRequest } from 'fastify'
import { callerOf } from '../../accounts/caller.ts'
import { may } from '../../accounts/permissions.ts'
import { membershipsOf, workspaceById } from '../../accounts/workspaces.ts'
import { idFrom } from '../../http/ids.ts'
import { sayJson } from '../../http/json.ts'
import { objectOf, oneOf, ref, text, truth } from '../../http/schemas.ts'
import { Problem } from '../../problem.ts'
import type { ReachedInbox } from '../access.ts'
import { askOwner } from '../forward-confirmation.ts'
import { rulesOf } from '../forward-rules.ts'
import {
  confirmTarget,
  deleteTarget,
  ensureTarget,
  findTarget,
  type ForwardTarget,
  isDomainProved,
  targetsOf,
  targetValue,
} from '../forward-targets.ts'
import { forwardAddress } from '../way-out.ts'
import { forwardTarget, forwardRuleWire } from './forwarding-wire.ts'
import { foundInbox } from './found.ts'
import { textOf } from '../../http/rails-body.ts'
import type { Sandbox } from './sandbox.ts'
import type { ForwardingOverview } from './wire.ts'

const TARGET = objectOf({ target: ref('ForwardTarget') })

/** Where an inbox forwards to. Targets belong to its workspace: they are proved once for all inboxes in it. */
export function webForwarding(app: FastifyInstance, sandbox: Sandbox): void {
  const { storage, wayOut } = sandbox

  app.get(
    '/inboxes/:id/forwarding',
    {
      config: {
        doc: {
          summary: 'Forward rules of an inbox, and where they may lead',
          description:
            'The rules themselves are changed over /api/v1. Targets are listed for those who may manage the inbox, else the list is empty.',
          reply: ref('ForwardingOverview'),
        },
      },
    },
    async (request, reply) => {
      const inbox = await foundInbox(sandbox, request, 'see')
      const rules = await rulesOf(storage.read, inbox.workspace_id, inbox.id)
      const targets = may(inbox.role, 'manage_inbox') ? await targetsOf(storage.read, inbox.workspace_id) : []
      return sayJson(request, reply, {
        relay: wayOut.configured,
        from: { name: wayOut.name, email: forwardAddress(wayOut.domain, inbox.workspace_id, inbox.id) },
        rules: rules.map(rule => forwardRuleWire(sandbox, rule)),
        targets: targets.map(forwardTarget),
        may_forget: await mayForget(request, inbox.workspace_id),
      } satisfies ForwardingOverview)
    },
  )

  app.post(
    '/inboxes/:id/forward_targets',
    {
      config: {
        doc: {
          summary: 'A new address or domain to forward to',
          description:
            'An address is sent a mail with a link that confirms it; a domain is proved by its TXT record. One that is there already is given back.',
          body: objectOf({ kind: oneOf('email', 'domain'), value: text }),
          reply: TARGET,
        },
      },
    },
    async (request, reply) => {
      const inbox = await foundInbox(sandbox, request, 'manage_inbox')
      const { kind, value } = wanted(request.body)
      const target = await ensureTarget(storage.write, inbox.workspace_id, kind, value)
      if (kind === 'email' && target.status === 'pending' && target.asked_at === null)
        await ask(request, inbox, target)
      return reply.send({ target: forwardTarget(await again(target)) })
    },
  )

  app.post(
    '/inboxes/:id/forward_targets/:target_id/ask',
    {
      config: {
        doc: {
          summary: 'Send the mail with the link once more',
          reply: TARGET,
          also: { 409: 'It is a domain, or confirmed already, or no relay is configured' },
        },
      },
    },
    async (request, reply) => {
      const { inbox, target } = await foundTarget(request)
      if (!wayOut.configured) throw new Problem('conflict', 'No relay is configured that could send it')
      if (target.kind !== 'email') throw new Problem('conflict', 'A domain is proved by its TXT record')
      if (target.status === 'active') throw new Problem('conflict', 'It is confirmed already')
      await ask(request, inbox, target)
      return reply.send({ target: forwardTarget(await again(target)) })
    },
  )

  app.post(
    '/inboxes/:id/forward_targets/:target_id/check',
    {
      config: {
        doc: {
          summary: 'Look for the TXT record of a domain',
          reply: objectOf({ target: ref('ForwardTarget'), found: truth }),
          also: { 409: 'It is an address', 503: 'DNS does not answer' },
        },
      },
    },
    async (request, reply) => {
      const { target } = await foundTarget(request)
      if (target.kind !== 'domain') throw new Problem('conflict', 'An address is confirmed by its link')
      const found = await isDomainProved(target, wayOut.txt).catch((cause: unknown) => {
        throw new Problem('unavailable', 'DNS does not answer, try again in a moment', { cause })
      })
      const now = found ? await confirmTarget(storage.write, target) : target
      return reply.send({ target: forwardTarget(now), found })
    },
  )

  app.delete(
    '/inboxes/:id/forward_targets/:target_id',
    {
      config: {
        doc: {
          summary: 'Forget an address or domain',
          description:
            'Rules of the whole workspace that lead there are pending again, so only its owners and admins may.',
          reply: objectOf({}),
        },
      },
    },
    async (request, reply) => {
      const { inbox, target } = await foundTarget(request)
      if (!(await mayForget(request, inbox.workspace_id))) throw new Problem('forbidden')
      await deleteTarget(storage.write, target)
      return reply.send({})
    },
  )

  async function foundTarget(
    request: FastifyRequest,
  ): Promise<{ inbox: ReachedInbox; target: ForwardTarget }> {
    const inbox = await foundInbox(sandbox, request, 'manage_inbox')
    const { target_id } = request.params as { target_id?: string }
    const target = await findTarget(storage.read, inbox.workspace_id, idFrom(target_id))
    if (target === undefined) throw new Problem('absent')
    return { inbox, target }
  }

  /** Targets are the workspace's: whoever was given an inbox alone does not take them from the others. */
  async function mayForget(request: FastifyRequest, workspaceId: number): Promise<boolean> {
    const caller = callerOf(request)
    const memberships =
      caller.as === 'workspace'
        ? [{ workspaceId: caller.workspaceId, role: caller.role }]
        : await membershipsOf(storage.read, caller.user.id)
    const membership = memberships.find(one => one.workspaceId === workspaceId)
    return membership !== undefined && may(membership.role, 'manage_forward_targets')
  }

  async function ask(request: FastifyRequest, inbox: ReachedInbox, target: ForwardTarget): Promise<void> {
    const workspace = (await workspaceById(storage.read, inbox.workspace_id))?.name ?? ''
    const { publicUrl } = sandbox.advertised
    await askOwner({ ...sandbox, publicUrl }, target, { workspace, email: callerOf(request).user.email })
  }

  async function again(target: ForwardTarget): Promise<ForwardTarget> {
    return (await findTarget(storage.read, target.workspace_id, target.id)) ?? target
  }
}

function wanted(body: unknown): { kind: ForwardTarget['kind']; value: string } {
  const { kind, value } = (body ?? {}) as Record<string, unknown>
  if (kind !== 'email' && kind !== 'domain')
    throw new Problem('invalid', '', { fields: { kind: ['must be email or domain'] } })
  return { kind, value: targetValue(kind, textOf(value), 'value') }
}
