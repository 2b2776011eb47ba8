import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createSecureContext } from 'node:tls'
import { openSecrets } from './accounts/secrets.ts'
import { Blacklists } from './catch/checks/blacklists.ts'
import { Checks } from './catch/checks/checks.ts'
import { createIngest } from './catch/ingest.ts'
import { createPop3Door } from './catch/pop3.ts'
import { createRates } from './catch/rates.ts'
import { createRetention } from './catch/retention.ts'
import { createSmtpDoor, type InboxLogin } from './catch/smtp.ts'
import { createTrouble } from './catch/trouble.ts'
import { createWatch } from './catch/watch.ts'
import { loadCertificate } from './certificate.ts'
import { databaseLocation, isLoopback, type Settings } from './config.ts'
import { firstStart, type FirstStart } from './first-start.ts'
import { Live } from './http/live.ts'
import { Metrics } from './http/metrics.ts'
import { listening } from './listening.ts'
import type { Log } from './log.ts'
import { openMailOut } from './mail-out.ts'
import { Pop3Server } from './mail/pop3/server.ts'
import { SmtpServer } from './mail/smtp/server.ts'
import type { Sending } from './send/sending/sending.ts'
import { forgetUnconfirmed } from './send/sign-up/unconfirmed.ts'
import { openStorage } from './storage/database.ts'
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
 * the way in for people (assemble-web.ts). Everything below is a part that knows nothing of the others.
 * @throws StorageFault, or Error with one line for the operator
 */
export async function assemble(settings: Settings, log: Log): Promise<Running> {
  mkdirSync(settings.dataDir, { recursive: true, mode: 0o700 })
  const loopback = isLoopback(settings.host)
  const metrics = new Metrics()
  metrics.watchProcess(version)

  const storage = await openStorage(
    databaseLocation(settings),
    new URL('./operations.ts', import.meta.url),
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

    // Mail out.
    const attempts = metrics.counter('posthorn_relay_attempts_total', 'Mail handed to the relay, or not.')
    const mailOut = openMailOut({
      settings,
      log,
      storage,
      ended: status => attempts.of({ result: status === 'queued' ? 'deferred' : status }).add(),
    })
    undo.push(() => mailOut.close(GRACE_SECONDS))
    metrics.gauge('posthorn_relay_queued', 'Mail that waits for the relay.', mailOut.queued)

    // Mail in.
    const live = new Live()
    const watch = createWatch(
      storage,
      {
        inbox: ({ id, ...state }, userIds) => {
          live.tellUsers(userIds, 'inbox', { inbox_id: id, ...state })
          mailOut.look()
        },
        tree: userIds => live.tellUsers(userIds, 'projects', {}),
        person: userId => {
          // Whoever was let into a workspace, or put out of it, begins anew with the next connection.
          live.tell({ userId }, 'session', {})
          live.drop({ userId })
        },
      },
      error => log.warn('changes could not be looked for', { error }),
    )
    undo.push(() => watch.close())
    const retention = createRetention({
      storage,
      changed: () => watch.look(),
      onError: error => log.warn('old messages could not be looked for', { error }),
    })
    undo.push(() => retention.close())
    const unconfirmed = forgetUnconfirmed({
      storage,
      onError: error => log.warn('sign-ups that were never confirmed could not be looked for', { error }),
    })
    undo.push(() => unconfirmed.close())
    const keptCount = metrics.counter('posthorn_messages_kept_total', 'Messages answered 250.')
    const keptBytes = metrics.counter('posthorn_messages_kept_bytes_total', 'Their bytes, as received.')
    const blacklists =
      settings.blacklists.length === 0
        ? undefined
        : new Blacklists(storage, settings.blacklists, settings.dns, () => watch.look())
    const checks = new Checks(storage, { spamd: settings.spamd, blacklists })
    undo.push(() => checks.close())
    const ingest = createIngest(storage, [
      (kept, size) => {
        keptCount.add(kept.messages.length)
        keptBytes.add(size)
      },
      () => watch.look(),
      kept => blacklists?.arrived(kept.messages.map(({ id }) => id)),
    ])
    const rates = createRates(settings.smtpRateLimit)
    const context = createSecureContext(certificate)
    const trouble = createTrouble(log)
    // Before the web is open nothing is handed over either.
    let sending: Pick<Sending, 'stop'> | undefined
    const { bounceDomain } = settings
    const bounces =
      bounceDomain === ''
        ? undefined
        : (await import('./send/feedback/bounce-mail.ts')).createBounceMail({
            storage,
            secrets,
            log,
            bounceDomain,
            sending: { stop: async whom => sending?.stop(whom) },
          })
    const smtp = new SmtpServer<InboxLogin>({
      hostname: settings.smtpHost,
      door: createSmtpDoor({
        storage,
        secrets,
        ingest,
        rates,
        trouble,
        anonymous: settings.smtpAnonymous === 'first-inbox',
        sandboxDomain: settings.sandboxDomain,
        ...(bounces && { elsewhere: bounces }),
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

    // Mail out again.
    const pop3 = new Pop3Server<number>({
      hostname: settings.smtpHost,
      door: createPop3Door(storage, secrets, () => watch.look()),
      tls: () => context,
      onError: (error, peer) => log.error('a POP3 session met a fault', { peer: peer.id, error }),
    })
    metrics.gauge('posthorn_pop3_connections', 'Open POP3 connections.', () => pop3.connections)
    const pop3Ports = await listening('POP3', settings.pop3Ports, () =>
      pop3.listen(settings.host, settings.pop3Ports),
    )
    undo.push(() => pop3.close(GRACE_SECONDS))

    // People and programs in. Loaded only now: mail is taken 200 ms sooner.
    const { openWeb } = await import('./assemble-web.ts')
    const web = await openWeb({
      settings,
      log,
      metrics,
      storage,
      secrets,
      certificate,
      live,
      watch,
      ingest,
      rates,
      smtpPorts,
      pop3Ports,
      wayOut: mailOut.wayOut,
      checks,
    })
    undo.push(() => web.close())
    sending = web.sending

    return { made, smtpPorts, httpPort: web.port, stop: () => unwind(undo) }
  } catch (error) {
    await unwind(undo).catch(() => {})
    throw error
  }
}

/** Ends what was begun, the last first. */
async function unwind(undo: (() => unknown)[]): Promise<void> {
  for (const end of undo.toReversed()) await end()
}
