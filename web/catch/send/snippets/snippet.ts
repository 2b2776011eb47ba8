/** Where and as whom to send. */
export interface Target {
  host: string
  port: number
  username: string
  password: string
  /** With STARTTLS; the certificate is one the server made itself, so nobody can verify it. */
  tls: boolean
}

export interface Snippet {
  id: string
  label: string
  blocks: { title?: string; code: string }[]
}

export const FROM = 'app@example.com'
export const TO = 'you@example.com'
export const SUBJECT = 'Hello from my app'
export const TEXT = 'Caught by Posthorn.'
