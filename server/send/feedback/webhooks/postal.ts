import { verify } from 'node:crypto'
import { at, textAt } from '../../ways-out/outside-json.ts'
import type { Feedback } from '../delivery-feedback.ts'
import { publicKeyOf } from './public-key.ts'
import { digestOf, rawOf, secondsAt, type WebhookProvider } from './webhook.ts'

/** Webhooks of Postal, one event each, signed with the key of the installation. */
export const postal: WebhookProvider = {
  typeId: 7,
  unprocessed: 'OK',
  read({ json }, { now }) {
    const payload = at(json, 'payload')
    const message = at(payload, 'original_message') ?? at(payload, 'message')
    const told = eventIn(textAt(json, 'event'), payload)
    const providerId = textAt(message, 'id')
    // Mail that came in there has ids of the same row.
    if (told === undefined || providerId === undefined || textAt(message, 'direction') === 'incoming')
      return []
    const id = textAt(json, 'uuid')
    const time =
      secondsAt(payload, 'timestamp') ??
      secondsAt(payload, 'bounce', 'timestamp') ??
      secondsAt(json, 'timestamp')
    return [
      {
        providerId,
        messageId: textAt(message, 'message_id'),
        recipient: textAt(message, 'to'),
        event: { ...told, at: time ?? now, source: 'postal', eventKey: `postal:${id ?? digestOf(json)}` },
      },
    ]
  },
  isGenuine({ header, body }, key) {
    if (key === null) return true
    const publicKey = publicKeyOf(key)
    if (publicKey === undefined) return false
    const newer = header('x-postal-signature-256')
    const signature = Buffer.from(newer ?? header('x-postal-signature') ?? '', 'base64')
    try {
      return verify(newer === undefined ? 'RSA-SHA1' : 'RSA-SHA256', body, publicKey, signature)
    } catch {
      return false
    }
  },
}

type Told = Omit<Feedback, 'at' | 'source' | 'eventKey'>

function eventIn(name: string | undefined, payload: unknown): Told | undefined {
  const by = { ip: textAt(payload, 'ip_address') ?? null, userAgent: textAt(payload, 'user_agent') ?? null }
  const said =
    textAt(payload, 'output')?.trim() || textAt(payload, 'details') || textAt(payload, 'bounce', 'subject')
  const text = said === undefined ? {} : { text: said }
  const status = textAt(payload, 'status')
  const bounced = (permanent: boolean): Told => ({
    kind: 'bounced',
    permanent,
    detail: { ...text, ...rawOf(payload) },
  })
  switch (name) {
    case 'MessageSent':
      return { kind: 'delivered', detail: text }
    case 'MessageLoaded':
      return { kind: 'opened', ...by }
    case 'MessageLinkClicked':
      return { kind: 'clicked', ...by, url: textAt(payload, 'url') ?? null }
    case 'MessageDelayed':
      return { kind: 'deferred', detail: text }
    case 'MessageBounced':
      return bounced(true)
    case 'MessageDeliveryFailed':
      return bounced(status === 'HardFail')
    case 'MessageHeld':
      return status === 'Held' ? bounced(true) : { kind: 'failed', detail: { ...text, ...rawOf(payload) } }
    default:
      return undefined
  }
}
