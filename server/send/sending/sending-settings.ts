import { sql } from 'kysely'
import type { Database } from '../../storage/schema.ts'

/** How a workspace wants its mail sent. */
export interface SendingSettings {
  /** What becomes of a mail of which nobody knows whether it arrived: a person decides, or it is sent again. */
  ambiguous: 'ask' | 'retry'
  /** A campaign pauses above this part of hand-overs refused for good, and of complaints; from 100 hand-overs on. */
  pause_failure_rate: number
  pause_complaint_rate: number
  /** Seconds in which a campaign that was sent can be taken back. */
  undo_seconds: number
  /** After so many soft bounces in a row an address counts as bounced. */
  soft_bounce_limit: number
}

const DEFAULT_SETTINGS: SendingSettings = {
  ambiguous: 'ask',
  pause_failure_rate: 0.2,
  pause_complaint_rate: 0.003,
  undo_seconds: 0,
  soft_bounce_limit: 5,
}

export async function sendingSettings(db: Database, workspaceId: number): Promise<SendingSettings> {
  const row = await db
    .selectFrom('sending_settings')
    .select('settings')
    .where('workspace_id', '=', workspaceId)
    .executeTakeFirst()
  return { ...DEFAULT_SETTINGS, ...(row && JSON.parse(row.settings)) }
}

export async function changeSendingSettings(
  trx: Database,
  workspaceId: number,
  changes: Partial<SendingSettings>,
): Promise<SendingSettings> {
  const settings = { ...(await sendingSettings(trx, workspaceId)), ...changes }
  await trx
    .insertInto('sending_settings')
    .values({ workspace_id: workspaceId, settings: JSON.stringify(settings) })
    .onConflict(conflict =>
      conflict.column('workspace_id').doUpdateSet({ settings: sql.ref('excluded.settings') }),
    )
    .execute()
  return settings
}

/** Those of the campaigns whose ambiguous mails are sent again. */
export async function retryingAmbiguous(
  db: Database,
  campaignIds: readonly (number | null)[],
): Promise<ReadonlySet<number>> {
  const ids = [...new Set(campaignIds)].filter(id => id !== null)
  if (ids.length === 0) return new Set()
  const rows = await db
    .selectFrom('campaigns')
    .innerJoin('sending_settings', 'sending_settings.workspace_id', 'campaigns.workspace_id')
    .select(['campaigns.id', 'settings'])
    .where('campaigns.id', 'in', ids)
    .execute()
  return new Set(
    rows
      .filter(({ settings }) => (JSON.parse(settings) as Partial<SendingSettings>).ambiguous === 'retry')
      .map(({ id }) => id),
  )
}
