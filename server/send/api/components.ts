import type { Schema } from '../../http/route-doc.ts'
import { instant, integer, listOf, objectOf, oneOf, orNull, ref, text } from '../../http/schemas.ts'

/** The shapes of this folder's wire files, as the published description has them. */
export const audienceComponents: Record<string, Schema> = {
  Segment: objectOf({
    id: integer,
    name: text,
    definition: ref('SegmentGroup'),
    created_at: instant,
    updated_at: instant,
  }),
  SegmentGroup: {
    type: 'object',
    required: ['match', 'conditions'],
    properties: {
      match: oneOf('all', 'any'),
      not: { const: true, description: 'Everybody else instead' },
      conditions: listOf({ oneOf: [ref('SegmentCondition'), ref('SegmentGroup')] }),
    },
  },
  SegmentCondition: {
    type: 'object',
    required: ['on', 'is'],
    properties: {
      on: oneOf(
        'field',
        'email',
        'domain',
        'first_name',
        'last_name',
        'created_at',
        'status_at',
        'status',
        'source',
        'tag',
        'activity',
      ),
      key: { ...text, description: 'Of a custom field' },
      is: { ...text, description: 'The question; docs/segments.md has them all' },
      value: { description: 'A text, a number, or a list, as the question wants it' },
      last: { ...integer, description: 'Of activity: in the last so many campaigns' },
      days: { ...integer, description: 'Of activity: in the last so many days' },
      ever: { const: true, description: 'Of activity: at any time' },
    },
  },
  SegmentPreview: objectOf({
    count: integer,
    reachable: integer,
    subscribers: listOf(ref('SegmentPerson')),
  }),
  SegmentPerson: objectOf({
    id: integer,
    email: text,
    first_name: orNull(text),
    last_name: orNull(text),
    status: text,
  }),
}
