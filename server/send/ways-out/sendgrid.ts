import type { SettingValues } from './email-service-types.ts'
import { textAt } from './outside-json.ts'
import { type ProviderTools, providerWayOut, setting } from './provider.ts'
import type { MailParts, WayOut } from './way-out.ts'

/** Header fields that SendGrid writes by itself, and refuses from others. */
const ITS_OWN =
  /^(x-sg-id|x-sg-eid|received|dkim-signature|content-type|content-transfer-encoding|mime-version|to|from|subject|reply-to|cc|bcc|date|return-path)$/i

/** SendGrid by its API v3, `mail/send`. The id is a header of the answer, which has no body. */
export function sendgridWayOut(settings: SettingValues, tools: ProviderTools): WayOut {
  const url = new URL('/v3/mail/send', tools.baseUrl ?? 'https://api.sendgrid.com').href
  const headers = {
    authorization: `Bearer ${setting(settings, 'key')}`,
    'content-type': 'application/json',
  }
  return providerWayOut(
    {
      takes: 'parts',
      request: ({ parts, forwardPath }) => ({ url, headers, body: bodyOf(parts as MailParts, forwardPath) }),
      idIn: ({ header }) => header('x-message-id') ?? null,
      said: body => textAt(body, 'errors', 0, 'message'),
      judge: ({ status, header }) => {
        const resets = Number(header('x-ratelimit-reset') ?? Number.NaN)
        if (status !== 429 || header('retry-after') !== undefined || Number.isNaN(resets)) return undefined
        return { is: 'service', retryAfterMs: Math.max(0, resets * 1000 - Date.now()) }
      },
    },
    tools,
  )
}

function bodyOf(parts: MailParts, forwardPath: string): string {
  const { from, to, replyTo, subject, html, text, headers, attachments } = parts
  const own = headers.filter(([name]) => !ITS_OWN.test(name))
  const off = { enable: false }
  return JSON.stringify({
    personalizations: [{ to: [person({ name: to.name, email: forwardPath })] }],
    from: person(from),
    ...(replyTo !== null && { reply_to: { email: replyTo } }),
    subject,
    // Plain text has to come first.
    content: [
      ...(text === null ? [] : [{ type: 'text/plain', value: text }]),
      ...(html === null ? [] : [{ type: 'text/html', value: html }]),
    ],
    ...(own.length > 0 && { headers: Object.fromEntries(own) }),
    ...(attachments.length > 0 && {
      attachments: attachments.map(({ name, contentType, contentId, base64 }) => ({
        content: base64,
        type: contentType,
        filename: name,
        disposition: contentId === null ? 'attachment' : 'inline',
        ...(contentId !== null && { content_id: contentId }),
      })),
    }),
    // Links and the pixel are ours already.
    tracking_settings: {
      click_tracking: { enable: false, enable_text: false },
      open_tracking: off,
      subscription_tracking: off,
      ganalytics: off,
    },
  })
}

function person({ name, email }: { name: string; email: string }): object {
  return name === '' ? { email } : { email, name }
}
