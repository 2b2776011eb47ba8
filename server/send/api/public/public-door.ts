import type { CaptchaKind } from '../../sign-up/captcha.ts'
import type { AudienceDoor } from '../audience-door.ts'

/** What the pages for people without a login work with. */
export interface PublicDoor
  extends Pick<
    AudienceDoor,
    | 'storage'
    | 'secrets'
    | 'log'
    | 'publicUrl'
    | 'sendLetter'
    | 'mails'
    | 'guard'
    | 'sending'
    | 'compiler'
    | 'bounceDomain'
  > {
  /** Where captchas are judged instead, for tests. */
  captchaAt?: Partial<Record<CaptchaKind, string>>
  /** How long a sign-up takes at least, for tests. */
  answersAfterMs?: number
}
