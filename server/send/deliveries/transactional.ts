import { storable } from '../../accounts/storable.ts'
import type { Database } from '../../storage/schema.ts'
import type { Subscriber } from '../audience/subscribers.ts'
import type { MailAttachment } from '../ways-out/way-out.ts'
import type { Delivery } from './deliveries.ts'

/** What one mail by itself says: whatever could be merged is merged. */
export interface TransactionalContent {
  fromName: string
  fromEmail: string
  toName: string
  /** Empty: none. */
  replyTo: string
  subject: string
  html: string | null
  text: string | null
  headers: readonly (readonly [name: string, value: string])[]
  attachments: readonly MailAttachment[]
  /** What whoever asked for it calls its kind. */
  tags: readonly string[]
}

export interface NewTransactional {
  to: string
  emailServiceId: number
  /** Who has that address; null: nobody that the workspace knows. */
  subscriber: Pick<Subscriber, 'id'> | null
  /** Given an id that the delivery has: its links are made of it. */
  content(deliveryId: number): TransactionalContent
  /** Why it is not to be sent; null: it is. */
  skipped: string | null
  /** Whoever asks twice with the same key gets one mail. */
  idempotencyKey: string | null
  /** Of all that was asked for, to tell a repeated request from another with the same key. */
  fingerprint: string
}

/** @param text as `transactional_mails.content` */
export function transactionalContent(text: string): TransactionalContent {
  return JSON.parse(text)
}

/** @throws StorageFault `duplicate`: somebody used the key meanwhile */
export async function createTransactional(
  trx: Database,
  workspaceId: number,
  mail: NewTransactional,
  now = Date.now(),
): Promise<Delivery> {
  const delivery = await trx
    .insertInto('deliveries')
    .values({
      workspace_id: workspaceId,
      campaign_id: null,
      subscriber_id: mail.subscriber?.id ?? null,
      email: storable(mail.to),
      subject: null,
      status: mail.skipped === null ? 'pending' : 'skipped',
      reason: mail.skipped === null ? null : storable(mail.skipped),
      claimed_by: null,
      email_service_id: mail.emailServiceId,
      provider_id: null,
      created_at: now,
      sent_at: null,
      delivered_at: null,
      opened_at: null,
      machine_opened_at: null,
      clicked_at: null,
      machine_clicked_at: null,
      bounced_at: null,
      complained_at: null,
      unsubscribed_at: null,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  const content = mail.content(delivery.id)
  const subject = storable(content.subject)
  await trx.updateTable('deliveries').set({ subject }).where('id', '=', delivery.id).execute()
  await trx
    .insertInto('transactional_mails')
    .values({
      delivery_id: delivery.id,
      workspace_id: workspaceId,
      idempotency_key: mail.idempotencyKey,
      fingerprint: mail.fingerprint,
      from_email: storable(content.fromEmail),
      content: storable(JSON.stringify(content)),
    })
    .execute()
  return { ...delivery, subject }
}

/** What was made of an earlier request with that key. */
export async function transactionalByKey(
  db: Database,
  workspaceId: number,
  idempotencyKey: string,
): Promise<{ delivery: Delivery; fingerprint: string; fromEmail: string } | undefined> {
  const row = await db
    .selectFrom('transactional_mails')
    .select(['delivery_id', 'fingerprint', 'from_email'])
    .where('workspace_id', '=', workspaceId)
    .where('idempotency_key', '=', idempotencyKey)
    .executeTakeFirst()
  if (row === undefined) return undefined
  const delivery = await db
    .selectFrom('deliveries')
    .selectAll()
    .where('id', '=', row.delivery_id)
    .executeTakeFirstOrThrow()
  return { delivery, fingerprint: row.fingerprint, fromEmail: row.from_email }
}

export async function contentOf(
  db: Database,
  delivery: Pick<Delivery, 'id'>,
): Promise<TransactionalContent | undefined> {
  const row = await db
    .selectFrom('transactional_mails')
    .select('content')
    .where('delivery_id', '=', delivery.id)
    .executeTakeFirst()
  return row && transactionalContent(row.content)
}
