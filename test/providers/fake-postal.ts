import { generateKeyPairSync, randomBytes, randomUUID, sign } from 'node:crypto'
import {
  type FakeAnswer,
  type FakeProvider,
  type FakeRequest,
  headerOf,
  serve,
  type ToldKind,
} from './fake-provider.ts'

const KEY = 'postal-key'

export interface FakePostal extends FakeProvider {
  signed(body: object, digest?: 'sha1' | 'sha256'): ReturnType<FakeProvider['webhook']>
}

const said = (status: string, data: object) => ({
  status: 200,
  body: { status, time: 0.02, flags: {}, data },
})

/** Postal: `POST /api/v1/send/raw`, which answers 200 whatever it thinks, and webhooks signed with RSA. */
export async function fakePostal(): Promise<FakePostal> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const accepted: FakeProvider['accepted'] = new Map()
  let ids = 0

  const answer = ({ method, path, headers, json }: FakeRequest): FakeAnswer | 'drop' | 'hang' => {
    if (method !== 'POST' || path !== '/api/v1/send/raw') return { status: 404, body: 'Not Found' }
    if (headers['x-server-api-key'] !== KEY)
      return said('error', {
        code: 'InvalidServerAPIKey',
        message: 'The API token provided in X-Server-API-Key was not valid.',
      })
    const { rcpt_to, data } = (json ?? {}) as { rcpt_to?: string[]; data?: string }
    const [to] = rcpt_to ?? []
    if (to === undefined || data === undefined)
      return said('parameter-error', { message: '`rcpt_to` parameter is required but is missing' })
    switch (fake.decide(to)) {
      case 'refuse':
        return said('error', {
          code: 'UnauthenticatedFromAddress',
          message: 'The From address is not authorised to send mail from this server',
        })
      case 'throttle':
        return { status: 429, headers: { 'retry-after': '30' }, body: 'Too Many Requests' }
      case 'down':
        return { status: 502, body: 'Bad Gateway' }
      case 'drop':
        return 'drop'
      case 'hang':
        return 'hang'
    }
    const id = ++ids
    const raw = Buffer.from(data, 'base64').toString('latin1')
    accepted.set(String(id), { to, subject: headerOf(raw, 'subject'), raw, html: null, request: json })
    return said('success', {
      message_id: headerOf(raw, 'message-id').slice(1, -1),
      messages: { [to]: { id, token: randomBytes(6).toString('base64url') } },
    })
  }
  const serving = await serve(answer)

  const fake: FakePostal = {
    name: 'postal',
    typeId: 7,
    url: serving.url,
    settings: () => ({
      postal_host: serving.url,
      key: KEY,
      webhook_key: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
    }),
    accepted,
    get connections() {
      return serving.connections
    },
    decide: () => 'accept',
    signed(content, digest = 'sha1') {
      const body = JSON.stringify(content)
      const signature = (with_: string) => sign(with_, Buffer.from(body), privateKey).toString('base64')
      return {
        path: '/api/v1/webhooks/postal',
        headers: {
          'content-type': 'application/json',
          'x-postal-signature': signature('RSA-SHA1'),
          ...(digest === 'sha256' && { 'x-postal-signature-256': signature('RSA-SHA256') }),
        },
        body,
      }
    },
    webhook(kind, providerId, extra = {}) {
      const time = (extra.at ?? Date.now()) / 1000
      const mail = accepted.get(providerId)
      const message = {
        id: Number(providerId),
        token: 'Kmo8CRdjuM7B',
        direction: 'outgoing',
        message_id: headerOf(mail?.raw ?? '', 'message-id').slice(1, -1),
        to: mail?.to,
        from: 'test@example.com',
        subject: mail?.subject,
        timestamp: time - 5,
        spam_status: 'NotChecked',
        tag: null,
      }
      const { event, ...payload } = OF_KIND[kind]
      const isClient = kind === 'opened' || kind === 'clicked' || kind === 'machine_opened'
      return fake.signed({
        event,
        timestamp: time,
        uuid: extra.eventId ?? randomUUID(),
        payload: {
          ...(kind === 'bounced'
            ? {
                original_message: message,
                bounce: {
                  ...message,
                  id: 999_999,
                  direction: 'incoming',
                  subject: 'Mail delivery failed: returning message to sender',
                  timestamp: time,
                },
              }
            : { message }),
          ...payload,
          ...(!isClient && kind !== 'bounced' && { timestamp: time }),
          ...(isClient && {
            ip_address: extra.ip ?? '203.0.113.9',
            user_agent: extra.userAgent ?? 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0',
          }),
          ...(kind === 'clicked' && { url: extra.url ?? 'https://example.com/', token: 'VJzsFA0S' }),
        },
      })
    },
    close: serving.close,
  }
  return fake
}

const OF_KIND: Record<ToldKind, { event: string } & Record<string, unknown>> = {
  delivered: { event: 'MessageSent', status: 'Sent', details: 'accepted', output: '250 2.0.0 OK\n' },
  opened: { event: 'MessageLoaded' },
  machine_opened: { event: 'MessageLoaded' },
  clicked: { event: 'MessageLinkClicked' },
  bounced: { event: 'MessageBounced' },
  soft_bounced: {
    event: 'MessageDeliveryFailed',
    status: 'SoftFail',
    details: 'Given up',
    output: '452 full',
  },
  deferred: { event: 'MessageDelayed', status: 'SoftFail', details: 'Not now', output: '450 later' },
  complained: { event: 'MessageComplained' },
  unsubscribed: { event: 'MessageUnsubscribed' },
  unknown: { event: 'DomainDNSError' },
}
