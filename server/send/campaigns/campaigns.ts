import { type Selectable, sql } from 'kysely'
import { storable } from '../../accounts/storable.ts'
import { Problem } from '../../problem.ts'
import { hold } from '../../storage/claiming.ts'
import type { Database, Tables } from '../../storage/schema.ts'

export type Campaign = Selectable<Tables['campaigns']>

export const CAMPAIGN_STATUS = { draft: 1, queued: 2, sending: 3, sent: 4, cancelled: 5 } as const

/** As people say it, by `status_id`. */
export const STATUS_NAMES: Record<number, string> = {
  1: 'Draft',
  2: 'Queued',
  3: 'Sending',
  4: 'Sent',
  5: 'Cancelled',
}

/** How a campaign stands, without what it says: that is long, and asked for with every portion of its mails. */
export const STANDING = [
  'id',
  'workspace_id',
  'status_id',
  'subject',
  'email_service_id',
  'send_to_all',
  'save_as_draft',
  'scheduled_at',
  'schedule_zone',
  'in_recipient_zone',
  'send_window',
  'queued_at',
  'undo_until',
  'frozen_through',
  'frozen_at',
  'paused_at',
  'sent_at',
  'receipt',
] as const satisfies readonly (keyof Campaign)[]

export type CampaignStanding = Pick<Campaign, (typeof STANDING)[number]>

/** What is written by whoever makes a campaign. */
export type CampaignText = Pick<
  Campaign,
  | 'name'
  | 'subject'
  | 'content'
  | 'template_id'
  | 'email_service_id'
  | 'from_name'
  | 'from_email'
  | 'is_open_tracking'
  | 'is_click_tracking'
  | 'send_to_all'
  | 'save_as_draft'
  | 'scheduled_at'
> &
  Partial<Pick<Campaign, 'preheader' | 'reply_to' | 'schedule_zone' | 'in_recipient_zone' | 'send_window'>>

/** Whom it goes to, unless to all: everybody who has one of the tags or is in one of the segments. Ids. */
export interface Recipients {
  tags: number[]
  segments: number[]
}

export function campaignById(db: Database, workspaceId: number, id: number): Promise<Campaign | undefined> {
  return db
    .selectFrom('campaigns')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .executeTakeFirst()
}

/** The recipients of each of them, by id of tag and segment. */
export async function recipientsOf(db: Database, ids: readonly number[]): Promise<Map<number, Recipients>> {
  const found = new Map<number, Recipients>(ids.map(id => [id, { tags: [], segments: [] }]))
  if (ids.length === 0) return found
  const tags = db
    .selectFrom('campaign_tags')
    .select(['campaign_id', 'tag_id'])
    .where('campaign_id', 'in', ids)
    .orderBy('tag_id')
  for (const row of await tags.execute()) found.get(row.campaign_id)?.tags.push(row.tag_id)
  const segments = db
    .selectFrom('campaign_segments')
    .select(['campaign_id', 'segment_id'])
    .where('campaign_id', 'in', ids)
    .orderBy('segment_id')
  for (const row of await segments.execute()) found.get(row.campaign_id)?.segments.push(row.segment_id)
  return found
}

export async function recipientsOfOne(db: Database, id: number): Promise<Recipients> {
  return (await recipientsOf(db, [id])).get(id) ?? { tags: [], segments: [] }
}

/** As it is, and as nobody else changes it until the transaction ends. @throws Problem `absent` */
export async function holdCampaign(
  trx: Database,
  { id }: Pick<Campaign, 'id'>,
): Promise<{ campaign: Campaign; recipients: Recipients }> {
  const row = trx.selectFrom('campaigns').selectAll().where('id', '=', id)
  await hold(trx, row)
  const campaign = await row.executeTakeFirst()
  if (campaign === undefined) throw new Problem('absent')
  return { campaign, recipients: await recipientsOfOne(trx, id) }
}

/** @throws Problem `invalid`: the template or the email service went away meanwhile */
export async function createCampaign(
  trx: Database,
  workspaceId: number,
  text: CampaignText,
  recipients: Recipients,
  now = Date.now(),
): Promise<Campaign> {
  await holdReferences(trx, workspaceId, text)
  const campaign = await trx
    .insertInto('campaigns')
    .values({
      workspace_id: workspaceId,
      ...stored(text),
      status_id: CAMPAIGN_STATUS.draft,
      sent_at: null,
      created_at: now,
      updated_at: now,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  await trx.insertInto('campaign_totals').values({ campaign_id: campaign.id }).execute()
  await addRecipients(trx, campaign, recipients)
  return campaign
}

/** @throws Problem `absent`: it is no draft any more; `invalid` as createCampaign */
export async function changeCampaign(
  trx: Database,
  { id, workspace_id }: Pick<Campaign, 'id' | 'workspace_id'>,
  text: CampaignText,
  recipients: Recipients,
  now = Date.now(),
): Promise<Campaign> {
  await holdReferences(trx, workspace_id, text)
  const changed = await trx
    .updateTable('campaigns')
    // Always a later one: whoever changes it says which they have read.
    .set({
      ...stored(text),
      updated_at: sql<number>`case when updated_at >= ${now} then updated_at + 1 else ${now} end`,
    })
    .where('id', '=', id)
    .where('status_id', '=', CAMPAIGN_STATUS.draft)
    .returningAll()
    .executeTakeFirst()
  if (changed === undefined) throw new Problem('absent')
  await trx.deleteFrom('campaign_tags').where('campaign_id', '=', id).execute()
  await trx.deleteFrom('campaign_segments').where('campaign_id', '=', id).execute()
  await addRecipients(trx, changed, recipients)
  return changed
}

const COPY = ' - Duplicate'
/** Characters. */
export const MAX_NAME = 255

/** A draft that says the same to the same people, with the same attached. */
export async function duplicateCampaign(
  trx: Database,
  campaign: Campaign,
  now = Date.now(),
): Promise<Campaign> {
  const name = [...campaign.name].slice(0, MAX_NAME - COPY.length).join('') + COPY
  const recipients = await recipientsOfOne(trx, campaign.id)
  const copy = await createCampaign(trx, campaign.workspace_id, { ...campaign, name }, recipients, now)
  await trx
    .insertInto('campaign_attachments')
    .columns(['campaign_id', 'name', 'content_type', 'content_id', 'size', 'bytes'])
    .expression(
      trx
        .selectFrom('campaign_attachments')
        .select([
          sql<number>`cast(${copy.id} as bigint)`.as('campaign_id'),
          'name',
          'content_type',
          'content_id',
          'size',
          'bytes',
        ])
        .where('campaign_id', '=', campaign.id)
        .orderBy('id'),
    )
    .execute()
  return copy
}

/** @returns false: it is no draft (any more), and stays */
export async function deleteDraft(trx: Database, { id }: Pick<Campaign, 'id'>): Promise<boolean> {
  const { numDeletedRows } = await trx
    .deleteFrom('campaigns')
    .where('id', '=', id)
    .where('status_id', '=', CAMPAIGN_STATUS.draft)
    .executeTakeFirst()
  return numDeletedRows > 0n
}

function stored(text: CampaignText) {
  return {
    name: storable(text.name),
    subject: storable(text.subject),
    content: text.content === null ? null : storable(text.content),
    template_id: text.template_id,
    email_service_id: text.email_service_id,
    from_name: storable(text.from_name),
    from_email: storable(text.from_email),
    is_open_tracking: text.is_open_tracking,
    is_click_tracking: text.is_click_tracking,
    send_to_all: text.send_to_all,
    save_as_draft: text.save_as_draft,
    scheduled_at: text.scheduled_at,
    preheader: storable(text.preheader ?? ''),
    reply_to: storable(text.reply_to ?? ''),
    schedule_zone: text.schedule_zone ?? 'UTC',
    in_recipient_zone: text.in_recipient_zone ?? 0,
    send_window: text.send_window ?? null,
  }
}

/** Whoever deletes one of them waits for this transaction, or this one finds it gone. */
async function holdReferences(
  trx: Database,
  workspaceId: number,
  { template_id, email_service_id }: Pick<CampaignText, 'template_id' | 'email_service_id'>,
): Promise<void> {
  for (const [table, id] of [
    ['templates', template_id],
    ['email_services', email_service_id],
  ] as const) {
    if (id === null) continue
    const row = trx
      .selectFrom(table)
      .select('id')
      .where('workspace_id', '=', workspaceId)
      .where('id', '=', id)
    await hold(trx, row)
    if ((await row.executeTakeFirst()) !== undefined) continue
    const field = table === 'templates' ? 'template_id' : 'email_service_id'
    throw new Problem('invalid', '', {
      fields: { [field]: [`The selected ${field.replaceAll('_', ' ')} is invalid.`] },
    })
  }
}

/** Ids of one statement. */
const PORTION = 500

/** Those of other workspaces, and those that are gone, are left out. */
async function addRecipients(
  trx: Database,
  { id, workspace_id }: Pick<Campaign, 'id' | 'workspace_id'>,
  { tags, segments }: Recipients,
): Promise<void> {
  for (let from = 0; from < tags.length; from += PORTION)
    await trx
      .insertInto('campaign_tags')
      .columns(['campaign_id', 'tag_id'])
      .expression(
        trx
          .selectFrom('tags')
          .select([sql<number>`cast(${id} as bigint)`.as('campaign_id'), 'id as tag_id'])
          .where('workspace_id', '=', workspace_id)
          .where('id', 'in', tags.slice(from, from + PORTION)),
      )
      .execute()
  for (let from = 0; from < segments.length; from += PORTION)
    await trx
      .insertInto('campaign_segments')
      .columns(['campaign_id', 'segment_id'])
      .expression(
        trx
          .selectFrom('segments')
          .select([sql<number>`cast(${id} as bigint)`.as('campaign_id'), 'id as segment_id'])
          .where('workspace_id', '=', workspace_id)
          .where('id', 'in', segments.slice(from, from + PORTION)),
      )
      .execute()
}
