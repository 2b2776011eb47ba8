import type { Campaign, Recipients } from './campaigns.ts'

/** What a draft may lack and a campaign may not. */
export type Missing =
  | 'subject'
  | 'from_email'
  | 'email_service_id'
  | 'content'
  /** Neither everybody, nor a tag, nor a segment. */
  | 'recipients'

export function missingToSend(campaign: Campaign, { tags, segments }: Recipients): Missing[] {
  const { subject, from_email, email_service_id, content, template_id, send_to_all } = campaign
  const missing: Missing[] = []
  if (subject.trim() === '') missing.push('subject')
  if (from_email === '') missing.push('from_email')
  if (email_service_id === null) missing.push('email_service_id')
  if (template_id === null && (content ?? '').trim() === '') missing.push('content')
  if (send_to_all === 0 && tags.length === 0 && segments.length === 0) missing.push('recipients')
  return missing
}
