import { join } from 'node:path'
import { avatarRoutes } from './accounts/api/avatars.ts'
import { registeredOrigins } from './accounts/api/cors.ts'
import { posthornApi } from './accounts/api/posthorn-api.ts'
import { accountsRoutes, mailtrapAccountRoutes } from './accounts/api/routes.ts'
import { Callers } from './accounts/callers.ts'
import { laravelCredentialOf } from './accounts/credentials.ts'
import { LOCALES } from './accounts/locales.ts'
import type { Secrets } from './accounts/secrets.ts'
import { TokenUses } from './accounts/token-uses.ts'
import { abandonedWorkspaces, finishRemoval, type RemoveContents } from './accounts/workspace-removal.ts'
import { inboxesInReach } from './catch/access.ts'
import { mailtrapApi, mailtrapRoutes, webRoutes } from './catch/api/routes.ts'
import type { Checks } from './catch/checks/checks.ts'
import {
  bodyLimits,
  mailtrapV2Api,
  mailtrapV2Routes,
  sendingApi,
  sendingRoutes,
} from './catch/api/v2/routes.ts'
import type { Ingest } from './catch/ingest.ts'
import type { Rates } from './catch/rates.ts'
import { MessageReader } from './catch/reader.ts'
import { deleteProjectsOf } from './catch/removal.ts'
import { sharedThings } from './catch/shares.ts'
import type { WayOut } from './catch/way-out.ts'
import type { Certificate } from './certificate.ts'
import { isLoopback, type Settings } from './config.ts'
import { deliverToInbox } from './deliver-to-inbox.ts'
import { dnsRecords } from './dns-records.ts'
import { createGuard } from './guard.ts'
import { apiDocs } from './http/api-docs.ts'
import { webApp } from './http/assets.ts'
import { health } from './http/health.ts'
import type { Live } from './http/live.ts'
import type { Metrics } from './http/metrics.ts'
import type { Api } from './http/api.ts'
import { createHttpServer } from './http/server.ts'
import { listening } from './listening.ts'
import type { Log } from './log.ts'
import { heloName } from './mail-out.ts'
import { canKeep, spaceLeft } from './readiness.ts'
import type { Storage } from './storage/database.ts'
import type { Database } from './storage/schema.ts'
import { mediaFileRoutes } from './send/api/media-files.ts'
import { publicPages } from './send/api/public/public-pages.ts'
import { createWebhooks } from './send/feedback/webhooks/webhooks.ts'
import { audienceRoutes } from './send/api/routes.ts'
import { Compiler } from './send/templates/compiler.ts'
import { createAudienceJobRunner } from './send/audience/audience-job-runner.ts'
import { sendPortalApi, sendPortalRoutes } from './send/api/sendportal/routes.ts'
import { gatherCampaign, gatherLetters } from './send/mails/program-sources.ts'
import { Sender } from './send/sending/sender.ts'
import type { SettingValues } from './send/ways-out/email-service-types.ts'
import { sesQuota } from './send/ways-out/ses.ts'
import type { Sending } from './send/sending/sending.ts'
import { targetRefusal } from './send/ways-out/target-refusal.ts'
import { deleteAudience } from './send/audience/audience-removal.ts'
import { ImportFiles } from './send/import/import-files.ts'
import { Importer } from './send/import/importer.ts'
import { version } from './version.ts'

interface Parts {
  settings: Settings
  log: Log
  metrics: Metrics
  storage: Storage
  secrets: Secrets
  certificate: Certificate
  live: Live
  watch: { look(): void }
  ingest: Ingest
  rates: Rates
  smtpPorts: number[]
  pop3Ports: number[]
  wayOut: WayOut
  checks: Checks
}

/** The second half of assemble.ts: one listener for the web app, the APIs, health and metrics. */
export async function openWeb(
  parts: Parts,
): Promise<{ port: number; sending: Pick<Sending, 'stop'>; close(): Promise<void> }> {
  const { settings, log, metrics, storage, secrets, certificate, live, watch, smtpPorts, pop3Ports } = parts
  const { wayOut, checks } = parts
  const { publicUrl, smtpHost, sandboxDomain } = settings
  const loopback = isLoopback(settings.host)
  const tokenUses = new TokenUses({
    write: storage.write,
    onError: error => log.warn('when tokens were used could not be kept', { error }),
  })
  const callers = new Callers({ storage, secrets, publicUrl, loopback, uses: tokenUses })
  const reader = new MessageReader()
  const http = createHttpServer({
    log,
    metrics,
    maxBodySize: settings.maxBodySize,
    trustedProxies: settings.trustedProxies,
    ...(settings.https && { tls: certificate }),
  })
  const sandbox = {
    storage,
    secrets,
    reader,
    checks,
    advertised: { publicUrl, smtpHost, smtpPorts, pop3Ports, sandboxDomain },
    inboxLimits: { maxSize: settings.inboxMaxMessages, maxMessageSize: settings.maxMessageSize },
    smtpRateLimit: settings.smtpRateLimit,
    legacyBodies: true,
    changed: () => watch.look(),
    wayOut,
  }
  const imports = new ImportFiles(settings.dataDir, settings.maxImportSize)
  const removeContents: RemoveContents = async (db, workspaceId) => {
    await deleteProjectsOf(db, workspaceId)
    await deleteAudience(db, imports, workspaceId)
  }
  const accounts = {
    storage,
    secrets,
    callers,
    shared: sharedThings,
    sendLetter: wayOut.systemMail,
    tokenUses,
    removeContents,
    live,
    log,
    publicUrl,
    loopback,
    server: () => ({
      version,
      public_url: publicUrl,
      smtp: { host: smtpHost, ports: smtpPorts, tls: true as const },
      sandbox_domain: sandboxDomain,
      http_port: settings.httpPort,
      mails: wayOut.configured,
      registration: settings.registration,
      password_reset: settings.passwordReset && wayOut.configured,
      locales: LOCALES,
    }),
  }
  const guard = createGuard(settings.privateTargets)
  const importer = new Importer({
    storage,
    files: imports,
    onError: error => log.error('an import met trouble', { error }),
  })
  const jobs = createAudienceJobRunner(storage, log)
  const compiler = new Compiler()
  const gathering = { storage, secrets, publicUrl, bounceDomain: settings.bounceDomain, compiler }
  const sending = new Sender({
    storage,
    secrets,
    log,
    compiler,
    dataDir: settings.dataDir,
    privateTargets: settings.privateTargets,
    heloName: heloName(smtpHost),
    retryScale: settings.retryScale,
    gather: campaign => gatherCampaign(gathering, campaign),
    letterSetting: workspaceId => gatherLetters(gathering, workspaceId),
    deliver: deliverToInbox(storage, parts.ingest),
  })
  const settingsChecks = {
    hasInbox: async (workspaceId: number, inboxId: number) =>
      (await inboxesInReach(storage.read, { workspaceId, role: 'admin' }, { inboxId })).length > 0,
    refusesTarget: async (target: string) =>
      settings.privateTargets === 'allow' ? undefined : targetRefusal(guard, target),
  }
  const audience = {
    storage,
    ...settingsChecks,
    jobs,
    compiler,
    imports,
    importer,
    secrets,
    log,
    publicUrl,
    bounceDomain: settings.bounceDomain,
    dataDir: settings.dataDir,
    sendLetter: wayOut.systemMail,
    mails: wayOut.configured,
    guard,
    sending,
    sesQuota: (given: SettingValues) => sesQuota(given, { guard }),
    dns: dnsRecords(settings.dns),
    domainSetting: { smtpHost, bounceDomain: settings.bounceDomain },
  }
  const webhooks = createWebhooks({ storage, secrets, guard, log, sending })
  const sendPortal = {
    ...audience,
    webhooks,
    ...settingsChecks,
  }
  const ofUsers: Api['identify'] = (request, body) => callers.identify(request, body, 'user')
  const origins = registeredOrigins(storage)
  http.mount(
    mailtrapApi(ofUsers, settings.apiRateLimit, origins),
    mailtrapAccountRoutes(accounts),
    mailtrapRoutes(sandbox),
  )
  http.mount(
    sendPortalApi(
      (request, body) => callers.identify(request, body, 'any', false, laravelCredentialOf),
      settings.throttle,
    ),
    sendPortalRoutes(sendPortal),
  )
  http.mount(mailtrapV2Api(ofUsers, settings.apiRateLimit, origins), mailtrapV2Routes(sandbox))
  http.mount(
    sendingApi(ofUsers, settings.apiRateLimit, origins),
    sendingRoutes(sandbox, {
      ingest: parts.ingest,
      rates: parts.rates,
      bodyLimits: bodyLimits(settings.maxBodySize, settings.maxMessageSize),
      failed: error => log.warn('a mail of a batch could not be kept', { error }),
    }),
  )
  http.mount(posthornApi(callers), accountsRoutes(accounts), webRoutes(sandbox), audienceRoutes(audience))
  avatarRoutes(http.app, accounts)
  const pages = publicPages(http.app, audience)
  mediaFileRoutes(http.app, audience)
  health(http.app, { storage: () => canKeep(storage), disk: () => spaceLeft(settings.dataDir) })
  apiDocs(http.app, { folder: join(import.meta.dirname, '../docs/api'), publicUrl, version })
  http.app.get('/metrics', (_request, reply) => reply.type(metrics.contentType).send(metrics.text()))
  http.fallBackTo(webApp(join(import.meta.dirname, '../dist/web')))
  http.onClosing(() => live.close())
  metrics.gauge('posthorn_live_clients', 'Browsers that watch.', () => live.clients)
  const port = await listening('the web', [settings.httpPort], () =>
    http.listen(settings.host, settings.httpPort),
  )
  finishRemovals(storage.write, removeContents).catch(error =>
    log.error('a deleted workspace is still there', { error }),
  )
  importer.start()
  jobs.start()
  sending.start()
  return {
    port,
    sending,
    async close() {
      await http.close()
      await webhooks.close()
      await importer.close()
      await jobs.close()
      await sending.close()
      await compiler.close()
      await pages.close()
      await tokenUses.close()
      await reader.close()
    },
  }
}

/** Of workspaces whose deletion was cut short. */
async function finishRemovals(db: Database, removeContents: RemoveContents): Promise<void> {
  for (const id of await abandonedWorkspaces(db)) await finishRemoval(db, removeContents, id)
}
