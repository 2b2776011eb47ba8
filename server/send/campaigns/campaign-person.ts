import { sql } from 'kysely'
import type { Storage } from '../../storage/database.ts'
import { emailKey, type Subscriber, subscriberByEmail } from '../audience/subscribers.ts'
import { suppressionOf } from '../audience/suppressions.ts'
import type { Delivery } from '../deliveries/deliveries.ts'
import { whySkipped } from '../deliveries/delivery-trail.ts'
import { type Campaign, recipientsOfOne } from './campaigns.ts'
import { meantFor } from './recipients.ts'

type Readers = Pick<Storage, 'read' | 'survey'>

export interface CampaignPerson {
  delivery: Delivery | undefined
  /** In words for people; null: there is nothing to be said beyond the delivery. */
  reason: string | null
}

/** Whether somebody is among a campaign's recipients, and if they are not, why. */
export async function personIn(
  storage: Readers,
  campaign: Campaign,
  email: string,
  now = Date.now(),
): Promise<CampaignPerson> {
  const db = storage.read
  const subscriber = await subscriberByEmail(db, campaign.workspace_id, email)
  const delivery =
    subscriber &&
    (await db
      .selectFrom('deliveries')
      .selectAll()
      .where('campaign_id', '=', campaign.id)
      .where('subscriber_id', '=', subscriber.id)
      .executeTakeFirst())
  if (delivery !== undefined)
    return { delivery, reason: delivery.status === 'skipped' ? whySkipped(delivery.reason) : null }
  return { delivery, reason: await whyNot(storage, campaign, email, subscriber, now) }
}

async function whyNot(
  storage: Readers,
  campaign: Campaign,
  email: string,
  subscriber: Subscriber | undefined,
  now: number,
): Promise<string> {
  if (subscriber === undefined) return 'No subscriber has this address.'
  if (!(await isMeant(storage, campaign, subscriber, now)))
    return 'They have none of the tags, and are in none of the segments, that the campaign goes to.'
  const left = STATUS[subscriber.status]
  if (left !== undefined) return left
  const suppression = await suppressionOf(storage.read, campaign.workspace_id, emailKey(email))
  if (suppression !== undefined)
    return suppression.kind === 'domain'
      ? `The domain ${suppression.value} is on the suppression list.`
      : 'Their address is on the suppression list.'
  if (campaign.frozen_at === null) return 'They fit it. The list of recipients is not made yet.'
  return subscriber.created_at > campaign.frozen_at
    ? 'They came after the list of recipients was made.'
    : 'They fit it now, but did not when the list of recipients was made.'
}

const STATUS: Record<Subscriber['status'], string | undefined> = {
  subscribed: undefined,
  unsubscribed: 'They have unsubscribed.',
  pending: 'They have not confirmed that they want mail.',
  bounced: 'Mail to their address bounced.',
  complained: 'They reported mail as spam.',
}

async function isMeant(
  { read, survey }: Readers,
  campaign: Campaign,
  { id }: Pick<Subscriber, 'id'>,
  now: number,
): Promise<boolean> {
  const meant = await meantFor(read, campaign, await recipientsOfOne(read, campaign.id), now)
  // Everybody with a tag is gathered for it.
  const { rows } = await sql`
    select 1 from subscribers where subscribers.id = ${id} and ${meant}`.execute(survey)
  return rows.length > 0
}
