import type { Secrets } from '../../../accounts/secrets.ts'
import type { Form } from '../../sign-up/forms.ts'

/** People need longer to write an address. */
const LEAST_MS = 1_000
const PURPOSE = 'form-shown'

/** Writes into a form when it was shown, so that what fills it in at once is known for a machine. */
export class FormClock {
  readonly #secrets: Secrets

  constructor(secrets: Secrets) {
    this.#secrets = secrets
  }

  shown(form: Form, now = Date.now()): string {
    return `${now}.${this.#secrets.sign(PURPOSE, `${form.public_id} ${now}`)}`
  }

  isOurs(form: Form, text: string): boolean {
    return this.#at(form, text) !== undefined
  }

  /** Forms on pages of others carry no time, and are not asked for it. */
  isTooQuick(form: Form, text: unknown, now = Date.now()): boolean {
    if (typeof text !== 'string') return false
    const at = this.#at(form, text)
    return at === undefined || now - at < LEAST_MS
  }

  #at({ public_id }: Form, text: string): number | undefined {
    const [, at = '', signature = ''] = /^(\d{1,15})\.([\w-]{43})$/.exec(text) ?? []
    return at !== '' && this.#secrets.verify(PURPOSE, `${public_id} ${at}`, signature)
      ? Number(at)
      : undefined
  }
}
