import { afterEach, expect, it } from 'vitest'
import { createLog } from '../log.ts'
import { type Check, health } from './health.ts'
import { Metrics } from './metrics.ts'
import { createHttpServer, type HttpServer } from './server.ts'

const servers: HttpServer[] = []

afterEach(() => Promise.all(servers.splice(0).map(server => server.close(0))))

async function serve(checks: Record<string, Check>) {
  const metrics = new Metrics()
  const server = createHttpServer({
    log: createLog({ level: 'silent', human: false, write: () => {} }),
    metrics,
    maxBodySize: 1000,
    trustedProxies: [],
  })
  servers.push(server)
  health(server.app, checks)
  const port = await server.listen('127.0.0.1', 0)
  return { metrics, call: (path: string) => fetch(`http://127.0.0.1:${port}${path}`) }
}

it('is ready when every check is content, and says what is wrong when not', async () => {
  let wrong: string | undefined
  const { call } = await serve({
    storage: () => wrong,
    smtp: async () => {
      if (wrong !== undefined) throw new Error('not listening')
      return undefined
    },
  })
  const ready = await call('/health/ready')
  expect(ready.status).toBe(200)
  expect(await ready.json()).toEqual({ status: 'ok', checks: { storage: 'ok', smtp: 'ok' } })
  wrong = 'the disk is full'
  const unwell = await call('/health/ready')
  expect(unwell.status).toBe(503)
  expect(await unwell.json()).toEqual({
    status: 'unwell',
    checks: { storage: 'the disk is full', smtp: 'not listening' },
  })
  expect((await call('/health/live')).status).toBe(200)
})

it('counts in the text format of Prometheus', async () => {
  const { metrics, call } = await serve({})
  metrics.watchProcess('1.2.3')
  metrics.counter('kept_total', 'Messages kept.').of({ source: 'sm"tp' }).add(2)
  const seconds = metrics.histogram('commit_seconds', 'Commits.', [0.1, 1])
  for (const value of [0.1, 0.5, 3]) seconds.observe(value)
  metrics.gauge('clients', 'Open browsers.', () => 7)
  await (await call('/health/live')).text()
  const text = metrics.text()
  expect(text).toContain(
    '# HELP kept_total Messages kept.\n# TYPE kept_total counter\nkept_total{source="sm_tp"} 2\n',
  )
  expect(text).toContain(
    'commit_seconds_bucket{le="0.1"} 1\ncommit_seconds_bucket{le="1"} 2\ncommit_seconds_bucket{le="+Inf"} 3\n' +
      'commit_seconds_sum 3.6\ncommit_seconds_count 3\n',
  )
  expect(text).toContain('clients 7\n')
  expect(text).toContain('posthorn_info{version="1.2.3"} 1\n')
  expect(text).toContain('posthorn_http_requests_total{api="web",status="200"} 1\n')
  expect(text).toMatch(/process_resident_memory_bytes \d{7,}\n/)
  for (const line of text.trimEnd().split('\n')) expect(line).toMatch(/^(# (HELP|TYPE) )?\w+(\{[^}]*\})? \S/)
})

it('logs one line per event, and nothing that is named like a secret', () => {
  const lines: string[] = []
  const write = (line: string) => lines.push(line)
  const machine = createLog({ level: 'info', human: false, write })
  machine.debug('not this')
  machine.info('one', { path: '/x', apiToken: 'hunter2', none: undefined, error: new TypeError('why') })
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    level: 'info',
    message: 'one',
    path: '/x',
    apiToken: '[hidden]',
  })
  expect(lines[0]).toContain('TypeError: why')
  createLog({ level: 'info', human: true, write }).warn('two\nlines\u001b[2J', { from: 'a\nb' })
  expect(lines[1]).toMatch(/^\d\d:\d\d:\d\d warn two lines \[2J from="a\\nb"\n$/)
  createLog({ level: 'silent', human: true, write }).error('never')
  expect(lines).toHaveLength(2)
})
