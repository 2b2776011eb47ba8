// What the links in mails lead to, over HTTP: opens, clicks, leaving, coming back.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { eachEngine } from '../../../../test/engines.ts'
import { type SentMail, sentCampaign, sentMail } from '../../../../test/sent-mail.ts'
import { makeFirstOwner } from '../../../accounts/first-owner.ts'
import { openSecrets } from '../../../accounts/secrets.ts'
import { createGuard } from '../../../guard.ts'
import { Metrics } from '../../../http/metrics.ts'
import { createHttpServer, type HttpServer } from '../../../http/server.ts'
import { createLog } from '../../../log.ts'
import { openStorage, type Storage } from '../../../storage/database.ts'
import { parseLocation } from '../../../storage/location.ts'
import { setStatus, subscriberById } from '../../audience/subscribers.ts'
import { suppressionOf } from '../../audience/suppressions.ts'
import { type DeliveryEvent, eventsOfDelivery } from '../../deliveries/delivery-events.ts'
import { applyFeedback } from '../../feedback/delivery-feedback.ts'
import { DELIVERY_KEY, publicToken, urlSignature } from '../../feedback/public-token.ts'
import { Compiler } from '../../templates/compiler.ts'
import type { PublicDoor } from './public-door.ts'
import { publicPages } from './public-pages.ts'

const OPERATIONS = new URL('../../../operations.ts', import.meta.url)
const FIREFOX = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:121.0) Gecko/20100101 Firefox/121.0'
const NOBODY = { userId: null }

eachEngine('the links in mails', engine => {
  let storage: Storage
  let key: Buffer
  let server: HttpServer
  let base: string
  let workspaceId: number
  const compiler = new Compiler()
  let pages: ReturnType<typeof publicPages>
  /** Whom to hand nothing over to any more, with the status they had when that was said. */
  const stopped: [number, string | undefined][] = []

  beforeAll(async () => {
    storage = await openStorage(parseLocation(await engine.freshUrl()), OPERATIONS, error => {
      throw error
    })
    const secrets = openSecrets({ dataDir: engine.freshDataDir(), secretKey: '' })
    key = secrets.key(DELIVERY_KEY)
    const owner = await makeFirstOwner(storage.write, { email: 'ann@example.com', password: '' })
    workspaceId = owner?.workspace.id ?? 0
    const log = createLog({ level: 'silent', human: false, write: () => {} })
    const door: PublicDoor = {
      storage,
      secrets,
      log,
      publicUrl: 'http://news.example',
      sendLetter: async () => true,
      mails: true,
      guard: createGuard('allow'),
      compiler,
      bounceDomain: '',
      sending: {
        async stop({ subscriberIds = [] }: { subscriberIds?: readonly number[] }) {
          for (const id of subscriberIds)
            stopped.push([id, (await subscriberById(storage.read, workspaceId, id))?.status])
        },
      } as never,
    }
    server = createHttpServer({
      log,
      metrics: new Metrics(),
      maxBodySize: 1_000_000,
      trustedProxies: ['127.0.0.1'],
    })
    pages = publicPages(server.app, door)
    base = `http://127.0.0.1:${await server.listen('127.0.0.1', 0)}`
  })
  afterAll(async () => {
    await server.close(0)
    await pages.close()
    await compiler.close()
    await storage.close()
  })

  const aCampaign = (...links: string[]) => sentCampaign(storage.write, workspaceId, links)
  const aMail = (campaignId: number, given?: Parameters<typeof sentMail>[3]) =>
    sentMail(storage.write, workspaceId, campaignId, given)
  const tokenOf = ({ delivery: { id } }: SentMail) => publicToken(key, id)
  const rowOf = ({ delivery: { id } }: SentMail) =>
    storage.read.selectFrom('deliveries').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  const linksOf = (campaignId: number) =>
    storage.read
      .selectFrom('campaign_links')
      .select(['clicks', 'clicked', 'machine_clicks'])
      .where('campaign_id', '=', campaignId)
      .orderBy('number')
      .execute()
  const statusOf = async ({ subscriber: { id } }: SentMail) =>
    (await subscriberById(storage.read, workspaceId, id))?.status
  const call = (path: string, { headers, ...init }: RequestInit = {}, agent = FIREFOX) =>
    fetch(base + path, {
      redirect: 'manual',
      ...init,
      headers: { 'user-agent': agent, 'x-forwarded-for': '203.0.113.7', ...(headers as object) },
    })
  const form = (values: Record<string, string>): RequestInit => ({
    method: 'POST',
    body: new URLSearchParams(values),
  })
  const kept = () => pages.close()

  it('section 5.5: counts opens and clicks of people, and tells them from machines', async () => {
    const campaignId = await aCampaign(
      'https://shop.example/a?x=%7E1',
      'https://shop.example/b',
      'https://shop.example/c',
    )
    const [reader, scanned] = [await aMail(campaignId), await aMail(campaignId)]
    const pixel = await call(`/t/o/${tokenOf(reader)}.gif`)
    const bytes = Buffer.from(await pixel.arrayBuffer())
    expect([pixel.status, pixel.headers.get('content-type'), bytes.length]).toEqual([200, 'image/gif', 43])
    expect(pixel.headers.get('cache-control')).toBe('no-store')
    expect(bytes.toString('latin1', 0, 6)).toBe('GIF89a')
    const followed = await call(`/t/c/${tokenOf(reader)}/1`)
    expect(followed.status).toBe(302)
    expect(Object.fromEntries(followed.headers)).toMatchObject({
      location: 'https://shop.example/a?x=%7E1',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    })
    await call(`/t/c/${tokenOf(reader)}/1`)
    // Its scanner says HEAD to one, and looks at the mail as Apple does.
    expect((await call(`/t/c/${tokenOf(scanned)}/2`, { method: 'HEAD' })).status).toBe(302)
    await call(`/t/o/${tokenOf(scanned)}.gif`, {}, 'Mozilla/5.0')
    await kept()
    expect(await rowOf(reader)).toMatchObject({ open_count: 1, click_count: 2, machine_opened_at: null })
    expect(await rowOf(scanned)).toMatchObject({
      open_count: 0,
      click_count: 0,
      opened_at: null,
      clicked_at: null,
      machine_opened_at: expect.any(Number),
      machine_clicked_at: expect.any(Number),
    })
    expect(await linksOf(campaignId)).toEqual([
      { clicks: 2, clicked: 1, machine_clicks: 0 },
      { clicks: 0, clicked: 0, machine_clicks: 1 },
      { clicks: 0, clicked: 0, machine_clicks: 0 },
    ])
    const events = await eventsOfDelivery(storage.read, scanned.delivery.id)
    expect(
      events.map(({ kind, verdict, source, ip, detail }) => [kind, verdict, source, ip, detail]),
    ).toEqual([
      ['clicked', 'scanner', 'link', '203.0.113.7', '{"reasons":["a HEAD request"]}'],
      [
        'opened',
        'privacy_proxy',
        'pixel',
        '203.0.113.7',
        '{"reasons":["the agent of Apple Mail Privacy Protection"]}',
      ],
    ])
    const totals = await storage.read
      .selectFrom('campaign_totals')
      .selectAll()
      .where('campaign_id', '=', campaignId)
      .executeTakeFirstOrThrow()
    expect(totals).toMatchObject({
      opened: 1,
      opens: 1,
      clicked: 1,
      clicks: 2,
      machine_opened: 1,
      machine_clicked: 1,
    })
  })

  it('section 5.5: a click without pictures is an open too', async () => {
    const campaignId = await aCampaign('https://shop.example/')
    const mail = await aMail(campaignId)
    await call(`/t/c/${tokenOf(mail)}/1`)
    await kept()
    await call(`/t/o/${tokenOf(mail)}.gif`)
    await kept()
    expect(await rowOf(mail)).toMatchObject({ open_count: 2, click_count: 1 })
  })

  it('section 12: takes back what a scanner did before it gave itself away', async () => {
    const links = ['https://shop.example/a', 'https://shop.example/b', 'https://shop.example/c']
    const campaignId = await aCampaign(...links)
    const [hidden, burst, quick, claimed] = [
      await aMail(campaignId),
      await aMail(campaignId),
      await aMail(campaignId, { sentAt: Date.now() }),
      await aMail(campaignId, { sentAt: null }),
    ]
    await call(`/t/o/${tokenOf(hidden)}.gif`)
    await call(`/t/c/${tokenOf(hidden)}/1`)
    await kept()
    expect(await rowOf(hidden)).toMatchObject({ open_count: 1, click_count: 1 })
    expect((await linksOf(campaignId))[0]).toEqual({ clicks: 1, clicked: 1, machine_clicks: 0 })
    const empty = await call(`/t/c/${tokenOf(hidden)}/0`)
    expect([empty.status, empty.headers.get('location'), await empty.text()]).toEqual([200, null, ''])
    for (const number of [1, 2]) await call(`/t/c/${tokenOf(burst)}/${number}`)
    await kept()
    await call(`/t/c/${tokenOf(burst)}/3`)
    for (const mail of [quick, claimed]) await call(`/t/c/${tokenOf(mail)}/1`)
    await kept()
    const untouched = { open_count: 0, click_count: 0, opened_at: null, clicked_at: null }
    for (const mail of [hidden, burst, quick, claimed])
      expect(await rowOf(mail)).toMatchObject({ ...untouched, machine_clicked_at: expect.any(Number) })
    expect(await linksOf(campaignId)).toEqual([
      { clicks: 0, clicked: 0, machine_clicks: 4 },
      { clicks: 0, clicked: 0, machine_clicks: 1 },
      { clicks: 0, clicked: 0, machine_clicks: 1 },
    ])
    const totals = await storage.read
      .selectFrom('campaign_totals')
      .selectAll()
      .where('campaign_id', '=', campaignId)
      .executeTakeFirstOrThrow()
    expect(totals).toMatchObject({ opened: 0, clicked: 0, opens: 0, clicks: 0, machine_clicked: 4 })
  })

  it('section 5.5: in bulk, the same comes out as of single events', async () => {
    const start = Date.now() - 50_000
    const ip = '203.0.113.7'
    const asTheyCame: [number, 'opened' | 'clicked', number, string, DeliveryEvent['verdict'] & string][] = [
      [9_000, 'clicked', 1, FIREFOX, 'person'],
      [5_000, 'opened', 0, 'Mozilla/5.0', 'privacy_proxy'],
      [7_000, 'opened', 0, FIREFOX, 'person'],
      [20_000, 'clicked', 1, FIREFOX, 'person'],
      [20_500, 'clicked', 2, 'curl/8.5.0', 'scanner'],
      [31_000, 'clicked', 2, FIREFOX, 'person'],
      [32_000, 'opened', 0, FIREFOX, 'person'],
    ]
    const seen = async (mail: SentMail) => {
      const { opened_at, open_count, clicked_at, click_count, machine_opened_at, machine_clicked_at } =
        await rowOf(mail)
      return { opened_at, open_count, clicked_at, click_count, machine_opened_at, machine_clicked_at }
    }
    for (const moments of [asTheyCame, asTheyCame.toSorted(([a], [b]) => a - b)]) {
      const campaignId = await aCampaign('https://shop.example/a', 'https://shop.example/b')
      const [bulk, single] = [await aMail(campaignId), await aMail(campaignId)]
      const links = await storage.read
        .selectFrom('campaign_links')
        .select(['id', 'number'])
        .where('campaign_id', '=', campaignId)
        .execute()
      const tracked = moments.map(([after, kind, number, agent]) => ({
        deliveryId: bulk.delivery.id,
        kind,
        at: start + after,
        number,
        url: null,
        method: 'GET',
        agent,
        ip,
        isPrefetch: false,
      }))
      const inTime = moments !== asTheyCame
      for (const portion of inTime ? [tracked] : tracked.map(event => [event]))
        await storage.perform('keep_tracking', portion)
      for (const [after, kind, number, agent, verdict] of moments) {
        const isClick = kind === 'clicked'
        const linkId = isClick ? (links.find(link => link.number === number)?.id ?? null) : null
        const source = isClick ? 'link' : 'pixel'
        await storage.write.transaction().execute(async trx =>
          applyFeedback(trx, await rowOf(single), {
            kind,
            at: start + after,
            verdict,
            linkId,
            ip,
            userAgent: agent,
            source,
          }),
        )
      }
      expect(await seen(bulk)).toEqual(await seen(single))
      expect(await seen(bulk)).toMatchObject({
        open_count: inTime ? 2 : 3,
        click_count: 3,
        opened_at: start + 7_000,
      })
      expect(await linksOf(campaignId)).toEqual([
        { clicks: 4, clicked: 2, machine_clicks: 0 },
        { clicks: 2, clicked: 2, machine_clicks: 2 },
      ])
    }
    // Of a delivery that is gone meanwhile nothing is kept, and it holds up nothing.
    const gone = {
      deliveryId: 999_999,
      kind: 'opened',
      at: start,
      number: 0,
      url: null,
      method: 'GET',
      agent: '',
      ip,
    }
    expect(await storage.perform('keep_tracking', [gone])).toBe(0)
  })

  it('section 5.5: leads only where a link of ours leads', async () => {
    const campaignId = await aCampaign(
      'https://shop.example/ä b?q=1',
      'javascript:alert(1)',
      'https://shop.example/{{email}}',
      'data:text/html,x',
    )
    const mail = await aMail(campaignId)
    const other = await aMail(await aCampaign('https://else.example/'))
    const token = tokenOf(mail)
    const signed = (url: string, by = token) =>
      `?u=${Buffer.from(url).toString('base64url')}&s=${urlSignature(key, by, url)}`
    const own = 'https://shop.example/?me=Ann%40Example.com'
    expect((await call(`/t/c/${token}/1`)).headers.get('location')).toBe(
      'https://shop.example/%C3%A4%20b?q=1',
    )
    expect((await call(`/t/c/${token}/3${signed(own)}`)).headers.get('location')).toBe(own)
    const lines = await call(`/t/c/${token}/3${signed('https://shop.example/\r\nSet-Cookie: a=b')}`)
    expect([lines.headers.get('location'), lines.headers.get('set-cookie')]).toEqual([
      'https://shop.example/Set-Cookie:%20a=b',
      null,
    ])
    const evil = Buffer.from('https://evil.example/').toString('base64url')
    const forged = `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`
    for (const path of [
      `${token}/2`,
      `${token}/3`,
      `${token}/4`,
      `${token}/5`,
      `${token}/01x`,
      `${token}/1?u=${evil}&s=`,
      `${token}/1?u=${evil}&s=${urlSignature(key, token, own)}`,
      `${token}/1${signed('https://evil.example/', tokenOf(other))}`,
      `${token}/1${signed('javascript:alert(1)')}`,
      `${token}/1${signed('//evil.example')}`,
      `${forged}/1`,
      `${forged}/0`,
      'x/1',
      `${'A'.repeat(400)}/1`,
    ]) {
      const refused = await call(`/t/c/${path}`)
      expect([path, refused.status, refused.headers.get('location')]).toEqual([path, 404, null])
    }
    for (const file of [`${forged}.gif`, `${token}.png`, `${token}`, '.gif'])
      expect([file, (await call(`/t/o/${file}`)).status]).toEqual([file, 404])
    await kept()
    expect(await eventsOfDelivery(storage.read, mail.delivery.id)).toMatchObject([
      { kind: 'clicked', url: 'https://shop.example/ä b?q=1' },
      { kind: 'clicked', url: own },
      { kind: 'clicked' },
    ])
  })

  it('section 5.8: asks before it removes somebody from the page, and before it takes them back', async () => {
    const mail = await aMail(await aCampaign())
    const { email, id } = mail.subscriber
    const token = tokenOf(mail)
    const asking = await call(`/subscriptions/unsubscribe/${token}`)
    const page = await asking.text()
    expect(asking.status).toBe(200)
    expect(page).toContain(`Remove ${email} from this email list?`)
    expect(page).toContain('>Unsubscribe now</button>')
    expect(page).toContain(`action="/subscriptions/subscriptions/${token}"`)
    const preferences = /\/subscriptions\/preferences\/[^"]+/.exec(page)?.[0] ?? ''
    expect((await call(preferences)).status).toBe(200)
    expect(await statusOf(mail)).toBe('subscribed')

    stopped.length = 0
    const left = await call(
      `/subscriptions/subscriptions/${token}`,
      form({ _method: 'PUT', unsubscribed: '1' }),
    )
    expect([left.status, left.headers.get('location')]).toEqual([302, `/subscriptions/subscribe/${token}`])
    // It was committed before the sending was told, and that before the answer.
    expect(stopped).toEqual([[id, 'unsubscribed']])
    expect(await subscriberById(storage.read, workspaceId, id)).toMatchObject({
      status_reason: 'by_subscriber',
    })
    expect(await rowOf(mail)).toMatchObject({ unsubscribed_at: expect.any(Number) })
    const gone = await (await call(`/subscriptions/subscribe/${token}`)).text()
    expect(gone).toContain('You have been successfully removed from the mailing list.')
    expect(gone).toContain(`Add ${email} to this email list?`)
    expect(gone).toContain('>Resubscribe now</button>')

    const put = { method: 'PUT', headers: { 'content-type': 'application/json' } }
    const back = await call(`/subscriptions/subscriptions/${token}`, {
      ...put,
      body: '{"unsubscribed":false}',
    })
    expect([back.status, back.headers.get('location')]).toEqual([303, `/subscriptions/unsubscribe/${token}`])
    expect(await statusOf(mail)).toBe('subscribed')
    expect(await rowOf(mail)).toMatchObject({ unsubscribed_at: null })
    expect(await (await call(`/subscriptions/unsubscribe/${token}`)).text()).toContain(
      'You have been added to the mailing list.',
    )
    for (const values of [{}, { unsubscribed: 'maybe' }, { unsubscribed: '' }] as Record<string, string>[])
      expect((await call(`/subscriptions/subscriptions/${token}`, form(values))).status).toBe(422)
    expect(await statusOf(mail)).toBe('subscribed')
    const kinds = (await eventsOfDelivery(storage.read, mail.delivery.id)).map(({ kind }) => kind)
    expect(kinds).toEqual(['unsubscribed', 'resubscribed'])
  })

  it('section 5.8, RFC 8058: one click removes, without a cookie or an origin, once and again', async () => {
    const campaignId = await aCampaign()
    const oneClick = new FormData()
    oneClick.set('List-Unsubscribe', 'One-Click')
    for (const body of [new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }), oneClick]) {
      const mail = await aMail(campaignId)
      const path = `/subscriptions/unsubscribe/${tokenOf(mail)}`
      for (const method of ['GET', 'HEAD'] as const) await call(path, { method })
      expect(await statusOf(mail)).toBe('subscribed')
      for (const _ of [1, 2]) {
        const reply = await call(path, { method: 'POST', body, headers: { origin: 'https://mail.example' } })
        expect([reply.status, reply.headers.get('set-cookie')]).toEqual([200, null])
        expect(await reply.text()).toContain('successfully removed')
      }
      expect(await statusOf(mail)).toBe('unsubscribed')
      expect(await eventsOfDelivery(storage.read, mail.delivery.id)).toMatchObject([
        { kind: 'unsubscribed', source: 'page', detail: '{"by":"one_click"}' },
      ])
    }
  })

  it('section 5.8: one click removes whatever a mail system posts', async () => {
    const campaignId = await aCampaign()
    const bodies: [type: string, body: string][] = [
      ['text/plain', 'List-Unsubscribe=One-Click'],
      ['', 'List-Unsubscribe=One-Click'],
      ['application/json', '{'],
      ['multipart/form-data', 'no boundary'],
      ['application/x-www-form-urlencoded', ''],
    ]
    for (const [type, body] of bodies) {
      const mail = await aMail(campaignId)
      const reply = await call(`/subscriptions/unsubscribe/${tokenOf(mail)}`, {
        method: 'POST',
        body: Buffer.from(body),
        headers: type === '' ? {} : { 'content-type': type },
      })
      expect([type, reply.status, await statusOf(mail)]).toEqual([type, 200, 'unsubscribed'])
    }
  })

  it('section 5.8: shows a mail in the browser, as it was and without anything that counts', async () => {
    const campaignId = await aCampaign('https://shop.example/a')
    const mail = await aMail(campaignId)
    await storage.write
      .updateTable('campaigns')
      .set({
        content:
          '<p>Dear {{first_name}}, <a href="https://shop.example/a">look</a><script>1</script> <a href="{{unsubscribe_url}}">out</a></p>',
      })
      .where('id', '=', campaignId)
      .execute()
    const shown = await call(`/webview/${tokenOf(mail)}`)
    const page = await shown.text()
    expect(shown.status).toBe(200)
    expect(Object.fromEntries(shown.headers)).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': expect.stringMatching(
        /^sandbox allow-popups\b(?!.*allow-(?:scripts|same-origin))/,
      ),
      'x-robots-tag': 'noindex, nofollow',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    })
    expect(page).toContain('Dear Ann')
    expect(page).toContain('href="https://shop.example/a"')
    expect(page).toContain(`/subscriptions/unsubscribe/${tokenOf(mail)}`)
    expect(page).not.toMatch(/\/t\/[oc]\//)
    for (const [token, status] of [
      ['A'.repeat(20), 404],
      ['x', 404],
      ['test', 200],
    ] as const)
      expect((await call(`/webview/${token}`)).status).toBe(status)
    await kept()
    expect(await eventsOfDelivery(storage.read, mail.delivery.id)).toEqual([])
  })

  it('section 5.8: keeps out who bounced or complained, and who is no subscriber by a suppression', async () => {
    const campaignId = await aCampaign()
    const mail = await aMail(campaignId)
    await storage.write
      .transaction()
      .execute(trx => setStatus(trx, mail.subscriber, 'complained', 'complaint', NOBODY))
    const path = (of: SentMail) => `/subscriptions/subscriptions/${tokenOf(of)}`
    const refused = await call(path(mail), form({ unsubscribed: '0' }))
    expect([refused.status, await refused.text()]).toEqual([
      200,
      expect.stringContaining('cannot be subscribed'),
    ])
    await call(path(mail), form({ unsubscribed: '1' }))
    expect(await statusOf(mail)).toBe('complained')

    const stranger = await aMail(campaignId)
    await storage.write
      .updateTable('deliveries')
      .set({ subscriber_id: null, email: 'Stranger@example.com', campaign_id: null })
      .where('id', '=', stranger.delivery.id)
      .execute()
    const page = await (await call(`/subscriptions/unsubscribe/${tokenOf(stranger)}`)).text()
    expect(page).toContain('Remove Stranger@example.com from')
    expect((await call(path(stranger), form({ unsubscribed: '1' }))).status).toBe(302)
    expect(await suppressionOf(storage.read, workspaceId, 'stranger@example.com')).toBeDefined()
    expect((await call(path(stranger), form({ unsubscribed: '0' }))).status).toBe(302)
    expect(await suppressionOf(storage.read, workspaceId, 'stranger@example.com')).toBeUndefined()
  })

  it('section 5.8: pages of forged links are not there, and guessing them is slow', async () => {
    const from = { headers: { 'x-forwarded-for': '198.51.100.9' } }
    const token = `${'A'.repeat(19)}B`
    for (const path of ['unsubscribe', 'subscribe', 'unsubscribe/x', 'nothing']) {
      const page = await call(`/subscriptions/${path}/${token}`, from)
      expect([page.status, page.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8'])
    }
    const statuses = new Set<number>()
    for (let n = 0; n < 62; n++)
      statuses.add((await call(`/subscriptions/unsubscribe/${token}`, { ...form({}), ...from })).status)
    expect([...statuses]).toEqual([404, 429])
    // From there a genuine one is still heard.
    const mail = await aMail(await aCampaign())
    const genuine = await call(`/subscriptions/unsubscribe/${tokenOf(mail)}`, { ...form({}), ...from })
    expect([genuine.status, await statusOf(mail)]).toEqual([200, 'unsubscribed'])
  })

  it('section 5.2: says of the links of test mails that they do nothing', async () => {
    const url = 'https://shop.example/?me=x'
    const signed = `?u=${Buffer.from(url).toString('base64url')}&s=${urlSignature(key, 'test', url)}`
    for (const [path, init] of [
      ['/subscriptions/unsubscribe/test', {}],
      ['/subscriptions/subscribe/test', {}],
      ['/subscriptions/unsubscribe/test', form({ 'List-Unsubscribe': 'One-Click' })],
      ['/subscriptions/subscriptions/test', form({ unsubscribed: '1' })],
      ['/t/c/test/1', {}],
    ] as [string, RequestInit][]) {
      const page = await call(path, init)
      expect([path, page.status, await page.text()]).toEqual([
        path,
        200,
        expect.stringContaining('This was a test'),
      ])
    }
    expect((await call('/t/o/test.gif')).status).toBe(200)
    expect((await call('/t/c/test/0')).status).toBe(200)
    expect((await call(`/t/c/test/1${signed}`)).headers.get('location')).toBe(url)
  })
})
