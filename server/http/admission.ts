import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Problem } from '../problem.ts'
import type { Api, Identity } from './api.ts'
import { allowOrigin, OPEN_TO_ALL } from './cors.ts'
import { formatAsked } from './format.ts'
import { suffixOf } from './path.ts'
import type { RateLimits, Standing } from './rate-limit.ts'

/** Methods whose body may hold the credentials. */
const WITH_BODY = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])

type Done = (error?: Error) => void

/** Who may come in, in which format, how often: what an API asks of every request before its routes see it. */
export class Admission {
  readonly #api: Api
  readonly #limits: RateLimits | undefined
  readonly #headers: [string, string][]

  /** @param limits what it counts with; undefined: not at all */
  constructor(api: Api, limits: RateLimits | undefined) {
    this.#api = api
    this.#limits = limits
    this.#headers = Object.entries({ ...api.headers, ...(api.cors === 'all' && OPEN_TO_ALL) }).map(
      ([name, value]) => [name.toLowerCase(), value],
    )
  }

  /** Hooks answer through callbacks and without promises where nothing has to be waited for. */
  guard(app: FastifyInstance): void {
    // Hooks of each route, not of the whole plugin: the route knows what applies to it, and no request pays for the rest.
    app.addHook('onRoute', route => {
      const { open, anyFormat } = route.config ?? {}
      const { negotiates } = this.#api
      if (negotiates !== undefined) route.config = { ...route.config, formats: negotiates }
      const beforeBody = (request: FastifyRequest, reply: FastifyReply, done: Done) => {
        request.group = this.#api.name
        this.greet(reply)
        if (this.#api.forgivesBodies === true) forgiveType(request)
        try {
          if (negotiates !== undefined && formatAsked(request) === undefined)
            throw new Problem('not_acceptable')
          if (open === true) return done()
          this.#meet(request, reply, undefined, done)
        } catch (error) {
          done(error as Error)
        }
      }
      route.onRequest = [beforeBody, ...[route.onRequest ?? []].flat()]
      if (anyFormat === true) route.preHandler = [unsuffixed, ...[route.preHandler ?? []].flat()]
      if (open === true || ![route.method].flat().some(method => WITH_BODY.has(method))) return
      const afterBody = (request: FastifyRequest, reply: FastifyReply, done: Done) => {
        if (request.identity !== null) return done()
        this.#meet(request, reply, request.body ?? null, done)
      }
      route.preValidation = [afterBody, ...[route.preValidation ?? []].flat()]
    })
  }

  /** For paths of the API without a route: the same questions, all at once. */
  admit(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#meet(request, reply, request.body ?? null, error => (error ? reject(error) : resolve()))
    })
  }

  greet(reply: FastifyReply): void {
    for (const [name, value] of this.#headers) reply.header(name, value)
  }

  /** @param body undefined: not read yet; null: there is none */
  #meet(request: FastifyRequest, reply: FastifyReply, body: unknown, done: Done): void {
    const goOn = () => done()
    const fail = (error: Error) => done(error)
    const met = (identity: Identity | undefined) => {
      try {
        this.#count(request, reply, body, identity)
        const { cors } = this.#api
        if (identity !== undefined && cors && cors !== 'all' && request.headers.origin !== undefined)
          allowOrigin(cors, request.headers.origin, identity, reply).then(goOn, fail)
        else done()
      } catch (error) {
        done(error as Error)
      }
    }
    // Wrong credentials count against the address they came from: guessing has the same limit as asking.
    const refused = (error: unknown) => {
      try {
        if (!(error instanceof Problem) || error.kind === 'unauthenticated')
          this.#countAddress(request, reply)
        done(error as Error)
      } catch (limited) {
        done(limited as Error)
      }
    }
    try {
      const found = this.#api.identify(request, body)
      if (found instanceof Promise) found.then(met, refused)
      else met(found)
    } catch (error) {
      refused(error)
    }
  }

  #count(request: FastifyRequest, reply: FastifyReply, body: unknown, identity: Identity | undefined): void {
    if (identity !== undefined) {
      request.identity = identity
      if (identity.limitKey !== undefined && this.#limits !== undefined)
        this.#announce(reply, this.#limits.known.take(identity.limitKey))
      return
    }
    if (body === undefined && WITH_BODY.has(request.method)) {
      // The body may still say who this is; an address that is refused anyway need not upload one.
      const standing = this.#limits?.unknown.look(`address ${request.ip}`)
      if (standing?.allowed === false) this.#announce(reply, standing)
      return
    }
    this.#countAddress(request, reply)
    throw new Problem('unauthenticated')
  }

  #countAddress(request: FastifyRequest, reply: FastifyReply): void {
    if (this.#limits !== undefined) this.#announce(reply, this.#limits.unknown.take(`address ${request.ip}`))
  }

  #announce(reply: FastifyReply, { limit, remaining, allowed, retryAfter }: Standing): void {
    reply.header('x-ratelimit-limit', limit)
    reply.header('x-ratelimit-remaining', remaining)
    if (allowed) return
    if (this.#api.saysReset === true)
      reply.header('x-ratelimit-reset', Math.floor(Date.now() / 1000) + retryAfter)
    throw new Problem('too_many', '', { retryAfter })
  }
}

/** What is no media type at all would be refused before anybody looks at the body (RFC 9110, section 8.3.1). */
function forgiveType({ headers }: FastifyRequest): void {
  const type = headers['content-type']
  if (type !== undefined && !/^[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+\s*(;|$)/.test(type))
    headers['content-type'] = 'application/octet-stream'
}

/** `body.raw.json` is not another way to write `body.raw`. */
function unsuffixed(request: FastifyRequest, _reply: FastifyReply, done: Done): void {
  done(suffixOf(request.raw) === undefined ? undefined : new Problem('absent'))
}
