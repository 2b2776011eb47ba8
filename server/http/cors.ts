import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Identity } from './api.ts'

/**
 * Which pages of others may call an API from a browser (WHATWG Fetch, section 3.2). `all`: every page, with any
 * method and header, and never with the browser's cookies, which browsers send to no `*`.
 */
export type Cors = 'all' | RegisteredCors

export interface RegisteredCors {
  /** Whether anybody lets pages of this origin in: a preflight carries no credentials, so nobody knows whose it is. */
  known(origin: string): Promise<boolean>
  /** Whether whoever is asking does. */
  allowed(origin: string, identity: Identity): boolean | Promise<boolean>
}

const METHODS = 'GET, POST, PATCH, DELETE'
const HEADERS = ['Api-Token', 'Authorization', 'Content-Type', 'Accept']
/** Clients ask for a handful. */
const MAX_REQUESTED = 30
/** What a page is otherwise not shown. */
const EXPOSED = 'X-RateLimit-Limit, X-RateLimit-Remaining, Retry-After'
/** On every reply of an API that all pages may call. */
export const OPEN_TO_ALL = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': `${EXPOSED}, X-RateLimit-Reset`,
}
/** Seconds for which a browser need not ask again; taking a domain back stops the replies at once all the same. */
const REMEMBERED = 600

/** Where every page may call, every OPTIONS is as good as one: there is nothing else that it could ask. */
export function isPreflight(cors: Cors, { method, headers }: FastifyRequest): boolean {
  if (method !== 'OPTIONS') return false
  return (
    cors === 'all' || (headers.origin !== undefined && headers['access-control-request-method'] !== undefined)
  )
}

/** 204 to everybody; without the headers the browser goes no further. */
export async function answerPreflight(
  cors: Cors,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { origin = '' } = request.headers
  if (cors === 'all')
    return reply
      .code(204)
      .header('vary', 'Access-Control-Request-Method, Access-Control-Request-Headers')
      .header('access-control-allow-methods', methodAsked(request))
      .header('access-control-allow-headers', [...HEADERS, ...requested(request)].join(', '))
      .header('access-control-max-age', 0)
      .send()
  reply.code(204).header('vary', 'Origin, Access-Control-Request-Headers')
  if (await cors.known(origin))
    reply
      .header('access-control-allow-origin', origin)
      .header('access-control-allow-methods', METHODS)
      .header('access-control-allow-headers', [...HEADERS, ...requested(request)].join(', '))
      .header('access-control-max-age', REMEMBERED)
  return reply.send()
}

export async function allowOrigin(
  cors: RegisteredCors,
  origin: string,
  identity: Identity,
  reply: FastifyReply,
): Promise<void> {
  if (!(await cors.allowed(origin, identity))) return
  reply.header('access-control-allow-origin', origin).header('access-control-expose-headers', EXPOSED)
}

/** A token (RFC 9110, section 9.1), and else nothing of what was asked. */
function methodAsked({ headers }: FastifyRequest): string {
  const method = headers['access-control-request-method'] ?? ''
  return /^[A-Za-z]{1,30}$/.test(method) ? method.toUpperCase() : `${METHODS}, PUT`
}

/** Field names beyond the usual ones (RFC 9110, section 5.1). */
function requested({ headers }: FastifyRequest): string[] {
  const usual = HEADERS.map(name => name.toLowerCase())
  return String(headers['access-control-request-headers'] ?? '')
    .split(',')
    .map(name => name.trim())
    .filter(name => /^[\w!#$%&'*+.^`|~-]{1,100}$/.test(name) && !usual.includes(name.toLowerCase()))
    .slice(0, MAX_REQUESTED)
}
