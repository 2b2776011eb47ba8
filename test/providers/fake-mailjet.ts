import { randomUUID } from 'node:crypto'
import {
  type FakeAnswer,
  type FakeProvider,
  type FakeRequest,
  seconds,
  serve,
  type ToldExtra,
  type ToldKind,
} from './fake-provider.ts'

const KEY = 'mailjet-key'
const SECRET = 'mailjet-secret'
/** As its documentation lists them. */
const FORBIDDEN = new Set(
  `from sender subject to cc bcc reply-to return-path delivered-to dkim-signature domainkey-status received-spf
  authentication-results received user-agent x-mailer x-feedback-id list-id date x-csa-complaints message-id`.split(
    /\s+/,
  ),
)
const PASSWORD = 'mailjet:of the webhook'

export interface FakeMailjet extends FakeProvider {
  /** As text of JSON, because its ids are no numbers of JavaScript's. */
  event(kind: ToldKind, providerId: string, extra?: ToldExtra): string
  posted(body: string): ReturnType<FakeProvider['webhook']>
}

const failing = (status: number, ErrorCode: string, ErrorMessage: string) => ({
  status,
  body: {
    Messages: [
      {
        Status: 'error',
        Errors: [
          {
            ErrorIdentifier: randomUUID(),
            ErrorCode,
            StatusCode: status,
            ErrorMessage,
            ErrorRelatedTo: ['To[0].Email'],
          },
        ],
      },
    ],
  },
})

/** Mailjet: `POST /v3.1/send`, and its Event API. Ids are whole numbers beyond 2^53. */
export async function fakeMailjet(): Promise<FakeMailjet> {
  const accepted: FakeProvider['accepted'] = new Map()
  let ids = 1_152_921_511_742_440_156n

  const answer = ({ method, path, headers, json }: FakeRequest): FakeAnswer | 'drop' | 'hang' => {
    if (method !== 'POST' || path !== '/v3.1/send') return { status: 404 }
    if (headers.authorization !== `Basic ${Buffer.from(`${KEY}:${SECRET}`).toString('base64')}`)
      return {
        status: 401,
        body: {
          ErrorIdentifier: randomUUID(),
          StatusCode: 401,
          ErrorMessage: 'API key authentication/authorization failure.',
        },
      }
    const [message] = (json?.Messages ?? []) as {
      To?: { Email?: string }[]
      Subject?: string
      HTMLPart?: string
      Headers?: Record<string, string>
    }[]
    const to = message?.To?.[0]?.Email
    if (message === undefined || to === undefined)
      return failing(400, 'mj-0003', 'At least one recipient is mandatory.')
    const forbidden = Object.keys(message.Headers ?? {}).find(name => FORBIDDEN.has(name.toLowerCase()))
    if (forbidden !== undefined)
      return failing(
        400,
        'send-0011',
        `Header cannot be customized using the "Headers" collection: ${forbidden}`,
      )
    switch (fake.decide(to)) {
      case 'refuse':
        return failing(400, 'mj-0013', `"${to}" is an invalid email address.`)
      case 'throttle':
        return { status: 429, headers: { 'retry-after': '30' }, body: { ErrorMessage: 'Too many requests' } }
      case 'down':
        return { status: 500, body: 'Internal Server Error' }
      case 'drop':
        return 'drop'
      case 'hang':
        return 'hang'
    }
    const id = String(ids++)
    accepted.set(id, {
      to,
      subject: message.Subject ?? '',
      raw: null,
      html: message.HTMLPart ?? null,
      request: json,
    })
    const taken = `{"Email":${JSON.stringify(to)},"MessageUUID":"${randomUUID()}","MessageID":${id},"MessageHref":"https://api.mailjet.com/v3/REST/message/${id}"}`
    return {
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: `{"Messages":[{"Status":"success","CustomID":"","To":[${taken}],"Cc":[],"Bcc":[]}]}`,
    }
  }
  const serving = await serve(answer)

  const fake: FakeMailjet = {
    name: 'mailjet',
    typeId: 5,
    url: serving.url,
    settings: () => ({ key: KEY, secret: SECRET, zone: 'Default', webhook_key: PASSWORD }),
    accepted,
    get connections() {
      return serving.connections
    },
    decide: () => 'accept',
    event(kind, providerId, extra = {}) {
      const event = JSON.stringify({
        ...OF_KIND[kind],
        time: seconds(extra),
        email: accepted.get(providerId)?.to,
        mj_campaign_id: 7_257,
        mj_contact_id: 4,
        customcampaign: '',
        Payload: extra.eventId ?? '',
        ...(/opened|clicked|unsub/.test(kind) && {
          ip: extra.ip ?? '203.0.113.9',
          geo: 'US',
          agent: extra.userAgent ?? 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0',
        }),
        ...(kind === 'clicked' && { url: extra.url ?? 'https://example.com/' }),
      })
      return `{"MessageID":${providerId},"Message_GUID":"${randomUUID()}",${event.slice(1)}`
    },
    posted: body => ({
      path: '/api/v1/webhooks/mailjet',
      headers: {
        'content-type': 'application/json',
        authorization: `Basic ${Buffer.from(PASSWORD).toString('base64')}`,
      },
      body,
    }),
    webhook: (kind, providerId, extra) => fake.posted(fake.event(kind, providerId, extra)),
    close: serving.close,
  }
  return fake
}

const OF_KIND: Record<ToldKind, object> = {
  delivered: { event: 'sent', smtp_reply: 'sent (250 2.0.0 OK 1498093527 - gsmtp)' },
  opened: { event: 'open' },
  machine_opened: { event: 'open' },
  clicked: { event: 'click' },
  bounced: {
    event: 'bounce',
    blocked: false,
    hard_bounce: true,
    error_related_to: 'recipient',
    error: 'user unknown',
    comment: 'Host or domain name not found.',
  },
  soft_bounced: {
    event: 'bounce',
    blocked: false,
    hard_bounce: false,
    error_related_to: 'recipient',
    error: 'quota exceeded',
  },
  deferred: {
    event: 'bounce',
    blocked: false,
    hard_bounce: false,
    error_related_to: 'domain',
    error: 'greylisted',
  },
  complained: { event: 'spam', source: 'JMRPP' },
  unsubscribed: { event: 'unsub', mj_list_id: 1 },
  unknown: { event: 'parsed' },
}
