import { call } from './http.ts'
import { renewSession } from './session.ts'

export interface AccountChanges {
  name?: string
  timezone?: string
  locale?: string
  email?: string
  current_password?: string
  password?: string
}

export async function changeAccount(changes: AccountChanges): Promise<void> {
  await call('/api/posthorn/account', { method: 'PATCH', body: changes })
  await renewSession()
}

export async function keepOldEmail(): Promise<void> {
  await call('/api/posthorn/account/pending_email', { method: 'DELETE' })
  await renewSession()
}

/** With the token of the mailed link. */
export async function confirmEmail(token: string): Promise<void> {
  await call('/api/posthorn/account/confirm_email', { method: 'POST', body: { token } })
  await renewSession()
}

/** Made anew each time; those made before stay good until they are reset. */
export async function newJwt(): Promise<string> {
  return (await call<{ jwt: string }>('/api/posthorn/account/jwt')).jwt
}

export async function resetJwt(): Promise<string> {
  return (await call<{ jwt: string }>('/api/posthorn/account/jwt/reset', { method: 'POST', body: {} })).jwt
}

/** Takes the place of one's oldest token; the value is in this answer and never again. */
export async function resetApiToken(): Promise<string> {
  const path = '/api/posthorn/account/api_token/reset'
  return (await call<{ token: string }>(path, { method: 'POST', body: {} })).token
}

/** With the token of the mailed link, after signing up. */
export async function verifyEmail(token: string): Promise<void> {
  await call('/api/posthorn/account/verify_email', { method: 'POST', body: { token } })
  await renewSession()
}

export async function mailProofAgain(): Promise<void> {
  await call('/api/posthorn/account/verify_email/send', { method: 'POST', body: {} })
}

/** Says nothing of whether somebody has that address. */
export async function askForNewPassword(email: string): Promise<void> {
  await call('/api/posthorn/account/password_reset', { method: 'POST', body: { email } })
}

/** With the token of the mailed link. Every session ends, this browser's too. */
export async function setNewPassword(token: string, password: string): Promise<void> {
  await call('/api/posthorn/account/new_password', { method: 'POST', body: { token, password } })
  await renewSession()
}
