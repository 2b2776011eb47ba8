import { sql } from 'kysely'
import type { Storage } from '../../storage/database.ts'
import { audienceCounts } from '../audience/subscribers.ts'
import { listTags } from '../audience/tags.ts'

export interface RecipientChoices {
  /** By name; `count` is of those who are subscribed. */
  tags: { id: number; name: string; count: number }[]
  /** Who are subscribed. */
  everybody: number
}

/** Among whom a campaign's author chooses. */
export async function recipientChoices(
  { read, survey }: Pick<Storage, 'read' | 'survey'>,
  workspaceId: number,
): Promise<RecipientChoices> {
  const tags = await listTags(read, workspaceId, {})
  const { subscribed } = await audienceCounts(read, workspaceId)
  // A counter knows how many have the tag. Those of them who get nothing are fewer than those who do.
  const { rows } = await sql<{ tag_id: number; count: number }>`
    select tag_id, count(*) as count from subscribers
    join subscriber_tags on subscriber_tags.subscriber_id = subscribers.id
    where subscribers.workspace_id = ${workspaceId}
      and subscribers.status in ('unsubscribed', 'pending', 'bounced', 'complained')
    group by tag_id`.execute(survey)
  const others = new Map(rows.map(row => [row.tag_id, Number(row.count)]))
  return {
    tags: tags.map(({ id, name, subscribers_count }) => ({
      id,
      name,
      count: Math.max(0, subscribers_count - (others.get(id) ?? 0)),
    })),
    everybody: subscribed,
  }
}
