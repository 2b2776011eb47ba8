import type { Schema } from '../../../http/route-doc.ts'
import { integer, listOf, objectOf, orNull, ref, text, truth } from '../../../http/schemas.ts'
import { dateTime } from './described.ts'
import { SEGMENTS, TAGS, type Words } from './generation.ts'

const times = { created_at: dateTime, updated_at: dateTime }

/** Every key but those is always there. */
function sometimes(schema: Schema, ...names: string[]): Schema {
  return { ...schema, required: (schema.required as string[]).filter(key => !names.includes(key)) }
}

function ofGeneration(words: Words): Record<string, Schema> {
  const { group, subscriber, campaign } = words.shapes
  return {
    [subscriber]: sometimes(
      objectOf({
        id: integer,
        first_name: orNull(text),
        last_name: orNull(text),
        email: text,
        [words.many]: {
          ...listOf(ref(group)),
          description: 'Of one subscriber, and of one that was just created',
        },
        unsubscribed_at: orNull(dateTime),
        ...times,
      }),
      words.many,
    ),
    [group]: sometimes(
      objectOf({
        id: integer,
        name: text,
        subscribers: { ...listOf(ref(subscriber)), description: 'Of one that was just created' },
        created_at: dateTime,
        update_at: dateTime,
        ...(words.one === 'tag' && { updated_at: dateTime }),
      }),
      'subscribers',
    ),
    [campaign]: sometimes(
      objectOf({
        id: integer,
        name: text,
        subject: text,
        content: orNull(text),
        status_id: { ...integer, description: '1 draft, 2 queued, 3 sending, 4 sent, 5 cancelled' },
        template_id: orNull(integer),
        email_service_id: orNull(integer),
        from_name: text,
        from_email: text,
        is_open_tracking: truth,
        is_click_tracking: truth,
        sent_count: integer,
        open_count: { ...integer, description: 'People who opened it' },
        click_count: { ...integer, description: 'People who clicked in it' },
        send_to_all: truth,
        [words.many]: { ...listOf(integer), description: 'Ids' },
        segment_ids: { ...listOf(integer), description: 'Of saved segments, if there are any' },
        save_as_draft: truth,
        scheduled_at: orNull(dateTime),
        paused_at: { ...dateTime, description: 'Of a paused one, whose status is that of one being sent' },
        ...times,
      }),
      'segment_ids',
      'paused_at',
    ),
  }
}

/** The shapes of wire.ts, as the published description has them. */
export const sendPortalComponents: Record<string, Schema> = {
  ...ofGeneration(TAGS),
  ...ofGeneration(SEGMENTS),
  Template: objectOf({ id: integer, name: text, content: text, ...times }),
  EmailService: objectOf({
    id: integer,
    name: text,
    type_id: integer,
    settings: { type: 'object', description: 'Secrets are `********`' },
    ...times,
  }),
  CampaignReport: objectOf({
    id: integer,
    name: text,
    status_id: integer,
    status: text,
    total: { ...integer, description: 'Recipients' },
    sent: integer,
    failed: integer,
    skipped: integer,
    pending: integer,
    draft: integer,
    ambiguous: {
      ...integer,
      description: 'Handed over without an answer: nobody knows whether they arrived',
    },
    delivered: integer,
    opens: integer,
    unique_opens: { ...integer, description: 'People' },
    machine_opens: { ...integer, description: 'Of privacy proxies and scanners' },
    clicks: integer,
    unique_clicks: integer,
    machine_clicks: integer,
    bounces: integer,
    complaints: integer,
    unsubscribes: integer,
    rate_per_second: { type: 'number' },
    pause_reason: orNull(text),
    paused_at: orNull(dateTime),
    queued_at: orNull(dateTime),
    sent_at: orNull(dateTime),
    finished_at: orNull(dateTime),
  }),
  Message: objectOf({
    id: integer,
    campaign_id: orNull(integer),
    subscriber_id: orNull(integer),
    recipient_email: text,
    subject: text,
    status: text,
    message_id: { ...text, description: 'The Message-ID of the mail' },
    provider_id: { ...orNull(text), description: 'What the provider calls it' },
    reason: { ...orNull(text), description: 'Why it was not sent: in the words of the server, or ours' },
    attempts: integer,
    open_count: integer,
    click_count: integer,
    sent_at: orNull(dateTime),
    delivered_at: orNull(dateTime),
    opened_at: orNull(dateTime),
    clicked_at: orNull(dateTime),
    bounced_at: orNull(dateTime),
    complained_at: orNull(dateTime),
    unsubscribed_at: orNull(dateTime),
    created_at: dateTime,
  }),
  Workspace: objectOf({ id: integer, name: text, ...times }),
  ApiToken: objectOf({
    id: integer,
    description: orNull(text),
    last_four: text,
    created_at: dateTime,
  }),
  NewApiToken: objectOf({ id: integer, description: orNull(text), token: text, created_at: dateTime }),
}
