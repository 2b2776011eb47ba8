// What an open and a click cost, on SQLite: CPU time of the thread that answers, which is the only one there is for HTTP,
// and of all threads together, writing included. The peer is a bare node:http server that answers the same pixel and
// keeps nothing.
// Usage: node bench/tracking.ts [--quick] [--save]
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { openSecrets } from '../server/accounts/secrets.ts'
import { Metrics } from '../server/http/metrics.ts'
import { createHttpServer } from '../server/http/server.ts'
import { createLog } from '../server/log.ts'
import { trackingRoutes } from '../server/send/api/public/tracking-routes.ts'
import { EventBuffer } from '../server/send/feedback/event-buffer.ts'
import { DELIVERY_KEY, publicToken } from '../server/send/feedback/public-token.ts'
import { PIXEL } from '../server/send/feedback/tracking.ts'
import { openStorage } from '../server/storage/database.ts'
import { parseLocation } from '../server/storage/location.ts'
import type { GetLoad } from './stand/get-load.ts'
import { readOptions } from './stand/options.ts'
import { Report } from './stand/report.ts'
import { sentCampaign } from './stand/sent-campaign.ts'

const options = readOptions()
const DELIVERIES = options.quick ? 500 : 20_000
const REQUESTS = options.quick ? 500 : 40_000
const AGENT = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:121.0) Gecko/20100101 Firefox/121.0'
const report = new Report('tracking')

const folder = mkdtempSync(join(tmpdir(), 'posthorn-bench-'))
const storage = await openStorage(
  parseLocation(`sqlite:${join(folder, 'posthorn.db')}`),
  new URL('../server/operations.ts', import.meta.url),
  console.error,
)
const log = createLog({ level: 'warn', human: true, write: text => process.stderr.write(text) })
const http = createHttpServer({ log, metrics: new Metrics(), maxBodySize: 1_000_000, trustedProxies: [] })
const bare = createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'image/gif', 'cache-control': 'no-store' }).end(PIXEL)
})
try {
  await sentCampaign(storage, DELIVERIES)
  const secrets = openSecrets({ dataDir: folder, secretKey: '' })
  const events = new EventBuffer(storage, log)
  trackingRoutes(http.app, { storage, secrets, log }, events)
  const port = await http.listen('127.0.0.1', 0)
  await new Promise<void>(done => bare.listen(0, '127.0.0.1', done))
  const barePort = (bare.address() as AddressInfo).port
  const tokens = Array.from({ length: DELIVERIES }, (_, i) => publicToken(secrets.key(DELIVERY_KEY), i + 1))

  const contestants: [name: string, port: number, path: (token: string) => string][] = [
    ['bare node:http, a pixel', barePort, token => `/t/o/${token}.gif`],
    ['open', port, token => `/t/o/${token}.gif`],
    ['click', port, token => `/t/c/${token}/${1 + (token.charCodeAt(7) % 20)}`],
    ['click, forged', port, token => `/t/c/${token.slice(0, -2)}zz/1`],
  ]
  report.say(`SQLite, ${DELIVERIES} deliveries, ${REQUESTS} requests of each over 20 connections`)
  report.say('')
  // The first ones compile.
  for (const [, at, path] of contestants) await load(at, tokens.map(path), Math.min(REQUESTS, 5_000))
  await events.flush()
  const rows: string[][] = []
  let peer = 0
  for (const [name, at, path] of contestants) {
    const answering = process.threadCpuUsage()
    const all = process.cpuUsage()
    const loader = await load(at, tokens.map(path), REQUESTS)
    const answered = micros(process.threadCpuUsage(answering)) / REQUESTS
    await events.flush()
    const whole = (micros(process.cpuUsage(all)) - loader) / REQUESTS
    peer ||= answered
    rows.push([
      name,
      answered.toFixed(0),
      Math.round(1e6 / answered).toLocaleString('en'),
      (answered / peer).toFixed(2),
      whole.toFixed(0),
    ])
  }
  report.table(['', 'µs of CPU', 'a second and core', 'of the bare one', 'µs, all threads'], rows)
} finally {
  bare.closeAllConnections()
  bare.close()
  await http.close(0)
  await storage.close()
  rmSync(folder, { recursive: true, force: true })
}
report.end(options.save)

/** @returns microseconds of CPU time that the asking itself took */
async function load(port: number, paths: string[], requests: number): Promise<number> {
  const workerData: GetLoad = { port, paths, connections: 20, requests, agent: AGENT }
  const worker = new Worker(new URL('./stand/get-load.ts', import.meta.url), { workerData })
  let used = 0
  worker.once('message', usage => {
    used = micros(usage)
  })
  await new Promise<void>((resolve, reject) => {
    worker.once('error', reject)
    worker.once('exit', () => resolve())
  })
  return used
}

function micros({ user, system }: { user: number; system: number }): number {
  return user + system
}
