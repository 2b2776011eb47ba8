import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { AddressInfo } from 'node:net'
import type { Log } from '../log.ts'
import { Problem } from '../problem.ts'
import { Admission } from './admission.ts'
import type { Api, Refusal, Routes } from './api.ts'
import { readBodies } from './bodies.ts'
import { answerPreflight, isPreflight } from './cors.ts'
import { Methods } from './methods.ts'
import type { Counter, Histogram, Metrics } from './metrics.ts'
import { refuseUnreadable } from './last-words.ts'
import { sayInOwnWords } from './own-dialect.ts'
import { loggedPath, pathOf, routedUrl } from './path.ts'
import { tellPlainSpeakers } from './plain-on-tls.ts'
import { type Limit, type RateLimits, rateLimits } from './rate-limit.ts'
import { problemOf } from './refusal.ts'

export interface HttpOptions {
  log: Log
  metrics: Metrics
  /** Bytes of a request's body. */
  maxBodySize: number
  /** Addresses and networks whose `X-Forwarded-*` count. */
  trustedProxies: string[]
  /** PEM; present: the listener speaks TLS. */
  tls?: { key: string; cert: string }
}

/** Answers a request that no route and no API claims; false: it does not either. */
export type Fallback = (request: FastifyRequest, reply: FastifyReply) => Promise<boolean>

export interface HttpServer {
  /** For routes outside all APIs. */
  readonly app: FastifyInstance
  /** Adds an API with the routes of all its subjects. */
  mount(api: Api, ...routes: Routes[]): void
  /** Who answers GETs that nothing else does: the web app. */
  fallBackTo(fallback: Fallback): void
  /** Something to end first, because it would keep connections open. */
  onClosing(end: () => void): void
  /** @returns the port, which differs from the given one if that was 0 */
  listen(host: string, port: number): Promise<number>
  /** Ends in good order: no new requests, idle connections closed, open ones given `graceMs`. */
  close(graceMs?: number): Promise<void>
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Under which name it is counted: the API's, or `web`. */
    group: string
  }
}

/** Long enough for a large upload over a slow line. */
const REQUEST_TIMEOUT_MS = 300_000
const HEADERS_TIMEOUT_MS = 20_000
/** Longer than the 60 s after which usual load balancers let go, so that they never meet a closing one. */
const KEEP_ALIVE_MS = 72_000
const GRACE_MS = 5_000

export function createHttpServer(options: HttpOptions): HttpServer {
  const { log, metrics } = options
  const mounted: { api: Api; admission: Admission }[] = []
  const apis: Api[] = []
  const methods = new Methods()
  const limits = new Map<Limit, RateLimits>()
  const endings: (() => void)[] = []
  let fallback: Fallback | undefined

  const app = Fastify({
    logger: false,
    bodyLimit: options.maxBodySize,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    trustProxy: options.trustedProxies.length > 0 ? options.trustedProxies : false,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 500 },
    rewriteUrl: request => routedUrl(request, apis),
    forceCloseConnections: 'idle',
    // No hooks run before these.
    frameworkErrors: (error, request, reply) => {
      ownerOf(pathOf(request.url))?.admission.greet(reply)
      refuse(error, request, reply)
    },
    clientErrorHandler: refuseUnreadable,
    ...(options.tls && { https: { ...options.tls, handshakeTimeout: HEADERS_TIMEOUT_MS } }),
  }) as FastifyInstance
  if (options.tls) endings.push(tellPlainSpeakers(app.server))
  app.server.headersTimeout = HEADERS_TIMEOUT_MS

  app.decorateRequest('identity', null)
  app.decorateRequest('group', 'web')
  readBodies(app, {
    maxBodySize: options.maxBodySize,
    forgives: request => ownerOf(pathOf(request.url))?.api.forgivesBodies === true,
  })
  methods.watch(app)
  count(app, metrics, log)

  app.setErrorHandler((error, request, reply) => refuse(error, request, reply))
  app.setNotFoundHandler(async (request, reply) => {
    const path = pathOf(request.url)
    const owner = ownerOf(path)
    const served = methods.of(path)
    if (owner !== undefined) {
      request.group = owner.api.name
      owner.admission.greet(reply)
      if (owner.api.cors && isPreflight(owner.api.cors, request))
        return answerPreflight(owner.api.cors, request, reply)
      if (!served.open) await owner.admission.admit(request, reply)
    }
    if (served.methods.length > 0) throw new Problem('wrong_method', '', { allow: served.methods })
    if (owner === undefined && (await fallback?.(request, reply))) return reply
    throw new Problem('absent')
  })

  function limitsOf({ limit }: Api): RateLimits | undefined {
    if (limit === undefined || limit.count === 0) return undefined
    const known = limits.get(limit) ?? rateLimits(limit)
    limits.set(limit, known)
    return known
  }

  function refuse(thrown: unknown, request: FastifyRequest, reply: FastifyReply): void {
    // Whoever went away before the end of the body sent half a request.
    const problem =
      thrown === request.raw.errored ? new Problem('malformed', '', { cause: thrown }) : problemOf(thrown)
    const path = pathOf(request.url)
    if (problem.kind === 'broken')
      log.error('A request failed', { method: request.method, path: loggedPath(path), error: problem.cause })
    if (problem.kind === 'unavailable')
      log.warn('A request could not be served', {
        method: request.method,
        path: loggedPath(path),
        reason: reasonOf(problem),
      })
    if (problem.kind === 'too_large') keepReading(request, reply, options.maxBodySize)
    const owner = ownerOf(path)
    send(reply, problem, owner ? owner.api.say(problem, request) : sayInOwnWords(problem))
  }

  function ownerOf(path: string) {
    return mounted.find(({ api }) => api.owns(path))
  }

  return {
    app,
    mount(api, ...routes) {
      const admission = new Admission(api, limitsOf(api))
      apis.push(api)
      mounted.push({ api, admission })
      app.register(
        async plugin => {
          admission.guard(plugin)
          for (const add of routes) add(plugin)
        },
        { prefix: api.prefix },
      )
    },
    fallBackTo(given) {
      fallback = given
    },
    onClosing(end) {
      endings.push(end)
    },
    async listen(host, port) {
      await app.listen({ host, port })
      return (app.server.address() as AddressInfo).port
    },
    async close(graceMs = GRACE_MS) {
      for (const end of endings) end()
      const timer = setTimeout(() => app.server.closeAllConnections(), graceMs)
      await app.close()
      clearTimeout(timer)
      metrics.close()
    },
  }
}

function send(reply: FastifyReply, problem: Problem, refusal: Refusal): void {
  reply.code(refusal.status)
  if (refusal.contentType !== '') reply.header('content-type', refusal.contentType)
  for (const [name, value] of Object.entries(refusal.headers ?? {})) reply.header(name, value)
  if (problem.retryAfter !== undefined) reply.header('retry-after', Math.ceil(problem.retryAfter))
  if (problem.allow !== undefined) reply.header('allow', problem.allow.join(', '))
  reply.removeHeader('etag')
  reply.send(refusal.body)
}

/**
 * Closing on somebody who is still sending resets the connection, and the refusal is lost on the way. A body
 * that is only somewhat too large is therefore read to its end and thrown away.
 */
function keepReading(request: FastifyRequest, reply: FastifyReply, maxBodySize: number): void {
  if (Number(request.headers['content-length']) <= 8 * maxBodySize) reply.removeHeader('connection')
}

function reasonOf(problem: Problem): string {
  return problem.cause instanceof Error ? problem.cause.message : problem.message
}

interface Meters {
  answered: Counter
  seconds: Histogram
}

function count(app: FastifyInstance, metrics: Metrics, log: Log): void {
  const requests = metrics.counter('posthorn_http_requests_total', 'HTTP requests by API and status.')
  const durations = metrics.histogram('posthorn_http_request_seconds', 'Time to answer an HTTP request.')
  const meters = new Map<string, Map<number, Meters>>()

  const metersOf = (api: string, status: number): Meters => {
    let ofApi = meters.get(api)
    if (ofApi === undefined) meters.set(api, (ofApi = new Map()))
    let found = ofApi.get(status)
    if (found === undefined) {
      found = { answered: requests.of({ api, status: String(status) }), seconds: durations.of({ api }) }
      ofApi.set(status, found)
    }
    return found
  }

  app.addHook('onResponse', (request, reply, done) => {
    const { answered, seconds } = metersOf(request.group, reply.statusCode)
    answered.add()
    seconds.observe(reply.elapsedTime / 1000)
    log.debug('request', () => ({
      method: request.method,
      path: loggedPath(request.url),
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
    }))
    done()
  })
}
