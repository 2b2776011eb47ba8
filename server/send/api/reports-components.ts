import type { Schema } from '../../http/route-doc.ts'
import { instant, integer, listOf, objectOf, oneOf, orNull, ref, text, truth } from '../../http/schemas.ts'

const rate: Schema = { type: 'number', description: 'Of what was sent, from 0 to 1' }
const seconds: Schema = { type: ['number', 'null'], description: 'Null: nobody did' }
const counts = { sent: integer, delivered: integer, opened: integer, clicked: integer, bounced: integer }

/** The shapes of reports-wire.ts, as the published description has them. */
export const reportsComponents: Record<string, Schema> = {
  ReportedCampaign: objectOf({
    id: integer,
    name: text,
    subject: text,
    from_name: text,
    from_email: text,
    status: oneOf('draft', 'queued', 'freezing', 'sending', 'paused', 'sent', 'cancelled'),
    pause_reason: orNull(text),
    is_open_tracking: truth,
    is_click_tracking: truth,
    queued_at: orNull(instant),
    frozen_at: orNull(instant),
    sent_at: orNull(instant),
    finished_at: orNull(instant),
    paused_at: orNull(instant),
  }),
  CampaignRates: objectOf({
    delivered: rate,
    opened: rate,
    clicked: rate,
    bounced: rate,
    complained: rate,
    unsubscribed: rate,
  }),
  CampaignReport: objectOf({
    campaign: ref('ReportedCampaign'),
    totals: ref('CampaignTotals'),
    rates: ref('CampaignRates'),
    with_machines: {
      ...objectOf({ opened: rate, clicked: rate }),
      description: 'With what privacy proxies and scanners opened and clicked',
    },
    bounces: listOf(
      objectOf({
        reason: text,
        kind: { ...oneOf('hard', 'soft'), description: 'For good, or for now' },
        count: { ...integer, description: 'Recipients' },
      }),
    ),
    domains: {
      ...listOf(objectOf({ domain: text, ...counts, complained: integer, deferred: integer })),
      description: 'The fifty with the most mail; all others together as `others`',
    },
    links: listOf(ref('LinkReport')),
    average_seconds_to_open: seconds,
    average_seconds_to_click: seconds,
    receipt: { oneOf: [ref('AudienceReceipt'), { type: 'null' }] },
    generated_at: instant,
  }),
  LinkReport: objectOf({
    id: integer,
    number: { ...integer, description: 'As in the click map' },
    url: { ...text, description: 'As written: merge tags stand in some' },
    clicks: { ...integer, description: 'By people' },
    clicked: { ...integer, description: 'Recipients who clicked it' },
    machine_clicks: integer,
  }),
  OverTime: objectOf({
    bucket_seconds: integer,
    from: { ...orNull(instant), description: 'When the first bucket begins; null: it never happened' },
    points: listOf(integer),
  }),
  ClickMap: objectOf({
    html: { ...text, description: 'For a sandboxed frame; `data-link` is the number of a link' },
    links: listOf(ref('LinkReport')),
  }),
  Dashboard: objectOf({
    counts: objectOf({
      subscribers: integer,
      campaigns_sent_30d: integer,
      mails_sent_30d: integer,
      mails_sent_today: { ...integer, description: 'Since midnight, UTC' },
    }),
    running: listOf(ref('CampaignSummary')),
    recent: listOf(
      objectOf({
        campaign: ref('ReportedCampaign'),
        totals: ref('CampaignTotals'),
        rates: ref('CampaignRates'),
      }),
    ),
    growth: listOf(objectOf({ day: text, subscribed: integer, unsubscribed: integer })),
    attention: listOf({
      type: 'object',
      required: ['kind', 'text'],
      properties: {
        kind: oneOf('paused', 'ambiguous', 'service_down', 'overdue', 'domain'),
        text,
        campaign_id: integer,
        service_id: integer,
        domain_id: integer,
      },
    }),
  }),
}
