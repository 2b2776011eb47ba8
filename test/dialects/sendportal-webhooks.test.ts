// Contract, section 6.2: what providers tell, each in its own words, and who is believed.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPerson } from '../../server/accounts/people.ts'
import { createGuard } from '../../server/guard.ts'
import { Metrics } from '../../server/http/metrics.ts'
import { createHttpServer } from '../../server/http/server.ts'
import { createLog } from '../../server/log.ts'
import { sendPortalApi } from '../../server/send/api/sendportal/routes.ts'
import { webhooks } from '../../server/send/api/sendportal/webhooks.ts'
import { createSubscriber, subscriberById } from '../../server/send/audience/subscribers.ts'
import { messageIdOf } from '../../server/send/deliveries/message-id.ts'
import { DELIVERY_KEY } from '../../server/send/feedback/public-token.ts'
import { createWebhooks, type Webhooks } from '../../server/send/feedback/webhooks/webhooks.ts'
import type { Sending } from '../../server/send/sending/sending.ts'
import { createEmailService } from '../../server/send/ways-out/email-services.ts'
import type { SettingValues } from '../../server/send/ways-out/email-service-types.ts'
import { webhookUrl } from '../../server/send/ways-out/webhook-url.ts'
import type { Database } from '../../server/storage/schema.ts'
import { type Running, start, stop } from '../accounts.ts'
import { eachEngine } from '../engines.ts'
import { type FakeMailgun, fakeMailgun } from '../providers/fake-mailgun.ts'
import { type FakeMailjet, fakeMailjet } from '../providers/fake-mailjet.ts'
import { type FakePostal, fakePostal } from '../providers/fake-postal.ts'
import { fakePostmark } from '../providers/fake-postmark.ts'
import type { FakeProvider, ToldKind, WebhookRequest } from '../providers/fake-provider.ts'
import { type FakeSendgrid, fakeSendgrid } from '../providers/fake-sendgrid.ts'
import { type FakeSes, fakeSes } from '../providers/fake-ses.ts'

const NAMES = ['aws', 'sendgrid', 'mailgun', 'postmark', 'mailjet', 'postal'] as const
type Name = (typeof NAMES)[number]
const AT = Math.floor(Date.now() / 1000) * 1000 - 60_000
const MINUTE = 60_000

let fakes: Record<Name, FakeProvider>
let ses: FakeSes
let sendgrid: FakeSendgrid
let mailgun: FakeMailgun
let mailjet: FakeMailjet
let postal: FakePostal

beforeAll(async () => {
  const postmark = await fakePostmark()
  ;[ses, sendgrid, mailgun, mailjet, postal] = await Promise.all([
    fakeSes(),
    fakeSendgrid(),
    fakeMailgun(),
    fakeMailjet(),
    fakePostal(),
  ])
  fakes = { aws: ses, sendgrid, mailgun, postmark, mailjet, postal }
})
afterAll(async () => {
  for (const fake of Object.values(fakes)) await fake.close()
})

/** What a row of the table makes of a delivery, where it is the same for all. */
const OPENED = { opened_at: AT, open_count: 1 }
const CLICKED = { ...OPENED, clicked_at: AT, click_count: 1 }
const COMPLAINED = {
  complained_at: AT,
  unsubscribed_at: AT,
  status: 'complained',
  status_reason: 'complaint',
}
const LEFT = { unsubscribed_at: AT, status: 'unsubscribed', status_reason: 'by_subscriber' }
const DEAD = { bounced_at: AT, status: 'bounced', status_reason: 'bounce' }

type Made = [event: string | null, made?: object]
const USUAL: Record<ToldKind, Made> = {
  delivered: ['delivered', { delivered_at: AT }],
  opened: ['opened', OPENED],
  machine_opened: ['opened', { machine_opened_at: AT }],
  clicked: ['clicked', CLICKED],
  bounced: ['bounced', DEAD],
  soft_bounced: ['bounced'],
  deferred: ['deferred'],
  complained: ['complained', COMPLAINED],
  unsubscribed: ['unsubscribed', LEFT],
  unknown: [null],
}
/** Some know of no machines, some of no complaints, and some do not give up so soon. */
const MADE: Record<Name, Partial<Record<ToldKind, Made>>> = {
  aws: { machine_opened: ['opened', OPENED], unsubscribed: [null] },
  sendgrid: {},
  mailgun: { soft_bounced: ['deferred'] },
  postmark: { deferred: ['bounced'] },
  mailjet: { machine_opened: ['opened', OPENED] },
  postal: { machine_opened: ['opened', OPENED], complained: [null], unsubscribed: [null] },
}

eachEngine('6.2 inbound webhooks', engine => {
  let running: Running
  let db: Database
  let taking: Webhooks
  let base: string
  let close: () => Promise<void>
  let campaignId: number
  let workspaceId: number
  let foreignId: number
  const services = {} as Record<Name, number>
  const stopped: number[] = []
  const logged: string[] = []
  let ids = 0

  beforeAll(async () => {
    running = await start(engine)
    const { storage, secrets } = running
    db = storage.write
    workspaceId = running.owner.workspace.id
    const stranger = await createPerson(db, { name: 'Zoe', email: 'zoe@example.com', password: null })
    foreignId = stranger.workspace.id
    const log = createLog({ level: 'warn', human: false, write: line => void logged.push(line) })
    const sending: Pick<Sending, 'stop'> = {
      stop: async ({ subscriberIds = [] }) => void stopped.push(...subscriberIds),
    }
    const guard = ses.guarded(createGuard('deny'))
    taking = createWebhooks({ storage, secrets, guard, log, sending, lookAgainAfter: [30, 30, 30_000] })
    const http = createHttpServer({ log, metrics: new Metrics(), maxBodySize: 10 << 20, trustedProxies: [] })
    http.mount(
      sendPortalApi(() => undefined, undefined),
      app => webhooks(app, { secrets, webhooks: taking }),
    )
    base = `http://127.0.0.1:${await http.listen('127.0.0.1', 0)}`
    close = async () => {
      await http.close(0)
      await taking.close()
    }
    for (const name of NAMES) services[name] = await serviceOf(name, fakes[name].settings())
    const { id } = await db
      .insertInto('campaigns')
      .values({
        workspace_id: workspaceId,
        name: 'c',
        subject: 's',
        status_id: 3,
        from_name: 'f',
        from_email: 'f@example.com',
        is_open_tracking: 0,
        is_click_tracking: 0,
        send_to_all: 1,
        save_as_draft: 0,
        created_at: AT,
        updated_at: AT,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    campaignId = id
    await db.insertInto('campaign_totals').values({ campaign_id: id }).execute()
  })
  afterAll(async () => {
    await close()
    await stop(running)
  })

  async function serviceOf(name: Name, settings: SettingValues, of = workspaceId): Promise<number> {
    const { id } = await db
      .transaction()
      .execute(trx =>
        createEmailService(trx, running.secrets, of, { name, typeId: fakes[name].typeId, settings }),
      )
    return id
  }

  interface Sent {
    id: number
    subscriberId: number
    email: string
    providerId: string
  }

  /** A mail that the provider took. */
  async function sent(
    name: Name,
    given: { providerId?: string; service?: number; of?: number } = {},
  ): Promise<Sent> {
    const of = given.of ?? workspaceId
    const providerId = given.providerId ?? newId(name)
    const { id: subscriberId, email } = await db
      .transaction()
      .execute(trx =>
        createSubscriber(trx, of, { email: `p${++ids}@${engine.name}.example`.toLowerCase(), source: 'api' }),
      )
    const { id } = await db
      .insertInto('deliveries')
      .values({
        workspace_id: of,
        campaign_id: of === workspaceId ? campaignId : null,
        subscriber_id: subscriberId,
        email,
        status: 'sent',
        email_service_id: given.service ?? services[name],
        provider_id: providerId,
        created_at: AT - MINUTE,
        sent_at: AT - MINUTE,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    const messageId = messageIdOf(
      running.secrets.key(DELIVERY_KEY),
      { id, campaign_id: campaignId },
      'f@example.com',
    )
    const raw = `Message-ID: ${messageId}\r\n\r\n`
    fakes[name].accepted.set(providerId, { to: email, subject: 's', raw, html: null, request: null })
    return { id, subscriberId, email, providerId }
  }

  const newId = (name: Name) => {
    const number = ++ids
    if (name === 'mailjet') return String(1_152_921_511_742_440_000n + BigInt(number))
    if (name === 'postal') return String(number)
    return name === 'mailgun' ? `<${number}.1.abc@mg.example.com>` : `id-${engine.name}-${number}`
  }

  async function post({ path, headers, body }: WebhookRequest): Promise<[number, string]> {
    const response = await fetch(`${base}${path}`, { method: 'POST', headers, body })
    return [response.status, await response.text()]
  }
  const OK = [200, 'OK']

  /** What is there of a delivery besides what every one has. */
  async function made({ id, subscriberId }: Sent): Promise<object> {
    const row = await db.selectFrom('deliveries').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
    const subscriber = await subscriberById(db, row.workspace_id, subscriberId)
    const all = {
      ...Object.fromEntries(
        Object.entries(row).filter(
          ([key, value]) =>
            /_at$|_count$/.test(key) && !/created|sent|next/.test(key) && value !== null && value !== 0,
        ),
      ),
      ...(subscriber?.status !== 'subscribed' && {
        status: subscriber?.status,
        status_reason: subscriber?.status_reason,
      }),
    }
    return all
  }

  const eventsOf = ({ id }: Sent) =>
    db.selectFrom('delivery_events').selectAll().where('delivery_id', '=', id).orderBy('id').execute()

  describe.each(NAMES)('6.2 %s', name => {
    const rows = Object.keys(USUAL) as ToldKind[]

    it('6.2: every row of the table is made of what is told, and those who left are written to no more', async () => {
      const fake = fakes[name]
      for (const kind of rows) {
        const mail = await sent(name)
        stopped.length = 0
        const url = `https://shop.example/${name}`
        const said = await post(fake.webhook(kind, mail.providerId, { at: AT, url, ip: '198.51.100.7' }))
        const [event, expected = {}] = MADE[name][kind] ?? USUAL[kind]
        expect([kind, said, await made(mail)]).toEqual([kind, OK, expected])
        const events = await eventsOf(mail)
        expect([kind, events.map(one => [one.kind, one.source])]).toEqual([
          kind,
          event ? [[event, name]] : [],
        ])
        expect([kind, stopped]).toEqual([kind, 'status' in expected ? [mail.subscriberId] : []])
        if (kind === 'opened' || kind === 'clicked')
          expect(events[0]).toMatchObject({ at: AT, ip: '198.51.100.7', verdict: 'person' })
        if (kind === 'clicked') expect(events[0]).toMatchObject({ url, link_id: expect.any(Number) })
        if (event === 'bounced') {
          const detail = JSON.parse(events[0]?.detail ?? '{}')
          expect([kind, detail.permanent]).toEqual([kind, kind === 'bounced'])
          expect(detail.raw ?? {}).not.toEqual({})
        }
      }
    })

    it('6.2: links to unsubscribe count for nothing; unknown mails are ignored; what is told twice happened once', async () => {
      const fake = fakes[name]
      const mail = await sent(name)
      const leaving = { at: AT, url: 'https://us.example/subscriptions/unsubscribe/x' }
      expect(await post(fake.webhook('clicked', mail.providerId, leaving))).toEqual(OK)
      expect(await made(mail)).toEqual({})
      expect(await post(fake.webhook('bounced', newId(name), { at: AT }))).toEqual(OK)

      const open = fake.webhook('opened', mail.providerId, { at: AT })
      const bounce = fake.webhook('bounced', mail.providerId, { at: AT })
      // The bounce first, twice; then what had happened before it.
      for (const request of [bounce, bounce, open, open]) expect(await post(request)).toEqual(OK)
      expect(await post(fake.webhook('delivered', mail.providerId, { at: AT }))).toEqual(OK)
      expect(await made(mail)).toEqual({ ...OPENED, ...DEAD, delivered_at: AT })
      expect((await eventsOf(mail)).map(({ kind }) => kind)).toEqual(['bounced', 'opened', 'delivered'])
    })

    it('6.2: the address with a token means that service alone', async () => {
      const fake = fakes[name]
      const theirs = await serviceOf(name, fake.settings(), foreignId)
      const mail = await sent(name)
      const foreign = await sent(name, { service: theirs, of: foreignId, providerId: mail.providerId })
      fake.accepted.set(mail.providerId, {
        to: foreign.email,
        subject: '',
        raw: null,
        html: null,
        request: null,
      })
      const request = fake.webhook('complained', mail.providerId, { at: AT })
      const bounce = fake.webhook('bounced', mail.providerId, { at: AT })
      const at = (id: number, typeId: number) =>
        new URL(webhookUrl('http://x', running.secrets, { id, type_id: typeId }) ?? '').pathname
      const path = at(theirs, fake.typeId)
      expect(path.startsWith(`${request.path}/`)).toBe(true)
      for (const told of [request, bounce]) expect(await post({ ...told, path })).toEqual(OK)
      expect(await made(mail)).toEqual({})
      expect(await made(foreign)).toMatchObject({ bounced_at: AT })
      // Of a service of another type; of nobody.
      const other = await sent(name)
      const wrong = at(services[name === 'aws' ? 'postal' : 'aws'], fake.typeId)
      expect(await post({ ...fake.webhook('bounced', other.providerId), path: wrong })).toEqual(OK)
      expect(await made(other)).toEqual({})
      const [status] = await post({ ...request, path: `${request.path}/AAAAAAAAAAAAAAAAAAAA` })
      expect(status).toBe(404)
    })
  })

  describe('6.2 who is believed', () => {
    /** @param changed what of the request is otherwise */
    async function isIgnored(name: Name, request: WebhookRequest, mail: Sent): Promise<void> {
      expect([name, request, await post(request)]).toEqual([name, request, OK])
      expect([name, request, await made(mail), await eventsOf(mail)]).toEqual([name, request, {}, []])
    }
    const without = (request: WebhookRequest, header: string) => ({
      ...request,
      headers: Object.fromEntries(Object.entries(request.headers).filter(([key]) => !key.startsWith(header))),
    })

    it('6.2: wrong, missing and old signatures and passwords are ignored, with the same answer', async () => {
      const told = async (name: Name) => {
        const mail = await sent(name)
        return { mail, request: fakes[name].webhook('bounced', mail.providerId, { at: AT }) }
      }
      for (const name of ['sendgrid', 'postal'] as const) {
        const { mail, request } = await told(name)
        await isIgnored(name, { ...request, body: request.body.replace('{', '{ ') }, mail)
        await isIgnored(name, without(request, 'x-'), mail)
        const garbage = Object.keys(request.headers).map(key => [key, key.endsWith('signature') ? '!!' : '1'])
        await isIgnored(name, { ...request, headers: Object.fromEntries(garbage) }, mail)
      }
      for (const name of ['postmark', 'mailjet'] as const) {
        const { mail, request } = await told(name)
        await isIgnored(name, without(request, 'authorization'), mail)
        const authorization = `Basic ${Buffer.from('postmark:guessed').toString('base64')}`
        await isIgnored(name, { ...request, headers: { ...request.headers, authorization } }, mail)
      }
      const { mail: one, request: signed } = await told('mailgun')
      const { signature, 'event-data': event } = JSON.parse(signed.body)
      const unsigned = JSON.stringify({ 'event-data': event })
      const forged = JSON.stringify({ signature: { ...signature, token: 'x' }, 'event-data': event })
      for (const body of [unsigned, forged]) await isIgnored('mailgun', { ...signed, body }, one)
      for (const minutes of [-16, 16])
        await isIgnored('mailgun', mailgun.signed(event, Date.now() + minutes * MINUTE), one)

      const two = await sent('sendgrid')
      const bounce = sendgrid.event('bounced', two.providerId, { at: AT })
      for (const minutes of [-16, 16])
        await isIgnored('sendgrid', sendgrid.signed([bounce], Date.now() + minutes * MINUTE), two)
      // Old news under a fresh signature are told late, and count.
      const late = sendgrid.event('bounced', two.providerId, { at: AT - 20 * 60 * MINUTE })
      expect(await post(sendgrid.signed([late]))).toEqual(OK)
      expect(await made(two)).toMatchObject({ bounced_at: AT - 20 * 60 * MINUTE })

      const three = await sent('postal')
      const newer = postal.signed(
        JSON.parse(postal.webhook('bounced', three.providerId, { at: AT }).body),
        'sha256',
      )
      const broken = { ...newer.headers, 'x-postal-signature-256': newer.headers['x-postal-signature'] ?? '' }
      await isIgnored('postal', { ...newer, headers: broken }, three)
      expect(await post(newer)).toEqual(OK)
      expect(await made(three)).toEqual(DEAD)
      expect(logged.filter(line => line.includes('not believed')).length).toBeGreaterThan(4)
    })

    it('6.2: without a key Mailgun is ignored, and the others are believed as by SendPortal', async () => {
      for (const name of ['sendgrid', 'mailgun', 'postmark', 'mailjet', 'postal'] as const) {
        const service = await serviceOf(name, { ...fakes[name].settings(), webhook_key: null })
        const mail = await sent(name, { service })
        const request = fakes[name].webhook('bounced', mail.providerId, { at: AT })
        const bare = { ...request, headers: { 'content-type': 'application/json' } }
        if (name === 'mailgun') await isIgnored(name, bare, mail)
        else expect([name, await post(bare), await made(mail)]).toEqual([name, OK, DEAD])
      }
    })

    it('6.2: ids that two installations of Postal gave are told apart by key or by address, or not at all', async () => {
      const bare = { ...postal.settings(), webhook_key: null }
      const [a, b] = [await serviceOf('postal', bare), await serviceOf('postal', bare, foreignId)]
      const one = await sent('postal', { service: a })
      const two = await sent('postal', { service: b, of: foreignId, providerId: one.providerId })
      expect(await post(postal.webhook('delivered', one.providerId, { at: AT }))).toEqual(OK)
      expect([await made(one), await made(two)]).toEqual([{}, { delivered_at: AT }])
      postal.accepted.set(one.providerId, {
        to: 'else@example.com',
        subject: '',
        raw: null,
        html: null,
        request: null,
      })
      expect(await post(postal.webhook('bounced', one.providerId, { at: AT }))).toEqual(OK)
      expect([await made(one), await made(two)]).toEqual([{}, { delivered_at: AT }])
      const three = await sent('postal', { providerId: one.providerId })
      await db
        .updateTable('deliveries')
        .set({ provider_id: `x${one.providerId}` })
        .where('id', 'in', [one.id, two.id])
        .execute()
      expect(await post(postal.webhook('delivered', one.providerId, { at: AT }))).toEqual(OK)
      expect(await made(three)).toEqual({ delivered_at: AT })
    })

    it("6.2 aws: Amazon's signature counts, in both versions, and nothing else; subscriptions are confirmed at Amazon", async () => {
      const mail = await sent('aws')
      const request = ses.webhook('bounced', mail.providerId, { at: AT })
      const envelope = JSON.parse(request.body)
      const but = (changes: object) => ({ ...request, body: JSON.stringify({ ...envelope, ...changes }) })
      for (const changes of [
        { Message: envelope.Message.replace('Permanent', 'PERMANENT') },
        { Signature: undefined },
        { Signature: 'AAAA' },
        { SignatureVersion: '3' },
        { SigningCertURL: 'https://sns.evil.example/SimpleNotificationService-fake.pem' },
        { SigningCertURL: 'https://sns.eu-west-1.amazonaws.com.evil.example/x.pem' },
        { SigningCertURL: 'http://sns.eu-west-1.amazonaws.com/SimpleNotificationService-fake.pem' },
        { SigningCertURL: 'https://user@sns.eu-west-1.amazonaws.com/SimpleNotificationService-fake.pem' },
        { SigningCertURL: 'https://s3.eu-west-1.amazonaws.com/SimpleNotificationService-fake.pem' },
      ])
        await isIgnored('aws', but(changes), mail)
      const yesterday = new Date(Date.now() - 25 * 60 * MINUTE).toISOString()
      const { Message } = envelope
      await isIgnored('aws', ses.envelope({ Type: 'Notification', Message, Timestamp: yesterday }), mail)
      expect(await post(ses.envelope({ Type: 'Notification', Message }, '2'))).toEqual(OK)
      expect(await made(mail)).toEqual(DEAD)

      ses.confirmed.length = 0
      expect(await post(ses.subscription())).toEqual(OK)
      expect(ses.confirmed).toEqual([expect.stringContaining('Action=ConfirmSubscription')])
      for (const url of [
        'https://evil.example/?x',
        'http://sns.eu-west-1.amazonaws.com/',
        'https://x.amazonaws.com/',
      ])
        expect(await post(ses.subscription(url))).toEqual(OK)
      const unsigned = JSON.parse(ses.subscription().body)
      expect(
        await post({ ...request, body: JSON.stringify({ ...unsigned, Signature: envelope.Signature }) }),
      ).toEqual(OK)
      expect(ses.confirmed).toHaveLength(1)
      // A certificate that is not to be had is Amazon's trouble or ours: it is told again.
      const lost = but({ SigningCertURL: 'https://sns.us-east-1.amazonaws.com/gone.pem' })
      expect((await post(lost))[0]).toBe(500)
    })
  })

  it('6.2: types that are not read are told so', async () => {
    const say = (path: string, body: unknown) =>
      post({ path: `/api/v1/webhooks/${path}`, headers: {}, body: JSON.stringify(body) })
    expect(await say('aws', { Type: 'UnsubscribeConfirmation' })).toEqual([200, 'OK (not processed).'])
    expect(await say('aws', {})).toEqual([200, 'OK (not processed).'])
    expect(await say('sendgrid', [])).toEqual([200, 'OK (not processed'])
    const [status] = await say('mandrill', {})
    expect(status).toBe(401)
  })

  it('6.2 sendgrid, mailjet: many events in one post, in any order', async () => {
    const mails = await Promise.all(Array.from({ length: 3 }, () => sent('sendgrid')))
    const kinds = ['clicked', 'delivered', 'bounced', 'complained'] as const
    const events = mails.flatMap(({ providerId }) =>
      kinds.map(kind => sendgrid.event(kind, providerId, { at: AT })),
    )
    const strange = [null, 7, 'x', [], {}, { event: 'delivered' }, { event: { a: 1 }, sg_message_id: [] }]
    expect(await post(sendgrid.signed([...strange, ...events.toReversed(), ...events]))).toEqual(OK)
    for (const mail of mails)
      expect(await made(mail)).toEqual({ ...CLICKED, bounced_at: AT, delivered_at: AT, ...COMPLAINED })

    const [a, b] = [await sent('mailjet'), await sent('mailjet')]
    const told = [a, b].map(({ providerId }) => mailjet.event('delivered', providerId, { at: AT }))
    expect(await post(mailjet.posted(`[${told.join()}, null, 5]`))).toEqual(OK)
    expect([await made(a), await made(b)]).toEqual([{ delivered_at: AT }, { delivered_at: AT }])
    for (const [error_related_to, made_] of [
      ['Spam Reporter', DEAD],
      ['greylisted', {}],
    ] as const) {
      const mail = await sent('mailjet')
      const blocked = JSON.parse(mailjet.event('bounced', '0', { at: AT }))
      const text = JSON.stringify({ ...blocked, event: 'blocked', error_related_to, MessageID: 0 })
      expect(
        await post(mailjet.posted(text.replace('"MessageID":0', `"MessageID":${mail.providerId}`))),
      ).toEqual(OK)
      expect(await made(mail)).toEqual(made_)
    }
  })

  it('6.2 postal: what failed hard, was held, or came in from outside', async () => {
    const tell = async (event: string, payload: object) => {
      const mail = await sent('postal')
      const told = JSON.parse(postal.webhook('delivered', mail.providerId, { at: AT }).body)
      const message = { ...told.payload.message, ...payload }
      const request = postal.signed({ ...told, event, payload: { ...told.payload, ...payload, message } })
      expect(await post(request)).toEqual(OK)
      return made(mail)
    }
    expect(await tell('MessageDeliveryFailed', { status: 'HardFail' })).toEqual(DEAD)
    expect(await tell('MessageHeld', { status: 'Held' })).toEqual(DEAD)
    expect(await tell('MessageHeld', { status: 'Released' })).toEqual({})
    expect(await tell('MessageDeliveryFailed', { status: 'HardFail', direction: 'incoming' })).toEqual({})
  })

  it('6.2: a mail that is told of before its id is written down is found afterwards, or by its Message-ID', async () => {
    const early = await sent('postmark')
    const row = db.updateTable('deliveries').where('id', '=', early.id)
    await row.set({ provider_id: null }).execute()
    expect(await post(fakes.postmark.webhook('delivered', early.providerId, { at: AT }))).toEqual(OK)
    expect(await made(early)).toEqual({})
    await row.set({ provider_id: early.providerId }).execute()
    await expect.poll(() => made(early)).toEqual({ delivered_at: AT })

    // SendGrid's own id is not in what it says of a mail that it never took up.
    const dropped = await sent('sendgrid')
    const key = running.secrets.key(DELIVERY_KEY)
    const own = messageIdOf(key, { id: dropped.id, campaign_id: campaignId }, 'f@example.com')
    const event = {
      ...sendgrid.event('bounced', 'filter0093p1las1', { at: AT }),
      event: 'dropped',
      'smtp-id': own,
    }
    const forged = { ...event, sg_event_id: 'x', 'smtp-id': own.replace(/\.[^.@]{10}@/, '.AAAAAAAAAA@') }
    expect(await post(sendgrid.signed([forged]))).toEqual(OK)
    expect(await made(dropped)).toEqual({})
    expect(await post(sendgrid.signed([event]))).toEqual(OK)
    expect(await made(dropped)).toEqual(DEAD)
  })

  it('6.2: hostile bodies are as good as none, of any kind', async () => {
    const mail = await sent('postmark')
    const bodies: [string, string | Buffer][] = [
      ['empty', ''],
      ['no JSON', '{"a":'],
      ['deep', '['.repeat(100_000) + ']'.repeat(100_000)],
      ['deep in a text', JSON.stringify({ Type: 'Notification', Message: '['.repeat(10_000) })],
      ['not text', Buffer.from([0xff, 0xfe, 0x00, 0x7b, 0x7d])],
      [
        'wrong types',
        JSON.stringify({
          RecordType: ['Open'],
          MessageID: { a: 1 },
          event: 7,
          payload: 'x',
          'event-data': [],
        }),
      ],
      ['list of lists', '[[[]], [[{}]], null, true, 1e400]'],
      ['prototype', '{"__proto__": {"RecordType": "Open"}, "constructor": {"MessageID": "x"}}'],
      [
        'NUL and half a surrogate',
        JSON.stringify({
          RecordType: 'Bounce',
          Type: 'Hard\u0000Bounce',
          MessageID: mail.providerId,
          Details: '\u0000\ud800',
        }),
      ],
      [
        'no id anybody has',
        JSON.stringify({ RecordType: 'Open', MessageID: `\u0000${'x'.repeat(100_000)}` }),
      ],
      [
        'time',
        JSON.stringify({ RecordType: 'Delivery', MessageID: mail.providerId, DeliveredAt: '+275760-09-13' }),
      ],
    ]
    const TYPES = ['text/plain', 'application/x-www-form-urlencoded', 'image/png', 'x']
    const { headers } = fakes.postmark.webhook('delivered', 'x')
    for (const name of NAMES)
      for (const [what, body] of bodies)
        for (const type of what === 'wrong types' ? TYPES : ['application/json']) {
          const response = await fetch(`${base}/api/v1/webhooks/${name}`, {
            method: 'POST',
            headers: { ...headers, 'content-type': type },
            body,
          })
          const text = await response.text()
          expect([name, what, type, response.status, text.slice(0, 2)]).toEqual([name, what, type, 200, 'OK'])
        }
    const huge = await post({
      path: '/api/v1/webhooks/sendgrid',
      headers: {},
      body: ' '.repeat((2 << 20) + 1),
    })
    expect(huge[0]).toBe(413)
    // Only what was told of it in earnest: a soft bounce, and a delivery that lies in the future and counts as now.
    const events = await eventsOf(mail)
    expect(events.map(({ kind }) => kind)).toEqual(['bounced', 'delivered'])
    expect(events[1]?.at).toBeLessThanOrEqual(Date.now())
  })
})
