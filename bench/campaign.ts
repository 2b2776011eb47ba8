// A campaign through the whole program (rendering, tracking, ledger, journal, hand-over) to a server that throws it away,
// beside nodemailer's pool composing mails of the same kind for the same server; without DKIM and with both signatures;
// what memory it takes over a large audience, and how long a mail by itself waits while it runs.
// Usage: node bench/campaign.ts [--people 100000] [--large 1000000] [--quick] [--save] [sqlite|postgres]
import { generateKeyPairSync, sign } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs, promisify } from 'node:util'
import { createTransport } from 'nodemailer'
import { subscriberRow } from '../server/send/audience/subscribers.ts'
import { insertRows } from '../server/storage/bulk.ts'
import { openDatabase } from '../server/storage/database.ts'
import { parseLocation } from '../server/storage/location.ts'
import type { Database } from '../server/storage/schema.ts'
import { ADMIN_API_TOKEN, WORKSPACE_API_TOKEN } from '../test/posthorn.ts'
import { SmtpSink } from '../test/smtp-sink.ts'
import { startSinkProcess } from '../test/smtp-sink-process.ts'
import { type Contestant, startOurs, startOursOnPostgres } from './stand/contestants.ts'
import { Report } from './stand/report.ts'
import { median, quantile } from './stand/statistics.ts'

const { values, positionals } = parseArgs({
  options: {
    people: { type: 'string' },
    large: { type: 'string' },
    quick: { type: 'boolean', default: false },
    save: { type: 'boolean', default: false },
  },
  allowPositionals: true,
})
const people = Number(values.people ?? (values.quick ? 300 : 100_000))
const large = Number(values.large ?? (values.quick ? 0 : 1_000_000))
const runs = values.quick ? 1 : 3
const CONNECTIONS = 50
const FROM = 'news@bench.test'
const UNTHROTTLED = { POSTHORN_THROTTLE: '0' }

const LINKS = Array.from({ length: 10 }, (_, i) => `https://shop.test/articles/${i}`)
const WORDS =
  'The days are short now, so here is what we have gathered for the long evenings: things that were made well. '
const html = (name: string, away: string) =>
  `<html><head><style>p { color: #333 } a { color: #06c }</style></head><body><h1>Hello ${name}</h1>` +
  LINKS.map(url => `<p>Dear ${name}, ${WORDS} <a href="${url}">Look at it</a></p>`).join('\n') +
  `<p><a href="${away}">Unsubscribe</a></p></body></html>`

interface Measured {
  rate: number
  /** CPU seconds per 1000 mails. */
  cost: number
}

const sink = await startSinkProcess()
const report = new Report('campaign')
report.say(
  `${people.toLocaleString('en')} people, ${Buffer.byteLength(html('Name', 'https://shop.test/'))} bytes of HTML with ` +
    `${LINKS.length} links and a name in ${LINKS.length + 2} places, opens and clicks tracked, ${CONNECTIONS} connections; ` +
    `medians of ${runs} runs in turn`,
)
report.say('')

const signatures = await signing()
report.say(
  `RSA-2048 signatures that the machine makes, all cores: ${Math.round(signatures).toLocaleString('en')}/s`,
)
report.say('')

const rows: string[][] = []
const pool: Measured[] = []
for (const engine of ['sqlite', 'postgres'] as const) {
  if (positionals.length > 0 && !positionals.includes(engine)) continue
  const named = engine === 'sqlite' ? 'SQLite' : 'PostgreSQL'
  const ours =
    engine === 'sqlite'
      ? await startOurs('Posthorn', UNTHROTTLED)
      : await startOursOnPostgres('Posthorn', UNTHROTTLED)
  const db = await openDatabase(parseLocation(urlOf(ours)))
  try {
    await addPeople(db, people)
    const service = await call<{ data: { id: number } }>(ours, '/api/v1/email-services', {
      name: 'sink',
      type_id: 6,
      settings: { host: '127.0.0.1', port: sink.port, encryption: null },
    })
    const plain: Measured[] = []
    const signed: Measured[] = []
    for (let run = 0; run < runs; run++) {
      plain.push(await send(ours, db, service.data.id))
      pool.push(await nodemailer(Math.min(people, 20_000)))
    }
    await call(ours, '/api/posthorn/sending-domains', { domain: FROM.split('@')[1] }, ADMIN_API_TOKEN)
    for (let run = 0; run < runs; run++) signed.push(await send(ours, db, service.data.id))
    const theirs = median(pool.map(({ rate }) => rate))
    const line = (name: string, measured: Measured[], beside: string) => [
      name,
      Math.round(median(measured.map(({ rate }) => rate))).toLocaleString('en'),
      median(measured.map(({ cost }) => cost)).toFixed(3),
      beside,
    ]
    rows.push(
      line(`Posthorn, ${named}`, plain, `×${(median(plain.map(({ rate }) => rate)) / theirs).toFixed(1)}`),
      line(
        `Posthorn, ${named}, signed twice`,
        signed,
        `${((median(signed.map(({ rate }) => rate)) / signatures) * 100).toFixed(0)} % of RSA`,
      ),
    )
    const waits = await waitsOfLetters(ours, db, service.data.id)
    report.say(
      `${named}: a mail by itself while a campaign runs, from the call to the server that gets it: ` +
        `median ${median(waits).toFixed(0)} ms, p99 ${quantile(waits, 0.99).toFixed(0)} ms (${waits.length} mails)`,
    )
    if (engine === 'sqlite' && large > 0) await memory(ours, db, service.data.id)
  } finally {
    await db.destroy()
    await ours.stop()
  }
}
rows.push([
  "nodemailer's pool, composing",
  Math.round(median(pool.map(({ rate }) => rate))).toLocaleString('en'),
  median(pool.map(({ cost }) => cost)).toFixed(3),
  '×1.0',
])
report.say('')
report.table(['campaign', 'mails/s', 'CPU-s per 1000', 'beside nodemailer'], rows)
report.end(values.save)
await sink.stop()
process.exit()

function urlOf(ours: Awaited<ReturnType<typeof startOurs>>): string {
  return ours.posthorn.env.DATABASE_URL ?? `sqlite:${ours.posthorn.dataDir}/posthorn.db`
}

async function addPeople(db: Database, count: number, from = 0): Promise<void> {
  for (let at = from; at < count; at += 5_000)
    await db.transaction().execute(trx =>
      insertRows(
        trx,
        'subscribers',
        Array.from({ length: Math.min(5_000, count - at) }, (_, i) =>
          subscriberRow(
            1,
            {
              email: `person-${at + i}@d${(at + i) % 500}.test`,
              first_name: `Person ${at + i}`,
              source: 'import',
            },
            1_000,
          ),
        ),
      ),
    )
}

async function call<T>(
  ours: Awaited<ReturnType<typeof startOurs>>,
  path: string,
  body: unknown,
  token = WORKSPACE_API_TOKEN,
): Promise<T> {
  const response = await fetch(`${ours.posthorn.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  return (await response.json()) as T
}

async function begin(ours: Awaited<ReturnType<typeof startOurs>>, service: number): Promise<number> {
  const { data } = await call<{ data: { id: number } }>(ours, '/api/v1/campaigns', {
    name: 'Bench',
    subject: 'News for {{first_name}}',
    content: html('{{first_name}}', '{{unsubscribe_url}}'),
    from_name: 'Bench',
    from_email: FROM,
    email_service_id: service,
    send_to_all: 1,
    scheduled_at: '2020-01-01 00:00:00',
  })
  await call(ours, `/api/v1/campaigns/${data.id}/send`, {})
  return data.id
}

/** From the frozen audience to the last answer. */
async function send(
  ours: Awaited<ReturnType<typeof startOurs>>,
  db: Database,
  service: number,
): Promise<Measured> {
  const id = await begin(ours, service)
  const began = await until(db, id, row => row.frozen_at !== null)
  const cpu = ours.cpuSeconds()
  const t = performance.now()
  const end = await until(db, id, row => row.status_id === 4)
  const seconds = (performance.now() - t) / 1000
  const count = end.sent - began.sent
  return { rate: count / seconds, cost: ((ours.cpuSeconds() - cpu) / count) * 1000 }
}

interface Standing {
  status_id: number
  frozen_at: number | null
  sent: number
}

async function until(db: Database, id: number, fits: (row: Standing) => boolean): Promise<Standing> {
  for (;;) {
    const row = await db
      .selectFrom('campaigns')
      .innerJoin('campaign_totals', 'campaign_id', 'campaigns.id')
      .select(['status_id', 'frozen_at', 'sent', 'pause_reason'])
      .where('campaigns.id', '=', id)
      .executeTakeFirstOrThrow()
    if (row.pause_reason !== null) throw new Error(row.pause_reason)
    if (fits(row)) return row
    await pause(20)
  }
}

async function nodemailer(count: number): Promise<Measured> {
  const transport = createTransport({
    host: '127.0.0.1',
    port: sink.port,
    pool: true,
    maxConnections: CONNECTIONS,
    maxMessages: Number.POSITIVE_INFINITY,
    ignoreTLS: true,
  })
  const cpu = process.cpuUsage()
  const t = performance.now()
  let next = 0
  const worker = async () => {
    while (next < count) {
      const at = next++
      const name = `Person ${at}`
      await transport.sendMail({
        from: { name: 'Bench', address: FROM },
        to: { name, address: `person-${at}@d${at % 500}.test` },
        subject: `News for ${name}`,
        html: html(name, `https://bench.test/unsubscribe/${at}`),
        text: `Hello ${name}\n${WORDS.repeat(10)}`,
        list: { unsubscribe: `https://bench.test/unsubscribe/${at}` },
      })
    }
  }
  await Promise.all(Array.from({ length: 2 * CONNECTIONS }, worker))
  const seconds = (performance.now() - t) / 1000
  const { user, system } = process.cpuUsage(cpu)
  transport.close()
  return { rate: count / seconds, cost: ((user + system) / 1e6 / count) * 1000 }
}

async function signing(): Promise<number> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const make = promisify(sign) as unknown as (
    algorithm: string,
    data: Buffer,
    key: typeof privateKey,
  ) => Promise<Buffer>
  const data = Buffer.alloc(500, 'x')
  const end = performance.now() + (values.quick ? 100 : 3_000)
  let count = 0
  const t = performance.now()
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      while (performance.now() < end) {
        await make('sha256', data, privateKey)
        count++
      }
    }),
  )
  return (count / (performance.now() - t)) * 1000
}

/** Milliseconds from the call to the arrival at a server of their own. */
async function waitsOfLetters(
  ours: Awaited<ReturnType<typeof startOurs>>,
  db: Database,
  service: number,
): Promise<number[]> {
  const own = await SmtpSink.start()
  const { data } = await call<{ data: { id: number } }>(ours, '/api/v1/email-services', {
    name: 'letters',
    type_id: 6,
    settings: { host: '127.0.0.1', port: own.port, encryption: null },
  })
  const id = await begin(ours, service)
  await until(db, id, row => row.frozen_at !== null)
  const waits: number[] = []
  for (const end = performance.now() + (values.quick ? 300 : 10_000); performance.now() < end; ) {
    const taken = own.counts.taken
    const t = performance.now()
    await call(ours, '/api/v1/transactional', {
      to: `buyer-${waits.length}@example.net`,
      from_email: 'shop@example.org',
      subject: 'Your receipt',
      content: '<p>Thank you</p>',
      email_service_id: data.id,
    })
    while (own.counts.taken === taken) await pause(1)
    waits.push(performance.now() - t)
    if ((await until(db, id, () => true)).status_id === 4 && !values.quick) break
  }
  await until(db, id, row => row.status_id === 4)
  await own.close()
  return waits
}

async function memory(
  ours: Contestant & Awaited<ReturnType<typeof startOurs>>,
  db: Database,
  service: number,
) {
  await addPeople(db, large, people)
  const before = ours.residentMegabytes()
  const id = await begin(ours, service)
  const seen: { sent: number; megabytes: number }[] = []
  for (;;) {
    const row = await until(db, id, () => true)
    seen.push({ sent: row.sent, megabytes: ours.residentMegabytes() })
    if (row.status_id === 4) break
    await pause(250)
  }
  const at = (share: number) =>
    Math.round(seen.find(({ sent }) => sent >= large * share)?.megabytes ?? seen.at(-1)?.megabytes ?? 0)
  report.say(
    `memory over ${large.toLocaleString('en')} people: ${Math.round(before)} MB before, ${at(0)} MB while the audience is ` +
      `frozen, ${at(0.1)} MB after a tenth, ${at(0.5)} MB at half, ${at(1)} MB at the end, ` +
      `${Math.round(Math.max(...seen.map(({ megabytes }) => megabytes)))} MB at most`,
  )
}
