import type { Schema } from '../../http/route-doc.ts'
import {
  instant,
  integer,
  listOf,
  objectOf,
  oneOf,
  optional,
  orNull,
  text,
  truth,
} from '../../http/schemas.ts'

/** The shapes of email-services-wire.ts, as the published description has them. */
export const emailServicesComponents: Record<string, Schema> = {
  PosthornEmailService: objectOf({
    id: integer,
    name: text,
    type_id: integer,
    type: text,
    settings: { $ref: '#/components/schemas/ServiceSettings' },
    limits: { $ref: '#/components/schemas/ServiceLimits' },
    next_service_id: orNull({ ...integer, description: 'Takes over while this one is down' }),
    state: objectOf({
      up: truth,
      down_since: orNull(instant),
      down_reason: orNull(text),
      next_try: orNull(instant),
    }),
    used: objectOf({ hour: integer, day: integer }),
    campaigns: { ...integer, description: 'How many use it' },
    webhook_url: orNull({ ...text, description: 'What has to be entered at the provider' }),
    created_at: instant,
  }),
  ServiceSettings: {
    type: 'object',
    description:
      'By the keys of its type. A secret that is there is `********`, and sent back like that it stays.',
    additionalProperties: { type: ['string', 'number', 'null'] },
  },
  ServiceLimits: {
    ...optional({
      per_second: { type: 'number' },
      per_hour: integer,
      per_day: integer,
      domains: listOf(
        objectOf({ domain: { ...text, description: '`*`: all that are not named' }, per_minute: integer }),
      ),
      warm_up: objectOf({
        started_on: { ...text, format: 'date' },
        per_day: { ...listOf(integer), description: 'On its first day, its second, …' },
      }),
    }),
    description: 'What is absent has no limit.',
  },
  ServiceType: objectOf({
    id: integer,
    name: text,
    settings: listOf(
      objectOf({
        key: text,
        label: text,
        required: truth,
        secret: truth,
        extra: truth,
        choices: { type: ['array', 'null'], items: text },
        kind: oneOf('text', 'port', 'number', 'inbox'),
      }),
    ),
  }),
}
