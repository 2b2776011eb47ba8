import type { AudienceJob } from '../audience/audience-jobs.ts'
import type { CustomField } from '../audience/custom-fields.ts'
import { fieldsOf, type Subscriber } from '../audience/subscribers.ts'
import type { Suppression } from '../audience/suppressions.ts'
import type { Tag } from '../audience/tags.ts'

/** Instants are ISO strings in UTC. */

export type SubscriberStatus = 'subscribed' | 'unsubscribed' | 'pending' | 'bounced' | 'complained'

export type FieldKind = 'text' | 'number' | 'boolean' | 'date' | 'one_of' | 'many_of'

/** A date is text, as 2026-12-24. */
export type FieldValue = string | number | boolean | string[]

export interface SubscriberWire {
  id: number
  email: string
  first_name: string | null
  last_name: string | null
  status: SubscriberStatus
  status_reason: 'bounce' | 'complaint' | 'by_admin' | 'by_subscriber' | null
  /** Since when it has this status; of one that was always subscribed null. */
  status_at: string | null
  tags: { id: number; name: string }[]
  /** Values of the custom fields by key; what is not set is not there. */
  fields: Record<string, FieldValue>
  source: 'api' | 'web' | 'form' | 'import'
  created_at: string
  updated_at: string
}

export interface OneSubscriberWire extends SubscriberWire {
  /** Their address or its domain is on the suppression list: whatever the status, nothing is sent there. */
  suppressed: boolean
}

export interface SubscriberReply {
  subscriber: OneSubscriberWire
}

export type SubscriberOrder = 'newest' | 'oldest' | 'email' | 'name'

/** What a list is narrowed to; all of it counts. `filter` is the definition of a segment (segments-wire.ts). */
export interface SubscriberFilterWire {
  search?: string
  status?: SubscriberStatus
  tag_id?: number
  segment_id?: number
  filter?: unknown
}

/** Those with these ids, or everybody the filter finds; an empty filter is everybody. */
export type SelectionWire = { ids: number[] } | SubscriberFilterWire

export interface SubscriberPage {
  subscribers: SubscriberWire[]
  next_cursor: string | null
  /** Null: it would have to be counted (see `POST /subscribers/count`). */
  total: number | null
}

export interface NewSubscriberWire {
  email: string
  first_name?: string | null
  last_name?: string | null
  status?: SubscriberStatus
  tag_ids?: number[]
  /** Null takes a value away; those not named stay. */
  fields?: Record<string, FieldValue | null>
}

type TimelineKind =
  | 'added'
  | 'changed'
  | 'tagged'
  | 'untagged'
  | 'status'
  | 'note'
  | 'imported'
  | 'signed_up'
  | 'confirmation_sent'
  | 'confirmed'
  | 'preferences_changed'
  | 'sent'
  | 'opened'
  | 'clicked'

/**
 * What happened to a person. `detail` by kind: added {source}; changed {changes: {field: [old, new]}}; tagged and
 * untagged {tags: [name]}; status {from, to, reason}; note {text}; imported {import_id, name, changes?};
 * signed_up {form}; sent, opened and clicked {campaign: {id, name}}; the others none.
 */
export interface TimelineEventWire {
  /** Unique among the events of one person together with the kind; 0 is their own beginning. */
  id: number
  kind: TimelineKind
  at: string
  detail: Record<string, unknown>
  /** Who did it; null: they themselves, or a program. */
  user: { id: number; name: string } | null
}

/** Newest first. */
export interface TimelinePage {
  events: TimelineEventWire[]
  /** Opaque; `before` of the next page. */
  next_before: string | null
}

export type BulkAction = 'tag' | 'untag' | 'unsubscribe' | 'resubscribe' | 'delete'

export interface BulkWire {
  action: BulkAction
  /** Of `tag` and `untag`. */
  tag_ids?: number[]
  /** Of `resubscribe`: those too who unsubscribed themselves. Bounces, complaints and the unconfirmed never. */
  even_by_subscriber?: boolean
  selection: SelectionWire
}

export interface AudienceJobWire {
  id: number
  kind: BulkAction | 'delete_field'
  status: 'running' | 'done' | 'cancelled' | 'failed'
  /** How many people were looked at, of `total` who were met at the start. */
  done: number
  total: number
  error: string | null
  created_at: string
}

export interface AudienceWire {
  counts: Record<SubscriberStatus | 'total', number>
  settings: {
    /** As subscribers read it; empty is the workspace's own name. */
    public_name: string
    /** As `#3355aa`. */
    colour: string
    /** Of public pages and their mails. */
    locale: string
  }
}

export interface TagWire {
  id: number
  name: string
  subscribers_count: number
  created_at: string
  updated_at: string
}

export interface FieldWire {
  id: number
  /** The name in merge tags, segments and files; never changes. */
  key: string
  label: string
  kind: FieldKind
  /** What may be chosen, of one_of and many_of. */
  options: string[]
  position: number
}

export interface SuppressionWire {
  id: number
  kind: 'address' | 'domain'
  value: string
  reason: 'hard_bounce' | 'complaint' | 'manual' | 'import'
  evidence: string
  user: { id: number; name: string } | null
  created_at: string
}

export interface SuppressionPage {
  suppressions: SuppressionWire[]
  next_cursor: string | null
  total: number
}

export interface SuppressionImportReply {
  added: number
  /** Were on the list before. */
  known: number
  /** Lines that are neither an address nor a domain. */
  faults: { line: number; reason: string; row: string }[]
}

export function subscriberWire(subscriber: Subscriber, tags: readonly Tag[]): SubscriberWire {
  const { id, email, first_name, last_name, status, status_reason, status_at, source } = subscriber
  return {
    id,
    email,
    first_name,
    last_name,
    status,
    status_reason,
    status_at: status_at === null ? null : iso(status_at),
    tags: tags.map(tag => ({ id: tag.id, name: tag.name })),
    fields: fieldsOf(subscriber),
    source,
    created_at: iso(subscriber.created_at),
    updated_at: iso(subscriber.updated_at),
  }
}

export function jobWire({
  id,
  kind,
  status,
  done_count,
  total_count,
  error,
  created_at,
}: AudienceJob): AudienceJobWire {
  return {
    id,
    kind: kind as AudienceJobWire['kind'],
    status,
    done: done_count,
    total: total_count,
    error,
    created_at: iso(created_at),
  }
}

export function tagWire({ id, name, subscribers_count, created_at, updated_at }: Tag): TagWire {
  return { id, name, subscribers_count, created_at: iso(created_at), updated_at: iso(updated_at) }
}

export function fieldWire({ id, key, label, kind, options, position }: CustomField): FieldWire {
  return { id, key, label, kind, options, position }
}

export function suppressionWire(suppression: Suppression & { user_name: string | null }): SuppressionWire {
  const { id, kind, value, reason, evidence, user_id, user_name, created_at } = suppression
  const user = user_id === null ? null : { id: user_id, name: user_name ?? '' }
  return { id, kind, value, reason, evidence, user, created_at: iso(created_at) }
}

function iso(instant: number): string {
  return new Date(instant).toISOString()
}
