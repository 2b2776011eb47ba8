import { sql, type SqlBool } from 'kysely'
import type { Storage } from '../../storage/database.ts'
import type { Database } from '../../storage/schema.ts'
import { type SubscriberFilter, subscribersMatching } from './subscriber-filter.ts'

/** Some of the conditions are answered by a table made for each question: so that few are asked. */
const WINDOW = 20_000

/**
 * Everybody the filter finds, by ascending id, however many; each window of them is asked for when the one before
 * is used up, on the reading thread.
 * @param range `after` left out, `upTo` included
 * @throws Problem `invalid`: the tag or the segment does not exist, or no more
 */
export async function* idsMatching(
  { read, survey }: Pick<Storage, 'read' | 'survey'>,
  workspaceId: number,
  filter: SubscriberFilter,
  range: { after: number; upTo: number },
): AsyncGenerator<number[]> {
  for (let { after } = range; after < range.upTo; ) {
    const { where } = await subscribersMatching(read, workspaceId, filter)
    const { rows } = await sql<{ id: number }>`
      select subscribers.id from subscribers
      where ${sql<SqlBool>`subscribers.workspace_id = ${workspaceId}`}
        and subscribers.id > ${after} and subscribers.id <= ${range.upTo} and ${where}
      order by subscribers.id limit ${WINDOW}
    `.execute(survey)
    if (rows.length > 0) yield rows.map(({ id }) => id)
    if (rows.length < WINDOW) return
    after = rows.at(-1)?.id ?? range.upTo
  }
}

/** Of the workspace; 0: it has nobody. */
export async function highestId(db: Database, workspaceId: number): Promise<number> {
  const { last } = await db
    .selectFrom('subscribers')
    .select(({ fn }) => fn.max('id').as('last'))
    .where('workspace_id', '=', workspaceId)
    .executeTakeFirstOrThrow()
  return last ?? 0
}
