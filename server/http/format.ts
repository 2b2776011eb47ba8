import type { FastifyRequest } from 'fastify'
import { accepted } from './accept.ts'
import { type Format, suffixOf } from './path.ts'

/** In our order of preference. */
const TYPES: Record<Format, readonly string[]> = {
  json: ['application/json'],
  xml: ['application/xml', 'text/xml'],
}
const ALL: readonly Format[] = ['json', 'xml']

/**
 * The format of the reply to a request of an API that negotiates: the suffix decides, then Accept. Routes that
 * ignore both (`anyFormat`) say no in JSON.
 * @returns undefined if Accept leaves nothing
 */
export function formatAsked(request: FastifyRequest): Format | undefined {
  // A request that failed before it was routed has no options.
  const { anyFormat, formats = ALL } = request.routeOptions?.config ?? {}
  if (anyFormat === true) return 'json'
  const suffix = suffixOf(request.raw)
  if (suffix !== undefined) return suffix
  const type = accepted(
    request.headers.accept,
    formats.flatMap(format => TYPES[format]),
  )
  return type === undefined ? undefined : TYPES.json.includes(type) ? 'json' : 'xml'
}

/** For refusals, which have to be said in some format. */
export function formatOf(request: FastifyRequest): Format {
  return formatAsked(request) ?? 'json'
}

export const CONTENT_TYPES: Record<Format, string> = {
  json: 'application/json; charset=utf-8',
  xml: 'application/xml; charset=utf-8',
}
