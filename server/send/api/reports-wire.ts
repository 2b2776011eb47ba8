import type { CampaignRow } from '../campaigns/campaign-list.ts'
import type { CampaignTotals } from '../campaigns/campaign-totals.ts'
import type { Attention } from '../reports/attention.ts'
import type { BounceCount } from '../reports/bounces.ts'
import type { GrowthDay } from '../reports/dashboard.ts'
import type { DomainCounts } from '../reports/domains.ts'
import type { CampaignLink } from '../reports/links.ts'
import type { OVER_TIME, OverTime } from '../reports/over-time.ts'
import { type Counted, partOf, type Rates, ratesOf } from '../reports/report.ts'
import {
  type AudienceReceipt,
  campaignStatus,
  type CampaignSummaryWire,
  type Totals,
  totalsWire,
} from './campaigns-wire.ts'

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
type RatesWire = Rates
type BounceWire = BounceCount
export type DomainReportWire = DomainCounts

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

export type OverTimeKind = keyof typeof OVER_TIME

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
  growth: GrowthDay[]
  /** What a person should look at, the most pressing first. */
  attention: AttentionWire[]
}

export type AttentionWire = Attention

export function reportedCampaignWire(campaign: CampaignRow): ReportedCampaignWire {
  const { id, name, subject, from_name, from_email, pause_reason } = campaign
  return {
    id,
    name,
    subject,
    from_name,
    from_email,
    status: campaignStatus(campaign),
    pause_reason,
    is_open_tracking: campaign.is_open_tracking === 1,
    is_click_tracking: campaign.is_click_tracking === 1,
    queued_at: instantWire(campaign.queued_at),
    frozen_at: instantWire(campaign.frozen_at),
    sent_at: instantWire(campaign.sent_at),
    finished_at: instantWire(campaign.finished_at),
    paused_at: instantWire(campaign.paused_at),
  }
}

export function reportWire(
  campaign: CampaignRow,
  totals: CampaignTotals,
  counted: Counted,
  links: readonly CampaignLink[],
): ReportWire {
  const { bounces, domains, openedByAny, clickedByAny } = counted
  return {
    campaign: reportedCampaignWire(campaign),
    totals: totalsWire(totals),
    rates: ratesOf(totals),
    with_machines: {
      opened: partOf(openedByAny, totals.sent),
      clicked: partOf(clickedByAny, totals.sent),
    },
    bounces,
    domains,
    links: links.map(linkReportWire),
    average_seconds_to_open: counted.secondsToOpen,
    average_seconds_to_click: counted.secondsToClick,
    receipt: campaign.receipt === null ? null : JSON.parse(campaign.receipt),
    generated_at: new Date(counted.countedAt).toISOString(),
  }
}

export function linkReportWire({
  id,
  number,
  url,
  clicks,
  clicked,
  machine_clicks,
}: CampaignLink): LinkReportWire {
  return { id, number, url, clicks, clicked, machine_clicks }
}

export function overTimeWire({ bucketSeconds, from, points }: OverTime): OverTimeWire {
  return { bucket_seconds: bucketSeconds, from: instantWire(from), points }
}

function instantWire(instant: number | null): string | null {
  return instant === null ? null : new Date(instant).toISOString()
}
