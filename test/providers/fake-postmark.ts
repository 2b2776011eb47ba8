import { randomUUID } from 'node:crypto'
import {
  type FakeAnswer,
  type FakeProvider,
  type FakeRequest,
  serve,
  type ToldKind,
} from './fake-provider.ts'

const TOKEN = '11111111-2222-3333-4444-555555555555'
const PASSWORD = 'postmark:of the webhook'

const error = (status: number, ErrorCode: number, Message: string) => ({
  status,
  body: { ErrorCode, Message },
})

/** Postmark: `POST /email`, and webhooks that bring a user and a password. */
export async function fakePostmark(): Promise<FakeProvider> {
  const accepted: FakeProvider['accepted'] = new Map()
  let bounces = 900_000_000

  const answer = ({ method, path, headers, json }: FakeRequest): FakeAnswer | 'drop' | 'hang' => {
    if (method !== 'POST' || path !== '/email') return { status: 404 }
    if (headers['x-postmark-server-token'] !== TOKEN)
      return error(
        401,
        10,
        'The Server Token you provided in the X-Postmark-Server-Token request header was invalid.',
      )
    const { To, From, Subject, HtmlBody, TextBody, MessageStream } = (json ?? {}) as Record<string, string>
    const to = /<([^>]+)>$/.exec(To ?? '')?.[1] ?? To
    if (to === undefined || From === undefined || (HtmlBody ?? TextBody) === undefined)
      return error(422, 300, "Invalid 'To' address")
    if (MessageStream !== undefined && !['outbound', 'broadcast'].includes(MessageStream))
      return error(422, 1235, `The message stream for the provided 'ID' was not found.`)
    switch (fake.decide(to)) {
      case 'refuse':
        return error(
          422,
          406,
          `You tried to send to recipient(s) that have been marked as inactive. Found inactive addresses: ${to}.`,
        )
      case 'throttle':
        return { status: 429, headers: { 'retry-after': '30' }, body: 'Rate limit exceeded' }
      case 'down':
        return { status: 503, body: 'Service Unavailable' }
      case 'drop':
        return 'drop'
      case 'hang':
        return 'hang'
    }
    const MessageID = randomUUID()
    accepted.set(MessageID, { to, subject: Subject ?? '', raw: null, html: HtmlBody ?? null, request: json })
    const SubmittedAt = new Date().toISOString()
    return { status: 200, body: { To, SubmittedAt, MessageID, ErrorCode: 0, Message: 'OK' } }
  }
  const serving = await serve(answer)

  const fake: FakeProvider = {
    name: 'postmark',
    typeId: 4,
    url: serving.url,
    settings: () => ({ key: TOKEN, message_stream: 'broadcast', webhook_key: PASSWORD }),
    accepted,
    get connections() {
      return serving.connections
    },
    decide: () => 'accept',
    webhook(kind, providerId, extra = {}) {
      const record = OF_KIND[kind]
      const time = new Date(extra.at ?? Date.now()).toISOString().replace('Z', '1234Z')
      const isBounce = record.RecordType === 'Bounce' || record.RecordType === 'SpamComplaint'
      const to = accepted.get(providerId)?.to
      const names: Record<string, string> = {
        Delivery: 'DeliveredAt',
        Open: 'ReceivedAt',
        Click: 'ReceivedAt',
        SubscriptionChange: 'ChangedAt',
      }
      return {
        path: '/api/v1/webhooks/postmark',
        headers: {
          'content-type': 'application/json',
          authorization: `Basic ${Buffer.from(PASSWORD).toString('base64')}`,
        },
        body: JSON.stringify({
          MessageID: providerId,
          ServerID: 23,
          MessageStream: 'broadcast',
          Tag: '',
          ...(isBounce ? { ID: Number(extra.eventId ?? ++bounces), Email: to } : { Recipient: to }),
          [names[record.RecordType] ?? 'BouncedAt']: time,
          ...record,
          ...(/Open|Click/.test(record.RecordType) && {
            Geo: { CountryISOCode: 'RS', IP: extra.ip ?? '203.0.113.9' },
            UserAgent: extra.userAgent ?? 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0',
          }),
          ...(kind === 'clicked' && { OriginalLink: extra.url ?? 'https://example.com/' }),
        }),
      }
    },
    close: serving.close,
  }
  return fake
}

const client = (Name: string) => ({ Client: { Name, Company: '', Family: Name }, Platform: 'Desktop' })

const OF_KIND: Record<ToldKind, { RecordType: string } & Record<string, unknown>> = {
  delivered: { RecordType: 'Delivery', Details: 'smtp;250 2.0.0 OK' },
  opened: { RecordType: 'Open', FirstOpen: true, ...client('Firefox 140.0') },
  machine_opened: { RecordType: 'Open', FirstOpen: true, ...client('Apple Mail Privacy Protection') },
  clicked: { RecordType: 'Click', ClickLocation: 'HTML', ...client('Firefox 140.0') },
  bounced: {
    RecordType: 'Bounce',
    Type: 'HardBounce',
    TypeCode: 1,
    Name: 'Hard bounce',
    Description: 'The server was unable to deliver your message (ex: unknown user, mailbox not found).',
    Details: 'smtp;550 5.1.1 The email account that you tried to reach does not exist.',
    Inactive: true,
    Content: 'Received: …\n'.repeat(500),
  },
  soft_bounced: {
    RecordType: 'Bounce',
    Type: 'SoftBounce',
    TypeCode: 4096,
    Name: 'Soft bounce',
    Description: 'Unable to temporarily deliver message (i.e. mailbox full, account disabled, …).',
    Details: 'smtp;452 4.2.2 The mailbox is full.',
  },
  deferred: {
    RecordType: 'Bounce',
    Type: 'Transient',
    TypeCode: 2,
    Name: 'Message delayed',
    Description: 'later',
  },
  complained: { RecordType: 'SpamComplaint', Type: 'SpamComplaint', TypeCode: 512, Details: 'complaint' },
  unsubscribed: {
    RecordType: 'SubscriptionChange',
    Origin: 'Recipient',
    SuppressSending: true,
    SuppressionReason: 'ManualSuppression',
  },
  unknown: { RecordType: 'Inbound' },
}
