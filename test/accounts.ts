import { request as httpRequest } from 'node:http'
import { avatarRoutes } from '../server/accounts/api/avatars.ts'
import type { AccountsDoor } from '../server/accounts/api/accounts-door.ts'
import { registeredOrigins } from '../server/accounts/api/cors.ts'
import { posthornApi } from '../server/accounts/api/posthorn-api.ts'
import { accountsRoutes, mailtrapAccountRoutes } from '../server/accounts/api/routes.ts'
import type { SessionWire } from '../server/accounts/api/wire.ts'
import { callerOf } from '../server/accounts/caller.ts'
import { Callers } from '../server/accounts/callers.ts'
import { type FirstOwner, makeFirstOwner } from '../server/accounts/first-owner.ts'
import type { Letter } from '../server/accounts/letters.ts'
import { LOCALES } from '../server/accounts/locales.ts'
import { openSecrets, type Secrets } from '../server/accounts/secrets.ts'
import { TokenUses } from '../server/accounts/token-uses.ts'
import { mailtrapApi } from '../server/catch/api/routes.ts'
import { deleteProjectsOf } from '../server/catch/removal.ts'
import { sharedThings } from '../server/catch/shares.ts'
import type { Api } from '../server/http/api.ts'
import { Live } from '../server/http/live.ts'
import { Metrics } from '../server/http/metrics.ts'
import { createHttpServer, type HttpServer } from '../server/http/server.ts'
import { createLog } from '../server/log.ts'
import { openStorage, type Storage } from '../server/storage/database.ts'
import { parseLocation } from '../server/storage/location.ts'
import type { Engine } from './engines.ts'

const NO_OPERATIONS = new URL('data:text/javascript,export const operations = {}')
export const PASSWORD = 'correct horse'

export interface Running {
  storage: Storage
  secrets: Secrets
  owner: FirstOwner
  server: HttpServer
  live: Live
  port: number
  base: string
  /** What was mailed. */
  letters: Letter[]
  tokenUses: TokenUses
  logged(): string
}

interface Options {
  loopback?: boolean
  password?: string
  publicUrl?: string
  /** Default: there is a relay. */
  mails?: boolean
  registration?: boolean
}

/** The ground alone: accounts behind HTTP, on a fresh database, with an owner. */
export async function start(engine: Engine, options: Options = {}): Promise<Running> {
  let logged = ''
  const { loopback = true, password = '', publicUrl = 'http://localhost:8025', mails = true } = options
  const { registration = false } = options
  const letters: Letter[] = []
  const storage = await openStorage(parseLocation(await engine.freshUrl()), NO_OPERATIONS, error => {
    throw error
  })
  const secrets = openSecrets({ dataDir: engine.freshDataDir(), secretKey: '' })
  const owner = await makeFirstOwner(storage.write, { email: 'Ann@Example.com', password })
  if (owner === undefined) throw new Error('somebody was here already')
  const tokenUses = new TokenUses({
    write: storage.write,
    onError: error => {
      throw error
    },
  })
  const callers = new Callers({ storage, secrets, publicUrl, loopback, uses: tokenUses })
  const live = new Live()
  const log = createLog({ level: 'debug', human: false, write: line => (logged += line) })
  const server = createHttpServer({ log, metrics: new Metrics(), maxBodySize: 100_000, trustedProxies: [] })
  const door: AccountsDoor = {
    storage,
    secrets,
    callers,
    shared: sharedThings,
    async sendLetter(letter) {
      if (mails) letters.push(letter)
      return mails
    },
    tokenUses,
    removeContents: deleteProjectsOf,
    live,
    log,
    publicUrl,
    loopback,
    server: () => ({
      version: '0.0.0',
      public_url: publicUrl,
      smtp: { host: 'localhost', ports: [2525], tls: true },
      sandbox_domain: 'inbox.localhost',
      http_port: 8025,
      mails,
      registration,
      password_reset: mails,
      locales: LOCALES,
    }),
  }
  server.mount(posthornApi(callers), accountsRoutes(door))
  const identify: Api['identify'] = (request, body) => callers.identify(request, body, 'user')
  server.mount(mailtrapApi(identify, undefined, registeredOrigins(storage)), app => {
    mailtrapAccountRoutes(door)(app)
    app.post('/inboxes', (request, reply) => reply.send({ via: callerOf(request).via }))
  })
  server.onClosing(() => live.close())
  avatarRoutes(server.app, door)
  const port = await server.listen('127.0.0.1', 0)
  return {
    storage,
    secrets,
    owner,
    server,
    live,
    port,
    letters,
    tokenUses,
    base: `http://localhost:${port}`,
    logged: () => logged,
  }
}

export async function stop({ server, storage }: Running): Promise<void> {
  await server.close(0)
  await storage.close()
}

/** A browser: keeps the cookie and the CSRF token, and says where it is. */
export class Browser {
  readonly base: string
  cookie = ''
  csrf = ''

  constructor(base: string) {
    this.base = base
  }

  async call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const response = await fetch(this.base + path, {
      method,
      headers: {
        ...(this.cookie && { cookie: this.cookie }),
        ...(this.csrf && method !== 'GET' && { 'x-csrf-token': this.csrf }),
        ...(method !== 'GET' && { origin: this.base }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const set = response.headers.get('set-cookie')
    if (set !== null) this.cookie = set.split(';')[0] ?? ''
    const answer = (await response.json()) as SessionWire & Record<string, never>
    if (answer.csrf !== undefined) this.csrf = answer.csrf ?? ''
    return { status: response.status, answer, set, headers: response.headers }
  }

  open(headers: Record<string, string> = {}) {
    return this.call('GET', '/api/posthorn/session', undefined, headers)
  }

  signIn(email: string, password: string, headers: Record<string, string> = {}) {
    return this.call('POST', '/api/posthorn/session', { email, password }, headers)
  }
}

/** With headers that fetch would not send. */
export function raw(
  port: number,
  path: string,
  headers: Record<string, string>,
  body?: unknown,
): Promise<{ status: number; text: string; cookie: string[] | undefined }> {
  return new Promise((resolve, reject) => {
    const method = body === undefined ? 'GET' : 'POST'
    const type = { 'content-type': 'application/json' }
    const request = httpRequest(
      {
        host: '127.0.0.1',
        port,
        path,
        method,
        headers: body === undefined ? headers : { ...type, ...headers },
      },
      response => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', chunk => (text += chunk))
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, text, cookie: response.headers['set-cookie'] }),
        )
      },
    )
    request.on('error', reject)
    request.end(body === undefined ? undefined : JSON.stringify(body))
  })
}
