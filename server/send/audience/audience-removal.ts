import { holdAudience } from '../../storage/claiming.ts'
import type { Database } from '../../storage/schema.ts'
import type { ImportFiles } from '../import/import-files.ts'

/** Subscribers per transaction: with each go its tags, events and deliveries, and others want to write too. */
const PER_TURN = 500

/**
 * Everybody in the audience of a workspace that is being deleted, and the files that people were read from. The rest
 * of it is small, and goes with its row.
 */
export async function deleteAudience(db: Database, files: ImportFiles, workspaceId: number): Promise<void> {
  // What adds people in the background notices that its row is gone.
  await db.deleteFrom('audience_jobs').where('workspace_id', '=', workspaceId).execute()
  const imports = await db
    .deleteFrom('imports')
    .where('workspace_id', '=', workspaceId)
    .returning('id')
    .execute()
  for (const { id } of imports) files.remove(id)
  for (;;) {
    const gone = await db.transaction().execute(async trx => {
      await holdAudience(trx, workspaceId)
      const portion = trx
        .selectFrom('subscribers')
        .select('id')
        .where('workspace_id', '=', workspaceId)
        .orderBy('id')
        .limit(PER_TURN)
      const { numDeletedRows } = await trx
        .deleteFrom('subscribers')
        .where('id', 'in', portion)
        .executeTakeFirst()
      return Number(numDeletedRows)
    })
    if (gone < PER_TURN) return
  }
}
