import { createHmac, randomBytes } from 'node:crypto'
import {
  type FakeAnswer,
  type FakeProvider,
  type FakeRequest,
  headerOf,
  serve,
  type ToldKind,
} from './fake-provider.ts'

const KEY = 'key-fake'
const SIGNING_KEY = 'fake-signing-key'
const DOMAIN = 'mg.example.com'

export interface FakeMailgun extends FakeProvider {
  /** @param event-data as it is, @param at when it is signed */
  signed(event: object, at?: number): ReturnType<FakeProvider['webhook']>
}

/** Mailgun: `POST /v3/{domain}/messages.mime`, and webhooks whose signature is over time and token only. */
export async function fakeMailgun(): Promise<FakeMailgun> {
  const accepted: FakeProvider['accepted'] = new Map()

  const answer = ({ method, path, headers, body }: FakeRequest): FakeAnswer | 'drop' | 'hang' => {
    if (headers.authorization !== `Basic ${Buffer.from(`api:${KEY}`).toString('base64')}`)
      return { status: 401, body: 'Forbidden' }
    if (method !== 'POST' || path !== `/v3/${DOMAIN}/messages.mime`)
      return { status: 404, body: { message: 'Domain not found: other.example' } }
    const fields = formIn(body.toString('latin1'), headers['content-type'] ?? '')
    const to = fields.get('to')
    const raw = fields.get('message')
    if (to === undefined || raw === undefined)
      return { status: 400, body: { message: 'to parameter is missing' } }
    switch (fake.decide(to)) {
      case 'refuse':
        return {
          status: 400,
          body: { message: 'to parameter is not a valid address. please check documentation' },
        }
      case 'throttle':
        return { status: 429, headers: { 'retry-after': '30' }, body: { message: 'Too many requests' } }
      case 'down':
        return { status: 500, body: { message: 'Internal Server Error' } }
      case 'drop':
        return 'drop'
      case 'hang':
        return 'hang'
    }
    const id =
      headerOf(raw, 'message-id') ||
      `<${randomBytes(10).toString('hex')}.1.${randomBytes(4).toString('hex')}@${DOMAIN}>`
    fields.delete('message')
    accepted.set(id, {
      to,
      subject: headerOf(raw, 'subject'),
      raw,
      html: null,
      request: Object.fromEntries(fields),
    })
    return { status: 200, body: { id, message: 'Queued. Thank you.' } }
  }
  const serving = await serve(answer)

  const fake: FakeMailgun = {
    name: 'mailgun',
    typeId: 3,
    url: serving.url,
    settings: () => ({ key: KEY, domain: DOMAIN, zone: 'US', webhook_key: SIGNING_KEY }),
    accepted,
    get connections() {
      return serving.connections
    },
    decide: () => 'accept',
    signed(event, at = Date.now()) {
      const timestamp = String(Math.floor(at / 1000))
      const token = randomBytes(25).toString('hex')
      const signature = createHmac('sha256', SIGNING_KEY)
        .update(timestamp + token)
        .digest('hex')
      return {
        path: '/api/v1/webhooks/mailgun',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ signature: { timestamp, token, signature }, 'event-data': event }),
      }
    },
    webhook(kind, providerId, extra = {}) {
      const isClient = /opened|clicked|unsub/.test(kind)
      return fake.signed({
        id: extra.eventId ?? randomBytes(16).toString('base64url'),
        timestamp: (extra.at ?? Date.now()) / 1000,
        'log-level': 'info',
        recipient: accepted.get(providerId)?.to,
        message: { headers: { 'message-id': providerId.slice(1, -1), to: accepted.get(providerId)?.to } },
        ...OF_KIND[kind],
        ...(kind === 'clicked' && { url: extra.url ?? 'https://example.com/' }),
        ...(isClient && {
          ip: extra.ip ?? '203.0.113.9',
          'client-info': {
            'client-name': 'Firefox',
            'client-type': 'browser',
            'device-type': 'desktop',
            'user-agent': extra.userAgent ?? 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0',
            bot: kind === 'machine_opened' ? 'apple' : '',
          },
        }),
      })
    },
    close: serving.close,
  }
  return fake
}

const failed = (severity: string, reason: string, code: number, message: string) => ({
  event: 'failed',
  severity,
  reason,
  'delivery-status': { code, message, description: '', 'attempt-no': 1, tls: true },
})

const OF_KIND: Record<ToldKind, object> = {
  delivered: { event: 'delivered', 'delivery-status': { code: 250, message: 'OK', description: '' } },
  opened: { event: 'opened' },
  machine_opened: { event: 'opened' },
  clicked: { event: 'clicked' },
  bounced: failed('permanent', 'bounce', 550, '5.1.1 The email account does not exist.'),
  soft_bounced: failed('temporary', 'generic', 452, '4.2.2 The mailbox is full.'),
  deferred: failed('temporary', 'greylisted', 450, 'Recipient address rejected: Greylisted'),
  complained: { event: 'complained' },
  unsubscribed: { event: 'unsubscribed' },
  unknown: { event: 'accepted' },
}

function formIn(body: string, type: string): Map<string, string> {
  const boundary = /boundary=(.+)$/.exec(type)?.[1] ?? ''
  const fields = new Map<string, string>()
  for (const part of `\r\n${body}`.split(`\r\n--${boundary}`).slice(1, -1)) {
    const at = part.indexOf('\r\n\r\n')
    const name = /name="([^"]+)"/.exec(part.slice(0, at))?.[1]
    if (name !== undefined) fields.set(name, part.slice(at + 4))
  }
  return fields
}
