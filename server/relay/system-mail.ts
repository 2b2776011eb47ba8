import { composeMessage } from '../mail/compose.ts'
import type { Database } from '../storage/schema.ts'
import { enqueue } from './outgoing.ts'

interface SystemLetter {
  /** An address, nothing else. */
  to: string
  /** In whose name it is written; default: ours. */
  fromName?: string
  subject: string
  text: string
  html?: string
}

/** Puts the server's own mail into the queue; false if there is no relay to send it. */
export type SystemMail = (letter: SystemLetter) => Promise<boolean>

interface Options {
  write: Database
  /** `no-reply@…` */
  from: string
  /** Undefined: no relay is configured. */
  wake: (() => void) | undefined
}

export function createSystemMail({ write, from, wake }: Options): SystemMail {
  return async ({ to, fromName = 'Posthorn', subject, text, html }) => {
    if (wake === undefined) return false
    const bytes = composeMessage({
      from: { name: fromName, address: from },
      to: [{ name: '', address: to }],
      subject,
      // RFC 3834 section 5: no vacation notice answers it.
      headers: [{ name: 'Auto-Submitted', value: 'auto-generated' }],
      text,
      ...(html !== undefined && { html }),
    })
    await enqueue(write, [
      {
        kind: 'system',
        workspaceId: null,
        inboxId: null,
        messageId: null,
        reversePath: from,
        forwardPath: to,
        subject,
        bytes,
      },
    ])
    wake()
    return true
  }
}
