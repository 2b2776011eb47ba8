import { type Html, html } from '../../../http/html.ts'
import { CAPTCHAS } from '../../sign-up/captcha.ts'
import type { CustomField } from '../../audience/custom-fields.ts'
import type { StoredSettings } from '../../sign-up/form-settings.ts'
import type { Texts } from '../../public/texts.ts'
import type { Answers } from '../../sign-up/sign-up-answers.ts'
import { askedFields, type Asking, emailField, tickField } from './asked-fields.ts'

/** A field that people do not see and machines fill in. No browser knows the name, and fills it in by itself. */
export const TRAP = 'reference'
/** When the form was shown, signed. */
export const SHOWN_AT = 'shown_at'

export interface FormBody {
  texts: Texts
  settings: StoredSettings
  fields: readonly CustomField[]
  /** Empty: where the page itself is. */
  action: string
  idPrefix: string
  /** What was sent and is not right yet. */
  sent?: Record<string, unknown>
  faults?: Answers['faults']
  /** Empty: not known. */
  shownAt?: string
  /** On a page of somebody else: attributes of the form there. */
  marks?: Html
  /** What is wrong with the whole. */
  notice?: string
}

/** The form itself, for our own page and for those of others. */
export function formBody(given: FormBody): Html {
  const { texts, settings, fields, action, idPrefix, sent = {}, faults = {}, shownAt = '', marks } = given
  const asking: Asking = { texts, fields, faults, idPrefix, value: name => sentValue(sent, name) }
  const { captcha, consent } = settings
  return html`${
    given.notice === undefined
      ? html``
      : html`<p class="notice" role="alert">${given.notice}</p>
`
  }<form method="post"${action === '' ? html`` : html` action="${action}"`}${marks ?? html``}>
${emailField(asking)}${askedFields(settings.ask, asking)}${
  consent === null
    ? html``
    : tickField(asking, { name: 'consent', fault: 'consent', text: consent, required: true })
}<div class="trap"${marks === undefined ? html`` : html` style="position:absolute;left:-9999px"`} aria-hidden="true"><label for="${idPrefix}${TRAP}">${texts.leave_empty}</label><input id="${idPrefix}${TRAP}" name="${TRAP}" tabindex="-1" autocomplete="off"></div>
${
  shownAt === ''
    ? html``
    : html`<input type="hidden" name="${SHOWN_AT}" value="${shownAt}">
`
}${captcha.kind === 'none' ? html`` : captchaWidget(texts, captcha.kind, captcha.site_key)}<button type="submit">${settings.button || texts.sign_up}</button>
</form>
`
}

function captchaWidget(texts: Texts, kind: keyof typeof CAPTCHAS, siteKey: string): Html {
  const { script, element } = CAPTCHAS[kind]
  return html`<div class="field ${element}" data-sitekey="${siteKey}"></div><noscript><p class="wrong">${texts.captcha_needs_script}</p></noscript><script src="${script}" async defer></script>
`
}

/** `fields[key]` out of what was sent. */
function sentValue(sent: Record<string, unknown>, name: string): unknown {
  const key = /^fields\[(\w+)\]$/.exec(name)?.[1]
  if (key === undefined) return sent[name]
  return (typeof sent.fields === 'object' ? ((sent.fields ?? {}) as Record<string, unknown>) : {})[key]
}
