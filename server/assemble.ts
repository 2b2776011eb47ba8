import { mkdirSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { createSecureContext } from 'node:tls'
import { accountsRoutes } from './accounts/api/routes.ts'
import { avatarRoutes } from './accounts/api/avatars.ts'
import { mailtrapUserRoutes } from './accounts/api/mailtrap-user.ts'
import { posthornApi } from './accounts/api/posthorn-api.ts'
import { Callers } from './accounts/callers.ts'
import { openSecrets } from './accounts/secrets.ts'
import { mailtrapApi, mailtrapRoutes, webRoutes } from './catch/api/routes.ts'
import { createIngest } from './catch/ingest.ts'
import { createRates } from './catch/rates.ts'
import { MessageReader } from './catch/reader.ts'
import { createSmtpDoor, type InboxLogin } from './catch/smtp.ts'
import { createTrouble } from './catch/trouble.ts'
import { createWatch } from './catch/watch.ts'
import { loadCertificate } from './certificate.ts'
import { databaseLocation, isLoopback, type Settings } from './config.ts'
import { firstStart, type FirstStart } from './first-start.ts'
import { apiDocs } from './http/api-docs.ts'
import { health } from './http/health.ts'
import { webApp } from './http/assets.ts'
import { Live } from './http/live.ts'
import { Metrics } from './http/metrics.ts'
import { createHttpServer } from './http/server.ts'
import type { Log } from './log.ts'
import { SmtpServer } from './mail/smtp/server.ts'
import { openStorage, type Storage } from './storage/database.ts'
import { version } from './version.ts'

/** What one message may wait for while the doors close. */
const GRACE_SECONDS = 10

export interface Running {
  /** What the first start has made; undefined at every later one. */
  made: FirstStart | undefined
  smtpPorts: number[]
  httpPort: number
  /** Closes the doors, lets what is under way end, then the storage. */
  stop(): Promise<void>
}

/**
 * The whole server, joined by hand, in the order in which it starts: storage, who owns it, the way in for mail,
 * the way in for people. Everything below is a part that knows nothing of the others.
 * @throws StorageFault, or Error with one line for the operator
 */
export async function assemble(settings: Settings, log: Log): Promise<Running> {
  mkdirSync(settings.dataDir, { recursive: true, mode: 0o700 })
  const loopback = isLoopback(settings.host)
  const metrics = new Metrics()
  metrics.watchProcess(version)

  const storage = await openStorage(
    databaseLocation(settings),
    new URL('./catch/keep.ts', import.meta.url),
    error => log.error('the writing thread stopped and is started again', { error }),
  )
  const undo: (() => unknown)[] = [() => storage.close()]
  try {
    const secrets = openSecrets(settings)
    const certificate = await loadCertificate(
      { cert: settings.tlsCert, key: settings.tlsKey },
      settings.dataDir,
      [settings.smtpHost],
    )
    const made = await firstStart(storage.write, secrets, settings, loopback)

    // Mail in.
    const live = new Live()
    const watch = createWatch(
      storage,
      {
        inbox: ({ id, workspaceId, ...state }) =>
          live.tell({ workspaceId }, 'inbox', { inbox_id: id, ...state }),
        tree: workspaceId => live.tell({ workspaceId }, 'projects', {}),
      },
      error => log.warn('changes could not be looked for', { error }),
    )
    undo.push(() => watch.close())
    const keptCount = metrics.counter('posthorn_messages_kept_total', 'Messages answered 250.')
    const keptBytes = metrics.counter('posthorn_messages_kept_bytes_total', 'Their bytes, as received.')
    const ingest = createIngest(storage, [
      (kept, size) => {
        keptCount.add(kept.messages.length)
        keptBytes.add(size)
      },
      () => watch.look(),
    ])
    const context = createSecureContext(certificate)
    const trouble = createTrouble(log)
    const smtp = new SmtpServer<InboxLogin>({
      hostname: settings.smtpHost,
      door: createSmtpDoor({
        storage,
        secrets,
        ingest,
        rates: createRates(settings.smtpRateLimit),
        trouble,
        anonymous: settings.smtpAnonymous === 'first-inbox',
        sandboxDomain: settings.sandboxDomain,
      }),
      maxMessageSize: settings.maxMessageSize,
      maxConnections: settings.smtpMaxConnections,
      maxConnectionsPerAddress: settings.smtpMaxConnectionsPerAddress,
      idleTimeout: settings.smtpIdleTimeout,
      spillDirectory: join(settings.dataDir, 'spool'),
      tls: () => context,
      onError: (error, peer) => trouble.met(error, peer.id),
    })
    metrics.gauge('posthorn_smtp_connections', 'Open SMTP connections.', () => smtp.connections)
    const smtpPorts = await listening('SMTP', settings.smtpPorts, () =>
      smtp.listen(settings.host, settings.smtpPorts),
    )
    undo.push(() => smtp.close(GRACE_SECONDS))

    // People and programs in.
    const callers = new Callers({ storage, secrets, publicUrl: settings.publicUrl, loopback })
    const reader = new MessageReader()
    undo.push(() => reader.close())
    const http = createHttpServer({
      log,
      metrics,
      maxBodySize: settings.maxBodySize,
      trustedProxies: settings.trustedProxies,
      ...(settings.https && { tls: certificate }),
    })
    const advertised = {
      publicUrl: settings.publicUrl,
      smtpHost: settings.smtpHost,
      smtpPorts,
      sandboxDomain: settings.sandboxDomain,
    }
    const sandbox = {
      storage,
      secrets,
      reader,
      advertised,
      inboxLimits: { maxSize: settings.inboxMaxMessages, maxMessageSize: settings.maxMessageSize },
      legacyBodies: true,
      changed: () => watch.look(),
    }
    const accounts = {
      storage,
      callers,
      live,
      log,
      publicUrl: settings.publicUrl,
      loopback,
      server: () => ({
        version,
        public_url: settings.publicUrl,
        smtp: { host: settings.smtpHost, ports: smtpPorts, tls: true as const },
        sandbox_domain: settings.sandboxDomain,
        http_port: settings.httpPort,
      }),
    }
    http.mount(
      mailtrapApi((request, body) => callers.identify(request, body, 'user'), settings.apiRateLimit),
      app => mailtrapUserRoutes(app, accounts),
      mailtrapRoutes(sandbox),
    )
    http.mount(posthornApi(callers), accountsRoutes(accounts), webRoutes(sandbox))
    avatarRoutes(http.app, accounts)
    health(http.app, { storage: () => canKeep(storage), disk: () => spaceLeft(settings.dataDir) })
    apiDocs(http.app, {
      folder: join(import.meta.dirname, '../docs/api'),
      publicUrl: settings.publicUrl,
      version,
    })
    http.app.get('/metrics', (_request, reply) => reply.type(metrics.contentType).send(metrics.text()))
    http.fallBackTo(webApp(join(import.meta.dirname, '../dist/web')))
    http.onClosing(() => live.close())
    metrics.gauge('posthorn_live_clients', 'Browsers that watch.', () => live.clients)
    const httpPort = await listening('the web', [settings.httpPort], () =>
      http.listen(settings.host, settings.httpPort),
    )
    undo.push(() => http.close())

    return { made, smtpPorts, httpPort, stop: () => unwind(undo) }
  } catch (error) {
    await unwind(undo).catch(() => {})
    throw error
  }
}

/** Writes, and reads what it has written: the one may work without the other. */
async function canKeep(storage: Storage): Promise<string | undefined> {
  const value = String(Date.now())
  await storage.write
    .insertInto('settings')
    .values({ key: 'probe', value })
    .onConflict(conflict => conflict.column('key').doUpdateSet({ value }))
    .execute()
  const { value: read } = await storage.read
    .selectFrom('settings')
    .select('value')
    .where('key', '=', 'probe')
    .executeTakeFirstOrThrow()
  return Number(read) < Number(value) ? 'what was written cannot be read' : undefined
}

/** The probe above is small enough to find room where no message does. */
const DISK_IS_FULL = 1 << 20

async function spaceLeft(folder: string): Promise<string | undefined> {
  const { bavail, bsize } = await statfs(folder)
  const left = bavail * bsize
  return left < DISK_IS_FULL ? `${left} bytes are left on the disk of the data directory` : undefined
}

/** Ends what was begun, the last first. */
async function unwind(undo: (() => unknown)[]): Promise<void> {
  for (const end of undo.toReversed()) await end()
}

/** A port that cannot be had, said so that the operator knows which setting to change. */
async function listening<T>(door: string, ports: number[], listen: () => Promise<T>): Promise<T> {
  try {
    return await listen()
  } catch (error) {
    const {
      code,
      port = ports[0],
      address,
    } = error as NodeJS.ErrnoException & { port?: number; address?: string }
    if (code === 'EADDRINUSE')
      throw new Error(`port ${port} for ${door} is taken by another program`, { cause: error })
    if (code === 'EACCES')
      throw new Error(`no permission to listen on port ${port} for ${door}`, { cause: error })
    if (code === 'EADDRNOTAVAIL')
      throw new Error(`${address} is no address of this machine`, { cause: error })
    throw error
  }
}
