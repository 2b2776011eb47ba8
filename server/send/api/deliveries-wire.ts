import { type Delivery, shownStatus } from '../deliveries/deliveries.ts'

// The shapes of deliveries as they leave this folder: the web app imports its types from here. Instants are ISO strings.

/** Where it is, or what has come back of it since: the strongest word wins. */
type DeliveryStatusWire =
  | 'draft'
  | 'pending'
  | 'claimed'
  | 'sent'
  | 'delivered'
  | 'failed'
  | 'skipped'
  | 'ambiguous'
  | 'bounced'
  | 'complained'

/** One mail to one person. */
export interface DeliveryWire {
  id: number
  /** Null: a mail by itself. */
  campaign: { id: number; name: string } | null
  /** Null: to somebody who is no subscriber. */
  subscriber_id: number | null
  email: string
  /** As it was sent, or as the campaign has it. */
  subject: string
  status: DeliveryStatusWire
  /** Why it was not sent, or came back: the server's words, or `unsubscribed` and the like. */
  reason: string | null
  attempts: number
  /** Of one that waits: not before that. */
  next_at: string | null
  message_id: string
  email_service_id: number | null
  sent_at: string | null
  delivered_at: string | null
  /** By a person. */
  opened_at: string | null
  clicked_at: string | null
  bounced_at: string | null
  complained_at: string | null
  unsubscribed_at: string | null
  open_count: number
  click_count: number
  /** By privacy proxies and scanners. */
  machine_opened_at: string | null
  machine_clicked_at: string | null
}

export type DeliveryTab = 'sent' | 'drafts'

/** What a list can be narrowed to. */
export type DeliveryFilterStatus = DeliveryStatusWire | 'opened' | 'clicked' | 'unsubscribed'

/** Newest first. */
export interface DeliveryPage {
  deliveries: DeliveryWire[]
  next_cursor: string | null
}

export interface DeliveryReply {
  delivery: DeliveryWire
}

type TrailKind =
  | 'created'
  | 'waiting'
  | 'claimed'
  | 'attempt'
  | 'sent'
  | 'failed'
  | 'skipped'
  | 'ambiguous'
  | 'delivered'
  | 'opened'
  | 'clicked'
  | 'bounced'
  | 'deferred'
  | 'complained'
  | 'unsubscribed'
  | 'resubscribed'

/** One thing that happened, in a sentence for people. */
export interface TrailStepWire {
  /** Null: nobody noted when. */
  at: string | null
  kind: TrailKind
  text: string
  /** What the sentence leaves out: the server's words, addresses, programs, reasons of a verdict. */
  detail: Record<string, unknown>
}

/** Why somebody did or did not get it, from the beginning. */
export interface DeliveryTrailReply extends DeliveryReply {
  trail: TrailStepWire[]
}

export interface DeliveryPreviewWire {
  /** Hostile until proved otherwise: for the `srcdoc` of a sandboxed frame, nowhere else. */
  html: string
  text: string
  subject: string
}

/** Whether somebody is among the recipients of a campaign, and if not, why. */
export interface CampaignPersonWire {
  found: boolean
  delivery_id: number | null
  /** In words for people; null: there is nothing to be said beyond the delivery. */
  reason: string | null
}

export type SendDraftsWire = { ids: number[] } | { campaign_id: number }

export interface DeliveryCountReply {
  count: number
}

/** @param messageId with its angle brackets */
export function deliveryWire(
  delivery: Delivery,
  {
    campaign,
    messageId,
  }: { campaign: { id: number; name: string; subject: string } | null; messageId: string },
): DeliveryWire {
  const { id, subscriber_id, email, reason, attempts, email_service_id, open_count, click_count } = delivery
  return {
    id,
    campaign: campaign && { id: campaign.id, name: campaign.name },
    subscriber_id,
    email,
    subject: delivery.subject ?? campaign?.subject ?? '',
    status: shownStatus(delivery),
    reason,
    attempts,
    next_at: delivery.status === 'pending' && delivery.next_at > 0 ? instantWire(delivery.next_at) : null,
    message_id: messageId,
    email_service_id,
    sent_at: instantWire(delivery.sent_at),
    delivered_at: instantWire(delivery.delivered_at),
    opened_at: instantWire(delivery.opened_at),
    clicked_at: instantWire(delivery.clicked_at),
    bounced_at: instantWire(delivery.bounced_at),
    complained_at: instantWire(delivery.complained_at),
    unsubscribed_at: instantWire(delivery.unsubscribed_at),
    open_count,
    click_count,
    machine_opened_at: instantWire(delivery.machine_opened_at),
    machine_clicked_at: instantWire(delivery.machine_clicked_at),
  }
}

function instantWire(instant: number | null): string | null {
  return instant === null ? null : new Date(instant).toISOString()
}
