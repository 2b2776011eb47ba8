import { makeFirstOwner } from './accounts/first-owner.ts'
import { endLocalMode } from './accounts/local-mode.ts'
import type { Secrets } from './accounts/secrets.ts'
import { somebodyHasPassword } from './accounts/users.ts'
import { makeFirstInbox } from './catch/first-inbox.ts'
import type { Settings } from './config.ts'
import type { Database } from './storage/schema.ts'

/** In clear, to be printed this once. */
export interface FirstStart {
  email: string
  userToken: string
  workspaceToken: string
  smtpUsername: string
  smtpPassword: string
}

/**
 * At the very first start somebody to own what is there, and an inbox to send to.
 * @throws Error if strangers could reach a server that nobody has a password for
 */
export async function firstStart(
  db: Database,
  secrets: Secrets,
  settings: Settings,
  loopback: boolean,
): Promise<FirstStart | undefined> {
  const owner = await makeFirstOwner(db, {
    email: settings.adminEmail,
    password: settings.adminPassword,
    userToken: settings.adminApiToken,
    workspaceToken: settings.workspaceApiToken,
  })
  if (!loopback) {
    if (!(await somebodyHasPassword(db)))
      throw new Error(
        `POSTHORN_HOST is ${settings.host}, which others can reach, and no owner has a password: ` +
          'give POSTHORN_ADMIN_EMAIL and POSTHORN_ADMIN_PASSWORD at the first start, or run "posthorn user reset"',
      )
    await endLocalMode(db)
  }
  if (owner === undefined) return undefined
  const inbox = await makeFirstInbox(db, secrets, {
    workspaceId: owner.workspace.id,
    ownerId: owner.user.id,
    maxSize: settings.inboxMaxMessages,
    maxMessageSize: settings.maxMessageSize,
    credentials: settings.inboxCredentials,
  })
  return {
    email: owner.user.email,
    userToken: owner.userToken,
    workspaceToken: owner.workspaceToken,
    smtpUsername: inbox.username,
    smtpPassword: secrets.open(inbox.password),
  }
}
