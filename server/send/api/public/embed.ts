import { html } from '../../../http/html.ts'
import type { CustomField } from '../../audience/custom-fields.ts'
import type { Form } from '../../sign-up/forms.ts'
import { type Locale, filled, textsIn } from '../../public/texts.ts'
import { formBody } from './form-body.ts'

/**
 * The form for somebody's own page: plain HTML that posts to us and works without a script, and the same with the
 * script below, which shows the answer in place.
 */
export function embedCode(
  form: Form,
  {
    fields,
    publicUrl,
    name,
    locale,
  }: { fields: CustomField[]; publicUrl: string; name: string; locale: Locale },
): { html: string; script: string } {
  const texts = textsIn(locale)
  const { double_opt_in, thanks, redirect_url } = form.settings
  const said = thanks || filled(double_opt_in ? texts.check_mail : texts.thanks, { name })
  const marks = html` class="posthorn-form" data-posthorn data-thanks="${said}" data-failed="${texts.check_form}"${redirect_url === null ? html`` : html` data-redirect="${redirect_url}"`}`
  const code = formBody({
    texts,
    settings: form.settings,
    fields,
    action: `${publicUrl}/subscriptions/forms/${form.public_id}`,
    idPrefix: `posthorn-${form.public_id}-`,
    marks,
  }).html
  return {
    html: code,
    script: `${code}<script src="${publicUrl}/subscriptions/embed.js" async></script>\n`,
  }
}

/**
 * Sends the forms of a page by themselves. Whatever does not work that way (the page's origin is not allowed, the
 * server is away, too many sign-ups) is sent as if the script were not there, and a page of ours says what is wrong.
 */
export const EMBED_SCRIPT = `(() => {
  const start = () => {
    for (const form of document.querySelectorAll('form[data-posthorn]')) {
      if (form.posthorn) continue
      form.posthorn = true
      form.addEventListener('submit', event => {
        event.preventDefault()
        send(form)
      })
    }
  }
  const send = async form => {
    const button = form.querySelector('button')
    button.disabled = true
    let reply, answer
    try {
      const body = new URLSearchParams(new FormData(form))
      reply = await fetch(form.action, { method: 'POST', headers: { accept: 'application/json' }, body })
      answer = await reply.json()
    } catch {}
    button.disabled = false
    const { thanks, redirect, failed } = form.dataset
    if (reply?.ok) {
      if (redirect) return location.assign(redirect)
      form.replaceChildren(said(thanks))
      form.tabIndex = -1
      form.focus()
    } else if (reply?.status === 422 && answer?.errors) {
      for (const old of form.querySelectorAll('.posthorn-said')) old.remove()
      form.prepend(said(failed, 'alert'))
      for (const [name, texts] of Object.entries(answer.errors)) {
        const key = name.replace(/^fields\\.(.*)$/, 'fields[$1]')
        const field = form.elements[key] ?? form.elements[key + '[]']
        const at = field?.length && !field.options ? field[0] : field
        if (at?.closest) at.closest('.field').append(said(texts[0]))
        else form.prepend(said(texts[0], 'alert'))
      }
    } else HTMLFormElement.prototype.submit.call(form)
  }
  const said = (text, role = 'status') => {
    const line = document.createElement('p')
    line.className = 'posthorn-said'
    line.setAttribute('role', role)
    line.style.whiteSpace = 'pre-line'
    line.textContent = text
    return line
  }
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start)
  else start()
})()
`
