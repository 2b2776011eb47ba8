import type { SettingValues } from './email-service-types.ts'
import { textAt } from './outside-json.ts'
import { basic, type ProviderTools, providerWayOut, setting } from './provider.ts'
import { randomBytes } from 'node:crypto'
import type { WayOut } from './way-out.ts'

/** Mailgun by `messages.mime`, which takes whole messages. Ids are kept with their angle brackets, as it says them. */
export function mailgunWayOut(settings: SettingValues, tools: ProviderTools): WayOut {
  const host = setting(settings, 'zone') === 'EU' ? 'api.eu.mailgun.net' : 'api.mailgun.net'
  const domain = encodeURIComponent(setting(settings, 'domain').trim())
  const url = new URL(`/v3/${domain}/messages.mime`, tools.baseUrl ?? `https://${host}`).href
  const authorization = basic('api', setting(settings, 'key'))
  return providerWayOut(
    {
      takes: 'bytes',
      request({ forwardPath, bytes }) {
        const boundary = `posthorn-${randomBytes(12).toString('hex')}`
        return {
          url,
          headers: { authorization, 'content-type': `multipart/form-data; boundary=${boundary}` },
          body: form(boundary, { to: forwardPath, ...UNTRACKED }, bytes),
        }
      },
      idIn: ({ body }) => textAt(body, 'id') ?? null,
      said: body => textAt(body, 'message'),
      // "Domain not found": no mail will be taken.
      judge: ({ status }) => (status === 404 ? { is: 'service' } : undefined),
    },
    tools,
  )
}

/** Links and the pixel are ours already. */
const UNTRACKED = { 'o:tracking': 'no', 'o:tracking-clicks': 'no', 'o:tracking-opens': 'no' }

/** RFC 7578, with the message as a file. */
function form(boundary: string, fields: Record<string, string>, message: Buffer): Buffer {
  const parts = Object.entries(fields).map(
    ([name, value]) =>
      `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value.replaceAll(/[\r\n]/g, '')}\r\n`,
  )
  const head = `--${boundary}\r\ncontent-disposition: form-data; name="message"; filename="message.mime"\r\ncontent-type: message/rfc822\r\n\r\n`
  return Buffer.concat([Buffer.from(parts.join('') + head), message, Buffer.from(`\r\n--${boundary}--\r\n`)])
}
