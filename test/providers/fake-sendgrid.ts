import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import {
  type FakeProvider,
  type FakeRequest,
  type FakeAnswer,
  seconds,
  serve,
  type ToldExtra,
  type ToldKind,
} from './fake-provider.ts'

const KEY = 'SG.fake-key'

export interface FakeSendgrid extends FakeProvider {
  /** Several events in one post. */
  signed(events: unknown[], at?: number): ReturnType<FakeProvider['webhook']>
  event(kind: ToldKind, providerId: string, extra?: ToldExtra): object
}

const errors = (message: string) => ({ errors: [{ message, field: null, help: null }] })

/** SendGrid: `POST /v3/mail/send`, and its event webhook, signed. */
export async function fakeSendgrid(): Promise<FakeSendgrid> {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const accepted: FakeProvider['accepted'] = new Map()

  const answer = ({ method, path, headers, json }: FakeRequest): FakeAnswer | 'drop' | 'hang' => {
    if (method !== 'POST' || path !== '/v3/mail/send') return { status: 404, body: errors('not found') }
    if (headers.authorization !== `Bearer ${KEY}`)
      return {
        status: 401,
        body: errors('The provided authorization grant is invalid, expired, or revoked'),
      }
    const mail = json as {
      personalizations?: { to?: { email?: string }[] }[]
      from?: { email?: string }
      subject?: string
      content?: { type: string; value: string }[]
    }
    const to = mail?.personalizations?.[0]?.to?.[0]?.email
    const types = mail?.content?.map(({ type }) => type) ?? []
    if (to === undefined || mail.from?.email === undefined || types.length === 0)
      return { status: 400, body: errors('Bad Request') }
    if (types.includes('text/plain') && types[0] !== 'text/plain')
      return {
        status: 400,
        body: errors('If present, text/plain and text/html may only be provided once, text/plain first.'),
      }
    switch (fake.decide(to)) {
      case 'refuse':
        return { status: 400, body: errors('Does not contain a valid address.') }
      case 'throttle':
        return {
          status: 429,
          headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(seconds({}) + 30) },
          body: errors('too many requests'),
        }
      case 'down':
        return { status: 503, body: 'Service Unavailable' }
      case 'drop':
        return 'drop'
      case 'hang':
        return 'hang'
    }
    const id = randomBytes(16).toString('base64url')
    const html = mail.content?.find(({ type }) => type === 'text/html')?.value ?? null
    accepted.set(id, { to, subject: mail.subject ?? '', raw: null, html, request: json })
    return { status: 202, headers: { 'x-message-id': id } }
  }
  const serving = await serve(answer)

  const fake: FakeSendgrid = {
    name: 'sendgrid',
    typeId: 2,
    url: serving.url,
    settings: () => ({
      key: KEY,
      webhook_key: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
    }),
    accepted,
    get connections() {
      return serving.connections
    },
    decide: () => 'accept',
    event(kind, providerId, extra = {}) {
      return {
        email: accepted.get(providerId)?.to,
        timestamp: seconds(extra),
        'smtp-id': '<14c5d75ce93.dfd.64b469@ismtpd-555>',
        sg_event_id: extra.eventId ?? randomBytes(12).toString('base64url'),
        sg_message_id: `${providerId}.filterdrecv-5645d9c87f-78xgx-1-5FB1D0BF-14.0`,
        ...OF_KIND[kind],
        ...(kind === 'clicked' && { url: extra.url ?? 'https://example.com/' }),
        ...(/opened|clicked|unsub/.test(kind) && {
          ip: extra.ip ?? '203.0.113.9',
          useragent:
            extra.userAgent ?? 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
        }),
      }
    },
    signed(events, at = Date.now()) {
      const body = JSON.stringify(events)
      const time = String(Math.floor(at / 1000))
      return {
        path: '/api/v1/webhooks/sendgrid',
        headers: {
          'content-type': 'application/json',
          'x-twilio-email-event-webhook-timestamp': time,
          'x-twilio-email-event-webhook-signature': sign(
            'sha256',
            Buffer.from(time + body),
            privateKey,
          ).toString('base64'),
        },
        body,
      }
    },
    webhook: (kind, providerId, extra) => fake.signed([fake.event(kind, providerId, extra)]),
    close: serving.close,
  }
  return fake
}

const OF_KIND: Record<ToldKind, object> = {
  delivered: { event: 'delivered', response: '250 2.0.0 OK 1461095248 - gsmtp' },
  opened: { event: 'open', sg_machine_open: false },
  machine_opened: { event: 'open', sg_machine_open: true },
  clicked: { event: 'click', url_offset: { index: 0, type: 'html' } },
  bounced: {
    event: 'bounce',
    type: 'bounce',
    status: '5.1.1',
    reason: '550 5.1.1 The email account that you tried to reach does not exist.',
  },
  soft_bounced: {
    event: 'bounce',
    type: 'blocked',
    status: '4.2.2',
    reason: '452 4.2.2 The mailbox is full.',
  },
  deferred: { event: 'deferred', attempt: '1', response: '450 4.7.1 try again later' },
  complained: { event: 'spamreport' },
  unsubscribed: { event: 'unsubscribe' },
  unknown: { event: 'processed' },
}
