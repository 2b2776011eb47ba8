import type { FastifyReply, FastifyRequest } from 'fastify'
import { originIsOurs } from '../../../accounts/own-origin.ts'

/**
 * Whether scripts of the page that sent this may sign people up; if so, the page may read the answer
 * (WHATWG Fetch, section 3.2). No Origin: no page of a browser did.
 */
export function originAllowed(
  request: FastifyRequest,
  reply: FastifyReply,
  allowed: readonly string[],
  publicUrl: string,
): boolean {
  const { origin } = request.headers
  if (origin === undefined) return true
  if (allowed.includes(origin)) {
    reply.header('access-control-allow-origin', origin)
    return true
  }
  return originIsOurs(request, publicUrl)
}
