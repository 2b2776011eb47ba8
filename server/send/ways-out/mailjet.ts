import type { SettingValues } from './email-service-types.ts'
import { textAt } from './outside-json.ts'
import { basic, type ProviderTools, providerWayOut, setting } from './provider.ts'
import type { MailParts, WayOut } from './way-out.ts'

/** Header fields that Mailjet writes by itself; a request that has one of them is refused whole. */
const ITS_OWN =
  /^(from|sender|subject|to|cc|bcc|reply-to|return-path|delivered-to|dkim-signature|domainkey-status|received-spf|authentication-results|received|date|message-id|mime-version|content-.*|user-agent|x-mailer|list-id|x-feedback-id|x-csa-complaints|x-mailjet-.*|x-mj-.*)$/i

/** Mailjet by its API v3.1. Its ids are beyond what a number holds, and are kept as text. */
export function mailjetWayOut(settings: SettingValues, tools: ProviderTools): WayOut {
  const host = setting(settings, 'zone') === 'US' ? 'api.us.mailjet.com' : 'api.mailjet.com'
  const url = new URL('/v3.1/send', tools.baseUrl ?? `https://${host}`).href
  const headers = {
    authorization: basic(setting(settings, 'key'), setting(settings, 'secret')),
    'content-type': 'application/json',
  }
  return providerWayOut(
    {
      takes: 'parts',
      request: ({ parts, forwardPath, idempotencyKey }) => ({
        url,
        headers,
        body: bodyOf(parts as MailParts, forwardPath, idempotencyKey),
      }),
      idIn: ({ body }) => textAt(body, 'Messages', 0, 'To', 0, 'MessageID') ?? null,
      said: body => textAt(body, 'Messages', 0, 'Errors', 0, 'ErrorMessage') ?? textAt(body, 'ErrorMessage'),
      // The status of the request says less than that of the message.
      judge({ status, body }) {
        if (status > 299 || textAt(body, 'Messages', 0, 'Status') !== 'error') return undefined
        const inner = Number(textAt(body, 'Messages', 0, 'Errors', 0, 'StatusCode') ?? 400)
        return { is: inner >= 500 || [401, 403, 429].includes(inner) ? 'service' : 'refused' }
      },
    },
    tools,
  )
}

function bodyOf(parts: MailParts, forwardPath: string, idempotencyKey: string): string {
  const { from, to, replyTo, subject, html, text, headers, attachments } = parts
  const own = headers.filter(([name]) => !ITS_OWN.test(name))
  const attached = attachments.map(({ name, contentType, contentId, base64 }) => ({
    ContentType: contentType,
    Filename: name,
    Base64Content: base64,
    ...(contentId !== null && { ContentID: contentId }),
  }))
  const plain = attached.filter(one => !('ContentID' in one))
  const inlined = attached.filter(one => 'ContentID' in one)
  return JSON.stringify({
    Messages: [
      {
        From: person(from),
        To: [person({ name: to.name, email: forwardPath })],
        ...(replyTo !== null && { ReplyTo: { Email: replyTo } }),
        Subject: subject,
        ...(html !== null && { HTMLPart: html }),
        ...(text !== null && { TextPart: text }),
        ...(own.length > 0 && { Headers: Object.fromEntries(own) }),
        ...(plain.length > 0 && { Attachments: plain }),
        ...(inlined.length > 0 && { InlinedAttachments: inlined }),
        // Links and the pixel are ours already.
        TrackOpens: 'disabled',
        TrackClicks: 'disabled',
        CustomID: idempotencyKey,
      },
    ],
  })
}

function person({ name, email }: { name: string; email: string }): object {
  return name === '' ? { Email: email } : { Email: email, Name: name }
}
