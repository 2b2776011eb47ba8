import { type Html, html } from '../../../http/html.ts'
import { CAPTCHAS } from '../../sign-up/captcha.ts'
import type { StoredSettings } from '../../sign-up/form-settings.ts'
import { type FormBody, formBody } from './form-body.ts'
import type { PageAllowances, PublicPage } from './page.ts'
import type { Speaking } from './public-replies.ts'

/** The page of a form; what differs from a first visit is in `given`. */
export function formPage(
  speaking: Speaking,
  given: Omit<FormBody, 'texts' | 'action' | 'idPrefix'> & { embedded: boolean },
): PublicPage {
  const { settings, embedded } = given
  return {
    ...speaking,
    embedded,
    title: settings.title || speaking.say('sign_up_title'),
    body: html`${said(settings.text)}${formBody({ ...given, texts: speaking.texts, action: '', idPrefix: 'f-' })}`,
  }
}

export function thanksPage(speaking: Speaking, settings: StoredSettings, embedded: boolean): PublicPage {
  const { double_opt_in, thanks } = settings
  return {
    ...speaking,
    embedded,
    title: speaking.say(double_opt_in ? 'check_mail_title' : 'thanks_title'),
    body: said(thanks || speaking.say(double_opt_in ? 'check_mail' : 'thanks')),
  }
}

/** What the page of a form may load and where it may lead and stand. */
export function formAllowances(
  { captcha, redirect_url, allowed_origins }: StoredSettings,
  embedded: boolean,
): PageAllowances {
  const sources =
    captcha.kind === 'none'
      ? {}
      : Object.fromEntries(
          Object.entries(CAPTCHAS[captcha.kind].sources)
            .filter(([, value]) => value !== '')
            .map(([name, value]) => [`${name}-src`, value]),
        )
  return {
    sources,
    formAction: redirect_url === null ? undefined : new URL(redirect_url).origin,
    frameAncestors: embedded ? [`'self'`, ...allowed_origins] : [],
  }
}

function said(text: string): Html {
  return text === ''
    ? html``
    : html`<p class="said">${text}</p>
`
}
