import type { Database } from '../../storage/schema.ts'
import { CAMPAIGN_STATUS } from './campaigns.ts'

const REASON =
  'The database was brought back from a backup: what this campaign has sent since then is not known here. Send the rest?'

/** What was under way when a backup was made has gone on after it: sent again, many would get it twice. */
export async function pauseAfterRestore(db: Database, now = Date.now()): Promise<void> {
  await db
    .updateTable('campaigns')
    .set({ status_id: CAMPAIGN_STATUS.sending, paused_at: now, pause_reason: REASON, updated_at: now })
    .where(({ eb, or, and }) =>
      or([
        and([eb('status_id', '=', CAMPAIGN_STATUS.sending), eb('paused_at', 'is', null)]),
        and([
          eb('status_id', '=', CAMPAIGN_STATUS.queued),
          or([eb('scheduled_at', 'is', null), eb('scheduled_at', '<=', now)]),
        ]),
      ]),
    )
    .execute()
}
