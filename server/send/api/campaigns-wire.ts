import type { AttachmentRow } from '../campaigns/attachments.ts'
import type { CampaignRow } from '../campaigns/campaign-list.ts'
import type { CampaignTotals } from '../campaigns/campaign-totals.ts'
import { type Campaign, CAMPAIGN_STATUS, type Recipients } from '../campaigns/campaigns.ts'

// The shapes of campaigns as they leave this folder: the web app imports its types from here. Instants are ISO strings.

/**
 * `freezing`: the list of recipients is being made. A paused campaign is one that was queued or being sent; what it was
 * is what it will be again.
 */
export type CampaignStatusWire = 'draft' | 'queued' | 'freezing' | 'sending' | 'paused' | 'sent' | 'cancelled'

/** Hours at which mail may leave. */
interface SendWindowWire {
  /** ISO weekdays: 1 is Monday, 7 is Sunday. */
  days: number[]
  /** As `08:00`. */
  from: string
  to: string
  /** As `Europe/Berlin`. */
  zone: string
}

/** Whom a campaign goes to, and how many of those who were meant are left out for which reason. */
export interface AudienceReceipt {
  total: number
  included: number
  unsubscribed: number
  bounced: number
  complained: number
  /** They have still to confirm that they want mail. */
  pending: number
  suppressed: number
  /** How often somebody has more than one of the chosen tags; they get it once. */
  duplicates: number
}

/** How many of a campaign's mails are where, and what came back. */
export interface Totals {
  total: number
  draft: number
  pending: number
  claimed: number
  sent: number
  failed: number
  skipped: number
  ambiguous: number
  delivered: number
  /** People who opened and clicked; privacy proxies and scanners apart. */
  opened: number
  machine_opened: number
  clicked: number
  machine_clicked: number
  bounced: number
  complained: number
  unsubscribed: number
  opens: number
  clicks: number
}

/** A row of the list. */
export interface CampaignSummaryWire {
  id: number
  name: string
  subject: string
  preheader: string
  from_name: string
  from_email: string
  /** Empty: answers go to the sender. */
  reply_to: string
  template_id: number | null
  email_service_id: number | null
  is_open_tracking: boolean
  is_click_tracking: boolean
  send_to_all: boolean
  tag_ids: number[]
  segment_ids: number[]
  /** Its mails are kept as drafts until somebody sends them. */
  save_as_draft: boolean
  scheduled_at: string | null
  /** In which that hour was meant, where each recipient gets it at that hour of their own; as `Europe/Berlin`. */
  schedule_zone: string
  /** Whether hour and window are those of each recipient. */
  in_recipient_zone: boolean
  send_window: SendWindowWire | null
  status: CampaignStatusWire
  /** Null: it is not paused, or somebody did it. */
  pause_reason: string | null
  /** Until then it can be taken back. */
  undo_until: string | null
  queued_at: string | null
  frozen_at: string | null
  sent_at: string | null
  finished_at: string | null
  paused_at: string | null
  /** Null: the audience is not frozen yet. */
  receipt: AudienceReceipt | null
  totals: Totals
  created_at: string
  updated_at: string
}

export interface CampaignWire extends CampaignSummaryWire {
  content: string | null
}

export type CampaignTab = 'draft' | 'sent' | 'all'

/** Newest first. */
export interface CampaignPage {
  campaigns: CampaignSummaryWire[]
  next_cursor: string | null
}

export interface CampaignReply {
  campaign: CampaignWire
}

/** What can be written of a draft. Absent stays as it is; of a new one only the name is required. */
export interface CampaignFieldsWire {
  name?: string
  subject?: string
  preheader?: string
  from_name?: string
  from_email?: string
  reply_to?: string
  template_id?: number | null
  email_service_id?: number | null
  content?: string | null
  is_open_tracking?: boolean
  is_click_tracking?: boolean
  send_to_all?: boolean
  tag_ids?: number[]
  segment_ids?: number[]
  save_as_draft?: boolean
  scheduled_at?: string | null
  schedule_zone?: string
  in_recipient_zone?: boolean
  send_window?: SendWindowWire | null
}

export interface ChangeCampaignWire extends CampaignFieldsWire {
  /** The `updated_at` it was read at: if somebody changed it since, it is 409. */
  version?: string
}

/** As the mail will be, but that nothing in it is tracked. */
export interface CampaignPreviewWire {
  /** Hostile until proved otherwise: for the `srcdoc` of a sandboxed frame, nowhere else. */
  html: string
  text: string
  subject: string
  /** Bytes of the HTML. */
  size: number
  warnings: string[]
  errors: { line: number | null; message: string }[]
  from: { name: string; email: string }
  headers: [name: string, value: string][]
}

export interface TestMailWire {
  to: string
  subscriber_id?: number
}

/** Whom it would go to now. */
export interface RecipientsWire {
  receipt: AudienceReceipt
  /** All tags of the workspace; `count` is of those who can be written to. */
  tags: { id: number; name: string; count: number }[]
  /** Everybody who can be written to. */
  everybody: number
}

export interface AskedRecipientsWire {
  send_to_all: boolean
  tag_ids: number[]
  segment_ids: number[]
}

/** Absent: as the draft says. */
export interface SendCampaignWire {
  recipients?: 'all' | 'chosen'
  tag_ids?: number[]
  segment_ids?: number[]
  /** Null: now. */
  scheduled_at?: string | null
  schedule_zone?: string
  in_recipient_zone?: boolean
  send_window?: SendWindowWire | null
  /** `draft`: the mails are kept until somebody sends them. */
  behaviour?: 'auto' | 'draft'
}

export interface CampaignCountReply extends CampaignReply {
  count: number
}

/** Cheap: for asking every second. */
export interface CampaignProgressWire {
  status: CampaignStatusWire
  totals: Totals
  per_second: number
  time_left_seconds: number | null
  /** In words for people; null: nothing. */
  waits_for: string | null
  pause_reason: string | null
}

export interface CampaignAttachmentWire {
  id: number
  name: string
  content_type: string
  /** Of a picture in the mail, as in `cid:logo`. */
  content_id: string | null
  size: number
}

export interface CampaignAttachmentsReply {
  attachments: CampaignAttachmentWire[]
}

export function campaignSummaryWire(
  campaign: CampaignRow,
  { tags, segments }: Recipients,
  totals: CampaignTotals,
): CampaignSummaryWire {
  const { id, name, subject, preheader, from_name, from_email, reply_to } = campaign
  return {
    id,
    name,
    subject,
    preheader,
    from_name,
    from_email,
    reply_to,
    template_id: campaign.template_id,
    email_service_id: campaign.email_service_id,
    is_open_tracking: campaign.is_open_tracking === 1,
    is_click_tracking: campaign.is_click_tracking === 1,
    send_to_all: campaign.send_to_all === 1,
    tag_ids: tags,
    segment_ids: segments,
    save_as_draft: campaign.save_as_draft === 1,
    scheduled_at: instantWire(campaign.scheduled_at),
    schedule_zone: campaign.schedule_zone,
    in_recipient_zone: campaign.in_recipient_zone === 1,
    send_window: campaign.send_window === null ? null : JSON.parse(campaign.send_window),
    status: campaignStatus(campaign),
    pause_reason: campaign.pause_reason,
    undo_until: instantWire(campaign.undo_until),
    queued_at: instantWire(campaign.queued_at),
    frozen_at: instantWire(campaign.frozen_at),
    sent_at: instantWire(campaign.sent_at),
    finished_at: instantWire(campaign.finished_at),
    paused_at: instantWire(campaign.paused_at),
    receipt: campaign.receipt === null ? null : JSON.parse(campaign.receipt),
    totals: totalsWire(totals),
    created_at: new Date(campaign.created_at).toISOString(),
    updated_at: new Date(campaign.updated_at).toISOString(),
  }
}

export function campaignWire(
  campaign: Campaign,
  recipients: Recipients,
  totals: CampaignTotals,
): CampaignWire {
  return { ...campaignSummaryWire(campaign, recipients, totals), content: campaign.content }
}

export function campaignStatus({
  status_id,
  paused_at,
  frozen_at,
}: Pick<Campaign, 'status_id' | 'paused_at' | 'frozen_at'>): CampaignStatusWire {
  switch (status_id) {
    case CAMPAIGN_STATUS.queued:
      return paused_at === null ? 'queued' : 'paused'
    case CAMPAIGN_STATUS.sending:
      return paused_at !== null ? 'paused' : frozen_at === null ? 'freezing' : 'sending'
    case CAMPAIGN_STATUS.sent:
      return 'sent'
    case CAMPAIGN_STATUS.cancelled:
      return 'cancelled'
    default:
      return 'draft'
  }
}

export function totalsWire(totals: CampaignTotals): Totals {
  const { total, draft, pending, claimed, sent, failed, skipped, ambiguous } = totals
  const { delivered, opened, machine_opened, clicked, machine_clicked } = totals
  const { bounced, complained, unsubscribed, opens, clicks } = totals
  return {
    total,
    draft,
    pending,
    claimed,
    sent,
    failed,
    skipped,
    ambiguous,
    delivered,
    opened,
    machine_opened,
    clicked,
    machine_clicked,
    bounced,
    complained,
    unsubscribed,
    opens,
    clicks,
  }
}

export function attachmentWire(attachment: Omit<AttachmentRow, 'campaign_id'>): CampaignAttachmentWire {
  const { id, name, content_type, content_id, size } = attachment
  return { id, name, content_type, content_id, size }
}

function instantWire(instant: number | null): string | null {
  return instant === null ? null : new Date(instant).toISOString()
}
