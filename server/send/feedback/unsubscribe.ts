import { holdAudience } from '../../storage/claiming.ts'
import type { Storage } from '../../storage/database.ts'
import { asFault } from '../../storage/faults.ts'
import type { Database } from '../../storage/schema.ts'
import { emailKey, type Subscriber, subscriberByEmail, subscriberById } from '../audience/subscribers.ts'
import { addSuppressions, removeSuppression, suppressionOf } from '../audience/suppressions.ts'
import type { Delivery } from '../deliveries/deliveries.ts'
import type { Sending } from '../sending/sending.ts'
import { applyFeedback, holdDeliveries } from './delivery-feedback.ts'
import { idOfToken } from './public-token.ts'

interface Parts {
  storage: Pick<Storage, 'write'>
  sending: Pick<Sending, 'stop'>
}

/** How somebody said that they want no more of it. */
type UnsubscribedBy = 'page' | 'one_click' | 'mail'

/** Where the address is nobody's whom the workspace knows, only a suppression can keep mail from it. */
const BY_LINK = 'unsubscribed by a link in a mail'

/** Undefined: forged, or the delivery is gone. */
export async function deliveryOfToken(
  db: Database,
  key: Buffer,
  token: string,
): Promise<Delivery | undefined> {
  const id = idOfToken(key, token)
  if (id === undefined) return undefined
  return db.selectFrom('deliveries').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Whom the workspace writes to at that address. */
export function recipientOf(
  db: Database,
  { workspace_id: workspaceId, subscriber_id: id, email }: Delivery,
): Promise<Subscriber | undefined> {
  return id === null ? subscriberByEmail(db, workspaceId, email) : subscriberById(db, workspaceId, id)
}

/**
 * The promise that is kept first: when this resolves it is committed, and no hand-over to them begins any more. A second
 * time changes nothing. RFC 8058 and RFC 2369 ask for no less.
 * @throws StorageFault; nothing has happened then
 */
export async function unsubscribe(
  { storage, sending }: Parts,
  { id, workspace_id: workspaceId }: Delivery,
  by: UnsubscribedBy,
  now = Date.now(),
): Promise<void> {
  const subscriberId = await untilUnlocked(() => leave(storage.write, id, workspaceId, by, now))
  if (subscriberId !== null) await sending.stop({ subscriberIds: [subscriberId] })
}

/** @returns who left; null: nobody whom the workspace knows */
function leave(
  write: Database,
  id: number,
  workspaceId: number,
  by: UnsubscribedBy,
  now: number,
): Promise<number | null> {
  return write.transaction().execute(async trx => {
    await holdAudience(trx, workspaceId)
    const delivery = (await holdDeliveries(trx, [id])).get(id)
    if (delivery === undefined) return null
    const recipient = await recipientOf(trx, delivery)
    if (recipient === undefined)
      await addSuppressions(
        trx,
        workspaceId,
        [{ kind: 'address', value: emailKey(delivery.email) }],
        { reason: 'manual', evidence: BY_LINK },
        { userId: null },
        now,
      )
    const isDone =
      delivery.unsubscribed_at !== null &&
      recipient?.status !== 'subscribed' &&
      recipient?.status !== 'pending'
    if (!isDone)
      await applyFeedback(
        trx,
        delivery,
        { kind: 'unsubscribed', at: now, source: by === 'mail' ? 'mail' : 'page', detail: { by } },
        now,
      )
    return recipient?.id ?? null
  })
}

const MOST_TRIES = 3

/** Whoever confirms hand-overs of the same campaign at this moment can be met in the wrong order, and one must yield. */
async function untilUnlocked<T>(attempt: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++)
    try {
      return await attempt()
    } catch (error) {
      if (asFault(error).kind !== 'locked' || tries === MOST_TRIES) throw error
    }
}

/**
 * They want it after all.
 * @returns false: nothing may be sent there, as it bounced, its owner complained, or it is suppressed
 */
export function resubscribe(
  { storage }: Pick<Parts, 'storage'>,
  { id, workspace_id: workspaceId }: Delivery,
  now = Date.now(),
): Promise<boolean> {
  return storage.write.transaction().execute(async trx => {
    await holdAudience(trx, workspaceId)
    const delivery = (await holdDeliveries(trx, [id])).get(id)
    if (delivery === undefined) return false
    const recipient = await recipientOf(trx, delivery)
    if (recipient?.status === 'bounced' || recipient?.status === 'complained') return false
    const suppression = await suppressionOf(trx, workspaceId, recipient?.email ?? delivery.email)
    if (suppression !== undefined) {
      if (suppression.evidence !== BY_LINK) return false
      await removeSuppression(trx, workspaceId, suppression.id)
    }
    if (delivery.unsubscribed_at !== null || recipient?.status === 'unsubscribed')
      await applyFeedback(trx, delivery, { kind: 'resubscribed', at: now, source: 'page' }, now)
    return true
  })
}

/** Within which it is said to whoever looks at the page. */
const JUST_MS = 60_000

/** Whether they have just come back: what was said is said on the next page, without a cookie. */
export async function justResubscribed(db: Database, { id }: Delivery, now = Date.now()): Promise<boolean> {
  const last = await db
    .selectFrom('delivery_events')
    .select(['kind', 'at'])
    .where('delivery_id', '=', id)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return last?.kind === 'resubscribed' && last.at > now - JUST_MS
}
