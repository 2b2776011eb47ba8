// The message list over HTTP with a million messages stored, half of them in the inbox that is listed, beside a bare
// node:http server that serialises the same 30 objects, and one that has the text ready. The messages are made once and kept in the folder for temporary
// files.
// Usage: node bench/list.ts [--quick] [--save]
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { freePorts } from '../test/free-port.ts'
import { ADMIN_API_TOKEN } from '../test/posthorn.ts'
import { startOurs } from './stand/contestants.ts'
import { fullStorage } from './stand/full-storage.ts'
import { type HttpLoad, httpLoad } from './stand/http-load.ts'
import { shopMail } from './stand/mails.ts'
import { readOptions } from './stand/options.ts'
import { Report } from './stand/report.ts'
import { smtpLoad } from './stand/smtp-load.ts'
import { median } from './stand/statistics.ts'

const options = readOptions()
const stored = options.quick ? 600 : 1_000_000
const runs = options.quick ? 1 : 5
const seconds = options.quick ? 0.1 : 3
const CONNECTIONS = 10
const LIST = '/api/v1/inboxes/1/messages'

interface Part {
  name: string
  url: string
  paths: () => string[]
  /** What goes on meanwhile. */
  beside?: () => Promise<unknown>
}

async function main(): Promise<void> {
  const report = new Report('list')
  const dataDir = await fullStorage(stored)
  const ours = await startOurs('Posthorn', { POSTHORN_DATA_DIR: dataDir })
  const { url, smtpPort } = ours.posthorn
  const page = await get(url, LIST)
  const [port = 0] = await freePorts(1)
  const bare = fork(import.meta.filename, ['bare', String(port)])
  try {
    await serving(bare, page)
    const newest = (JSON.parse(page) as { id: number }[])[0]?.id ?? 0
    const mails = Array.from({ length: options.quick ? 50 : 3000 }, (_, index) => shopMail(index))
    const parts: Part[] = [
      { name: 'bare node:http, 30 objects serialised', url: `http://127.0.0.1:${port}`, paths: () => ['/'] },
      { name: 'bare node:http, text ready made', url: `http://127.0.0.1:${port}`, paths: () => ['/text'] },
      { name: 'newest page, unchanged', url, paths: () => [LIST] },
      {
        name: 'newest page, a message every 50 ms',
        url,
        paths: () => [LIST],
        beside: () => smtpLoad(smtpPort, { connections: 1, seconds, mails, pauseMs: 50 }),
      },
      {
        name: 'pages anywhere by last_id',
        url,
        paths: () => some(random => `${LIST}?last_id=${Math.ceil(random * newest)}`),
      },
      {
        name: 'pages 1 to 1000 by number',
        url,
        paths: () => some(random => `${LIST}?page=${Math.ceil((random * Math.min(stored, 60_000)) / 60)}`),
      },
      {
        name: 'pages anywhere by number',
        url,
        paths: () => some(random => `${LIST}?page=${Math.ceil((random * stored) / 60)}`),
      },
      {
        name: 'newest page, ingest flat out',
        url,
        paths: () => [LIST],
        beside: () => smtpLoad(smtpPort, { connections: 50, seconds, mails }),
      },
    ]
    const loads = parts.map(() => [] as HttpLoad[])
    for (let run = 0; run < runs; run++)
      for (const [at, part] of parts.entries()) loads[at]?.push(await measure(part))
    const of = (at: number, figure: keyof HttpLoad) => median(loads[at]?.map(load => load[figure]) ?? [])
    report.say(
      `${stored} messages generated, half of them in this inbox, ${page.length} bytes a page; ${CONNECTIONS} connections; medians of ${runs} runs of ${seconds} s`,
    )
    report.table(
      ['', 'requests/s', '× bare', 'p50 ms', 'p99 ms'],
      parts.map(({ name }, at) => [
        name,
        of(at, 'rate').toFixed(0),
        (of(at, 'rate') / of(0, 'rate')).toFixed(2),
        of(at, 'p50').toFixed(2),
        of(at, 'p99').toFixed(2),
      ]),
    )
    report.say(`resident afterwards: ${ours.residentMegabytes().toFixed(0)} MB`)
    report.end(options.save)
  } finally {
    bare.kill()
    await ours.stop()
  }
}

/** So many that few are asked for twice in a run: the second answer would come out of a cache. */
function some(path: (random: number) => string): string[] {
  return Array.from({ length: 20_000 }, () => path(Math.random()))
}

async function measure({ url, paths, beside }: Part): Promise<HttpLoad> {
  const [load] = await Promise.all([
    httpLoad(url, { paths: paths(), connections: CONNECTIONS, seconds }),
    beside?.(),
  ])
  return load
}

async function get(url: string, path: string): Promise<string> {
  const response = await fetch(url + path, { headers: { 'api-token': ADMIN_API_TOKEN } })
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`)
  return response.text()
}

async function serving(bare: ChildProcess, page: string): Promise<void> {
  bare.send(page)
  await once(bare, 'message')
}

/** The limit: no query, no caller; the same objects made into JSON each time, or the same text. */
async function serveBare(port: number): Promise<void> {
  const [page] = (await once(process, 'message')) as [string]
  const objects: unknown = JSON.parse(page)
  const server = createServer((request, response) => {
    const body = request.url === '/text' ? page : JSON.stringify(objects)
    response.writeHead(200, {
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(body),
    })
    response.end(body)
  }).listen(port, '127.0.0.1')
  await once(server, 'listening')
  process.send?.('listening')
}

if (process.argv[2] === 'bare') await serveBare(Number(process.argv[3]))
else await main()
