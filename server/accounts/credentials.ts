import type { IncomingHttpHeaders } from 'node:http'

/** What a request says to prove who sent it. */
export interface Credential {
  value: string
  /** Whether a JWT counts here, or API tokens alone. */
  bearer: boolean
}

/** The way of one dialect to find it. */
export type CredentialReader = (
  headers: IncomingHttpHeaders,
  query: unknown,
  body: unknown,
) => Credential | undefined

/** Longer than any token or JWT of ours. */
const MAX_LENGTH = 1024

/**
 * The four ways in their order; the first that is present counts, even if it is wrong (contract, section 2):
 * `Api-Token`, `Authorization: Token token=…`, `Authorization: Bearer …`, the parameter `api_token`.
 */
export function credentialOf(
  headers: IncomingHttpHeaders,
  query: unknown,
  body: unknown,
): Credential | undefined {
  const header = headers['api-token']
  if (typeof header === 'string' && header !== '') return credential(header.trim(), false)
  const { authorization } = headers
  if (authorization !== undefined) {
    const [, scheme = '', rest = ''] = /^(token|bearer) +(.+)$/i.exec(authorization) ?? []
    if (scheme.toLowerCase() === 'bearer') return credential(rest.trim(), true)
    // Another scheme is meant for somebody else, like the proxy that asked for it.
    if (scheme !== '') return credential(tokenParameter(rest), false)
  }
  const parameter = text((query as Parameters)?.api_token) ?? text((body as Parameters)?.api_token)
  return parameter === undefined ? undefined : credential(parameter, false)
}

/**
 * As Laravel's `bearerToken()` and SendPortal look for it: what follows the last `Bearer ` up to a comma, else the
 * parameter `api_token` of the query, else of the body. Then the ways of the other dialect: a user's token counts in
 * every form everywhere.
 */
export function laravelCredentialOf(
  headers: IncomingHttpHeaders,
  query: unknown,
  body: unknown,
): Credential | undefined {
  const { authorization = '' } = headers
  const at = authorization.lastIndexOf('Bearer ')
  const bearer = at < 0 ? '' : (authorization.slice(at + 'Bearer '.length).split(',', 1)[0] ?? '').trim()
  if (bearer !== '') return credential(bearer, true)
  const parameter = text((query as Parameters)?.api_token) ?? text((body as Parameters)?.api_token)
  if (parameter !== undefined) return credential(parameter, false)
  return credentialOf(headers, undefined, undefined)
}

type Parameters = { api_token?: unknown } | null | undefined

/** `token="0123"`, `token=0123, nonce="x"`, or the bare token. */
function tokenParameter(rest: string): string {
  const [, quoted, plain] = /(?:^|[,;\s])token=(?:"([^"]*)"|([^",;\s]*))/.exec(rest) ?? []
  return quoted ?? plain ?? rest.trim()
}

function credential(value: string, bearer: boolean): Credential {
  return { value: value.length > MAX_LENGTH ? '' : value, bearer }
}

function text(parameter: unknown): string | undefined {
  const value: unknown = Array.isArray(parameter) ? parameter[0] : parameter
  return typeof value === 'string' && value !== '' ? value : undefined
}
