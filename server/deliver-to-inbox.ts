import { inboxesInReach } from './catch/access.ts'
import type { Ingest } from './catch/ingest.ts'
import type { DeliverToInbox } from './send/sending/sending-worker.ts'
import type { Storage } from './storage/database.ts'

/** The part of assemble.ts where the halves meet: a campaign's way out that ends in one of our own inboxes. */
export function deliverToInbox(storage: Storage, ingest: Ingest): DeliverToInbox {
  return async (workspaceId, inboxId, { reversePath, forwardPath, bytes }) => {
    // It may have been moved to others since the email service was made.
    const inboxes = await inboxesInReach(storage.read, { workspaceId, role: 'admin' }, { inboxId })
    const arrival = {
      source: 'smtp' as const,
      mail_from: reversePath,
      rcpt_to: [forwardPath],
      client_ip: '127.0.0.1',
      helo: 'posthorn',
      tls: null,
      login: null,
    }
    const kept =
      inboxes.length > 0 && (await ingest({ inboxIds: [inboxId], arrival, receivedAt: Date.now() }, bytes))
    return kept && kept.inboxes.length > 0
      ? null
      : { code: 550, enhanced: '5.1.1', text: 'the inbox is not there any more' }
  }
}
