import type { Secrets } from '../accounts/secrets.ts'
import type { Database } from '../storage/schema.ts'
import { createInbox, type Inbox } from './inboxes.ts'
import { createProject } from './projects.ts'

interface Given {
  workspaceId: number
  ownerId: number
  maxSize: number
  maxMessageSize: number
  credentials?: { username: string; password: string } | undefined
}

/** A new person's first project, with one inbox in it: something to send to at once. */
export async function makeFirstInbox(db: Database, secrets: Secrets, given: Given): Promise<Inbox> {
  const project = await createProject(db, {
    workspaceId: given.workspaceId,
    ownerId: given.ownerId,
    name: 'My project',
  })
  return createInbox(db, secrets, {
    projectId: project.id,
    name: 'My inbox',
    maxSize: given.maxSize,
    maxMessageSize: given.maxMessageSize,
    credentials: given.credentials,
  })
}
