import { at, jsonIn, textAt } from '../../ways-out/outside-json.ts'
import type { Feedback } from '../delivery-feedback.ts'
import { confirmSubscription, isSignedBySns, snsUrl } from './sns.ts'
import { digestOf, instantAt, isFresh, rawOf, type Telling, type WebhookProvider } from './webhook.ts'

/** Amazon signs a notification once, and tells it again with the same signature. */
const TOLD_AGAIN_MS = 24 * 3_600_000

/** SES by SNS: its events are a text of JSON in an envelope that Amazon signs. */
export const aws: WebhookProvider = {
  typeId: 1,
  unprocessed: 'OK (not processed).',
  async read({ json }, { guard, now, distrusted }) {
    const type = textAt(json, 'Type')
    if (type !== 'Notification' && type !== 'SubscriptionConfirmation') return null
    if (!(await isSignedBySns(json, guard))) {
      distrusted('Amazon has not signed it')
      return []
    }
    if (!isFresh(instantAt(json, 'Timestamp') ?? 0, now, TOLD_AGAIN_MS)) {
      distrusted('its signature is old')
      return []
    }
    if (type === 'SubscriptionConfirmation') {
      const url = snsUrl(textAt(json, 'SubscribeURL'))
      if (url !== undefined) await confirmSubscription(url, guard)
      return []
    }
    const eventKey = `aws:${textAt(json, 'MessageId') ?? digestOf(json)}`
    return tellingIn(jsonIn(textAt(json, 'Message') ?? ''), eventKey, now)
  },
  // The envelope is signed, whatever the service has.
  isGenuine: () => true,
}

function tellingIn(event: unknown, eventKey: string, now: number): Telling[] {
  // Events of a configuration set, and the older notifications of an identity.
  const type = (textAt(event, 'eventType') ?? textAt(event, 'notificationType') ?? '').toLowerCase()
  const told = eventIn(type, at(event, type === 'deliverydelay' ? 'deliveryDelay' : type), event)
  const providerId = textAt(event, 'mail', 'messageId')
  if (told === undefined || providerId === undefined) return []
  const time = instantAt(event, type === 'deliverydelay' ? 'deliveryDelay' : type, 'timestamp')
  return [
    {
      providerId,
      messageId: textAt(event, 'mail', 'commonHeaders', 'messageId'),
      recipient: textAt(event, 'mail', 'destination', 0),
      event: { ...told, at: time ?? now, source: 'aws', eventKey },
    },
  ]
}

type Told = Omit<Feedback, 'at' | 'source' | 'eventKey'>

function eventIn(type: string, part: unknown, event: unknown): Told | undefined {
  const by = { ip: textAt(part, 'ipAddress') ?? null, userAgent: textAt(part, 'userAgent') ?? null }
  switch (type) {
    case 'delivery': {
      const text = textAt(part, 'smtpResponse')
      return { kind: 'delivered', detail: text === undefined ? {} : { text } }
    }
    case 'open':
      return { kind: 'opened', ...by }
    case 'click':
      return { kind: 'clicked', ...by, url: textAt(part, 'link') ?? null }
    case 'complaint':
      return { kind: 'complained', detail: rawOf(at(event, 'complaint')) }
    case 'bounce': {
      const text =
        textAt(part, 'bouncedRecipients', 0, 'diagnosticCode') ??
        [textAt(part, 'bounceType'), textAt(part, 'bounceSubType')].filter(Boolean).join(': ')
      const status = textAt(part, 'bouncedRecipients', 0, 'status')
      return {
        kind: 'bounced',
        permanent: textAt(part, 'bounceType')?.toLowerCase() === 'permanent',
        detail: { text, ...(status !== undefined && { status }), ...rawOf(part) },
      }
    }
    case 'deliverydelay': {
      const text = textAt(part, 'delayedRecipients', 0, 'diagnosticCode') ?? textAt(part, 'delayType')
      return { kind: 'deferred', detail: text === undefined ? {} : { text } }
    }
    default:
      return undefined
  }
}
