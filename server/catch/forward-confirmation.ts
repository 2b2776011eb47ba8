import type { Secrets } from '../accounts/secrets.ts'
import type { Storage } from '../storage/database.ts'
import { confirmationToken, type ForwardTarget, markAsked } from './forward-targets.ts'
import type { WayOut } from './way-out.ts'

interface Asking {
  storage: Pick<Storage, 'write'>
  secrets: Secrets
  wayOut: WayOut
  publicUrl: string
}

/**
 * Writes to an address that is to be forwarded to, with the link that says yes. The link opens a page with a button:
 * what scans mail for its reader opens every link in it.
 * @throws Problem `too_many`
 */
export async function askOwner(
  { storage, secrets, wayOut, publicUrl }: Asking,
  target: ForwardTarget,
  by: { workspace: string; email: string },
): Promise<void> {
  if (!wayOut.configured) return
  await markAsked(storage.write, target)
  const text = [
    `${by.email} of the workspace "${by.workspace}" would like to forward mail to this address (${target.value}).`,
    `It is test mail, caught by the Posthorn server at ${publicUrl}.`,
    '',
    'If you agree, open this page and confirm:',
    `${publicUrl}/confirm/${confirmationToken(secrets, target)}`,
    '',
    'If not, do nothing: without your consent no mail is forwarded to you.',
    '',
  ].join('\n')
  await wayOut.systemMail({ to: target.value, subject: 'May we forward mail to you?', text })
}
