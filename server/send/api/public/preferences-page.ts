import { html } from '../../../http/html.ts'
import type { CustomField } from '../../audience/custom-fields.ts'
import type { StoredSettings } from '../../sign-up/form-settings.ts'
import type { Answers } from '../../sign-up/sign-up-answers.ts'
import { fieldsOf, type Subscriber } from '../../audience/subscribers.ts'
import { askedFields } from './asked-fields.ts'
import type { PublicPage } from './page.ts'
import type { Speaking } from './public-replies.ts'

export interface Preferences {
  subscriber: Subscriber
  ask: StoredSettings['ask']
  fields: readonly CustomField[]
  /** What was sent and is not right yet. */
  sent?: Record<string, unknown>
  faults?: Answers['faults']
  /** What was just done. */
  did?: 'saved' | 'unsubscribed' | 'resubscribed'
}

/** What a workspace knows of somebody, as far as they may change it, and whether it writes to them. */
export function preferencesPage(speaking: Speaking, given: Preferences): PublicPage {
  const { subscriber, ask, fields, sent, faults = {}, did } = given
  const { texts, say } = speaking
  const { email, status } = subscriber
  const known: Record<string, unknown> = {
    first_name: subscriber.first_name,
    last_name: subscriber.last_name,
    fields: fieldsOf(subscriber),
  }
  const value = (name: string) => {
    const from = sent ?? known
    const key = /^fields\[(\w+)\]$/.exec(name)?.[1]
    return key === undefined ? from[name] : (from.fields as Record<string, unknown> | undefined)?.[key]
  }
  const isSubscribed = status === 'subscribed'
  const mayReturn = status === 'unsubscribed' || status === 'pending'
  const notice = did === undefined ? undefined : texts[did]
  return {
    ...speaking,
    title: texts.preferences_title,
    body: html`${
      notice === undefined
        ? html``
        : html`<p class="notice good" role="status">${notice}</p>
`
    }${
      Object.keys(faults).length === 0
        ? html``
        : html`<p class="notice" role="alert">${texts.check_form}</p>
`
    }<p>${say('preferences', { email })} ${say(isSubscribed ? 'subscribed_now' : 'not_subscribed_now')}</p>
<form method="post">
${askedFields(ask, { texts, fields, faults, idPrefix: 'p-', value })}<button type="submit" name="action" value="save">${texts.save}</button>
</form>
${
  isSubscribed
    ? html`<section><h2>${texts.unsubscribe_title}</h2><p class="soft">${say('unsubscribe_text', { email })}</p>
<form method="post"><button type="submit" class="quiet" name="action" value="unsubscribe">${texts.unsubscribe}</button></form></section>`
    : html``
}${
  mayReturn
    ? html`<section><h2>${texts.resubscribe_title}</h2><p class="soft">${say('resubscribe_text', { email })}</p>
<form method="post"><button type="submit" class="quiet" name="action" value="resubscribe">${texts.resubscribe}</button></form></section>`
    : html``
}`,
  }
}
