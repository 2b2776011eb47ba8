// A sandbox behind a real socket, without SMTP: mail is put in where the SMTP door would.
import { posthornApi } from '../server/accounts/api/posthorn-api.ts'
import { Callers } from '../server/accounts/callers.ts'
import { createPerson } from '../server/accounts/people.ts'
import { openSecrets, type Secrets } from '../server/accounts/secrets.ts'
import { mailtrapApi, mailtrapRoutes, webRoutes } from '../server/catch/api/routes.ts'
import type { Sandbox } from '../server/catch/api/sandbox.ts'
import {
  bodyLimits,
  mailtrapV2Api,
  mailtrapV2Routes,
  sendingApi,
  sendingRoutes,
} from '../server/catch/api/v2/routes.ts'
import type { Arrival } from '../server/catch/arrival.ts'
import { createInbox, type Inbox } from '../server/catch/inboxes.ts'
import { createIngest } from '../server/catch/ingest.ts'
import type { Kept } from '../server/catch/keep.ts'
import { createProject, type Project } from '../server/catch/projects.ts'
import { Blacklists } from '../server/catch/checks/blacklists.ts'
import { Checks } from '../server/catch/checks/checks.ts'
import type { DnsList } from '../server/catch/checks/dns-lists.ts'
import type { Spamd } from '../server/catch/checks/spamc.ts'
import { createRates } from '../server/catch/rates.ts'
import { MessageReader } from '../server/catch/reader.ts'
import type { Api } from '../server/http/api.ts'
import { Metrics } from '../server/http/metrics.ts'
import { createHttpServer } from '../server/http/server.ts'
import { createLog } from '../server/log.ts'
import { type MailOutSettings, openMailOut } from '../server/mail-out.ts'
import { openStorage, type Storage } from '../server/storage/database.ts'
import { parseLocation } from '../server/storage/location.ts'
import type { Engine } from './engines.ts'

export interface SandboxApi {
  url: string
  storage: Storage
  secrets: Secrets
  reader: MessageReader
  /** Of the owner, whose zone is UTC. */
  token: string
  userId: number
  workspaceId: number
  project: Project
  inbox: Inbox
  /** How often those who watch were told of a change. */
  readonly changes: number
  /** As the owner, unless the headers say otherwise. A body that is no string goes as JSON. */
  call(
    method: string,
    path: string,
    options?: { body?: unknown; headers?: Record<string, string> },
  ): Promise<Reply>
  keep(
    raw: string | Buffer,
    options?: { inboxId?: number; arrival?: Partial<Arrival>; at?: number },
  ): Promise<number>
  /** Another owner with a workspace of their own. */
  stranger(): Promise<string>
  close(): Promise<void>
}

interface Reply {
  status: number
  headers: Headers
  text: string
  bytes: Buffer
  /** The body as JSON. */
  json: never
}

interface CheckOptions {
  spamd?: Spamd
  blacklists?: DnsList[]
  nameServers?: string[]
}

export async function startSandboxApi(
  engine: Engine,
  options: {
    limit?: Api['limit']
    legacyBodies?: boolean
    mailOut?: Partial<MailOutSettings>
    checks?: CheckOptions
  } = {},
): Promise<SandboxApi> {
  const log = createLog({ level: 'error', human: false, write: line => process.stderr.write(line) })
  const storage = await openStorage(
    parseLocation(await engine.freshUrl()),
    new URL('../server/catch/keep.ts', import.meta.url),
    error => log.error('The storage crashed', { error }),
  )
  const secrets = openSecrets({ dataDir: engine.freshDataDir(), secretKey: '' })
  const reader = new MessageReader()
  let changes = 0
  const mailOut = openMailOut({
    settings: {
      relayUrl: undefined,
      smtpHost: 'posthorn.test',
      forwardDomain: '',
      sandboxDomain: 'inbox.test',
      forwardName: 'Posthorn Forward',
      publicUrl: 'http://posthorn.test:8025',
      dns: [],
      ...options.mailOut,
    },
    log,
    storage,
    ended: () => {},
  })
  const { spamd, blacklists, nameServers = [] } = options.checks ?? {}
  const checks = new Checks(storage, {
    spamd,
    blacklists: blacklists && new Blacklists(storage, blacklists, nameServers, () => void changes++),
  })
  const sandbox: Sandbox = {
    storage,
    secrets,
    reader,
    checks,
    advertised: {
      publicUrl: 'http://posthorn.test:8025',
      smtpHost: 'posthorn.test',
      smtpPorts: [2525, 587],
      pop3Ports: [9950, 1100],
      sandboxDomain: 'inbox.test',
    },
    inboxLimits: { maxSize: 1000, maxMessageSize: 26_214_400 },
    smtpRateLimit: undefined,
    legacyBodies: options.legacyBodies ?? true,
    changed: () => void changes++,
    wayOut: mailOut.wayOut,
  }
  const {
    user,
    workspace,
    apiToken: token,
  } = await createPerson(storage.write, {
    name: 'QA',
    email: 'qa@example.com',
    password: null,
  })
  const project = await createProject(storage.write, {
    workspaceId: workspace.id,
    ownerId: user.id,
    name: 'First project',
  })
  const inbox = await createInbox(storage.write, secrets, {
    projectId: project.id,
    name: 'Staging',
    maxSize: 1000,
    maxMessageSize: 26_214_400,
  })

  const server = createHttpServer({ log, metrics: new Metrics(), maxBodySize: 1 << 20, trustedProxies: [] })
  const callers = new Callers({ storage, secrets, publicUrl: sandbox.advertised.publicUrl, loopback: false })
  server.mount(
    mailtrapApi((request, body) => callers.identify(request, body, 'user'), options.limit),
    mailtrapRoutes(sandbox),
  )
  const ofUsers: Api['identify'] = (request, body) => callers.identify(request, body, 'user')
  server.mount(mailtrapV2Api(ofUsers, options.limit), mailtrapV2Routes(sandbox))
  server.mount(
    sendingApi(ofUsers, options.limit),
    sendingRoutes(sandbox, {
      ingest: createIngest(storage, [() => void changes++]),
      rates: createRates(undefined),
      bodyLimits: bodyLimits(1 << 20, 2 << 20),
      failed: error => log.error('A mail was not kept', { error }),
    }),
  )
  server.mount(posthornApi(callers), webRoutes(sandbox))
  const url = `http://127.0.0.1:${await server.listen('127.0.0.1', 0)}`

  return {
    url,
    storage,
    secrets,
    reader,
    token,
    userId: user.id,
    workspaceId: workspace.id,
    project,
    inbox,
    get changes() {
      return changes
    },
    async call(method, path, { body, headers = {} } = {}) {
      const isText = typeof body === 'string'
      const response = await fetch(url + path, {
        method,
        redirect: 'manual',
        headers: {
          'api-token': token,
          ...(body !== undefined && !isText && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: isText ? body : JSON.stringify(body) }),
      })
      const bytes = Buffer.from(await response.arrayBuffer())
      const text = bytes.toString()
      return {
        status: response.status,
        headers: response.headers,
        text,
        bytes,
        get json() {
          return JSON.parse(text) as never
        },
      }
    },
    async keep(raw, { inboxId = inbox.id, arrival = {}, at = Date.now() } = {}) {
      const keeping = { inboxIds: [inboxId], arrival: { ...overSmtp, ...arrival }, receivedAt: at }
      const kept = await storage.perform<Kept>('keep', keeping, Buffer.from(raw))
      const id = kept.messages[0]?.id
      checks.blacklists?.arrived(kept.messages.map(message => message.id))
      if (id === undefined) throw new Error('the message was not kept')
      mailOut.look()
      return id
    },
    async stranger() {
      const person = await createPerson(storage.write, {
        name: 'Stranger',
        email: `stranger-${Math.random()}@example.com`,
        password: null,
      })
      return person.apiToken
    },
    async close() {
      await server.close(0)
      await reader.close()
      await checks.close()
      await mailOut.close(0)
      await storage.close()
    },
  }
}

const overSmtp: Arrival = {
  source: 'smtp',
  mail_from: 'app@example.com',
  rcpt_to: ['ada@example.com'],
  client_ip: '192.0.2.7',
  helo: 'client.example.com',
  tls: null,
  login: null,
}
