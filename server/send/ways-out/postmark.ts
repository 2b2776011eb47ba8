import type { SettingValues } from './email-service-types.ts'
import { at, textAt } from './outside-json.ts'
import { type ProviderTools, providerWayOut, setting } from './provider.ts'
import type { MailParts, WayOut } from './way-out.ts'

const ITS_OWN = /^(to|from|cc|bcc|subject|reply-to|date|mime-version|content-.*|dkim-signature|return-path)$/i

/**
 * Codes of answers with status 422 that are about the server's token, its account or its stream: 10 no such token,
 * 100 maintenance, 405 out of credits, 412 and 413 the account may not send, 1235 no such stream.
 */
const OF_ACCOUNT = new Set([10, 100, 405, 412, 413, 1235])

/** Postmark by `/email`. */
export function postmarkWayOut(settings: SettingValues, tools: ProviderTools): WayOut {
  const url = new URL('/email', tools.baseUrl ?? 'https://api.postmarkapp.com').href
  const stream = setting(settings, 'message_stream')
  const headers = {
    'x-postmark-server-token': setting(settings, 'key'),
    'content-type': 'application/json',
    accept: 'application/json',
  }
  return providerWayOut(
    {
      takes: 'parts',
      request: ({ parts, forwardPath }) => ({
        url,
        headers,
        body: bodyOf(parts as MailParts, forwardPath, stream),
      }),
      idIn: ({ body }) => textAt(body, 'MessageID') ?? null,
      said: body => textAt(body, 'Message'),
      judge({ status, body }) {
        const code = at(body, 'ErrorCode')
        return status === 422 && OF_ACCOUNT.has(Number(code)) ? { is: 'service' } : undefined
      },
    },
    tools,
  )
}

function bodyOf(parts: MailParts, forwardPath: string, stream: string): string {
  const { from, to, replyTo, subject, html, text, headers, attachments } = parts
  const own = headers.filter(([name]) => !ITS_OWN.test(name))
  return JSON.stringify({
    From: mailbox(from),
    To: mailbox({ name: to.name, email: forwardPath }),
    Subject: subject,
    ...(replyTo !== null && { ReplyTo: replyTo }),
    ...(html !== null && { HtmlBody: html }),
    ...(text !== null && { TextBody: text }),
    // Ours is known from before the mail left; without this field Postmark writes one of its own.
    Headers: [
      ...own.map(([Name, Value]) => ({ Name, Value })),
      ...(own.some(([name]) => /^message-id$/i.test(name)) ? [{ Name: 'X-PM-KeepID', Value: 'true' }] : []),
    ],
    ...(attachments.length > 0 && {
      Attachments: attachments.map(({ name, contentType, contentId, base64 }) => ({
        Name: name,
        Content: base64,
        ContentType: contentType,
        ...(contentId !== null && { ContentID: `cid:${contentId}` }),
      })),
    }),
    // Links and the pixel are ours already.
    TrackOpens: false,
    TrackLinks: 'None',
    ...(stream !== '' && { MessageStream: stream }),
  })
}

/** RFC 5322, section 3.4, with the name quoted. */
function mailbox({ name, email }: { name: string; email: string }): string {
  return name === '' ? email : `"${name.replaceAll(/["\\]/g, '\\$&')}" <${email}>`
}
