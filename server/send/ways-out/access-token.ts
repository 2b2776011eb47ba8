import type { Guard } from '../../guard.ts'
import { SmtpError } from '../../mail/smtp/client-channel.ts'
import type { SettingValues } from './email-service-types.ts'

const REQUEST = { timeoutMs: 20_000, maxBytes: 65_536 }
/** Before it expires: a connection that is being opened must still find it good. */
const MARGIN_MS = 60_000
/** RFC 6749, section 5.1, lets a server keep silent about it. */
const USUAL_SECONDS = 300

/** The access token of XOAUTH2: one that was typed in, or one that is fetched with a refresh token (RFC 6749, section 6). */
export class AccessToken {
  readonly #settings: SettingValues
  readonly #guard: Guard
  /** Servers may hand out another one each time. */
  #refreshToken: string
  #token = ''
  #until = 0
  #fetching: Promise<string> | undefined

  private constructor(settings: SettingValues, guard: Guard) {
    this.#settings = settings
    this.#guard = guard
    this.#refreshToken = String(settings.refresh_token ?? '')
  }

  /** Undefined: a password does. */
  static of(settings: SettingValues, guard: Guard): AccessToken | undefined {
    return settings.auth === 'xoauth2' ? new AccessToken(settings, guard) : undefined
  }

  /** @throws SmtpError: there is none to be had */
  current(): Promise<string> {
    const { access_token, token_url } = this.#settings
    if (this.#refreshToken === '' || token_url === null || token_url === undefined)
      return Promise.resolve(String(access_token ?? ''))
    if (Date.now() < this.#until) return Promise.resolve(this.#token)
    this.#fetching ??= this.#fetch(String(token_url)).finally(() => (this.#fetching = undefined))
    return this.#fetching
  }

  /** The server would not have it. */
  refused(): void {
    this.#until = 0
  }

  async #fetch(url: string): Promise<string> {
    const { client_id, client_secret } = this.#settings
    const form = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: this.#refreshToken })
    if (client_id) form.set('client_id', String(client_id))
    if (client_secret) form.set('client_secret', String(client_secret))
    let said: Record<string, unknown>
    try {
      const { status, body } = await this.#guard.fetch(url, {
        ...REQUEST,
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
        body: form.toString(),
      })
      said = JSON.parse(body.toString()) as Record<string, unknown>
      if (status !== 200 || typeof said.access_token !== 'string')
        throw new Error(String(said.error_description ?? said.error ?? `status ${status}`))
    } catch (error) {
      throw new SmtpError('AUTH', `no access token: ${(error as Error).message}`, { cause: error })
    }
    const seconds = Number(said.expires_in) || USUAL_SECONDS
    this.#token = said.access_token as string
    this.#until = Date.now() + seconds * 1000 - Math.min(MARGIN_MS, seconds * 500)
    if (typeof said.refresh_token === 'string') this.#refreshToken = said.refresh_token
    return this.#token
  }
}
