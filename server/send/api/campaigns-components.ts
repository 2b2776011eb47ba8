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

const rate = { type: 'number' }
const sendWindow = { oneOf: [ref('SendWindow'), { type: 'null' }] }
const status = oneOf('draft', 'queued', 'freezing', 'sending', 'paused', 'sent', 'cancelled')

/** What is written of a draft. */
const written = {
  name: text,
  subject: text,
  preheader: text,
  from_name: text,
  from_email: text,
  reply_to: { ...text, description: 'Empty: answers go to the sender' },
  template_id: orNull(integer),
  email_service_id: orNull(integer),
  is_open_tracking: truth,
  is_click_tracking: truth,
  send_to_all: truth,
  tag_ids: listOf(integer),
  segment_ids: listOf(integer),
  save_as_draft: { ...truth, description: 'Its mails are kept as drafts until somebody sends them' },
  scheduled_at: orNull(instant),
  schedule_zone: {
    ...text,
    description: 'In which that hour was meant, where each recipient gets it at that hour of their own',
  },
  in_recipient_zone: { ...truth, description: 'Whether hour and window are those of each recipient' },
  send_window: sendWindow,
}
const content = orNull(text)

const summary = {
  id: integer,
  ...written,
  status,
  pause_reason: orNull(text),
  undo_until: { ...orNull(instant), description: 'Until then it can be taken back' },
  queued_at: orNull(instant),
  frozen_at: { ...orNull(instant), description: 'Since when the list of recipients is whole' },
  sent_at: orNull(instant),
  finished_at: orNull(instant),
  paused_at: orNull(instant),
  receipt: { oneOf: [ref('AudienceReceipt'), { type: 'null' }] },
  totals: ref('CampaignTotals'),
  created_at: instant,
  updated_at: instant,
}

export const schedule = {
  scheduled_at: written.scheduled_at,
  schedule_zone: written.schedule_zone,
  in_recipient_zone: written.in_recipient_zone,
  send_window: written.send_window,
}

function counts(...names: string[]): Record<string, Schema> {
  return Object.fromEntries(names.map(name => [name, integer]))
}

/** The shapes of campaigns-wire.ts and deliveries-wire.ts, as the published description has them. */
export const campaignsComponents: Record<string, Schema> = {
  CampaignSummary: objectOf(summary),
  OwnCampaign: objectOf({ ...summary, content }),
  CampaignFields: optional({ ...written, content }),
  SendWindow: objectOf({
    days: { ...listOf(integer), description: 'Of the week: 1 is Monday' },
    from: { ...text, examples: ['08:00'] },
    to: { ...text, examples: ['18:00'] },
    zone: { ...text, examples: ['Europe/Berlin'] },
  }),
  AudienceReceipt: {
    ...objectOf(
      counts(
        'total',
        'included',
        'unsubscribed',
        'bounced',
        'complained',
        'pending',
        'suppressed',
        'duplicates',
      ),
    ),
    description: 'How many it is meant for, and how many of them are left out for which reason',
  },
  CampaignTotals: {
    ...objectOf(
      counts(
        'total',
        'draft',
        'pending',
        'claimed',
        'sent',
        'failed',
        'skipped',
        'ambiguous',
        'delivered',
        'opened',
        'machine_opened',
        'clicked',
        'machine_clicked',
        'bounced',
        'complained',
        'unsubscribed',
        'opens',
        'clicks',
      ),
    ),
    description: 'Of deliveries; opened and clicked by people, by machines apart',
  },
  CampaignPreview: objectOf({
    html: { ...text, description: 'For a sandboxed frame' },
    text,
    subject: text,
    size: { ...integer, description: 'Bytes of the HTML' },
    warnings: listOf(text),
    errors: listOf(objectOf({ line: orNull(integer), message: text })),
    from: objectOf({ name: text, email: text }),
    headers: listOf(listOf(text)),
  }),
  CampaignRecipients: objectOf({
    receipt: ref('AudienceReceipt'),
    tags: listOf(objectOf({ id: integer, name: text, count: integer })),
    everybody: { ...integer, description: 'Who are subscribed' },
  }),
  CampaignProgress: objectOf({
    status,
    totals: ref('CampaignTotals'),
    per_second: rate,
    time_left_seconds: { type: ['number', 'null'] },
    waits_for: { ...orNull(text), description: 'In words for people' },
    pause_reason: orNull(text),
  }),
  CampaignAttachment: objectOf({
    id: integer,
    name: text,
    content_type: text,
    content_id: { ...orNull(text), description: 'Of a picture that the mail shows: `cid:logo`' },
    size: integer,
  }),
  Delivery: objectOf({
    id: integer,
    campaign: orNull(objectOf({ id: integer, name: text })),
    subscriber_id: orNull(integer),
    email: text,
    subject: text,
    status: oneOf(
      'draft',
      'pending',
      'claimed',
      'sent',
      'delivered',
      'failed',
      'skipped',
      'ambiguous',
      'bounced',
      'complained',
    ),
    reason: { ...orNull(text), description: 'Why it was not sent: in the words of the server, or ours' },
    attempts: integer,
    next_at: orNull(instant),
    message_id: text,
    email_service_id: orNull(integer),
    sent_at: orNull(instant),
    delivered_at: orNull(instant),
    opened_at: orNull(instant),
    clicked_at: orNull(instant),
    bounced_at: orNull(instant),
    complained_at: orNull(instant),
    unsubscribed_at: orNull(instant),
    open_count: integer,
    click_count: integer,
    machine_opened_at: orNull(instant),
    machine_clicked_at: orNull(instant),
  }),
  DeliveryStep: objectOf({
    at: { ...orNull(instant), description: 'Null: nobody noted when' },
    kind: text,
    text,
    detail: { type: 'object' },
  }),
}
