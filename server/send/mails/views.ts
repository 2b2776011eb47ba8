import { Problem } from '../../problem.ts'
import { fieldsOf, type Subscriber, subscriberById } from '../audience/subscribers.ts'
import { type Campaign, campaignById } from '../campaigns/campaigns.ts'
import type { Delivery } from '../deliveries/deliveries.ts'
import { contentOf } from '../deliveries/transactional.ts'
import type { TemplateFault } from '../templates/compile-jobs.ts'
import { samplePerson } from '../templates/rendering.ts'
import type { OutgoingMail } from '../ways-out/way-out.ts'
import { campaignSetting, type GatherDoor, gatherCampaign } from './program-sources.ts'
import type { MailRecipient, ProgramSources } from './program.ts'
import type { MadeMail } from './single-mail.ts'

export interface Preview {
  html: string
  text: string
  subject: string
  from: { name: string; email: string }
  headers: readonly (readonly [name: string, value: string])[]
  warnings: string[]
  faults: TemplateFault[]
}

/** A campaign's mail as it will be, its links not counted. @param subscriber undefined: for somebody made up */
export async function previewCampaign(
  door: GatherDoor,
  campaign: Campaign,
  subscriber: Subscriber | undefined,
): Promise<Preview> {
  const { sources, setting } = await gatherCampaign(door, campaign)
  const recipient = recipientOr(sources, subscriber)
  const { mail, warnings, faults } = await door.compiler.mail({
    sources: { ...sources, attachments: [] },
    setting,
    recipient,
    purpose: 'preview',
  })
  return {
    ...shown(mail),
    from: { name: sources.fromName, email: sources.fromEmail },
    headers: mail?.parts?.headers ?? [],
    warnings,
    faults,
  }
}

/**
 * A test of a campaign, as both kinds of ways out take it: marked in its subject, its links do nothing.
 * @param subscriber whose data it shows; undefined: somebody made up
 * @throws Problem `invalid`: it cannot be rendered
 */
export async function testMail(
  door: GatherDoor,
  campaign: Campaign,
  to: string,
  subscriber: Subscriber | undefined,
): Promise<OutgoingMail> {
  const { sources, setting } = await gatherCampaign(door, campaign)
  const recipient = { ...recipientOr(sources, subscriber), email: to }
  const { mail, faults } = await door.compiler.mail({ sources, setting, recipient, purpose: 'test' })
  if (mail === null)
    throw new Problem('invalid', '', { fields: { content: faults.map(({ message }) => message) } })
  return mail
}

/**
 * What one person was sent, without anything that counts: the way to it in a browser.
 * @throws Problem `absent`: nothing is there any more that it could be made of
 */
export async function viewDelivery(
  door: GatherDoor,
  delivery: Delivery,
): Promise<{ html: string; text: string; subject: string }> {
  if (delivery.campaign_id === null) {
    const content = await contentOf(door.storage.read, delivery)
    if (content === undefined) throw new Problem('absent')
    return { html: content.html ?? '', text: content.text ?? '', subject: content.subject }
  }
  const campaign = await campaignById(door.storage.read, delivery.workspace_id, delivery.campaign_id)
  if (campaign === undefined) throw new Problem('absent')
  const sources: ProgramSources =
    campaign.snapshot === null
      ? (await gatherCampaign(door, campaign)).sources
      : JSON.parse(campaign.snapshot)
  const { mail } = await door.compiler.mail({
    sources: { ...sources, attachments: [] },
    setting: await campaignSetting(door, campaign),
    recipient: await recipientOf(door, delivery),
    purpose: 'view',
  })
  if (mail === null) throw new Problem('absent')
  return shown(mail)
}

function shown(mail: MadeMail['mail']): { html: string; text: string; subject: string } {
  const { html, text, subject } = mail?.parts ?? { html: '', text: '', subject: '' }
  return { html: html ?? '', text: text ?? '', subject }
}

async function recipientOf(
  { storage }: GatherDoor,
  { id, workspace_id, subscriber_id, email }: Delivery,
): Promise<MailRecipient> {
  const subscriber =
    subscriber_id === null ? undefined : await subscriberById(storage.read, workspace_id, subscriber_id)
  return { delivery_id: id, email, ...personal(subscriber) }
}

function recipientOr({ fields }: ProgramSources, subscriber: Subscriber | undefined): MailRecipient {
  if (subscriber !== undefined) return { delivery_id: 0, email: subscriber.email, ...personal(subscriber) }
  const today = new Date().toISOString().slice(0, 10)
  const {
    email,
    first_name,
    last_name,
    fields: values,
  } = samplePerson(fields, { unsubscribe_url: '', webview_url: '' }, today)
  return { delivery_id: 0, email, first_name, last_name, fields: values }
}

function personal(
  subscriber: Subscriber | undefined,
): Pick<MailRecipient, 'first_name' | 'last_name' | 'fields'> {
  return {
    first_name: subscriber?.first_name ?? null,
    last_name: subscriber?.last_name ?? null,
    fields: subscriber === undefined ? {} : fieldsOf(subscriber),
  }
}
