import { verify } from 'node:crypto'
import { textAt } from '../../ways-out/outside-json.ts'
import type { Feedback } from '../delivery-feedback.ts'
import { publicKeyOf } from './public-key.ts'
import { digestOf, isFresh, rawOf, secondsAt, type WebhookPost, type WebhookProvider } from './webhook.ts'

/** The event webhook of SendGrid: a list of events, signed as a whole if the account says so. */
export const sendgrid: WebhookProvider = {
  typeId: 2,
  // As SendPortal says it, without its end.
  unprocessed: 'OK (not processed',
  read({ json }, { now }) {
    const events = Array.isArray(json) ? (json as unknown[]) : []
    if (events.length === 0) return null
    return events.flatMap(event => {
      const told = eventIn(event)
      // What follows the first dot tells machines of SendGrid and recipients apart.
      const [providerId = ''] = (textAt(event, 'sg_message_id') ?? '').split('.')
      const messageId = textAt(event, 'smtp-id')
      if (told === undefined || (providerId === '' && messageId === undefined)) return []
      const eventKey = `sendgrid:${textAt(event, 'sg_event_id') ?? digestOf(event)}`
      const time = secondsAt(event, 'timestamp') ?? now
      return [
        {
          providerId,
          messageId,
          recipient: textAt(event, 'email'),
          event: { ...told, at: time, source: 'sendgrid', eventKey },
        },
      ]
    })
  },
  isGenuine(post, key, now) {
    return key === null || isSigned(post, key, now)
  },
}

/** ECDSA over the time and the body. */
function isSigned({ header, body }: WebhookPost, key: string, now: number): boolean {
  const time = header('x-twilio-email-event-webhook-timestamp') ?? ''
  const signature = header('x-twilio-email-event-webhook-signature') ?? ''
  const publicKey = publicKeyOf(key)
  if (publicKey === undefined || !/^\d{1,12}$/.test(time) || !isFresh(Number(time) * 1000, now)) return false
  try {
    return verify(
      'sha256',
      Buffer.concat([Buffer.from(time), body]),
      publicKey,
      Buffer.from(signature, 'base64'),
    )
  } catch {
    return false
  }
}

type Told = Omit<Feedback, 'at' | 'source' | 'eventKey'>

function eventIn(event: unknown): Told | undefined {
  const said = textAt(event, 'reason') ?? textAt(event, 'response')
  const text = said === undefined ? {} : { text: said }
  const by = { ip: textAt(event, 'ip') ?? null, userAgent: textAt(event, 'useragent') ?? null }
  switch (textAt(event, 'event')) {
    case 'delivered':
      return { kind: 'delivered', detail: text }
    case 'open':
      return {
        kind: 'opened',
        ...by,
        ...((event as Record<string, unknown>).sg_machine_open === true && {
          verdict: 'privacy_proxy',
          detail: { reasons: ['SendGrid says that it was no person'] },
        }),
      }
    case 'click':
      return { kind: 'clicked', ...by, url: textAt(event, 'url') ?? null }
    case 'spamreport':
      return { kind: 'complained', detail: rawOf(event) }
    case 'unsubscribe':
    case 'group_unsubscribe':
      return { kind: 'unsubscribed', ...by }
    case 'dropped':
      return { kind: 'bounced', permanent: true, detail: { ...text, ...rawOf(event) } }
    // The mail was refused, not the mailbox; newer events say so in `type`.
    case 'blocked':
    case 'bounce': {
      const isBlocked = textAt(event, 'event') === 'blocked' || textAt(event, 'type') === 'blocked'
      const status = textAt(event, 'status')
      const detail = { ...text, ...(status !== undefined && { status }), ...rawOf(event) }
      return { kind: 'bounced', permanent: !isBlocked, detail }
    }
    case 'deferred':
      return { kind: 'deferred', detail: text }
    default:
      return undefined
  }
}
