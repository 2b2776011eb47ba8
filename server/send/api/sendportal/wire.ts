// The shapes of SendPortal's resources, keys in their order (contract, section 2).
import type { CampaignTotals } from '../../campaigns/campaign-totals.ts'
import { type Campaign, type Recipients, STATUS_NAMES } from '../../campaigns/campaigns.ts'
import { type Delivery, shownStatus } from '../../deliveries/deliveries.ts'
import type { Origin } from '../../deliveries/delivery-origins.ts'
import type { EmailService } from '../../ways-out/email-services.ts'
import { maskedSettings, SERVICE_TYPES, type SettingValues } from '../../ways-out/email-service-types.ts'
import type { Subscriber } from '../../audience/subscribers.ts'
import type { Tag } from '../../audience/tags.ts'
import type { Template } from '../../templates/templates.ts'
import type { Workspace } from '../../../accounts/workspaces.ts'
import type { Token } from '../../../accounts/tokens.ts'
import { dateText } from './dates.ts'
import type { Words } from './generation.ts'

const times = ({ created_at, updated_at }: { created_at: number; updated_at: number }) => ({
  created_at: dateText(created_at),
  updated_at: dateText(updated_at),
})

/** @param tags absent: the key is absent too */
export function subscriberWire(subscriber: Subscriber, words: Words, tags?: readonly Tag[]) {
  const { id, first_name, last_name, email } = subscriber
  const unsubscribedAt = unsubscribedSince(subscriber)
  return {
    id,
    first_name,
    last_name,
    email,
    ...(tags && { [words.many]: tags.map(tag => tagWire(tag, words)) }),
    unsubscribed_at: unsubscribedAt === null ? null : dateText(unsubscribedAt),
    ...times(subscriber),
  }
}

/** Bounced and complained is unsubscribed here. Who has still to confirm is neither here nor there: null. */
export function unsubscribedSince({ status, status_at, updated_at }: Subscriber): number | null {
  return status === 'subscribed' || status === 'pending' ? null : (status_at ?? updated_at)
}

/** @param subscribers absent: the key is absent too */
export function tagWire(tag: Tag, words: Words, subscribers?: object[]) {
  const created_at = dateText(tag.created_at)
  const update_at = dateText(tag.updated_at)
  return {
    id: tag.id,
    name: tag.name,
    ...(subscribers && { subscribers }),
    created_at,
    update_at,
    // The first generation has it under its misspelled name alone.
    ...(words.one === 'tag' && { updated_at: update_at }),
  }
}

export function templateWire(template: Template) {
  const { id, name, content } = template
  return { id, name, content, ...times(template) }
}

export function campaignWire(
  campaign: Omit<Campaign, 'snapshot'>,
  words: Words,
  { tags, segments }: Recipients,
  { sent, opened, clicked }: Pick<CampaignTotals, 'sent' | 'opened' | 'clicked'>,
) {
  const { id, name, subject, content, status_id, template_id, email_service_id } = campaign
  const { from_name, from_email, scheduled_at } = campaign
  return {
    id,
    name,
    subject,
    content,
    status_id,
    template_id,
    email_service_id,
    from_name,
    from_email,
    is_open_tracking: campaign.is_open_tracking === 1,
    is_click_tracking: campaign.is_click_tracking === 1,
    sent_count: sent,
    open_count: opened,
    click_count: clicked,
    send_to_all: campaign.send_to_all === 1,
    [words.many]: tags,
    // Ours, and only there where it says something: those who know the contract meet no key they do not know.
    ...(segments.length > 0 && { segment_ids: segments }),
    save_as_draft: campaign.save_as_draft === 1,
    scheduled_at: scheduled_at === null ? null : dateText(scheduled_at),
    // Ours too: paused is still sending to those who know the contract.
    ...(campaign.paused_at !== null && { paused_at: dateText(campaign.paused_at) }),
    ...times(campaign),
  }
}

/** Contract, section 12. What is being handed over at this moment counts as waiting. */
export function reportWire(campaign: Campaign, totals: CampaignTotals, perSecond: number) {
  const { id, name, status_id, pause_reason } = campaign
  return {
    id,
    name,
    status_id,
    status: STATUS_NAMES[status_id],
    total: totals.total,
    sent: totals.sent,
    failed: totals.failed,
    skipped: totals.skipped,
    pending: totals.pending + totals.claimed,
    draft: totals.draft,
    ambiguous: totals.ambiguous,
    delivered: totals.delivered,
    opens: totals.opens,
    unique_opens: totals.opened,
    machine_opens: totals.machine_opened,
    clicks: totals.clicks,
    unique_clicks: totals.clicked,
    machine_clicks: totals.machine_clicked,
    bounces: totals.bounced,
    complaints: totals.complained,
    unsubscribes: totals.unsubscribed,
    rate_per_second: perSecond,
    pause_reason,
    paused_at: dateOrNull(campaign.paused_at),
    queued_at: dateOrNull(campaign.queued_at),
    sent_at: dateOrNull(campaign.sent_at),
    finished_at: dateOrNull(campaign.finished_at),
  }
}

/** Contract, section 12. @param messageId with its angle brackets */
export function messageWire(delivery: Delivery, { campaign }: Origin, messageId: string) {
  const { id, campaign_id, subscriber_id, email, subject, reason, attempts, provider_id } = delivery
  const { open_count, click_count } = delivery
  return {
    id,
    campaign_id,
    subscriber_id,
    recipient_email: email,
    subject: subject ?? campaign?.subject ?? '',
    status: shownStatus(delivery),
    message_id: messageId,
    provider_id,
    reason,
    attempts,
    open_count,
    click_count,
    sent_at: dateOrNull(delivery.sent_at),
    delivered_at: dateOrNull(delivery.delivered_at),
    opened_at: dateOrNull(delivery.opened_at),
    clicked_at: dateOrNull(delivery.clicked_at),
    bounced_at: dateOrNull(delivery.bounced_at),
    complained_at: dateOrNull(delivery.complained_at),
    unsubscribed_at: dateOrNull(delivery.unsubscribed_at),
    created_at: dateText(delivery.created_at),
  }
}

function dateOrNull(instant: number | null): string | null {
  return instant === null ? null : dateText(instant)
}

export function emailServiceWire(service: EmailService, settings: SettingValues) {
  const type = SERVICE_TYPES[service.type_id]
  const { id, name, type_id } = service
  return { id, name, type_id, settings: type ? maskedSettings(type, settings) : {}, ...times(service) }
}

export function workspaceWire(workspace: Workspace) {
  const { id, name } = workspace
  return { id, name, ...times(workspace) }
}

/** @param value in clear, where it was made this very moment */
export function apiTokenWire(token: Token, value?: string) {
  const { id, description, last_four, created_at } = token
  return {
    id,
    description: description === '' ? null : description,
    ...(value === undefined ? { last_four } : { token: value }),
    created_at: dateText(created_at),
  }
}
