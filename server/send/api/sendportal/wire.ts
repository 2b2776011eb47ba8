// The shapes of SendPortal's resources, keys in their order (contract, section 2).
import type { Campaign, Reception, Recipients } from '../../campaigns/campaigns.ts'
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
  campaign: Campaign,
  words: Words,
  { tags, segments }: Recipients,
  { sent, opened, clicked }: Reception = { sent: 0, opened: 0, clicked: 0 },
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
    ...times(campaign),
  }
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
