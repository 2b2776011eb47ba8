import { createHmac } from 'node:crypto'
import { at, textAt } from '../../ways-out/outside-json.ts'
import type { Feedback } from '../delivery-feedback.ts'
import { digestOf, isFresh, isSame, rawOf, secondsAt, type WebhookProvider } from './webhook.ts'

/** Webhooks of Mailgun, one event each. Without the account's signing key none of them is believed. */
export const mailgun: WebhookProvider = {
  typeId: 3,
  unprocessed: 'OK',
  read({ json }, { now }) {
    const event = at(json, 'event-data')
    const told = eventIn(event)
    const id = textAt(event, 'message', 'headers', 'message-id')
    if (told === undefined || id === undefined) return []
    // It says them with angle brackets when it takes a mail, and without afterwards.
    const providerId = id.startsWith('<') ? id : `<${id}>`
    return [
      {
        providerId,
        messageId: providerId,
        recipient: textAt(event, 'recipient'),
        event: {
          ...told,
          at: secondsAt(event, 'timestamp') ?? now,
          source: 'mailgun',
          eventKey: `mailgun:${textAt(event, 'id') ?? digestOf(event)}`,
        },
      },
    ]
  },
  /** The signature is not over the event: whoever saw one could sign what they like with it, if it were good for long. */
  isGenuine({ json }, key, now) {
    const [time, token, signature] = ['timestamp', 'token', 'signature'].map(
      name => textAt(json, 'signature', name) ?? '',
    ) as [string, string, string]
    if (key === null || !/^\d{1,12}$/.test(time) || token === '') return false
    const right = createHmac('sha256', key)
      .update(time + token)
      .digest('hex')
    return isSame(signature, right) && isFresh(Number(time) * 1000, now)
  },
}

type Told = Omit<Feedback, 'at' | 'source' | 'eventKey'>

function eventIn(event: unknown): Told | undefined {
  const by = {
    ip: textAt(event, 'ip') ?? null,
    userAgent: textAt(event, 'client-info', 'user-agent') ?? null,
  }
  const bot = textAt(event, 'client-info', 'bot')
  const judged: Pick<Feedback, 'verdict' | 'detail'> =
    bot === undefined
      ? {}
      : {
          // Apple and Gmail fetch for their users, whether these read the mail or not.
          verdict: /apple|gmail/i.test(bot) ? 'privacy_proxy' : 'scanner',
          detail: { reasons: [`Mailgun says that it was ${bot}`] },
        }
  switch (textAt(event, 'event')) {
    case 'delivered':
      return { kind: 'delivered', detail: saidBy(event) }
    case 'opened':
      return { kind: 'opened', ...by, ...judged }
    case 'clicked':
      return { kind: 'clicked', ...by, ...judged, url: textAt(event, 'url') ?? null }
    case 'complained':
      return { kind: 'complained', detail: rawOf(event) }
    case 'unsubscribed':
      return { kind: 'unsubscribed', ...by }
    // It goes on trying where it says that it is temporary.
    case 'failed':
      return textAt(event, 'severity') === 'permanent'
        ? { kind: 'bounced', permanent: true, detail: { ...saidBy(event), ...rawOf(event) } }
        : { kind: 'deferred', detail: saidBy(event) }
    default:
      return undefined
  }
}

function saidBy(event: unknown): Record<string, unknown> {
  const status = at(event, 'delivery-status')
  const text = textAt(status, 'description') ?? textAt(status, 'message')
  const code = textAt(status, 'enhanced-code')
  return { ...(text !== undefined && { text }), ...(code !== undefined && { status: code }) }
}
