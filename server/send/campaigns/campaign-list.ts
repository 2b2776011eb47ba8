import { sql } from 'kysely'
import { storable } from '../../accounts/storable.ts'
import { lowerAscii, lowered } from '../../storage/ascii-case.ts'
import type { Storage } from '../../storage/database.ts'
import type { Database } from '../../storage/schema.ts'
import { type Campaign, CAMPAIGN_STATUS } from './campaigns.ts'

/** What a list shows: not what is written in it, which may be megabytes. */
export type CampaignRow = Omit<Campaign, 'content' | 'snapshot'>

export const CAMPAIGN_COLUMNS = [
  'id',
  'workspace_id',
  'name',
  'subject',
  'status_id',
  'template_id',
  'email_service_id',
  'from_name',
  'from_email',
  'is_open_tracking',
  'is_click_tracking',
  'send_to_all',
  'save_as_draft',
  'scheduled_at',
  'sent_at',
  'created_at',
  'updated_at',
  'preheader',
  'reply_to',
  'schedule_zone',
  'in_recipient_zone',
  'send_window',
  'pause_reason',
  'receipt',
  'queued_at',
  'undo_until',
  'frozen_through',
  'frozen_at',
  'paused_at',
  'finished_at',
] as const satisfies readonly (keyof CampaignRow)[]

/** The statuses of each list (contract, section 5.2). */
const TABS = {
  draft: [CAMPAIGN_STATUS.draft, CAMPAIGN_STATUS.queued, CAMPAIGN_STATUS.sending],
  sent: [CAMPAIGN_STATUS.sent, CAMPAIGN_STATUS.cancelled],
} as const

export interface CampaignWish {
  tab: keyof typeof TABS | 'all'
  /** In name or subject. */
  search?: string | undefined
}

/** Newest first. @param before the last of the page before */
export function campaignPage(
  { read, survey }: Pick<Storage, 'read' | 'survey'>,
  workspaceId: number,
  { tab, search = '' }: CampaignWish,
  { before, limit }: { before?: number | undefined; limit: number },
): Promise<CampaignRow[]> {
  const db = search === '' ? read : survey
  const like = `%${lowerAscii(storable(search)).replace(/[\\%_]/g, '\\$&')}%`
  return db
    .selectFrom('campaigns')
    .select(CAMPAIGN_COLUMNS)
    .where('workspace_id', '=', workspaceId)
    .$if(tab !== 'all', query => query.where('status_id', 'in', TABS[tab as keyof typeof TABS]))
    .$if(before !== undefined, query => query.where('id', '<', before as number))
    .$if(search !== '', query =>
      query.where(({ or, ref }) =>
        or(
          (['name', 'subject'] as const).map(
            column => sql<boolean>`${lowered(db, ref(column))} like ${like} escape '\\'`,
          ),
        ),
      ),
    )
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
}

/** With what is written in them, but not what was made of it to be sent. The oldest first. */
export function listCampaigns(
  db: Database,
  workspaceId: number,
  { limit, offset = 0 }: { limit: number; offset?: number },
): Promise<Omit<Campaign, 'snapshot'>[]> {
  return db
    .selectFrom('campaigns')
    .select([...CAMPAIGN_COLUMNS, 'content'])
    .where('id', 'in', ids =>
      ids
        .selectFrom('campaigns')
        .select('id')
        .where('workspace_id', '=', workspaceId)
        .orderBy('id')
        .limit(limit)
        .offset(offset),
    )
    .orderBy('id')
    .execute()
}

export async function countCampaigns(db: Database, workspaceId: number): Promise<number> {
  const { count } = await db
    .selectFrom('campaigns')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('workspace_id', '=', workspaceId)
    .executeTakeFirstOrThrow()
  return Number(count)
}

export function campaignRow(db: Database, workspaceId: number, id: number): Promise<CampaignRow | undefined> {
  return db
    .selectFrom('campaigns')
    .select(CAMPAIGN_COLUMNS)
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .executeTakeFirst()
}
