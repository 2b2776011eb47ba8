import type { Selectable } from 'kysely'
import type { Database, Tables } from '../storage/schema.ts'

export type Attachment = Selectable<Tables['attachments']>

/** Newest id first, as the messages are. */
export function attachmentsOf(db: Database, messageId: number): Promise<Attachment[]> {
  return db
    .selectFrom('attachments')
    .selectAll()
    .where('message_id', '=', messageId)
    .orderBy('id', 'desc')
    .execute()
}

export function findAttachment(db: Database, messageId: number, id: number): Promise<Attachment | undefined> {
  return db
    .selectFrom('attachments')
    .selectAll()
    .where('id', '=', id)
    .where('message_id', '=', messageId)
    .executeTakeFirst()
}
