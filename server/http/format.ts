import type { FastifyRequest } from 'fastify'
import { accepted } from './accept.ts'
import { type Format, suffixOf } from './path.ts'

/** In our order of preference. */
const JSON_TYPES = ['application/json'] as const
const ALL_TYPES = ['application/json', 'application/xml', 'text/xml'] as const

/**
 * The format of the reply to a request of an API that negotiates: the suffix decides, then Accept. Routes that
 * ignore both (`anyFormat`) say no in JSON.
 * @returns undefined if Accept leaves nothing
 */
export function formatAsked(request: FastifyRequest): Format | undefined {
  // A request that failed before it was routed has no options.
  const { anyFormat, formats } = request.routeOptions?.config ?? {}
  if (anyFormat === true) return 'json'
  const suffix = suffixOf(request.raw)
  if (suffix !== undefined) return suffix
  const hasXml = formats === undefined || formats.includes('xml')
  const type = accepted(request.headers.accept, hasXml ? ALL_TYPES : JSON_TYPES)
  return type === undefined ? undefined : type === 'application/json' ? 'json' : 'xml'
}

/** For refusals, which have to be said in some format. */
export function formatOf(request: FastifyRequest): Format {
  return formatAsked(request) ?? 'json'
}

export const CONTENT_TYPES: Record<Format, string> = {
  json: 'application/json; charset=utf-8',
  xml: 'application/xml; charset=utf-8',
}
