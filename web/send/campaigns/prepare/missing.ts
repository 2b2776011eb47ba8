import type { CampaignFields } from '../../../calls/campaigns.ts'

export interface Gap {
  text: string
  /** It is filled in where the campaign is written. */
  toEdit: boolean
}

/** What a campaign cannot be sent without, in the order of the screen. */
export function missing(fields: CampaignFields, chosen: boolean): Gap[] {
  const gaps: [lacks: boolean, text: string][] = [
    [!fields.subject.trim(), 'Write a subject'],
    [!fields.from_name.trim(), 'Say whom it is from'],
    [!fields.from_email.trim(), 'Give the address it is from'],
    [fields.email_service_id === null, 'Choose an email service'],
    [fields.template_id === null && !fields.content?.trim(), 'Write something, or choose a template'],
  ]
  return [
    ...gaps.flatMap(([lacks, text]) => (lacks ? [{ text, toEdit: true }] : [])),
    ...(chosen ? [] : [{ text: 'Choose who gets it', toEdit: false }]),
    ...(fields.send_window?.days.length === 0
      ? [{ text: 'Choose the days on which it may leave', toEdit: false }]
      : []),
  ]
}
