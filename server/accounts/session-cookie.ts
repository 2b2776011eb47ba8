const NAME = 'posthorn_session'
const MAX_AGE_S = 30 * 86_400

/** Out of a Cookie header (RFC 6265, section 4.2); the first of the name counts. */
export function sessionCookie(header: string | undefined): string | undefined {
  if (header === undefined || !header.includes(NAME)) return undefined
  for (const pair of header.split(';')) {
    const equals = pair.indexOf('=')
    if (pair.slice(0, equals).trim() !== NAME) continue
    const value = pair.slice(equals + 1).trim()
    return /^[\w-]{43}$/.test(value) ? value : undefined
  }
  return undefined
}

/** A Set-Cookie header; no script reads it, and other sites' requests come without it, links aside. */
export function setSessionCookie(value: string, tls: boolean): string {
  return `${NAME}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${MAX_AGE_S}${tls ? '; Secure' : ''}`
}

export function clearSessionCookie(tls: boolean): string {
  return `${NAME}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0${tls ? '; Secure' : ''}`
}
