import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/** SASL mechanisms as SMTP (RFC 4954) and POP3 (RFC 5034) use them. An exchange takes decoded responses and answers with one of these. */
export type AuthStep =
  /** Base64. */
  | { kind: 'challenge'; text: string }
  | { kind: 'claim'; username: string; proves: (password: string) => boolean }
  | { kind: 'malformed' }

export interface Exchange {
  /** Undefined at the beginning when AUTH carried no initial response. */
  next(response: string | undefined): AuthStep
}

const MALFORMED: AuthStep = { kind: 'malformed' }

/** Undefined for a mechanism we do not offer. */
export function startExchange(mechanism: string, hostname: string): Exchange | undefined {
  switch (mechanism.toUpperCase()) {
    case 'PLAIN':
      return new Plain()
    case 'LOGIN':
      return new Login()
    case 'CRAM-MD5':
      return new CramMd5(hostname)
    default:
      return undefined
  }
}

/** RFC 4616. The identity to act as must be empty or the user's own. */
class Plain implements Exchange {
  next(response: string | undefined): AuthStep {
    if (response === undefined) return { kind: 'challenge', text: '' }
    const [identity, username, password, more] = response.split('\0')
    if (!username || password === undefined || more !== undefined) return MALFORMED
    const own = identity === '' || identity === username
    return { kind: 'claim', username, proves: secret => same(password, secret) && own }
  }
}

/** Never standardised (draft-murchison-sasl-login); the prompts are what clients look for. */
class Login implements Exchange {
  private username: string | undefined

  next(response: string | undefined): AuthStep {
    if (response === undefined) return { kind: 'challenge', text: 'VXNlcm5hbWU6' }
    if (this.username === undefined) {
      this.username = response
      return { kind: 'challenge', text: 'UGFzc3dvcmQ6' }
    }
    return { kind: 'claim', username: this.username, proves: secret => same(response, secret) }
  }
}

/** RFC 2195. */
class CramMd5 implements Exchange {
  private readonly challenge: string
  private asked = false

  constructor(hostname: string) {
    this.challenge = `<${randomBytes(12).toString('hex')}.${Date.now()}@${hostname}>`
  }

  next(response: string | undefined): AuthStep {
    if (!this.asked) {
      this.asked = true
      // the server speaks first here, so an initial response answers a question never put
      if (response !== undefined) return MALFORMED
      return { kind: 'challenge', text: Buffer.from(this.challenge).toString('base64') }
    }
    const match = /^(.+) ([0-9a-f]{32})$/is.exec(response ?? '')
    const [, username, digest] = match ?? []
    if (username === undefined || digest === undefined) return MALFORMED
    return {
      kind: 'claim',
      username,
      proves: secret =>
        same(digest.toLowerCase(), createHmac('md5', secret).update(this.challenge).digest('hex')),
    }
  }
}

/** The same time for any two strings: both are hashed to one length first. */
export function same(one: string, other: string): boolean {
  return timingSafeEqual(sha256(one), sha256(other))
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

/** Undefined for what is no base64; Node's decoder would take anything. `=` is the empty response (RFC 4954 section 4, RFC 5034 section 4). */
export function decodeResponse(line: string): string | undefined {
  if (line === '' || line === '=') return ''
  if (line.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(line)) return undefined
  return Buffer.from(line, 'base64').toString()
}
