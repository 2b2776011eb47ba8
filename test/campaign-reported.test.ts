// A campaign of 5,000 through five providers, and all that people and machines make of it: the report says what was done,
// number by number.
import PostalMime from 'postal-mime'
import { expect, it } from 'vitest'
import type { ReportWire } from '../server/send/api/reports-wire.ts'
import { createEmailService } from '../server/send/ways-out/email-services.ts'
import { webhookUrl } from '../server/send/ways-out/webhook-url.ts'
import { eachEngine } from './engines.ts'
import { ADMIN_API_TOKEN, type Posthorn, startPosthorn } from './posthorn.ts'
import { FAKE_PROVIDERS } from './providers/all-providers.ts'
import type { AcceptedMail, FakeProvider, ToldKind } from './providers/fake-provider.ts'
import { sendingStand } from './sending.ts'

// Amazon's webhooks are signed by Amazon alone; those of the other five can be signed here.
const NAMES = ['sendgrid', 'mailgun', 'postmark', 'mailjet', 'postal'] as const
const KEY = 'the same for whoever sends and whoever is told'
const LINKS = ['https://shop.test/a', 'https://shop.test/b', 'https://shop.test/c']
const CONTENT = `<p>Hello {{first_name}}</p>${LINKS.map(url => `<a href="${url}">Look</a>`).join('')}<a href="{{unsubscribe_url}}">Leave</a>`

const BROWSER =
  'Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36'
const PROXY = 'Mozilla/5.0 (Windows NT 5.1) Firefox/11.0 (via ggpht.com GoogleImageProxy)'
const SCANNER = 'Barracuda Sentinel (EE)'

/** What is done to each, by number: shares of a hundred. */
function fateOf({ at, provider }: Pick<Handed, 'at' | 'provider'>) {
  const bounced = at % 100 < 3
  const person = !bounced && at % 10 < 3
  return {
    bounced,
    deferred: !bounced && at % 20 === 4,
    // Postal has no word for it.
    complained: !bounced && at % 100 === 55 && provider.name !== 'postal',
    opened: person,
    openedTwice: person && at % 3 === 0,
    proxied: !bounced && at % 10 === 3,
    clicked: person && at % 4 === 0,
    scanned: !bounced && at % 20 === 17,
    left: !bounced && at % 100 === 60,
  }
}

interface Handed {
  at: number
  pixel: string
  links: string[]
  away: string
  provider: FakeProvider
  providerId: string
  webhook: string
}

eachEngine('what became of a campaign', engine => {
  // What one database counts of thousands the other counts of a thousand.
  const size = Number(process.env.POSTHORN_CAMPAIGN_SIZE ?? (engine.name === 'SQLite' ? 5_000 : 1_000))

  it('is what the report says, number by number', { timeout: 240_000 }, async () => {
    const dataDir = engine.freshDataDir()
    const url = engine.name === 'PostgreSQL' ? await engine.freshUrl() : `sqlite:${dataDir}/posthorn.db`
    const fakes = await Promise.all(NAMES.map(name => FAKE_PROVIDERS[name]?.() as Promise<FakeProvider>))
    const posthorn = await startPosthorn({
      dataDir,
      ...(engine.name === 'PostgreSQL' && { databaseUrl: url }),
      env: { POSTHORN_SECRET_KEY: KEY, POSTHORN_TRUSTED_PROXIES: '127.0.0.1', POSTHORN_THROTTLE: '0' },
    })
    try {
      // It knows providers where they really are: this one campaign is sent here, with the fakes in their place.
      await posthorn.kill('SIGTERM')
      const { campaignId, handed } = await sendThrough(fakes, url, dataDir)
      expect(handed.length).toBe(size)
      await posthorn.restart()
      await inParallel(handed, one => comesBack(posthorn, one))
      const expected = expectedOf(handed)
      const report = await reportOf(posthorn, campaignId, got => settled(got, expected))
      expect(report.totals).toMatchObject(expected.totals)
      expect(report.rates.opened).toBeCloseTo(expected.totals.opened / size, 6)
      expect(
        Object.fromEntries(
          report.links.map(link => [link.url, [link.clicks, link.clicked, link.machine_clicks]]),
        ),
      ).toEqual(expected.links)
      const sumOf = (kind: 'hard' | 'soft') =>
        report.bounces.filter(bounce => bounce.kind === kind).reduce((sum, { count }) => sum + count, 0)
      expect([sumOf('hard'), sumOf('soft')]).toEqual([expected.totals.bounced, expected.deferred])
      expect(report.domains.map(({ domain, sent }) => [domain, sent])).toEqual([['example.com', size]])
      expect(report.domains[0]).toMatchObject({
        // None of them still waits.
        deferred: 0,
        bounced: expected.totals.bounced,
        opened: expected.totals.opened,
        clicked: expected.totals.clicked,
      })
    } finally {
      await posthorn.stop()
      await Promise.all(fakes.map(fake => fake.close()))
    }
  })

  async function sendThrough(fakes: FakeProvider[], url: string, dataDir: string) {
    const providersAt = Object.fromEntries(fakes.map(fake => [fake.typeId, fake.url]))
    const stand = await sendingStand(url, dataDir, { providersAt, secretKey: KEY, workspace: 1 })
    try {
      await stand.addPeople(size)
      const { storage, secrets, workspaceId } = stand
      const services: number[] = []
      // Each takes its part of the campaign and hands over to the next.
      for (const fake of fakes.toReversed()) {
        const service = await createEmailService(storage.write, secrets, workspaceId, {
          name: fake.name,
          typeId: fake.typeId,
          settings: fake.settings(),
        })
        await storage.write
          .updateTable('email_services')
          .set({
            limits: JSON.stringify({ per_day: size / NAMES.length }),
            next_service_id: services.at(-1) ?? null,
          })
          .where('id', '=', service.id)
          .execute()
        services.push(service.id)
      }
      const campaign = await stand.campaign({ email_service_id: services.at(-1) ?? 0, content: CONTENT })
      await stand.send(campaign)
      const totals = await stand.until(campaign.id, ({ status_id }) => status_id === 4)
      expect(totals).toMatchObject({ total: size, sent: size })
      expect(fakes.map(({ accepted }) => accepted.size)).toEqual(fakes.map(() => size / NAMES.length))
      const handed: Handed[] = []
      for (const [i, provider] of fakes.entries()) {
        const id = services[fakes.length - 1 - i] ?? 0
        const webhook = webhookUrl('', secrets, { id, type_id: provider.typeId }) ?? ''
        for (const [providerId, mail] of provider.accepted)
          handed.push({ ...(await read(mail)), provider, providerId, webhook })
      }
      return { campaignId: campaign.id, handed }
    } finally {
      await stand.close()
    }
  }
})

async function read({
  to,
  raw,
  html,
}: AcceptedMail): Promise<Pick<Handed, 'at' | 'pixel' | 'links' | 'away'>> {
  const body = html ?? (await PostalMime.parse(raw ?? '')).html ?? ''
  const pathOf = (address: string) => address.slice(address.indexOf('/', 8)).replaceAll('&amp;', '&')
  const found = (pattern: RegExp) => [...body.matchAll(pattern)].map(([, address]) => pathOf(address ?? ''))
  const links = found(/href="([^"]*\/t\/c\/[^"]+)"/g).filter(path => !/\/0(?:$|\?)/.test(path))
  return {
    at: Number(/person-(\d+)@/.exec(to)?.[1]),
    pixel: found(/src="([^"]*\/t\/o\/[^"]+)"/g)[0] ?? '',
    links,
    away: found(/href="([^"]*\/subscriptions\/unsubscribe\/[^"]+)"/g)[0] ?? '',
  }
}

async function comesBack(posthorn: Posthorn, one: Handed): Promise<void> {
  const fate = fateOf(one)
  const ip = `203.0.${113 + (one.at % 100)}.${1 + (one.at % 250)}`
  const tell = (kind: ToldKind) => hook(posthorn, one, kind)
  const get = async (path: string, agent: string, method = 'GET') => {
    const response = await fetch(posthorn.url + path, {
      method,
      redirect: 'manual',
      headers: { 'user-agent': agent, 'x-forwarded-for': ip },
    })
    await response.arrayBuffer()
    expect(response.status, path).toBeLessThan(400)
  }
  if (fate.bounced) return tell('bounced')
  if (fate.deferred) await tell('deferred')
  await tell('delivered')
  if (fate.scanned) for (const path of [one.pixel, ...one.links]) await get(path, SCANNER)
  if (fate.proxied) await get(one.pixel, PROXY)
  if (fate.opened) await get(one.pixel, BROWSER)
  if (fate.openedTwice) await get(one.pixel, BROWSER)
  if (fate.clicked) await get(one.links[one.at % LINKS.length] ?? '', BROWSER)
  if (fate.complained) {
    await tell('complained')
    // Providers tell again what was not answered in time.
    await tell('complained')
  }
  if (!fate.left) return
  const response = await fetch(posthorn.url + one.away, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-forwarded-for': ip },
    body: 'List-Unsubscribe=One-Click',
  })
  expect(response.status).toBe(200)
}

async function hook(posthorn: Posthorn, { provider, providerId, webhook, at }: Handed, kind: ToldKind) {
  const { headers, body } = provider.webhook(kind, providerId, { eventId: `${kind}-${at}` })
  const response = await fetch(posthorn.url + webhook, { method: 'POST', headers, body })
  expect(`${response.status} ${await response.text()}`).toBe('200 OK')
}

function expectedOf(handed: readonly Handed[]) {
  const all = handed.map(one => ({ at: one.at, ...fateOf(one) }))
  const count = (fits: (one: (typeof all)[number]) => boolean) => all.filter(fits).length
  const links = Object.fromEntries(
    LINKS.map((url, i) => {
      const clicks = count(one => one.clicked && one.at % LINKS.length === i)
      return [url, [clicks, clicks, count(one => one.scanned)]]
    }),
  )
  return {
    deferred: count(one => one.deferred),
    links,
    totals: {
      total: handed.length,
      sent: handed.length,
      failed: 0,
      ambiguous: 0,
      delivered: count(one => !one.bounced),
      bounced: count(one => one.bounced),
      complained: count(one => one.complained),
      unsubscribed: count(one => one.complained || one.left),
      opened: count(one => one.opened),
      opens: count(one => one.opened) + count(one => one.openedTwice),
      machine_opened: count(one => one.proxied || one.scanned),
      clicked: count(one => one.clicked),
      clicks: count(one => one.clicked),
      machine_clicked: count(one => one.scanned),
    },
  }
}

/** Opens and clicks are written a moment after they came. */
function settled({ totals }: ReportWire, { totals: expected }: ReturnType<typeof expectedOf>): boolean {
  return (['opens', 'clicks', 'machine_opened', 'machine_clicked'] as const).every(
    key => totals[key] >= expected[key],
  )
}

async function reportOf(
  posthorn: Posthorn,
  id: number,
  fits: (report: ReportWire) => boolean,
): Promise<ReportWire> {
  for (const deadline = Date.now() + 10_000; ; ) {
    const response = await fetch(`${posthorn.url}/api/posthorn/campaigns/${id}/report`, {
      headers: { 'api-token': ADMIN_API_TOKEN },
    })
    const report = (await response.json()) as ReportWire
    if (fits(report) || Date.now() > deadline) return report
  }
}

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  let next = 0
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      for (let item = items[next++]; item !== undefined; item = items[next++]) await work(item)
    }),
  )
}
