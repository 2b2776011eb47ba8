import type { Schema } from '../../http/route-doc.ts'
import {
  instant,
  integer,
  listOf,
  objectOf,
  oneOf,
  optional,
  orNull,
  ref,
  text,
  truth,
} from '../../http/schemas.ts'
import { FIELD_KINDS } from '../audience/custom-fields.ts'
import { SUBSCRIBER_STATUSES } from '../audience/subscriber-filter.ts'
import type {
  AudienceJobWire,
  AudienceWire,
  FieldWire,
  OneSubscriberWire,
  SubscriberPage,
  SuppressionPage,
  SuppressionImportReply,
  SuppressionWire,
  TagWire,
  TimelineEventWire,
  TimelinePage,
} from './subscribers-wire.ts'

// The shapes of subscribers-wire.ts as JSON Schema. The types keep both lists of keys the same.

type Shape<T> = Record<keyof T, Schema>

const user = orNull(objectOf({ id: integer, name: text }))

const subscriber: Omit<Shape<OneSubscriberWire>, 'suppressed'> = {
  id: integer,
  email: text,
  first_name: orNull(text),
  last_name: orNull(text),
  status: oneOf(...SUBSCRIBER_STATUSES),
  status_reason: {
    type: ['string', 'null'],
    enum: ['bounce', 'complaint', 'by_admin', 'by_subscriber', null],
  },
  status_at: orNull(instant),
  tags: listOf(objectOf({ id: integer, name: text })),
  fields: {
    type: 'object',
    description: 'Values of the custom fields by key; what is not set is not there',
    additionalProperties: { oneOf: [text, { type: 'number' }, truth, listOf(text)] },
  },
  source: oneOf('api', 'web', 'form', 'import'),
  created_at: instant,
  updated_at: instant,
}
const page: Shape<SubscriberPage> = {
  subscribers: listOf(ref('AudienceSubscriber')),
  next_cursor: orNull(text),
  total: orNull(integer),
}
const event: Shape<TimelineEventWire> = {
  id: { ...integer, description: 'Unique together with the kind; 0 is how they came' },
  kind: text,
  at: instant,
  detail: { type: 'object' },
  user,
}
const timeline: Shape<TimelinePage> = { events: listOf(ref('TimelineEvent')), next_before: orNull(text) }
const job: Shape<AudienceJobWire> = {
  id: integer,
  kind: text,
  status: oneOf('running', 'done', 'cancelled', 'failed'),
  done: { ...integer, description: 'How many were looked at, of `total` who were met at the start' },
  total: integer,
  error: orNull(text),
  created_at: instant,
}
const counts = objectOf(
  Object.fromEntries([...SUBSCRIBER_STATUSES, 'total'].map(status => [status, integer])),
)
const audience: Shape<AudienceWire> = {
  counts,
  settings: objectOf({ public_name: text, colour: text, locale: text }),
}
const tag: Shape<TagWire> = {
  id: integer,
  name: text,
  subscribers_count: integer,
  created_at: instant,
  updated_at: instant,
}
const field: Shape<FieldWire> = {
  id: integer,
  key: text,
  label: text,
  kind: oneOf(...FIELD_KINDS),
  options: listOf(text),
  position: integer,
}
const suppression: Shape<SuppressionWire> = {
  id: integer,
  kind: oneOf('address', 'domain'),
  value: text,
  reason: oneOf('hard_bounce', 'complaint', 'manual', 'import'),
  evidence: text,
  user,
  created_at: instant,
}
const suppressions: Shape<SuppressionPage> = {
  suppressions: listOf(ref('Suppression')),
  next_cursor: orNull(text),
  total: integer,
}
const imported: Shape<SuppressionImportReply> = {
  added: integer,
  known: integer,
  faults: listOf(objectOf({ line: integer, reason: text, row: text })),
}

export const subscribersComponents: Record<string, Schema> = {
  AudienceSubscriber: objectOf(subscriber),
  OneSubscriber: objectOf({
    ...subscriber,
    suppressed: { ...truth, description: 'Their address or its domain is on the suppression list' },
  }),
  SubscriberPage: objectOf(page),
  SubscriberSelection: {
    description: 'Those with these ids; or everybody the filter finds, which without a key is everybody.',
    oneOf: [
      objectOf({ ids: listOf(integer) }),
      optional({
        search: text,
        status: oneOf(...SUBSCRIBER_STATUSES),
        tag_id: integer,
        segment_id: integer,
        filter: ref('SegmentGroup'),
      }),
    ],
  },
  TimelineEvent: objectOf(event),
  TimelinePage: objectOf(timeline),
  AudienceJob: objectOf(job),
  Audience: objectOf(audience),
  AudienceTag: objectOf(tag),
  CustomField: objectOf(field),
  Suppression: objectOf(suppression),
  SuppressionPage: objectOf(suppressions),
  SuppressionImport: objectOf(imported),
}
