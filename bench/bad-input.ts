// What hostile requests cost, each beside a harmless one of the same size on the same route, in turns; how long other
// callers wait meanwhile, and what becomes of the memory. Ratios below 1: cheaper for the server than the harmless one.
// Usage: node bench/bad-input.ts [--quick] [--save]
import { Agent, request } from 'node:http'
import { connect } from 'node:net'
import { buffer, text } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'
import { ADMIN_API_TOKEN } from '../test/posthorn.ts'
import { startOurs } from './stand/contestants.ts'
import { readOptions } from './stand/options.ts'
import { Report } from './stand/report.ts'
import { median, quantile } from './stand/statistics.ts'

const options = readOptions()
const seconds = options.quick ? 0 : 0.5
const runs = options.quick ? 1 : 3
const CONNECTIONS = 4
const MEGABYTE = 1 << 20
const JSON_TYPE = 'application/json'
const FORM = 'application/x-www-form-urlencoded'
const MULTIPART = 'multipart/form-data; boundary=b'

interface Sent {
  path: string
  type?: string
  body?: string
  /** As it goes over the wire, on a connection of its own. */
  raw?: string
}

interface Hostile extends Sent {
  name: string
  expected: number
}

const INBOX = '/api/v1/inboxes/1'

const part = (name: string, value: string) =>
  `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
const filled = (size: number, around: (filling: string) => string) =>
  around('x'.repeat(Math.max(0, size - around('').length)))

function harmless({ path, type, body = '', raw }: Sent): Sent {
  if (raw !== undefined) return harmless({ path: INBOX, type: JSON_TYPE, body: raw })
  if (type === undefined) return { path: path.includes('?') ? `${INBOX}/messages` : INBOX }
  const around: Record<string, (filling: string) => string> = {
    [JSON_TYPE]: filling => `{"inbox":{"padding":"${filling}"}}`,
    'application/xml': filling => `<inbox><padding>${filling}</padding></inbox>`,
    [FORM]: filling => `inbox[padding]=${filling}`,
    [MULTIPART]: filling => `${part('inbox[padding]', filling)}--b--\r\n`,
  }
  return { path, type, body: filled(body.length, around[type] ?? String) }
}

const laughs = Array.from(
  { length: 30 },
  (_, level) => `<!ENTITY a${level} "${`&a${Math.max(0, level - 1)};`.repeat(10)}">`,
)

const HOSTILE: Hostile[] = [
  json('JSON nested 5 million times', '['.repeat(5 * MEGABYTE) + ']'.repeat(4 * MEGABYTE)),
  json('3 million empty objects', `[${'{},'.repeat(3_000_000)}1]`),
  json('JSON broken at its end', `{"inbox":{"name":"${'x'.repeat(9 * MEGABYTE)}`),
  xml('a billion laughs', `<!DOCTYPE a [${laughs.join('')}]><inbox><name>&a29;</name></inbox>`),
  xml('1 MB of entities', `<!DOCTYPE a [${laughs.join('').repeat(200)}]><inbox/>`),
  xml(
    'an outer entity',
    '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><inbox><name>&b;</name></inbox>',
  ),
  xml('XML 100,000 deep', '<a>'.repeat(100_000)),
  xml('XML 250,000 wide', `<a>${'<b/>'.repeat(250_000)}</a>`),
  xml('100,000 attributes', `<a ${Array.from({ length: 90_000 }, (_, at) => `a${at}=""`).join(' ')}><b></a>`),
  xml('1 MB of spaces in a tag', `<a${' '.repeat(MEGABYTE - 10)}x`),
  xml('200,000 character references', `<inbox><name>${'&#65;'.repeat(200_000)}&#0;</name></inbox>`),
  xml('comments that do not end', `<a>${'<!--'.repeat(250_000)}`),
  { ...xml('XML over its limit', `<a>${'x'.repeat(9 * MEGABYTE)}</a>`), expected: 413 },
  form('a form of 4 million fields', 'a&'.repeat(4_000_000)),
  form('one field nested 1 million deep', `a${'[b]'.repeat(MEGABYTE)}=1`),
  { name: '200,000 parts', path: INBOX, type: MULTIPART, body: part('a', '').repeat(200_000), expected: 400 },
  json('a name of 9 MB', `{"inbox":{"name":"${'x'.repeat(9 * MEGABYTE)}"}}`, 422),
  { name: 'an id of 2^63', path: '/api/v1/inboxes/9223372036854775808', expected: 404 },
  {
    name: 'a search of 10,000 percent signs',
    path: `${INBOX}/messages?search=${'%25'.repeat(3_300)}`,
    expected: 200,
  },
  {
    name: '100,000 headers',
    path: INBOX,
    raw: `GET ${INBOX} HTTP/1.1\r\nHost: x\r\n${Array.from({ length: 100_000 }, (_, at) => `X-${at}: ${at}\r\n`).join('')}\r\n`,
    expected: 431,
  },
]

function json(name: string, body: string, expected = 400): Hostile {
  return { name, path: INBOX, type: JSON_TYPE, body, expected }
}

function xml(name: string, body: string): Hostile {
  return { name, path: INBOX, type: 'application/xml', body, expected: 400 }
}

function form(name: string, body: string): Hostile {
  return { name, path: INBOX, type: FORM, body, expected: 400 }
}

interface Load {
  rate: number
  /** Milliseconds. */
  p50: number
  p99: number
  /** How long a small request of somebody else waits meanwhile: 99 of 100 no longer. */
  others: number
  /** Megabytes. */
  peak: number
}

async function main(): Promise<void> {
  const report = new Report('bad-input')
  const ours = await startOurs('Posthorn')
  const { httpPort } = ours.posthorn
  const measured = (sent: Sent, expected: number) => measure(httpPort, sent, expected, ours.residentMegabytes)
  try {
    // The memory to compare with is that of a server that has seen large bodies.
    for (const { type } of [{ type: JSON_TYPE }, { type: 'application/xml' }, { type: FORM }])
      await measured(
        harmless({ path: INBOX, type, body: 'x'.repeat(type === JSON_TYPE ? 9 * MEGABYTE : MEGABYTE) }),
        200,
      )
    const before = ours.residentMegabytes()
    const rows: string[][] = []
    let peak = 0
    for (const hostile of HOSTILE.filter((_, at) => !options.quick || at % 5 === 0)) {
      const bad: Load[] = []
      const good: Load[] = []
      for (let run = 0; run < runs; run++) {
        bad.push(await measured(hostile, hostile.expected))
        // Over its limit of 1 MB XML is refused unread: then JSON is the harmless one.
        const peer = hostile.expected === 413 ? { ...hostile, type: JSON_TYPE } : hostile
        good.push(await measured(harmless(peer), 200))
      }
      const of = (loads: Load[], figure: keyof Load) => median(loads.map(load => load[figure]))
      peak = Math.max(peak, ...bad.map(load => load.peak))
      rows.push([
        hostile.name,
        String(hostile.expected),
        String((hostile.raw ?? hostile.body ?? hostile.path).length),
        of(bad, 'p50').toFixed(1),
        of(bad, 'p99').toFixed(1),
        of(bad, 'rate').toFixed(0),
        of(good, 'rate').toFixed(0),
        (of(good, 'rate') / of(bad, 'rate')).toFixed(2),
        of(bad, 'others').toFixed(0),
        of(good, 'others').toFixed(0),
        of(bad, 'peak').toFixed(0),
        of(good, 'peak').toFixed(0),
      ])
    }
    report.say(
      `${CONNECTIONS} connections; medians of ${runs} runs of ${seconds} s; cost: the harmless one's rate by the hostile one's`,
    )
    report.table(
      [
        '',
        'status',
        'bytes',
        'p50 ms',
        'p99 ms',
        'per s',
        'harmless per s',
        'cost',
        'others p99 ms',
        'beside harmless',
        'MB',
        'harmless MB',
      ],
      rows,
    )
    report.say(
      `resident: ${before.toFixed(0)} MB after harmless bodies of 9 MB, at most ${peak.toFixed(0)} MB meanwhile, ${ours.residentMegabytes().toFixed(0)} MB afterwards`,
    )
    report.end(options.save)
  } finally {
    agent.destroy()
    await ours.stop()
  }
}

const agent = new Agent({ keepAlive: true })

async function measure(port: number, sent: Sent, expected: number, resident: () => number): Promise<Load> {
  const body = sent.body === undefined ? undefined : Buffer.from(sent.body)
  const took: number[] = []
  const waited: number[] = []
  let peak = 0
  const begun = performance.now()
  const isOver = () => performance.now() - begun > seconds * 1000
  const send = () => (sent.raw === undefined ? ask(port, sent, body) : askRaw(port, sent.raw))
  const sender = async () => {
    do {
      const at = performance.now()
      const status = await send()
      if (status !== expected) throw new Error(`${sent.path} was answered with ${status}, not ${expected}`)
      took.push(performance.now() - at)
    } while (!isOver())
  }
  const bystander = async () => {
    do {
      const at = performance.now()
      await ask(port, { path: '/health/live' })
      waited.push(performance.now() - at)
      peak = Math.max(peak, resident())
      await pause(20)
    } while (!isOver())
  }
  await Promise.all([bystander(), ...Array.from({ length: CONNECTIONS }, sender)])
  return {
    rate: took.length / ((performance.now() - begun) / 1000),
    p50: quantile(took, 0.5),
    p99: quantile(took, 0.99),
    others: quantile(waited, 0.99),
    peak,
  }
}

/** @returns the status */
function ask(port: number, { path, type }: Sent, body?: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    request(
      {
        port,
        path,
        agent,
        method: body ? 'PATCH' : 'GET',
        headers: {
          'api-token': ADMIN_API_TOKEN,
          ...(type && { 'content-type': type }),
          ...(body && { 'content-length': body.length }),
        },
      },
      response => void buffer(response).then(() => resolve(response.statusCode ?? 0), reject),
    )
      .on('error', reject)
      .end(body)
  })
}

async function askRaw(port: number, bytes: string): Promise<number> {
  const socket = connect(port, '127.0.0.1')
  socket.write(bytes)
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(await text(socket))?.[1])
}

await main()
