// A storage with a workspace, a project and an inbox in it, on the engine of the test.
import type { Database } from '../server/storage/schema.ts'
import { openStorage, type Storage } from '../server/storage/database.ts'
import { parseLocation } from '../server/storage/location.ts'
import { createIngest, type Ingest } from '../server/catch/ingest.ts'
import type { Arrival } from '../server/catch/arrival.ts'
import { createInbox, type Inbox } from '../server/catch/inboxes.ts'
import { createProject } from '../server/catch/projects.ts'
import type { Engine } from './engines.ts'

export interface Sandbox {
  storage: Storage
  ingest: Ingest
  inbox: Inbox
  projectId: number
  workspaceId: number
  userId: number
  /** Keeps a message in the inbox (or another) and answers its id. */
  keep(raw: string | Buffer, inboxId?: number, arrival?: Partial<Arrival>): Promise<number>
  newInbox(maxSize?: number): Promise<Inbox>
}

/** Keeps secrets in clear: what is tested here is not the cipher. */
const openSecrets = { seal: (text: string) => text, open: (text: string) => text }

export async function openSandbox(engine: Engine, url?: string): Promise<Sandbox> {
  const location = parseLocation(url ?? (await engine.freshUrl()))
  const storage = await openStorage(location, new URL('../server/catch/keep.ts', import.meta.url), error => {
    throw error
  })
  const ingest = createIngest(storage, [])
  const { workspaceId, userId } = await someOwner(storage.write)
  const project = await createProject(storage.write, { workspaceId, ownerId: userId, name: 'Shop' })
  const newInbox = (maxSize = 0) =>
    createInbox(storage.write, openSecrets as never, {
      projectId: project.id,
      name: 'Staging',
      maxSize,
      maxMessageSize: 26_214_400,
    })
  const inbox = await newInbox()
  return {
    storage,
    ingest,
    inbox,
    projectId: project.id,
    workspaceId,
    userId,
    newInbox,
    async keep(raw, inboxId = inbox.id, arrival = {}) {
      const kept = await ingest(
        { inboxIds: [inboxId], arrival: { ...someArrival, ...arrival }, receivedAt: Date.now() },
        Buffer.from(raw),
      )
      return kept.messages[0]?.id ?? 0
    },
  }
}

const someArrival: Arrival = {
  source: 'smtp',
  mail_from: 'app@shop.test',
  rcpt_to: ['ann@example.com'],
  client_ip: '127.0.0.1',
  helo: 'app.shop.test',
  tls: null,
  login: null,
}

async function someOwner(db: Database): Promise<{ workspaceId: number; userId: number }> {
  const now = Date.now()
  const workspace = await db
    .insertInto('workspaces')
    .values({ name: 'Team', created_at: now, updated_at: now })
    .returning('id')
    .executeTakeFirstOrThrow()
  const user = await db
    .insertInto('users')
    .values({
      name: 'Owner',
      email: 'owner@shop.test',
      pending_email: null,
      password_hash: null,
      timezone: 'Etc/UTC',
      jwt_id: 'x',
      current_workspace_id: workspace.id,
      created_at: now,
      updated_at: now,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await db
    .insertInto('members')
    .values({ workspace_id: workspace.id, user_id: user.id, role: 'owner', created_at: now })
    .execute()
  return { workspaceId: workspace.id, userId: user.id }
}
