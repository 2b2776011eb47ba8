import type { IncomingHttpHeaders } from 'node:http'

/** A request as the web listener sees it; protocol and host are what a trusted proxy said, if there is one. */
export interface Seen {
  headers: IncomingHttpHeaders
  /** `http` or `https`. */
  protocol: string
  /** With the port. */
  host: string
}

/**
 * Whether the page that sent a request is ours. No Origin: no page did, or one that browsers would not let do
 * harm. `null` (sandboxed frames, which show hostile mail) is not ours.
 */
export function originIsOurs({ headers, protocol, host }: Seen, publicUrl: string): boolean {
  const { origin } = headers
  return origin === undefined || origin === `${protocol}://${host}` || origin === originOf(publicUrl)
}

/** Whether the browser speaks TLS, with us or with a proxy in front of the public address. */
export function overTls({ protocol, host }: Seen, publicUrl: string): boolean {
  const url = URL.canParse(publicUrl) ? new URL(publicUrl) : undefined
  return protocol === 'https' || (url?.protocol === 'https:' && url.host === host)
}

export function originOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).origin : undefined
}
