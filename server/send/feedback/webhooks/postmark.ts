import { at, textAt } from '../../ways-out/outside-json.ts'
import type { Feedback } from '../delivery-feedback.ts'
import { digestOf, hasPassword, instantAt, rawOf, type WebhookProvider } from './webhook.ts'

/** Types of bounces after which nothing more will arrive there. */
const FOR_GOOD = new Set([
  'HardBounce',
  'Unsubscribe',
  'AddressChange',
  'SpamNotification',
  'BadEmailAddress',
  'SpamComplaint',
  'ManuallyDeactivated',
  'Blocked',
  'SMTPApiError',
])
const TIMES = ['DeliveredAt', 'ReceivedAt', 'BouncedAt', 'ChangedAt']

/** Webhooks of Postmark, one record each. It signs nothing, but can send a user and a password. */
export const postmark: WebhookProvider = {
  typeId: 4,
  unprocessed: 'OK',
  read({ json }, { now }) {
    const told = recordIn(json)
    const providerId = textAt(json, 'MessageID')
    if (told === undefined || providerId === undefined) return []
    const times = TIMES.map(name => instantAt(json, name))
    const id = textAt(json, 'ID')
    return [
      {
        providerId,
        recipient: textAt(json, 'Recipient') ?? textAt(json, 'Email'),
        event: {
          ...told,
          at: times.find(time => time !== undefined) ?? now,
          source: 'postmark',
          eventKey: `postmark:${id === undefined ? digestOf(json) : `${textAt(json, 'RecordType')}:${id}`}`,
        },
      },
    ]
  },
  isGenuine: hasPassword,
}

type Told = Omit<Feedback, 'at' | 'source' | 'eventKey'>

function recordIn(record: unknown): Told | undefined {
  const by = { ip: textAt(record, 'Geo', 'IP') ?? null, userAgent: textAt(record, 'UserAgent') ?? null }
  const client = textAt(record, 'Client', 'Name') ?? ''
  const judged: Pick<Feedback, 'verdict' | 'detail'> = /\bbot\b|crawler|scanner|privacy protection/i.test(
    client,
  )
    ? {
        verdict: /privacy/i.test(client) ? 'privacy_proxy' : 'scanner',
        detail: { reasons: [`Postmark says that it was ${client}`] },
      }
    : {}
  const said = textAt(record, 'Details') || textAt(record, 'Description')
  const text = said === undefined ? {} : { text: said }
  switch (textAt(record, 'RecordType')) {
    case 'Delivery':
      return { kind: 'delivered', detail: text }
    case 'Open':
      return { kind: 'opened', ...by, ...judged }
    case 'Click':
      return { kind: 'clicked', ...by, ...judged, url: textAt(record, 'OriginalLink') ?? null }
    case 'SpamComplaint':
      return { kind: 'complained', detail: { ...text, ...rawOf(record) } }
    case 'Bounce': {
      const type = textAt(record, 'Type') ?? ''
      const permanent = FOR_GOOD.has(type)
      const detail = { ...text, type, severity: permanent ? 'Permanent' : 'Temporary', ...rawOf(record) }
      return { kind: 'bounced', permanent, detail }
    }
    // Told of bounces and complaints too, which are told of by themselves.
    case 'SubscriptionChange':
      if (textAt(record, 'Origin') !== 'Recipient') return undefined
      if (at(record, 'SuppressSending') === false) return { kind: 'resubscribed' }
      return textAt(record, 'SuppressionReason') === 'ManualSuppression'
        ? { kind: 'unsubscribed' }
        : undefined
    default:
      return undefined
  }
}
