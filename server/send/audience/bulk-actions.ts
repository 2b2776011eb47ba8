import type { Database } from '../../storage/schema.ts'
import { removeValues } from './custom-fields.ts'
import { recordEvents } from './subscriber-events.ts'
import { type By, removeSubscribers, type Subscriber, type SubscriberStatus } from './subscribers.ts'
import { addTags, removeTags } from './tagging.ts'
import { tagsById } from './tags.ts'

/** What can be done to many at once. */
export type BulkAction =
  | { kind: 'tag' | 'untag'; tag_ids: number[] }
  | { kind: 'unsubscribe' }
  /** Who unsubscribed themselves stays so, unless `even_by_subscriber`; bounces and complaints always do. */
  | { kind: 'resubscribe'; even_by_subscriber: boolean }
  | { kind: 'delete' }
  | { kind: 'delete_field'; key: string }

/**
 * In a transaction that holds the audience. Ids of nobody, or of another workspace's people, are passed over.
 * Doing it a second time changes nothing and is remembered by nobody.
 */
export async function act(
  trx: Database,
  workspaceId: number,
  ids: readonly number[],
  action: BulkAction,
  by: By,
  now = Date.now(),
): Promise<void> {
  if (ids.length === 0) return
  const people = await trx
    .selectFrom('subscribers')
    .select(['id', 'status', 'status_reason'])
    .where('workspace_id', '=', workspaceId)
    .where('id', 'in', ids)
    .orderBy('id')
    .execute()
  const theirs = people.map(({ id }) => id)
  switch (action.kind) {
    case 'tag':
    case 'untag': {
      const tags = [...(await tagsById(trx, workspaceId, action.tag_ids)).values()]
      return action.kind === 'tag'
        ? addTags(trx, theirs, tags, by, now)
        : removeTags(trx, theirs, tags, by, now)
    }
    case 'unsubscribe': {
      const whom = people.filter(({ status }) => status === 'subscribed' || status === 'pending')
      return setStatusOf(trx, whom, 'unsubscribed', by, now)
    }
    case 'resubscribe': {
      const whom = people.filter(
        ({ status, status_reason }) =>
          status === 'unsubscribed' && (action.even_by_subscriber || status_reason === 'by_admin'),
      )
      return setStatusOf(trx, whom, 'subscribed', by, now)
    }
    case 'delete':
      await removeSubscribers(trx, workspaceId, theirs)
      return
    case 'delete_field':
      return removeValues(trx, theirs, action.key)
  }
}

async function setStatusOf(
  trx: Database,
  people: readonly Pick<Subscriber, 'id' | 'status'>[],
  status: SubscriberStatus,
  by: By,
  now: number,
): Promise<void> {
  if (people.length === 0) return
  const reason = status === 'unsubscribed' ? 'by_admin' : null
  await trx
    .updateTable('subscribers')
    .set({ status, status_reason: reason, status_at: now, updated_at: now })
    .where(
      'id',
      'in',
      people.map(({ id }) => id),
    )
    .execute()
  await recordEvents(
    trx,
    people.map(({ id, status: from }) => ({
      subscriber_id: id,
      kind: 'status',
      detail: { from, to: status, reason },
      user_id: by.userId,
      at: now,
    })),
  )
}
