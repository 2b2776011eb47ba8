import { RefusedTarget } from '../../guard.ts'
import type { SettingValues } from './email-service-types.ts'
import { at, textAt } from './outside-json.ts'
import { type ProviderTools, providerWayOut, setting } from './provider.ts'
import type { WayOut } from './way-out.ts'

/** Codes of errors that are about the server and not about the mail. */
const OF_SERVER = new Set(['InvalidServerAPIKey', 'AccessDenied', 'ServerSuspended', 'InternalServerError'])

/** Postal by `send/raw`, at the host that the user runs. It answers 200 whatever it thinks; the body says what. */
export function postalWayOut(settings: SettingValues, tools: ProviderTools): WayOut {
  const headers = {
    'x-server-api-key': setting(settings, 'key'),
    'content-type': 'application/json',
  }
  return providerWayOut(
    {
      takes: 'bytes',
      request: ({ reversePath, forwardPath, bytes }) => ({
        url: new URL('/api/v1/send/raw', postalUrl(settings)).href,
        headers,
        body: JSON.stringify({
          mail_from: reversePath,
          rcpt_to: [forwardPath],
          data: bytes.toString('base64'),
          bounce: reversePath === '',
        }),
      }),
      idIn({ body }, { forwardPath }) {
        const messages = at(body, 'data', 'messages')
        const [first] = typeof messages === 'object' && messages !== null ? Object.values(messages) : []
        return textAt(messages, forwardPath, 'id') ?? textAt(first, 'id') ?? null
      },
      said: body => textAt(body, 'data', 'message') ?? textAt(body, 'data', 'code'),
      judge({ status, body }) {
        if (status > 299) return status === 404 ? { is: 'service' } : undefined
        if (textAt(body, 'status') === 'success') return { is: 'sent' }
        // Something else answers there.
        if (textAt(body, 'status') === undefined) return { is: 'service' }
        return { is: OF_SERVER.has(textAt(body, 'data', 'code') ?? '') ? 'service' : 'refused' }
      },
    },
    tools,
  )
}

/** @throws RefusedTarget: the setting is no host */
function postalUrl(settings: SettingValues): URL {
  const host = setting(settings, 'postal_host').trim()
  const text = /^https?:\/\//i.test(host) ? host : `https://${host}`
  if (host === '' || !URL.canParse(text)) throw new RefusedTarget('the Postal host is no address')
  return new URL(text)
}
