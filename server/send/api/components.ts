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
import { reportsComponents } from './reports-components.ts'
import { sendingDomainsComponents } from './sending-domains-components.ts'
import { campaignsComponents } from './campaigns-components.ts'
import { emailServicesComponents } from './email-services-components.ts'
import { subscribersComponents } from './subscribers-components.ts'
import { templatesComponents } from './templates-components.ts'

/** The shapes of this folder's wire files, as the published description has them. */
export const audienceComponents: Record<string, Schema> = {
  ...subscribersComponents,
  ...templatesComponents,
  ...campaignsComponents,
  ...emailServicesComponents,
  ...sendingDomainsComponents,
  ...reportsComponents,
  Import: objectOf({
    id: integer,
    name: text,
    size: integer,
    status: oneOf('waiting', 'running', 'paused', 'done', 'cancelled', 'failed'),
    dry_run: truth,
    progress: { type: 'number', description: 'From 0 to 1' },
    rows: integer,
    created: integer,
    updated: integer,
    skipped: integer,
    failed: integer,
    rate: { type: ['number', 'null'], description: 'Rows a second at this moment' },
    error: orNull(text),
    options: { oneOf: [ref('ImportOptions'), { type: 'null' }] },
    user: orNull(objectOf({ id: integer, name: text })),
    created_at: instant,
    finished_at: orNull(instant),
  }),
  ImportOptions: optional({
    format: oneOf('csv', 'listmonk', 'sendportal', 'mailchimp', 'mailcoach'),
    delimiter: text,
    quote: oneOf('"', "'"),
    encoding: oneOf('utf-8', 'utf-16le', 'utf-16be', 'windows-1252'),
    has_header: truth,
    mapping: {
      ...listOf(text),
      description:
        'For each column: ignore, id, email, first_name, last_name, name, tags, status, unsubscribed_at, created_at, ' +
        'attributes (a JSON object), field:<key>, or new_field:<kind>:<label>',
    },
    tags_separator: text,
    tag_ids: { ...listOf(integer), description: 'Everybody in the file gets these' },
    policy: oneOf('create_and_update', 'create_only', 'update_only'),
    status: {
      ...oneOf('subscribed', 'pending', 'unsubscribed', 'bounced'),
      description: 'Of new subscribers whose row does not say',
    },
    resubscribe: truth,
    dry_run: truth,
  }),
  ImportPreview: objectOf({
    format: text,
    read: objectOf({ delimiter: text, quote: text, encoding: text, has_header: truth, bom: truth }),
    columns: listOf(objectOf({ index: integer, name: text, samples: listOf(text), to: text })),
    rows: listOf(listOf(text)),
    options: ref('ImportOptions'),
  }),
  Form: objectOf({
    id: integer,
    public_id: text,
    name: text,
    url: text,
    settings: ref('FormSettings'),
    counts: objectOf({ shown: integer, signed_up: integer, confirmed: integer }),
    embed: objectOf({ html: text, script: text }),
    created_at: instant,
    updated_at: instant,
  }),
  FormSettings: optional({
    title: text,
    text,
    button: text,
    ask: listOf(objectOf({ key: text, label: text, required: truth })),
    tag_ids: listOf(integer),
    double_opt_in: truth,
    consent: orNull(text),
    thanks: text,
    redirect_url: orNull(text),
    allowed_origins: listOf(text),
    captcha: objectOf({
      kind: oneOf('none', 'hcaptcha', 'turnstile', 'recaptcha'),
      site_key: text,
      secret: { ...text, description: '`********` when there is one; sent back like that it stays' },
    }),
  }),
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
