import { sql } from 'kysely'
import { enqueue } from '../relay/outgoing.ts'
import type { Database } from '../storage/schema.ts'
import { forwardCopy, type Forwardable } from './forward-copy.ts'
import { monthOf } from './inboxes.ts'
import type { Message } from './messages.ts'
import { forwardAddress, type WayOut } from './way-out.ts'

export interface Forward {
  kind: 'forward' | 'rule'
  message: Pick<Message, 'id' | 'subject'>
  content: Forwardable
  recipients: readonly string[]
}

/**
 * Puts copies of messages of one inbox into the queue, one for each recipient, in the caller's transaction. They count as
 * forwarded from now on (`forwarded_messages_count`), whatever the relay will say: what became of each is in the history.
 */
export async function forward(
  db: Database,
  wayOut: Pick<WayOut, 'domain' | 'name'>,
  inbox: { id: number; workspaceId: number },
  forwards: readonly Forward[],
): Promise<void> {
  const address = forwardAddress(wayOut.domain, inbox.workspaceId, inbox.id)
  const copies = forwards.flatMap(({ kind, message, content, recipients }) => {
    const bytes = forwardCopy(content, { name: wayOut.name, address })
    return recipients.map(forwardPath => ({
      kind,
      workspaceId: inbox.workspaceId,
      inboxId: inbox.id,
      messageId: message.id,
      reversePath: address,
      forwardPath,
      subject: message.subject,
      bytes,
    }))
  })
  if (copies.length === 0) return
  await enqueue(db, copies)
  await countForwarded(db, inbox.id, copies.length)
}

/** The counters of both kinds belong to the same month (see keep.ts). */
async function countForwarded(db: Database, inboxId: number, count: number): Promise<void> {
  const month = monthOf(Date.now())
  await db
    .updateTable('inboxes')
    .set({
      sent_messages_count: sql`case when counted_month = ${month} then sent_messages_count else 0 end`,
      forwarded_messages_count: sql`case when counted_month = ${month} then forwarded_messages_count else 0 end + ${count}`,
      counted_month: month,
      version: sql`version + 1`,
    })
    .where('id', '=', inboxId)
    .execute()
}
