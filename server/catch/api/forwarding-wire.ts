import type { Schema } from '../../http/route-doc.ts'
import { instant, integer, listOf, objectOf, oneOf, orNull, ref, text, truth } from '../../http/schemas.ts'
import type { HistoryEntry } from '../../relay/outgoing.ts'
import type { ForwardRule } from '../forward-rules.ts'
import { type ForwardTarget as Target, proofRecord } from '../forward-targets.ts'
import type { Sandbox } from './sandbox.ts'
import type {
  Confirmation,
  ForwardingOverview,
  ForwardRuleWire,
  ForwardTarget,
  OutgoingPage,
  OutgoingSummary,
} from './wire.ts'

/** Without a relay no rule does anything (contract, section 16). */
export function forwardRuleWire({ wayOut }: Pick<Sandbox, 'wayOut'>, rule: ForwardRule): ForwardRuleWire {
  const { id, inbox_id, forward_type, forward_value, active_since } = rule
  const status = wayOut.configured && active_since !== null ? 'active' : 'pending'
  return { id, inbox_id, forward_type, forward_value, status }
}

export function forwardTarget(target: Target): ForwardTarget {
  const { id, kind, value, status, created_at, asked_at, confirmed_at } = target
  return {
    id,
    kind,
    value,
    status,
    created_at: iso(created_at),
    asked_at: asked_at === null ? null : iso(asked_at),
    confirmed_at: confirmed_at === null ? null : iso(confirmed_at),
    record: kind === 'domain' ? proofRecord(target) : null,
  }
}

export function outgoingSummary(entry: HistoryEntry, now = Date.now()): OutgoingSummary {
  const isSending = entry.status === 'queued' && (entry.leased_until ?? 0) > now
  return {
    id: entry.id,
    kind: entry.kind,
    message_id: entry.message_id,
    to: entry.forward_path,
    subject: entry.subject,
    status: isSending ? 'sending' : entry.status,
    attempts: entry.attempts,
    reply: entry.reply,
    next_attempt_at: entry.status === 'queued' && !isSending ? iso(entry.next_at) : null,
    may_retry: entry.status === 'failed' && entry.has_bytes === 1,
    created_at: iso(entry.created_at),
    updated_at: iso(entry.updated_at),
  }
}

function iso(at: number): string {
  return new Date(at).toISOString()
}

type Shape<T> = Record<keyof T, Schema>

const STATUS = oneOf('active', 'pending')

const forwardRule: Shape<ForwardRuleWire> = {
  id: integer,
  inbox_id: integer,
  forward_type: oneOf('email', 'domain'),
  forward_value: text,
  status: STATUS,
}

const target: Shape<ForwardTarget> = {
  id: integer,
  kind: oneOf('email', 'domain'),
  value: text,
  status: STATUS,
  created_at: instant,
  asked_at: orNull(instant),
  confirmed_at: orNull(instant),
  record: orNull(objectOf({ names: listOf(text), value: text })),
}

const overview: Shape<ForwardingOverview> = {
  relay: truth,
  from: ref('Person'),
  rules: listOf(ref('ForwardRule')),
  targets: listOf(ref('ForwardTarget')),
  may_forget: truth,
}

const outgoing: Shape<OutgoingSummary> = {
  id: integer,
  kind: oneOf('forward', 'rule', 'system'),
  message_id: orNull(integer),
  to: text,
  subject: text,
  status: oneOf('queued', 'sending', 'sent', 'failed'),
  attempts: integer,
  reply: text,
  next_attempt_at: orNull(instant),
  may_retry: truth,
  created_at: instant,
  updated_at: instant,
}

const page: Shape<OutgoingPage> = { outgoing: listOf(ref('OutgoingSummary')), has_more: truth }

const confirmation: Shape<Confirmation> = { email: text, workspace: text, status: STATUS }

/** Of both APIs. */
export const forwardRuleComponent: Record<string, Schema> = { ForwardRule: objectOf(forwardRule) }

export const forwardingComponents: Record<string, Schema> = {
  ...forwardRuleComponent,
  ForwardTarget: objectOf(target),
  ForwardingOverview: objectOf(overview),
  OutgoingSummary: objectOf(outgoing),
  OutgoingPage: objectOf(page),
  Confirmation: objectOf(confirmation),
}
