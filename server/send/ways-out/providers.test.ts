// Each provider as a way out, against one that speaks as it does. What is sent, and what is said of it.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FAKE_PROVIDERS } from '../../../test/providers/all-providers.ts'
import type { Decision, FakeProvider } from '../../../test/providers/fake-provider.ts'
import { type FakeSes, fakeSes } from '../../../test/providers/fake-ses.ts'
import { createGuard } from '../../guard.ts'
import type { SettingValues } from './email-service-types.ts'
import { openWayOut } from './open-way-out.ts'
import { sesQuota } from './ses.ts'
import type { Outcome, OutgoingMail, WayOut } from './way-out.ts'

const MESSAGE_ID = '<7.42.abcdefghij@example.com>'
const MESSAGE = `From: Ann <ann@example.com>\r\nTo: bob@example.net\r\nSubject: Hello\r\nMessage-ID: ${MESSAGE_ID}\r\n\r\nHi, 🦊\r\n`

function mailTo(forwardPath: string, takes: WayOut['takes']): OutgoingMail {
  return {
    reversePath: 'b-1@bounces.example.com',
    forwardPath,
    idempotencyKey: 'key-42',
    bytes: Buffer.from(takes === 'bytes' ? MESSAGE : ''),
    parts:
      takes === 'bytes'
        ? undefined
        : {
            from: { name: 'Ann "A"', email: 'ann@example.com' },
            replyTo: 'reply@example.com',
            to: { name: '', email: forwardPath },
            subject: 'Hello',
            html: '<p>Hi, 🦊</p>',
            text: 'Hi, 🦊',
            headers: [
              ['Message-ID', MESSAGE_ID],
              ['List-ID', 'News <1.us.example>'],
              ['Date', 'Sun, 22 Nov 2026 01:00:00 +0000'],
              ['List-Unsubscribe', '<https://us.example/u>'],
              ['List-Unsubscribe-Post', 'List-Unsubscribe=One-Click'],
            ],
            attachments: [
              { name: 'a.txt', contentType: 'text/plain', contentId: null, base64: 'YQ==' },
              { name: 'l.png', contentType: 'image/png', contentId: 'logo', base64: 'Yg==' },
            ],
          },
  }
}

/** What stands in each request besides the mail itself. */
const ASKED: Record<string, object> = {
  aws: { ConfigurationSetName: 'posthorn', Destination: { ToAddresses: ['bob@example.net'] } },
  sendgrid: {
    reply_to: { email: 'reply@example.com' },
    headers: { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
    attachments: [{ disposition: 'attachment' }, { disposition: 'inline', content_id: 'logo' }],
    tracking_settings: { open_tracking: { enable: false }, click_tracking: { enable: false } },
  },
  mailgun: { 'o:tracking': 'no' },
  postmark: {
    From: '"Ann \\"A\\"" <ann@example.com>',
    MessageStream: 'broadcast',
    TrackOpens: false,
    TrackLinks: 'None',
    Headers: [
      { Name: 'Message-ID', Value: MESSAGE_ID },
      { Name: 'List-ID' },
      { Name: 'List-Unsubscribe' },
      { Name: 'List-Unsubscribe-Post' },
      { Name: 'X-PM-KeepID', Value: 'true' },
    ],
    Attachments: [{ Name: 'a.txt' }, { ContentID: 'cid:logo' }],
  },
  mailjet: {
    Messages: [
      {
        TrackOpens: 'disabled',
        CustomID: 'key-42',
        Headers: { 'List-Unsubscribe': '<https://us.example/u>' },
        Attachments: [{ Filename: 'a.txt' }],
        InlinedAttachments: [{ ContentID: 'logo' }],
      },
    ],
  },
  postal: { mail_from: 'b-1@bounces.example.com', rcpt_to: ['bob@example.net'], bounce: false },
}

const WORDS: Record<string, RegExp> = {
  aws: /not verified/,
  sendgrid: /valid address/,
  mailgun: /not a valid address/,
  postmark: /inactive/,
  mailjet: /invalid email/,
  postal: /not authorised/,
}

describe.each(Object.keys(FAKE_PROVIDERS))('%s', name => {
  let fake: FakeProvider
  let wayOut: WayOut
  const opened: WayOut[] = []
  const open = (settings: SettingValues, timeoutScale = 1, url = fake.url) => {
    const way = openWayOut(
      { id: 1, typeId: fake.typeId, settings },
      {
        guard: createGuard('allow'),
        deliver: () => Promise.reject(new Error('there is no inbox')),
        dataDir: '',
        heloName: '',
        timeoutScale,
        providersAt: { [fake.typeId]: url },
      },
    )
    opened.push(way)
    return way
  }
  beforeAll(async () => {
    fake = (await FAKE_PROVIDERS[name]?.()) as FakeProvider
    wayOut = open(fake.settings())
  })
  afterAll(async () => {
    for (const way of opened) way.close()
    await fake.close()
  })

  let gates = 0
  const gate = async () => ++gates > 0
  const send = (way = wayOut) => way.send(mailTo('bob@example.net', way.takes), gate)
  const whenIt = async (decision: Decision, way = wayOut): Promise<Outcome> => {
    fake.decide = () => decision
    try {
      return await send(way)
    } finally {
      fake.decide = () => 'accept'
    }
  }

  it('takes the mail, under an id that it will tell of it by, over connections that are kept', async () => {
    gates = 0
    const before = fake.connections
    const outcomes = [await send(), await send(), await send()]
    expect([gates, fake.connections - before]).toEqual([3, 1])
    const [outcome] = outcomes
    expect(outcome).toMatchObject({ is: 'sent', answer: { code: expect.any(Number), enhanced: null } })
    const id = outcome?.is === 'sent' ? outcome.providerId : null
    const mail = fake.accepted.get(id ?? '')
    expect(mail).toMatchObject({ to: 'bob@example.net', subject: 'Hello', request: ASKED[name] })
    expect(mail?.raw === null ? mail.html : Buffer.from(mail?.raw ?? '', 'latin1').toString()).toBe(
      wayOut.takes === 'bytes' ? MESSAGE : '<p>Hi, 🦊</p>',
    )
  })

  it('says what became of it when it was not taken', async () => {
    const refused = await whenIt('refuse')
    expect(refused).toMatchObject({
      is: 'refused',
      answer: { text: expect.stringMatching(WORDS[name] as RegExp) },
    })
    const throttled = await whenIt('throttle')
    expect(throttled).toMatchObject({ is: 'deferred', scope: 'service', answer: { code: 429 } })
    const wait = throttled.is === 'deferred' ? throttled.answer.retryAfterMs : undefined
    expect(wait).toBeGreaterThan(0)
    expect(wait).toBeLessThanOrEqual(30_000)
    expect(await whenIt('down')).toMatchObject({ is: 'deferred', scope: 'service' })

    const wrong = Object.fromEntries(
      Object.entries(fake.settings()).map(([key, value]) => [key, key === 'key' ? 'wrong' : value]),
    )
    expect(await send(open(wrong))).toMatchObject({ is: 'deferred', scope: 'service' })
  })

  it('is ambiguous only where nobody can know', async () => {
    expect(await whenIt('drop')).toMatchObject({ is: 'ambiguous', answer: { code: 0 } })
    // The same for all, and it takes a second.
    if (name === 'aws')
      expect(await whenIt('hang', open(fake.settings(), 0.001))).toMatchObject({ is: 'ambiguous' })

    gates = 0
    const gone = createServer()
    await new Promise<void>(done => gone.listen(0, '127.0.0.1', done))
    const nowhere = `http://127.0.0.1:${(gone.address() as AddressInfo).port}`
    await new Promise(done => gone.close(done))
    const closed = open(
      { ...fake.settings(), ...(name === 'postal' && { postal_host: nowhere }) },
      1,
      nowhere,
    )
    expect(await send(closed)).toMatchObject({ is: 'deferred', scope: 'service', answer: { code: 0 } })
    expect(gates).toBe(0)

    const before = fake.accepted.size
    expect(await wayOut.send(mailTo('bob@example.net', wayOut.takes), async () => false)).toEqual({
      is: 'stopped',
    })
    expect(
      await wayOut.send(mailTo('bob@example.net', wayOut.takes), () =>
        Promise.reject(new Error('no journal')),
      ),
    ).toMatchObject({ is: 'deferred' })
    expect(fake.accepted.size).toBe(before)
  })
})

describe('settings that aim', () => {
  const guard = createGuard('allow')
  const outcome = async (typeId: number, settings: SettingValues) => {
    const tools = {
      guard,
      deliver: () => Promise.reject(new Error()),
      dataDir: '',
      heloName: '',
      timeoutScale: 1,
    }
    const way = openWayOut({ id: 1, typeId, settings }, tools)
    return way.send(mailTo('bob@example.net', way.takes), async () => true)
  }

  it('a region is no host, and a host of Postal is guarded', async () => {
    for (const region of ['evil.example/', 'eu-west-1.evil.example', '../x', ''])
      expect(await outcome(1, { key: 'k', secret: 's', region, configuration_set_name: 'c' })).toMatchObject({
        is: 'deferred',
        scope: 'service',
        answer: { text: expect.stringMatching(/no region/) },
      })
    const tools = {
      guard: createGuard('deny'),
      deliver: () => Promise.reject(new Error()),
      dataDir: '',
      heloName: '',
      timeoutScale: 1,
    }
    for (const postal_host of ['127.0.0.1:9', 'http://169.254.169.254', 'http://', 'file:///etc/passwd']) {
      const way = openWayOut({ id: 1, typeId: 7, settings: { postal_host, key: 'k' } }, tools)
      const said = await way.send(mailTo('bob@example.net', 'bytes'), () =>
        Promise.reject(new Error('asked')),
      )
      expect(said).toMatchObject({ is: 'deferred', scope: 'service' })
      expect(JSON.stringify(said)).not.toMatch(/asked/)
    }
  })
})

describe('the quota of SES', () => {
  let ses: FakeSes
  beforeAll(async () => {
    ses = await fakeSes()
  })
  afterAll(() => ses.close())

  it('is what the account says, and an error where it says none', async () => {
    const tools = { guard: createGuard('allow'), baseUrl: ses.url }
    expect(await sesQuota(ses.settings(), tools)).toEqual({ max24h: 50_000, sent24h: 120, perSecond: 14 })
    ses.quota = { ...ses.quota, Max24HourSend: -1 }
    expect((await sesQuota(ses.settings(), tools)).max24h).toBe(-1)
    await expect(sesQuota({ ...ses.settings(), secret: 'wrong' }, tools)).rejects.toThrow(
      /403 The request signature/,
    )
  })
})
