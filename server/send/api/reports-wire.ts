import type { AudienceReceipt, CampaignSummaryWire, Totals } from './campaigns-wire.ts'

// The shapes of reports as they leave this folder: the web app imports its types from here.

export interface ReportWire {
  campaign: ReportedCampaignWire
  totals: Totals
  rates: RatesWire
  /** The same with what privacy proxies and scanners opened and clicked: people or machines, each recipient once. */
  with_machines: Pick<RatesWire, 'opened' | 'clicked'>
  bounces: BounceWire[]
  /** The fifty with the most mail; behind them, if there are more, all others together as `others`. */
  domains: DomainReportWire[]
  /** The most clicked first. */
  links: LinkReportWire[]
  /** From the delivery, where that is not known from the hand-over; null: nobody did. */
  average_seconds_to_open: number | null
  average_seconds_to_click: number | null
  receipt: AudienceReceipt | null
  generated_at: string
}

export type ReportedCampaignWire = Pick<
  CampaignSummaryWire,
  | 'id'
  | 'name'
  | 'subject'
  | 'from_name'
  | 'from_email'
  | 'status'
  | 'pause_reason'
  | 'is_open_tracking'
  | 'is_click_tracking'
  | 'queued_at'
  | 'frozen_at'
  | 'sent_at'
  | 'finished_at'
  | 'paused_at'
>

/** Parts of what was sent, from 0 to 1; 0 when nothing was. Of people, once each. */
export interface RatesWire {
  delivered: number
  opened: number
  clicked: number
  bounced: number
  complained: number
  unsubscribed: number
}

export interface BounceWire {
  /** What kind of trouble, in words for people. */
  reason: string
  kind: 'hard' | 'soft'
  /** Recipients. */
  count: number
}

export interface DomainReportWire {
  /** Lower case, or `others`. */
  domain: string
  sent: number
  delivered: number
  opened: number
  clicked: number
  bounced: number
  complained: number
  /** Not handed over yet although it was tried: the other side asked for patience. */
  deferred: number
}

export interface LinkReportWire {
  id: number
  /** As in the `data-link` of the click map. */
  number: number
  /** As written: merge tags stand in some. */
  url: string
  /** By people: all, and how many of them. */
  clicks: number
  clicked: number
  machine_clicks: number
}

export type OverTimeKind = 'opened' | 'clicked' | 'delivered' | 'sent' | 'bounced'

/** How many recipients did it first in each bucket. */
export interface OverTimeWire {
  bucket_seconds: number
  /** When the first bucket begins; null: it never happened, and there are no points. */
  from: string | null
  points: number[]
}

export interface ClickMapWire {
  /** The mail as a sample person gets it; `data-link` of each anchor is its link's number. */
  html: string
  links: LinkReportWire[]
}

export interface DashboardWire {
  counts: {
    /** Who would be written to. */
    subscribers: number
    campaigns_sent_30d: number
    mails_sent_30d: number
    /** Since midnight, UTC. */
    mails_sent_today: number
  }
  /** Queued, being sent or paused. */
  running: CampaignSummaryWire[]
  /** The last ten that were sent. */
  recent: { campaign: ReportedCampaignWire; totals: Totals; rates: RatesWire }[]
  /** Thirty days by UTC, today last. */
  growth: { day: string; subscribed: number; unsubscribed: number }[]
  /** What a person should look at, the most pressing first. */
  attention: AttentionWire[]
}

export interface AttentionWire {
  kind: 'paused' | 'ambiguous' | 'service_down' | 'overdue' | 'domain'
  /** In words for people. */
  text: string
  campaign_id?: number
  service_id?: number
  domain_id?: number
}
