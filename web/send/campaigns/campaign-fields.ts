import type { Campaign, CampaignFields } from '../../calls/campaigns.ts'

export type FieldName = keyof CampaignFields

export const FIELD_NAMES: Record<FieldName, string> = {
  name: 'Name',
  subject: 'Subject',
  preheader: 'Preheader',
  from_name: 'From name',
  from_email: 'From email',
  reply_to: 'Reply-to',
  template_id: 'Template',
  email_service_id: 'Email service',
  content: 'Content',
  is_open_tracking: 'Track opens',
  is_click_tracking: 'Track clicks',
  send_to_all: 'Recipients',
  tag_ids: 'Tags',
  segment_ids: 'Segments',
  save_as_draft: 'Sending behaviour',
  scheduled_at: 'Time',
  schedule_zone: 'Time zone',
  in_recipient_zone: 'Their own time zones',
  send_window: 'Hours',
}

/** Refusals are whole sentences, or what follows the name of the field. */
export function said(name: string, fault: string): string {
  return /^[A-Z]/.test(fault) ? fault : `${FIELD_NAMES[name as FieldName] ?? name} ${fault}.`
}

const ALL = Object.keys(FIELD_NAMES) as FieldName[]

export const EMPTY: CampaignFields = {
  name: '',
  subject: '',
  preheader: '',
  from_name: '',
  from_email: '',
  reply_to: '',
  template_id: null,
  email_service_id: null,
  content: '',
  is_open_tracking: true,
  is_click_tracking: true,
  send_to_all: false,
  tag_ids: [],
  segment_ids: [],
  save_as_draft: false,
  scheduled_at: null,
  schedule_zone: 'UTC',
  in_recipient_zone: false,
  send_window: null,
}

/** What can be written of it. */
export function fieldsOf(campaign: Campaign): CampaignFields {
  const fields: Partial<CampaignFields> = {}
  for (const name of ALL) copy(name, campaign, fields)
  return { ...EMPTY, ...fields, content: campaign.content ?? '' }
}

/** What of `now` is not as in `before`. A campaign without a name keeps the one it has. */
export function changesBetween(before: CampaignFields, now: CampaignFields): Partial<CampaignFields> {
  const changes: Partial<CampaignFields> = {}
  for (const name of ALL) if (!same(before[name], now[name])) copy(name, now, changes)
  if (changes.name?.trim() === '') delete changes.name
  return changes
}

/**
 * What two people made of the same draft.
 * @returns `fields`: both their changes, where they clash mine; `disputed`: what both changed, each in their own way
 */
export function merged(
  before: CampaignFields,
  mine: CampaignFields,
  theirs: CampaignFields,
): { fields: CampaignFields; disputed: FieldName[] } {
  const [my, their] = [changesBetween(before, mine), changesBetween(before, theirs)]
  return {
    fields: { ...theirs, ...my },
    disputed: ALL.filter(name => name in my && name in their && !same(mine[name], theirs[name])),
  }
}

export function picked(fields: CampaignFields, names: readonly FieldName[]): Partial<CampaignFields> {
  const some: Partial<CampaignFields> = {}
  for (const name of names) copy(name, fields, some)
  return some
}

function copy<Name extends FieldName>(
  name: Name,
  from: Pick<CampaignFields | Campaign, Name>,
  to: Partial<CampaignFields>,
): void {
  to[name] = from[name] as CampaignFields[Name]
}

function same(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other)
}
