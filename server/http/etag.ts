import type { FastifyReply, FastifyRequest } from 'fastify'
import { hash } from 'node:crypto'

/** A weak ETag for a body that has no cheaper mark, like a version number. */
export function etagOf(body: string | Uint8Array): string {
  return `W/"${hash('sha1', body, 'base64url')}"`
}

/**
 * Sets the ETag; if the client has that very version already, answers 304 and says so.
 * The comparison is the weak one, and only reading can be spared (RFC 9110, section 13.1.2).
 */
export function notModified(request: FastifyRequest, reply: FastifyReply, etag: string): boolean {
  reply.header('etag', etag)
  const known = request.headers['if-none-match']
  if (known === undefined || (request.method !== 'GET' && request.method !== 'HEAD')) return false
  if (!matches(known, etag)) return false
  reply.code(304).send()
  return true
}

export function matches(known: string, etag: string): boolean {
  if (known === etag || known === '*') return true
  const bare = etag.replace(/^W\//, '')
  return known.split(',').some(one => one.trim().replace(/^W\//, '') === bare)
}
