// Two workspaces, eight people, and things of both: what the permission matrix is asked about.
import { randomUUID } from 'node:crypto'
import { createPerson } from '../../server/accounts/people.ts'
import type { Role } from '../../server/accounts/permissions.ts'
import { openSecrets, type Secrets } from '../../server/accounts/secrets.ts'
import { createToken } from '../../server/accounts/tokens.ts'
import { addMember } from '../../server/accounts/workspaces.ts'
import { assemble } from '../../server/assemble.ts'
import type { Arrival } from '../../server/catch/arrival.ts'
import { createInbox } from '../../server/catch/inboxes.ts'
import type { Kept } from '../../server/catch/keep.ts'
import { createProject } from '../../server/catch/projects.ts'
import { deleteProject } from '../../server/catch/removal.ts'
import { databaseLocation, readSettings } from '../../server/config.ts'
import { createLog } from '../../server/log.ts'
import { openStorage, type Storage } from '../../server/storage/database.ts'
import type { Engine } from '../engines.ts'
import { type AudienceTarget, audienceTarget, deleteAudienceTarget } from './audience-target.ts'

export const CALLERS = [
  'owner',
  'admin',
  'viewer',
  'project admin',
  'project viewer',
  'inbox admin',
  'inbox viewer',
  'stranger',
  'workspace token',
  'nobody',
] as const
export type CallerName = (typeof CALLERS)[number]

/**
 * `shared`: of the first workspace, and given to the people of its project and of its inbox; `own`: of the first
 * workspace alone; `foreign`: of the stranger's; `deleted`: was of the first.
 */
export const TARGETS = ['shared', 'own', 'foreign', 'deleted'] as const
export type TargetName = (typeof TARGETS)[number]

export type Level = 'workspace' | 'project' | 'inbox'

/** Ids of one project with everything that hangs on it. */
export interface Target {
  workspace: number
  project: number
  extId: string
  inbox: number
  message: number
  attachment: number
  rule: number
  outgoing: number
  /** Of the project's and the inbox's viewer, or of somebody who is nobody here. */
  projectMember: number
  inboxMember: number
  /** To the workspace. */
  invitation: number
  /** Of the workspace's owner alone. */
  corsDomain: number
  /** Of the workspace's audience, and what it writes. */
  audience: AudienceTarget
}

export interface World {
  engine: Engine
  base: string
  storage: Storage
  secrets: Secrets
  tokens: Record<Exclude<CallerName, 'nobody'>, string>
  users: Record<Exclude<CallerName, 'nobody' | 'workspace token'>, number>
  workspaces: { first: number; foreign: number }
  target(name: TargetName): Promise<Target>
  /** The next who asks for it gets a new one. */
  spoil(name: TargetName): void
  /** A new token for whoever has lost theirs. */
  renewToken(caller: CallerName): Promise<void>
  close(): Promise<void>
}

/** In every text that the first workspace's people must not read, and in every text of theirs. */
export const FOREIGN_MARK = 'of-the-stranger'
export const FIRST_MARK = 'of-the-first'

const WORKSPACE_ROLES: Partial<Record<CallerName, Role>> = {
  owner: 'owner',
  admin: 'admin',
  viewer: 'viewer',
  'workspace token': 'admin',
}
const GIVEN: Partial<Record<CallerName, { level: 'project' | 'inbox'; role: 'admin' | 'viewer' }>> = {
  'project admin': { level: 'project', role: 'admin' },
  'project viewer': { level: 'project', role: 'viewer' },
  'inbox admin': { level: 'inbox', role: 'admin' },
  'inbox viewer': { level: 'inbox', role: 'viewer' },
}

/** What the rules of the house say, written down here once more and without the product's own code. */
export function roleOf(caller: CallerName, target: TargetName, level: Level): Role | null {
  if (caller === 'nobody' || target === 'deleted') return null
  if (target === 'foreign') return caller === 'stranger' ? 'owner' : null
  const inWorkspace = WORKSPACE_ROLES[caller]
  if (inWorkspace !== undefined) return inWorkspace
  const given = GIVEN[caller]
  if (given === undefined || target !== 'shared' || level === 'workspace') return null
  return given.level === 'project' || level === 'inbox' ? given.role : null
}

export async function buildWorld(engine: Engine): Promise<World> {
  const url = await engine.freshUrl()
  const dataDir = engine.freshDataDir()
  const read = readSettings(
    {},
    {
      POSTHORN_DATA_DIR: dataDir,
      POSTHORN_API_RATE_LIMIT: '0',
      POSTHORN_THROTTLE: '0',
      POSTHORN_ADMIN_EMAIL: 'first-owner@example.com',
      POSTHORN_ADMIN_PASSWORD: 'correct horse battery',
      ...(url.startsWith('postgres') && { DATABASE_URL: url }),
    },
    dataDir,
  )
  // A name server that refuses at once.
  const settings = { ...read, httpPort: 0, smtpPorts: [0], pop3Ports: [], dns: ['127.0.0.1:1'] }
  const log = createLog({ level: 'error', human: false, write: line => process.stderr.write(line) })
  const running = await assemble(settings, log)
  const storage = await openStorage(
    databaseLocation(settings),
    new URL('../../server/catch/keep.ts', import.meta.url),
    error => log.error('the writing thread stopped', { error }),
  )
  const secrets = openSecrets(settings)
  const db = storage.write

  const person = (name: string, mark: string) =>
    createPerson(db, {
      name: `${name} ${mark}`,
      email: `${name.replaceAll(' ', '-')}@example.com`,
      password: null,
      workspaceName: `workspace of ${name} ${mark}`,
    })
  const owner = await person('owner', FIRST_MARK)
  const stranger = await person('stranger', FOREIGN_MARK)
  const workspace = owner.workspace.id
  const member = async (name: 'admin' | 'viewer') => {
    const made = await person(name, FIRST_MARK)
    await addMember(db, workspace, made.user.id, name)
    await db
      .updateTable('users')
      .set({ current_workspace_id: workspace })
      .where('id', '=', made.user.id)
      .execute()
    return made
  }
  const people = {
    owner,
    admin: await member('admin'),
    viewer: await member('viewer'),
    'project admin': await person('project admin', FIRST_MARK),
    'project viewer': await person('project viewer', FIRST_MARK),
    'inbox admin': await person('inbox admin', FIRST_MARK),
    'inbox viewer': await person('inbox viewer', FIRST_MARK),
    stranger,
  }
  const { value: workspaceToken } = await createToken(db, {
    kind: 'workspace',
    userId: owner.user.id,
    workspaceId: workspace,
    description: 'matrix',
    value: '',
  })
  const users = mapValues(people, ({ user }) => user.id)
  const made = new Map<TargetName, Promise<Target>>()

  async function make(name: TargetName): Promise<Target> {
    const foreign = name === 'foreign'
    const mark = foreign ? FOREIGN_MARK : FIRST_MARK
    const workspaceId = foreign ? stranger.workspace.id : workspace
    const ownerId = foreign ? users.stranger : users.owner
    const project = await createProject(db, { workspaceId, ownerId, name: `project ${mark}` })
    const inbox = await createInbox(db, secrets, {
      projectId: project.id,
      name: `inbox ${mark}`,
      maxSize: 100,
      maxMessageSize: 1 << 20,
    })
    const times = { created_at: Date.now(), updated_at: Date.now() }
    const give = async (
      who: 'project admin' | 'project viewer' | 'inbox admin' | 'inbox viewer' | 'stranger',
    ) => {
      const { level, role } = GIVEN[who] ?? { level: 'project', role: 'viewer' }
      const row = { user_id: users[who], role, ...times }
      const { id } = await (level === 'project'
        ? db
            .insertInto('project_members')
            .values({ project_id: project.id, ...row })
            .returning('id')
        : db
            .insertInto('inbox_members')
            .values({ inbox_id: inbox.id, ...row })
            .returning('id')
      ).executeTakeFirstOrThrow()
      return id
    }
    let [projectMember, inboxMember] = [0, 0]
    if (name === 'shared') {
      await give('project admin')
      await give('inbox admin')
      projectMember = await give('project viewer')
      inboxMember = await give('inbox viewer')
    }
    const kept = await storage.perform<Kept>(
      'keep',
      { inboxIds: [inbox.id], arrival: ARRIVAL, receivedAt: Date.now() },
      Buffer.from(MAIL.replaceAll('MARK', mark)),
    )
    const message = kept.messages[0]?.id ?? 0
    const attachment = await db
      .selectFrom('attachments')
      .select('id')
      .where('message_id', '=', message)
      .executeTakeFirstOrThrow()
    const rule = await db
      .insertInto('forward_rules')
      .values({ inbox_id: inbox.id, forward_type: 'email', forward_value: 'dev@example.com', ...times })
      .returning('id')
      .executeTakeFirstOrThrow()
    const outgoing = await db
      .insertInto('outgoing')
      .values({
        kind: 'forward',
        workspace_id: workspaceId,
        inbox_id: inbox.id,
        message_id: message,
        reverse_path: 'a@example.com',
        forward_path: 'b@example.com',
        subject: mark,
        bytes: Buffer.from(MAIL),
        status: 'failed',
        attempts: 1,
        next_at: 0,
        leased_until: null,
        reply: '550 no',
        ...times,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    const invitation = await db
      .insertInto('invitations')
      .values({
        workspace_id: workspaceId,
        project_id: null,
        inbox_id: null,
        email: `${randomUUID()}@example.com`,
        role: 'viewer',
        hash: randomUUID(),
        invited_by: ownerId,
        created_at: Date.now(),
        expires_at: Date.now() + 86_400_000,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    const corsDomain = await db
      .insertInto('cors_domains')
      .values({ user_id: ownerId, domain: `${randomUUID()}.example`, created_at: Date.now() })
      .returning('id')
      .executeTakeFirstOrThrow()
    const audience = await audienceTarget(db, secrets, workspaceId, mark)
    const target = {
      workspace: workspaceId,
      project: project.id,
      extId: project.ext_id,
      inbox: inbox.id,
      message,
      attachment: attachment.id,
      rule: rule.id,
      outgoing: outgoing.id,
      projectMember,
      inboxMember,
      invitation: invitation.id,
      corsDomain: corsDomain.id,
      audience,
    }
    if (name === 'deleted') {
      await deleteProject(db, project.id)
      await deleteAudienceTarget(db, audience)
      await db.deleteFrom('invitations').where('id', '=', invitation.id).execute()
      await db.deleteFrom('cors_domains').where('id', '=', corsDomain.id).execute()
    }
    return target
  }

  const tokens = { ...mapValues(people, ({ apiToken }) => apiToken), 'workspace token': workspaceToken }
  return {
    engine,
    base: `http://127.0.0.1:${running.httpPort}`,
    storage,
    secrets,
    tokens,
    users,
    workspaces: { first: workspace, foreign: stranger.workspace.id },
    target(name) {
      const known = made.get(name) ?? make(name)
      made.set(name, known)
      return known
    },
    spoil: name => void made.delete(name),
    async renewToken(caller) {
      if (caller === 'nobody' || caller === 'workspace token') return
      const fresh = {
        kind: 'user',
        userId: users[caller],
        workspaceId: null,
        description: 'again',
        value: '',
      } as const
      tokens[caller] = (await createToken(db, fresh)).value
    },
    async close() {
      await running.stop()
      await storage.close()
    },
  }
}

function mapValues<K extends string, A, B>(record: Record<K, A>, change: (value: A) => B): Record<K, B> {
  return Object.fromEntries(
    Object.entries(record).map(([key, value]) => [key, change(value as A)]),
  ) as Record<K, B>
}

const ARRIVAL: Arrival = {
  source: 'smtp',
  mail_from: 'app@example.com',
  rcpt_to: ['ada@example.com'],
  client_ip: '192.0.2.7',
  helo: 'client.example.com',
  tls: null,
  login: null,
}

const MAIL = `From: MARK <app@example.com>
To: MARK <ada@example.com>
Subject: message MARK
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: multipart/alternative; boundary=c

--c
Content-Type: text/plain

text MARK
--c
Content-Type: text/html

<p>html MARK</p>
--c--
--b
Content-Type: application/octet-stream; name="MARK.bin"
Content-Disposition: attachment; filename="MARK.bin"

bytes MARK
--b--
`.replaceAll('\n', '\r\n')
