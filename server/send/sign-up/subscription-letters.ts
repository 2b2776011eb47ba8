import type { Secrets } from '../../accounts/secrets.ts'
import type { SystemMail } from '../../relay/system-mail.ts'
import type { Sender } from '../audience/audience-settings.ts'
import { readableOn } from '../public/colours.ts'
import { chooseLocale, filled, type Texts, textsIn } from '../public/texts.ts'
import type { Subscriber } from '../audience/subscribers.ts'
import { CONFIRM_DAYS, confirmToken, preferencesToken } from './subscription-links.ts'

export interface Post {
  secrets: Secrets
  publicUrl: string
  sendLetter: SystemMail
}

/** Asks whether this address may be written to. */
export async function mailConfirmation(
  post: Post,
  sender: Sender,
  subscriber: Subscriber,
  signUp: { id: number; locale: string },
): Promise<void> {
  const locale = chooseLocale(sender.locale, signUp.locale)
  const texts = textsIn(locale)
  const link = `${post.publicUrl}/subscriptions/confirm/${confirmToken(post.secrets, subscriber, signUp.id)}`
  await mail(post, sender, subscriber, locale, {
    subject: texts.mail_confirm_subject,
    lead: texts.mail_confirm,
    link,
    button: texts.mail_confirm_button,
    after: [texts.mail_confirm_not, filled(texts.mail_confirm_until, { days: String(CONFIRM_DAYS) })],
  })
}

/** Tells somebody who is subscribed where they can see and change that. */
export async function mailPreferences(
  post: Post,
  sender: Sender,
  subscriber: Subscriber,
  language: string,
): Promise<void> {
  const locale = chooseLocale(sender.locale, language)
  const texts = textsIn(locale)
  await mail(post, sender, subscriber, locale, {
    subject: texts.mail_preferences_subject,
    lead: texts.mail_preferences,
    link: `${post.publicUrl}/subscriptions/preferences/${preferencesToken(post.secrets, subscriber)}`,
    button: texts.mail_preferences_button,
    after: [texts.mail_preferences_not],
  })
}

interface Letter {
  subject: Texts[keyof Texts]
  lead: string
  link: string
  button: string
  after: string[]
}

async function mail(
  { sendLetter }: Post,
  sender: Sender,
  { email }: Subscriber,
  locale: string,
  { subject, lead, link, button, after }: Letter,
): Promise<void> {
  // A name must not pass for lines of ours.
  const name = sender.name.replaceAll(/\s+/g, ' ')
  const values = { name, email }
  const paragraphs = after.map(text => filled(text, values))
  await sendLetter({
    to: email,
    fromName: name,
    subject: filled(subject, values),
    text: `${[filled(lead, values), link, ...paragraphs].join('\n\n')}\n`,
    html: `<!doctype html>
<html lang="${locale}">
<head><meta charset="utf-8"><meta name="color-scheme" content="light dark">
<title>${escaped(filled(subject, values))}</title></head>
<body style="margin:0;padding:24px 16px;font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif">
<div style="max-width:560px;margin:0 auto">
<p style="margin:0 0 24px;font-weight:600">${escaped(name)}</p>
<p style="margin:0 0 24px">${escaped(filled(lead, values))}</p>
<p style="margin:0 0 24px"><a href="${escaped(link)}" style="display:inline-block;padding:12px 20px;border-radius:6px;background:${sender.colour};color:${readableOn(sender.colour)};font-weight:600;text-decoration:none">${escaped(button)}</a></p>
${paragraphs.map(text => `<p style="margin:0 0 12px;font-size:14px">${escaped(text)}</p>`).join('\n')}
<p style="margin:24px 0 0;font-size:13px;word-break:break-all">${escaped(link)}</p>
</div>
</body>
</html>
`,
  })
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

function escaped(text: string): string {
  return text.replaceAll(/[&<>"]/g, character => ENTITIES[character] ?? '')
}
