import type { Secrets } from '../../accounts/secrets.ts'
import { Problem } from '../../problem.ts'
import type { Storage } from '../../storage/database.ts'
import type { Database } from '../../storage/schema.ts'
import { listFields } from '../audience/custom-fields.ts'
import { senderOf } from '../audience/audience-settings.ts'
import type { Campaign } from '../campaigns/campaigns.ts'
import { listSendingDomains, signingKeyFor } from '../domains/sending-domains.ts'
import { DELIVERY_KEY } from '../feedback/public-token.ts'
import type { Gathered } from '../sending/sending.ts'
import type { Compiler } from '../templates/compiler.ts'
import { templateById } from '../templates/templates.ts'
import type { MailAttachment } from '../ways-out/way-out.ts'
import type { ProgramSetting, ProgramSources } from './program.ts'

export interface GatherDoor {
  storage: Pick<Storage, 'read'>
  secrets: Secrets
  publicUrl: string
  /** Empty or null: there is none. */
  bounceDomain: string | null
  compiler: Compiler
}

/** What a campaign's mails are made of, at this moment. @throws Problem `absent`: its workspace is gone */
export async function gatherCampaign(door: GatherDoor, campaign: Campaign): Promise<Gathered> {
  const db = door.storage.read
  const sources: ProgramSources = {
    campaignId: campaign.id,
    workspaceId: campaign.workspace_id,
    subject: campaign.subject,
    preheader: campaign.preheader,
    fromName: campaign.from_name,
    fromEmail: campaign.from_email,
    replyTo: campaign.reply_to,
    opensTracked: campaign.is_open_tracking === 1,
    clicksTracked: campaign.is_click_tracking === 1,
    template: await templateOf(door, campaign),
    content: campaign.content ?? '',
    attachments: await attachmentsOf(db, campaign),
    fields: await listFields(db, campaign.workspace_id),
    locale: (await senderOf(db, campaign.workspace_id))?.locale ?? '',
  }
  return { sources, setting: await campaignSetting(door, campaign) }
}

/** @throws Problem `absent` likewise */
export async function campaignSetting(door: GatherDoor, campaign: Campaign): Promise<ProgramSetting> {
  const { workspace_id, from_email } = campaign
  const sender = await senderOf(door.storage.read, workspace_id)
  if (sender === undefined) throw new Problem('absent')
  const fromDomain = from_email.slice(from_email.lastIndexOf('@') + 1)
  const dkim = await signingKeyFor(door.storage.read, door.secrets, workspace_id, fromDomain)
  return { ...settingOf(door), listName: sender.name, dkim }
}

/** What a workspace's mails by themselves are made with. */
export async function gatherLetters(door: GatherDoor, workspaceId: number): Promise<ProgramSetting> {
  const db = door.storage.read
  const sender = await senderOf(db, workspaceId)
  const domains = await listSendingDomains(db, workspaceId)
  const letterKeys = domains.map(({ domain, selector, rsa_private, ed25519_private }) => ({
    domain,
    selector,
    rsaPrivate: door.secrets.open(rsa_private),
    ed25519Private: door.secrets.open(ed25519_private),
  }))
  return { ...settingOf(door), listName: sender?.name ?? '', dkim: null, letterKeys }
}

function settingOf({ publicUrl, bounceDomain, secrets }: GatherDoor) {
  return { publicUrl, bounceDomain: bounceDomain || null, tokenKey: secrets.key(DELIVERY_KEY) }
}

async function templateOf(
  { storage, compiler }: GatherDoor,
  { workspace_id, template_id }: Campaign,
): Promise<ProgramSources['template']> {
  if (template_id === null) return null
  const template = await templateById(storage.read, workspace_id, template_id)
  if (template === undefined) return null
  const { kind, language, content } = template
  // Of its text nothing is kept: blocks write their own.
  const text = kind === 'blocks' ? (await compiler.compile(template)).text : null
  return { content, text, language }
}

async function attachmentsOf(db: Database, { id }: Pick<Campaign, 'id'>): Promise<MailAttachment[]> {
  const rows = await db
    .selectFrom('campaign_attachments')
    .select(['name', 'content_type', 'content_id', 'bytes'])
    .where('campaign_id', '=', id)
    .orderBy('id')
    .execute()
  return rows.map(({ name, content_type, content_id, bytes }) => ({
    name,
    contentType: content_type,
    contentId: content_id,
    base64: Buffer.from(bytes).toString('base64'),
  }))
}
