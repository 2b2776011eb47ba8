import { sql } from 'kysely'
import type { Database } from '../../storage/schema.ts'
import {
  emailKey,
  setStatus,
  type Subscriber,
  subscriberByEmail,
  subscriberById,
} from '../audience/subscribers.ts'
import { addSuppressions } from '../audience/suppressions.ts'
import type { Delivery } from '../deliveries/deliveries.ts'
import { sendingSettings } from '../sending/sending-settings.ts'

export interface Stopped {
  /** Nothing is to be handed over to this person any more. */
  subscriberStopped: boolean
  /** Null: it was nobody the workspace knows. */
  subscriberId: number | null
}

const BY_THEM = { userId: null } as const

/** Of what nothing is sent to anyway, the graver reason stays. */
const GRAVITY: Record<Subscriber['status'], number> = {
  subscribed: 0,
  pending: 0,
  unsubscribed: 1,
  bounced: 2,
  complained: 3,
}

/**
 * They bounced for good, complained or left: the status says so, and an address that is dead or hostile is suppressed,
 * so that an import cannot bring it back.
 */
export async function stopSubscriber(
  trx: Database,
  delivery: Delivery,
  why: 'bounced' | 'complained' | 'unsubscribed',
  evidence: string,
  now: number,
): Promise<Stopped> {
  const { workspace_id: workspaceId, email } = delivery
  const subscriber = await subscriberOf(trx, delivery)
  // Who has another address by now did not bounce.
  const isThem = why !== 'bounced' || subscriber?.email_key === emailKey(email)
  const reason = { bounced: 'bounce', complained: 'complaint', unsubscribed: 'by_subscriber' } as const
  if (subscriber !== undefined && isThem && GRAVITY[why] > GRAVITY[subscriber.status])
    await setStatus(trx, subscriber, why, reason[why], BY_THEM, { now })
  if (why !== 'unsubscribed')
    await addSuppressions(
      trx,
      workspaceId,
      [{ kind: 'address', value: emailKey(email) }],
      { reason: why === 'bounced' ? 'hard_bounce' : 'complaint', evidence },
      BY_THEM,
      now,
    )
  const subscriberId = subscriber?.id ?? null
  return { subscriberStopped: subscriberId !== null, subscriberId }
}

/** They want it after all, by a link that was mailed to them; the dead and the hostile stay out. */
export async function resubscribed(trx: Database, delivery: Delivery, now: number): Promise<void> {
  const subscriber = await subscriberOf(trx, delivery)
  if (subscriber?.status === 'unsubscribed')
    await setStatus(trx, subscriber, 'subscribed', null, BY_THEM, { now })
}

async function subscriberOf(trx: Database, delivery: Delivery): Promise<Subscriber | undefined> {
  const { workspace_id: workspaceId, subscriber_id: id, email } = delivery
  return id === null ? subscriberByEmail(trx, workspaceId, email) : subscriberById(trx, workspaceId, id)
}

/**
 * Whether this soft bounce is one too many: so many mails in a row came back, with none in between that arrived.
 * The event of this one is written already.
 */
export async function bouncedSoftly(trx: Database, delivery: Delivery): Promise<boolean> {
  const limit = (await sendingSettings(trx, delivery.workspace_id)).soft_bounce_limit
  if (limit <= 0) return false
  const theirs = trx
    .selectFrom('deliveries')
    .where('workspace_id', '=', delivery.workspace_id)
    .where(({ eb }) =>
      delivery.subscriber_id === null
        ? eb('id', '=', delivery.id)
        : eb('subscriber_id', '=', delivery.subscriber_id),
    )
  const arrived = await theirs
    .select(({ fn }) => [
      fn.max('delivered_at').as('delivered'),
      fn.max('opened_at').as('opened'),
      fn.max('clicked_at').as('clicked'),
    ])
    .executeTakeFirst()
  const since = Math.max(arrived?.delivered ?? 0, arrived?.opened ?? 0, arrived?.clicked ?? 0)
  const { count } = await trx
    .selectFrom('delivery_events')
    .select(sql<number>`count(distinct delivery_id)`.as('count'))
    .where('delivery_id', 'in', theirs.select('id'))
    .where('kind', '=', 'bounced')
    .where('at', '>', since)
    .executeTakeFirstOrThrow()
  return Number(count) >= limit
}
