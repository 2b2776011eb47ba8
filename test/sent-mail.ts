// Mails that were handed over, without anything that hands them over.
import type { Delivery } from '../server/send/deliveries/deliveries.ts'
import { createSubscriber, type Subscriber } from '../server/send/audience/subscribers.ts'
import type { Database } from '../server/storage/schema.ts'

export interface SentMail {
  campaignId: number
  subscriber: Subscriber
  delivery: Delivery
}

/** A campaign that has been sent, with links that lead there, numbered from 1. */
export async function sentCampaign(db: Database, workspaceId: number, links: string[] = []): Promise<number> {
  const now = Date.now()
  const { id } = await db
    .insertInto('campaigns')
    .values({
      workspace_id: workspaceId,
      name: 'News',
      subject: 'News',
      content: '<p>Hello {{first_name}}</p>',
      status_id: 4,
      from_name: 'Shop',
      from_email: 'news@shop.example',
      is_open_tracking: 1,
      is_click_tracking: 1,
      send_to_all: 1,
      save_as_draft: 0,
      created_at: now,
      updated_at: now,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await db.insertInto('campaign_totals').values({ campaign_id: id }).execute()
  for (const [i, url] of links.entries())
    await db
      .insertInto('campaign_links')
      .values({ campaign_id: id, number: i + 1, url })
      .execute()
  return id
}

let people = 0

/** One of its mails, handed over a minute ago to somebody new. */
export async function sentMail(
  db: Database,
  workspaceId: number,
  campaignId: number,
  { sentAt = Date.now() - 60_000 }: { sentAt?: number | null } = {},
): Promise<SentMail> {
  const email = `Person${++people}@Example.com`
  const subscriber = await createSubscriber(db, workspaceId, { email, first_name: 'Ann', source: 'api' })
  const delivery = await db
    .insertInto('deliveries')
    .values({
      workspace_id: workspaceId,
      campaign_id: campaignId,
      subscriber_id: subscriber.id,
      email,
      status: sentAt === null ? 'claimed' : 'sent',
      created_at: Date.now(),
      sent_at: sentAt,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  return { campaignId, subscriber, delivery }
}
