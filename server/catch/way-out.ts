import type { SystemMail } from '../relay/system-mail.ts'

/** How mail leaves this server, as far as forwarding cares. */
export interface WayOut {
  /** Whether there is a relay at all. */
  configured: boolean
  /** Of the sender of forwards. */
  domain: string
  /** Their display name. */
  name: string
  /** Something was put into the queue, and is committed. */
  wake(): void
  systemMail: SystemMail
  /** The TXT records of a name, each joined; none if there is no such name. Rejects if DNS does not answer. */
  txt(name: string): Promise<string[]>
}

/** What an inbox forwards from (contract, section 6). */
export function forwardAddress(domain: string, workspaceId: number, inboxId: number): string {
  return `a${workspaceId}-i${inboxId}@${domain}`
}
