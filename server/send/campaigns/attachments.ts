import type { Selectable } from 'kysely'
import { storable } from '../../accounts/storable.ts'
import { Problem } from '../../problem.ts'
import type { Database, Tables } from '../../storage/schema.ts'
import { type Campaign, CAMPAIGN_STATUS, holdCampaign } from './campaigns.ts'

/** Without what is in it. */
export type AttachmentRow = Omit<Selectable<Tables['campaign_attachments']>, 'bytes'>

/**
 * All of one campaign, in bytes. Encoded they are a third more, and many servers take no mail of more than 10 MB;
 * besides, each of a hundred thousand mails carries them.
 */
export const MOST_ATTACHED = 7 * 1024 * 1024
const MOST = 20

/** What programs that are run by a click are called: hardly a mail server lets them pass. */
const REFUSED =
  /\.(?:ade|adp|apk|bat|chm|cmd|com|cpl|dll|exe|hta|ins|iso|jar|js|jse|lnk|msc|msi|msp|mst|pif|ps1|scr|sct|vb|vbe|vbs|wsf|wsh)$/i

/** In the order in which they came, without what is in them. */
export function attachmentsOf(db: Database, campaignId: number): Promise<AttachmentRow[]> {
  return db
    .selectFrom('campaign_attachments')
    .select(['id', 'campaign_id', 'name', 'content_type', 'content_id', 'size'])
    .where('campaign_id', '=', campaignId)
    .orderBy('id')
    .execute()
}

export function attachmentWithBytes(
  db: Database,
  campaignId: number,
  id: number,
): Promise<Selectable<Tables['campaign_attachments']> | undefined> {
  return db
    .selectFrom('campaign_attachments')
    .selectAll()
    .where('campaign_id', '=', campaignId)
    .where('id', '=', id)
    .executeTakeFirst()
}

/** @throws Problem `invalid`: too much, or nothing that mail servers take; `conflict`: the campaign is no draft any more */
export async function addAttachment(
  trx: Database,
  campaign: Pick<Campaign, 'id'>,
  given: { name: string; contentType: string; contentId: string | null; bytes: Buffer },
): Promise<AttachmentRow> {
  await holdDraft(trx, campaign)
  const before = await attachmentsOf(trx, campaign.id)
  const size = before.reduce((sum, attachment) => sum + attachment.size, given.bytes.length)
  if (given.bytes.length === 0) refuse('must not be empty')
  if (before.length >= MOST) refuse(`of one campaign there may be ${MOST} at most`)
  if (size > MOST_ATTACHED) refuse(`must not be more than ${MOST_ATTACHED} bytes together`)
  if (REFUSED.test(given.name)) refuse('must not be a program: mail servers refuse mail with one in it')
  const { id } = await trx
    .insertInto('campaign_attachments')
    .values({
      campaign_id: campaign.id,
      name: storable(given.name),
      content_type: storable(given.contentType),
      content_id: given.contentId,
      size: given.bytes.length,
      bytes: given.bytes,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const all = await attachmentsOf(trx, campaign.id)
  return all.find(attachment => attachment.id === id) as AttachmentRow
}

/** @throws Problem `absent`; `conflict`: the campaign is no draft any more */
export async function deleteAttachment(
  trx: Database,
  campaign: Pick<Campaign, 'id'>,
  id: number,
): Promise<void> {
  await holdDraft(trx, campaign)
  const { numDeletedRows } = await trx
    .deleteFrom('campaign_attachments')
    .where('campaign_id', '=', campaign.id)
    .where('id', '=', id)
    .executeTakeFirst()
  if (numDeletedRows === 0n) throw new Problem('absent')
}

/** What is being sent was made once, and does not change under way. */
async function holdDraft(trx: Database, of: Pick<Campaign, 'id'>): Promise<void> {
  const { campaign } = await holdCampaign(trx, of)
  if (campaign.status_id !== CAMPAIGN_STATUS.draft)
    throw new Problem('conflict', 'What is attached to a campaign can be changed only while it is a draft')
}

function refuse(message: string): never {
  throw new Problem('invalid', '', { fields: { file: [message] } })
}
