import type { Secrets } from '../../accounts/secrets.ts'
import type { Guard } from '../../guard.ts'
import type { Log } from '../../log.ts'
import type { SystemMail } from '../../relay/system-mail.ts'
import type { Storage } from '../../storage/database.ts'
import type { CaptchaKind } from '../captcha.ts'

/** What the routes of this folder work with. */
export interface AudienceDoor {
  storage: Storage
  secrets: Secrets
  log: Log
  publicUrl: string
  dataDir: string
  /** The server's own mail; answers false where there is no relay to send it. */
  sendLetter: SystemMail
  /** Whether there is one. */
  mails: boolean
  /** For what a user can aim. */
  guard: Guard
  /** Where captchas are judged instead, for tests. */
  captchaAt?: Partial<Record<CaptchaKind, string>>
}
