import { randomBytes, randomUUID, sign } from 'node:crypto'
import { generate } from 'selfsigned'
import type { Guard } from '../../server/guard.ts'
import { awsSignature } from '../../server/send/ways-out/aws-signature.ts'
import {
  type FakeAnswer,
  type FakeProvider,
  type FakeRequest,
  headerOf,
  serve,
  type ToldKind,
} from './fake-provider.ts'

const KEYS = { key: 'AKIAFAKE', secret: 'fake/secret', region: 'eu-west-1' }
const CERTIFICATE = 'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-fake.pem'
const SUBSCRIBE = 'https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=fake'

export interface FakeSes extends FakeProvider {
  /** Reaches Amazon's hosts here, and all others as the given one does. */
  guarded(guard: Guard): Guard
  /** Addresses of subscriptions that were confirmed. */
  readonly confirmed: string[]
  quota: { Max24HourSend: number; MaxSendRate: number; SentLast24Hours: number }
  envelope(fields: Record<string, string>, version?: '1' | '2'): ReturnType<FakeProvider['webhook']>
  subscription(url?: string): ReturnType<FakeProvider['webhook']>
}

const error = (status: number, type: string, message: string): FakeAnswer => ({
  status,
  headers: { 'x-amzn-errortype': type },
  body: { message },
})

const isSigned = ({ method, path, headers, body }: FakeRequest) => {
  const date = String(headers['x-amz-date'])
  const time = date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z')
  const type = headers['content-type']
  const right = awsSignature(
    {
      method,
      url: new URL(path, `http://${headers.host}`),
      body: body.toString(),
      headers: type === undefined ? {} : { 'content-type': type },
    },
    { ...KEYS, service: 'ses' },
    new Date(time),
  )
  return headers.authorization === right.authorization
}

/** SES: API v2 with Signature Version 4, and its events as SNS posts them, signed with a certificate. */
export async function fakeSes(): Promise<FakeSes> {
  const { private: privateKey, cert } = await generate([{ name: 'commonName', value: 'sns.amazonaws.com' }], {
    keySize: 2048,
  })
  const accepted: FakeProvider['accepted'] = new Map()
  const confirmed: string[] = []

  const answer = (request: FakeRequest): FakeAnswer | 'drop' | 'hang' => {
    if (!isSigned(request))
      return error(403, 'SignatureDoesNotMatch', 'The request signature we calculated does not match.')
    if (request.method === 'GET' && request.path === '/v2/email/account')
      return { status: 200, body: { SendQuota: fake.quota, SendingEnabled: true } }
    if (request.method !== 'POST' || request.path !== '/v2/email/outbound-emails')
      return error(404, 'NotFoundException', 'not found')
    const { Content, Destination, ConfigurationSetName } = (request.json ?? {}) as {
      Content?: { Raw?: { Data?: string } }
      Destination?: { ToAddresses?: string[] }
      ConfigurationSetName?: string
    }
    const to = Destination?.ToAddresses?.[0]
    const data = Content?.Raw?.Data
    if (to === undefined || data === undefined) return error(400, 'BadRequestException', 'no destination')
    if (ConfigurationSetName !== 'posthorn')
      return error(404, 'NotFoundException', `Configuration set <${ConfigurationSetName}> does not exist.`)
    switch (fake.decide(to)) {
      case 'refuse':
        return error(400, 'MessageRejected', 'Email address is not verified.')
      case 'throttle':
        return error(429, 'TooManyRequestsException', 'Maximum sending rate exceeded.')
      case 'down':
        return error(503, 'ServiceUnavailable', 'Service Unavailable')
      case 'drop':
        return 'drop'
      case 'hang':
        return 'hang'
    }
    const MessageId = `${randomBytes(8).toString('hex')}-${randomUUID()}-000000`
    const raw = Buffer.from(data, 'base64').toString('latin1')
    accepted.set(MessageId, { to, subject: headerOf(raw, 'subject'), raw, html: null, request: request.json })
    return { status: 200, body: { MessageId } }
  }
  const serving = await serve(answer)

  const fake: FakeSes = {
    name: 'aws',
    typeId: 1,
    url: serving.url,
    settings: () => ({ ...KEYS, configuration_set_name: 'posthorn' }),
    accepted,
    confirmed,
    quota: { Max24HourSend: 50_000, MaxSendRate: 14, SentLast24Hours: 120 },
    get connections() {
      return serving.connections
    },
    decide: () => 'accept',
    guarded: guard => ({
      addressesOf: guard.addressesOf,
      async fetch(url, request) {
        if (url === CERTIFICATE) return { status: 200, headers: {}, body: Buffer.from(cert), url }
        if (new URL(url).hostname.endsWith('amazonaws.com')) {
          confirmed.push(url)
          return { status: 200, headers: {}, body: Buffer.from('<ConfirmSubscriptionResponse/>'), url }
        }
        return guard.fetch(url, request)
      },
    }),
    envelope(fields, version = '1') {
      const given: Record<string, string> = {
        MessageId: randomUUID(),
        TopicArn: 'arn:aws:sns:eu-west-1:123456789012:ses',
        Timestamp: new Date().toISOString(),
        ...fields,
      }
      const names =
        given.Type === 'Notification'
          ? ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type']
          : ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type']
      const text = names
        .flatMap(name => (given[name] === undefined ? [] : [`${name}\n${given[name]}\n`]))
        .join('')
      const Signature = sign(version === '1' ? 'RSA-SHA1' : 'RSA-SHA256', Buffer.from(text), privateKey)
      return {
        path: '/api/v1/webhooks/aws',
        headers: {
          'content-type': 'text/plain; charset=UTF-8',
          'x-amz-sns-message-type': given.Type ?? '',
          'x-amz-sns-message-id': given.MessageId ?? '',
        },
        body: JSON.stringify({
          ...given,
          SignatureVersion: version,
          Signature: Signature.toString('base64'),
          SigningCertURL: CERTIFICATE,
          UnsubscribeURL: 'https://sns.eu-west-1.amazonaws.com/?Action=Unsubscribe',
        }),
      }
    },
    subscription: (url = SUBSCRIBE) =>
      fake.envelope({
        Type: 'SubscriptionConfirmation',
        Token: '2336412f37',
        Message: 'You have chosen to subscribe to the topic.',
        SubscribeURL: url,
      }),
    webhook(kind, providerId, extra = {}) {
      const timestamp = new Date(extra.at ?? Date.now()).toISOString()
      const mail = accepted.get(providerId)
      const [eventType, part] = OF_KIND[kind]
      const name = eventType === 'DeliveryDelay' ? 'deliveryDelay' : eventType.toLowerCase()
      const isClient = /opened|clicked/.test(kind)
      return fake.envelope({
        Type: 'Notification',
        Subject: 'Amazon SES Email Event Notification',
        ...(extra.eventId !== undefined && { MessageId: extra.eventId }),
        Message: `${JSON.stringify({
          eventType,
          mail: {
            timestamp,
            messageId: providerId,
            destination: [mail?.to],
            commonHeaders: { messageId: headerOf(mail?.raw ?? '', 'message-id'), subject: mail?.subject },
            tags: { 'ses:configuration-set': ['posthorn'] },
          },
          [name]: {
            ...part,
            timestamp,
            ...(isClient && {
              ipAddress: extra.ip ?? '203.0.113.9',
              userAgent: extra.userAgent ?? 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0',
            }),
            ...(kind === 'clicked' && { link: extra.url ?? 'https://example.com/', linkTags: null }),
          },
        })}\n`,
      })
    },
    close: serving.close,
  }
  return fake
}

const OF_KIND: Record<ToldKind, [eventType: string, part: object]> = {
  delivered: ['Delivery', { smtpResponse: '250 ok:  Message 64111812 accepted', processingTimeMillis: 546 }],
  opened: ['Open', {}],
  machine_opened: ['Open', {}],
  clicked: ['Click', {}],
  bounced: [
    'Bounce',
    {
      bounceType: 'Permanent',
      bounceSubType: 'General',
      feedbackId: '00000138111222aa-44455566-cccc-cccc-cccc-ddddaaaa068a-000000',
      bouncedRecipients: [
        { emailAddress: 'x@example.com', status: '5.1.1', diagnosticCode: 'smtp; 550 5.1.1 User unknown' },
      ],
    },
  ],
  soft_bounced: ['Bounce', { bounceType: 'Transient', bounceSubType: 'MailboxFull', bouncedRecipients: [] }],
  deferred: ['DeliveryDelay', { delayType: 'MailboxFull', delayedRecipients: [] }],
  complained: [
    'Complaint',
    { complaintFeedbackType: 'abuse', feedbackId: '000001378603177f', complainedRecipients: [] },
  ],
  unsubscribed: ['Subscription', { contactList: 'x' }],
  unknown: ['Reject', { reason: 'Bad content' }],
}
