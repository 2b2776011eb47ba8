import type { IncomingMessage } from 'node:http'
import type { Api } from './api.ts'

export type Format = 'json' | 'xml'

const ASKED = Symbol('format asked by suffix')

/** The path alone, without the query. */
export function pathOf(url: string): string {
  const query = url.indexOf('?')
  return query < 0 ? url : url.slice(0, query)
}

/** The path as a log may hold it: links with a secret in them let in whoever reads it. Ids and names are shorter. */
export function loggedPath(url: string): string {
  return pathOf(url).replaceAll(/\/(?=[^/]*[\dA-Z])[^/]{16,}/g, '/…')
}

/**
 * The URL that is routed: repeated slashes become one (old clients join a base that ends in one with a path
 * that begins with one), and a format suffix of an API that knows them is taken off and remembered.
 */
export function routedUrl(request: IncomingMessage, apis: readonly Api[]): string {
  let url = request.url ?? '/'
  let path = pathOf(url)
  if (path.includes('//')) {
    const collapsed = path.replaceAll(/\/{2,}/g, '/')
    url = collapsed + url.slice(path.length)
    path = collapsed
  }
  const format = path.endsWith('.json') ? 'json' : path.endsWith('.xml') ? 'xml' : undefined
  if (format === undefined) return url
  const bare = path.slice(0, -1 - format.length)
  if (bare.endsWith('/') || !apis.some(api => api.negotiates?.includes(format) && api.owns(bare))) return url
  ;(request as Suffixed)[ASKED] = format
  return bare + url.slice(path.length)
}

interface Suffixed extends IncomingMessage {
  [ASKED]?: Format
}

/** The format the suffix asked for, if there was one. */
export function suffixOf(request: IncomingMessage): Format | undefined {
  return (request as Suffixed)[ASKED]
}
