import type { Database, Tables } from '../../storage/schema.ts'
import type { Message } from '../messages.ts'

export type Kind = Tables['message_reports']['kind']

/** The reports of one kind about some messages, by message. */
export async function findReports(
  db: Database,
  messageIds: readonly number[],
  kind: Kind,
): Promise<Map<number, unknown>> {
  if (messageIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('message_reports')
    .select(['message_id', 'report'])
    .where('message_id', 'in', messageIds)
    .where('kind', '=', kind)
    .execute()
  return new Map(rows.map(({ message_id, report }) => [message_id, JSON.parse(report) as unknown]))
}

/** Keeps a report, instead of an earlier one; a message that was deleted meanwhile gets none. */
export function keepReport(
  db: Database,
  { id }: Pick<Message, 'id'>,
  kind: Kind,
  report: unknown,
): Promise<void> {
  return db.transaction().execute(async trx => {
    // Changes nothing, and holds the row until the report is beside it.
    const { numUpdatedRows } = await trx
      .updateTable('messages')
      .set(({ ref }) => ({ updated_at: ref('updated_at') }))
      .where('id', '=', id)
      .executeTakeFirst()
    if (numUpdatedRows === 0n) return
    const row = { message_id: id, kind, report: JSON.stringify(report), created_at: Date.now() }
    await trx
      .insertInto('message_reports')
      .values(row)
      .onConflict(conflict =>
        conflict
          .columns(['message_id', 'kind'])
          .doUpdateSet({ report: row.report, created_at: row.created_at }),
      )
      .execute()
  })
}
