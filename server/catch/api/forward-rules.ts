import type { FastifyInstance, FastifyRequest } from 'fastify'
import { callerOf } from '../../accounts/caller.ts'
import { workspaceById } from '../../accounts/workspaces.ts'
import { idFrom } from '../../http/ids.ts'
import { say } from '../../http/say.ts'
import { listOf, objectOf, oneOf, ref, text } from '../../http/schemas.ts'
import { Problem } from '../../problem.ts'
import type { ReachedInbox } from '../access.ts'
import { askOwner } from '../forward-confirmation.ts'
import {
  changeRule,
  createRule,
  deleteRule,
  type ForwardRule,
  type RuleContent,
  rulesOf,
} from '../forward-rules.ts'
import { ensureTarget, type ForwardTarget, targetValue } from '../forward-targets.ts'
import { forwardRuleWire } from './forwarding-wire.ts'
import { foundInbox } from './found.ts'
import { textOf, wrapped } from '../../http/rails-body.ts'
import type { Sandbox } from './sandbox.ts'

const RULE = objectOf({
  forward_rule: objectOf({ forward_type: oneOf('email', 'domain'), forward_value: text }),
})

/** Contract, section 6.2. */
export function forwardRules(app: FastifyInstance, sandbox: Sandbox): void {
  const { storage, wayOut } = sandbox
  const wire = (rule: ForwardRule) => forwardRuleWire(sandbox, rule)

  app.get(
    '/inboxes/:id/forward_rules',
    { config: { doc: { summary: 'The forward rules of an inbox', reply: listOf(ref('ForwardRule')) } } },
    async (request, reply) => {
      const inbox = await foundInbox(sandbox, request, 'see')
      const rules = await rulesOf(storage.read, inbox.workspace_id, inbox.id)
      return say(request, reply, rules.map(wire), 'forward_rules')
    },
  )

  app.post(
    '/inboxes/:id/forward_rules',
    {
      config: {
        doc: {
          summary: 'A new forward rule',
          description:
            'It is pending until its address is confirmed by whoever reads it, or its domain is proved by a TXT record. The address is sent a mail that asks for it.',
          body: RULE,
          reply: ref('ForwardRule'),
        },
      },
    },
    async (request, reply) => {
      const inbox = await foundInbox(sandbox, request, 'manage_inbox')
      const content = contentOf(wrapped(request.body, 'forward_rule'))
      const id = await createRule(storage.write, inbox.workspace_id, inbox.id, content)
      await prepareTarget(sandbox, request, inbox, content)
      return say(request, reply, wire(await ruleOf(inbox, id)), 'forward_rule')
    },
  )

  app.get(
    '/inboxes/:id/forward_rules/:rule_id',
    { config: { doc: { summary: 'One forward rule', reply: ref('ForwardRule') } } },
    async (request, reply) => {
      const inbox = await foundInbox(sandbox, request, 'see')
      return say(request, reply, wire(await foundRule(inbox, request)), 'forward_rule')
    },
  )

  app.patch(
    '/inboxes/:id/forward_rules/:rule_id',
    { config: { doc: { summary: 'Change a forward rule', body: RULE, reply: ref('ForwardRule') } } },
    async (request, reply) => {
      const { inbox, rule } = await changeable(request)
      const content = contentOf({ ...contentIn(rule), ...wrapped(request.body, 'forward_rule') })
      const isSame =
        content.forward_type === rule.forward_type && content.forward_value === rule.forward_value
      if (!isSame) {
        await changeRule(storage.write, rule.id, content)
        await prepareTarget(sandbox, request, inbox, content)
      }
      return say(request, reply, wire(await ruleOf(inbox, rule.id)), 'forward_rule')
    },
  )

  app.delete(
    '/inboxes/:id/forward_rules/:rule_id',
    { config: { doc: { summary: 'Delete a forward rule', reply: ref('ForwardRule') } } },
    async (request, reply) => {
      const { rule } = await changeable(request)
      await deleteRule(storage.write, rule.id)
      return say(request, reply, wire(rule), 'forward_rule')
    },
  )

  /** Existence first, of the rule too. */
  async function changeable(request: FastifyRequest): Promise<{ inbox: ReachedInbox; rule: ForwardRule }> {
    const rule = await foundRule(await foundInbox(sandbox, request, 'see'), request)
    return { inbox: await foundInbox(sandbox, request, 'manage_inbox'), rule }
  }

  function foundRule(inbox: ReachedInbox, request: FastifyRequest): Promise<ForwardRule> {
    return ruleOf(inbox, idFrom((request.params as { rule_id?: string }).rule_id))
  }

  async function ruleOf(inbox: ReachedInbox, id: number): Promise<ForwardRule> {
    const rules = await rulesOf(storage.read, inbox.workspace_id, inbox.id)
    const rule = rules.find(one => one.id === id)
    if (rule === undefined) throw new Problem('absent')
    return rule
  }

  /** Whoever makes a rule wants its target: it is there from now on, and its owner is asked unless that was just done. */
  async function prepareTarget(
    { secrets, advertised }: Sandbox,
    request: FastifyRequest,
    inbox: ReachedInbox,
    { forward_type: kind, forward_value: value }: RuleContent,
  ): Promise<void> {
    const target = await ensureTarget(storage.write, inbox.workspace_id, kind, value)
    if (kind !== 'email' || target.status === 'active') return
    const workspace = (await workspaceById(storage.read, inbox.workspace_id))?.name ?? ''
    await askOwner({ storage, secrets, wayOut, publicUrl: advertised.publicUrl }, target, {
      workspace,
      email: callerOf(request).user.email,
    }).catch((error: unknown) => {
      if (!(error instanceof Problem) || error.kind !== 'too_many') throw error
    })
  }
}

function contentIn({ forward_type, forward_value }: ForwardRule): RuleContent {
  return { forward_type, forward_value }
}

function contentOf({ forward_type, forward_value }: Record<string, unknown>): RuleContent {
  const kind = forward_type
  const fields: Record<string, string[]> = {}
  if (!isKind(kind)) fields.forward_type = ['is not included in the list']
  try {
    // An unknown type does not say what its value must be.
    const value = targetValue(isKind(kind) ? kind : 'email', textOf(forward_value), 'forward_value')
    if (isKind(kind)) return { forward_type: kind, forward_value: value }
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem
    if (isKind(kind) || textOf(forward_value).trim() === '') Object.assign(fields, problem.fields)
  }
  throw new Problem('invalid', '', { fields })
}

function isKind(value: unknown): value is ForwardTarget['kind'] {
  return value === 'email' || value === 'domain'
}
