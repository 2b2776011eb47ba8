import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import { afterEach, expect, it } from 'vitest'
import { createLog } from '../log.ts'
import { webApp } from './assets.ts'
import { Metrics } from './metrics.ts'
import { createHttpServer, type HttpServer } from './server.ts'

const servers: HttpServer[] = []
const folders: string[] = []

afterEach(async () => {
  await Promise.all(servers.splice(0).map(server => server.close(0)))
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

async function serve() {
  const parent = mkdtempSync(join(tmpdir(), 'posthorn-assets-'))
  folders.push(parent)
  const folder = join(parent, 'web')
  mkdirSync(join(folder, 'assets'), { recursive: true })
  writeFileSync(join(parent, 'secret.txt'), 'secret')
  const server = createHttpServer({
    log: createLog({ level: 'silent', human: false, write: () => {} }),
    metrics: new Metrics(),
    maxBodySize: 1000,
    trustedProxies: [],
  })
  servers.push(server)
  server.fallBackTo(webApp(folder))
  const port = await server.listen('127.0.0.1', 0)
  const call = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    fetch(`http://127.0.0.1:${port}${path}`, { method, headers })
  return { folder, port, call }
}

function build(folder: string, text: string): void {
  writeFileSync(join(folder, 'index.html'), `<p>${text}</p>`)
  writeFileSync(join(folder, 'assets/app-1234.js'), `'${text}'`)
  writeFileSync(join(folder, 'assets/app-1234.js.br'), brotliCompressSync(`'${text}'`))
}

const html = { accept: 'text/html,*/*;q=0.8' }

it('serves every screen from index.html, which browsers ask for anew each time', async () => {
  const { folder, call } = await serve()
  build(folder, 'one')
  for (const path of ['/', '/inboxes/3?search=x', '/sign-in', '//inboxes//3']) {
    const response = await call(path, html)
    expect(response.status).toBe(200)
    expect(response.headers.get('cache-control')).toBe('no-cache')
    expect(response.headers.get('content-security-policy')).toContain(`frame-ancestors 'none'`)
    expect(response.headers.get('content-security-policy')).not.toMatch(/script-src|unsafe-eval/)
    expect(await response.text()).toBe('<p>one</p>')
  }
  const etag = (await call('/', html)).headers.get('etag') ?? ''
  expect((await call('/', { ...html, 'if-none-match': etag })).status).toBe(304)
})

it('serves hashed assets for ever, compressed where the browser takes it', async () => {
  const { folder, call } = await serve()
  build(folder, 'one')
  const response = await call('/assets/app-1234.js', { 'accept-encoding': 'gzip, br' })
  expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  expect(response.headers.get('content-encoding')).toBe('br')
  expect(response.headers.get('vary')).toBe('Accept-Encoding')
  expect(await response.text()).toBe(`'one'`)
  const plain = await call('/assets/app-1234.js', { 'accept-encoding': 'br;q=0' }, 'HEAD')
  expect(plain.headers.get('content-encoding')).toBeNull()
  expect(plain.headers.get('content-length')).toBe('5')
})

it('is not a screen for paths of APIs, missing assets, and callers that want no page', async () => {
  const { folder, call } = await serve()
  build(folder, 'one')
  for (const path of ['/api/nothing', '/assets/gone.js', '/health/nothing'])
    expect((await call(path, html)).status).toBe(404)
  expect((await call('/inboxes/3', { accept: 'application/json' })).status).toBe(404)
  expect((await call('/', {}, 'POST')).status).toBe(404)
})

it('never leaves its folder', async () => {
  const { folder, call, port } = await serve()
  build(folder, 'one')
  expect((await call('/assets/..%2f..%2fsecret.txt')).status).toBe(404)
  expect((await call('/assets/app-1234.js.br')).status).toBe(404)
  const raw = await new Promise<number | undefined>(resolve => {
    get({ port, path: '/../secret.txt' }, response => resolve(response.resume().statusCode))
  })
  expect(raw).toBe(404)
})

it('says so while the app is not built, and notices when it is, and when it is built again', async () => {
  const { folder, call } = await serve()
  const missing = await call('/', html)
  expect(missing.status).toBe(503)
  expect(await missing.text()).toContain('npm start')
  build(folder, 'one')
  expect(await (await call('/', html)).text()).toBe('<p>one</p>')
  build(folder, 'two')
  utimesSync(join(folder, 'index.html'), 1, 1)
  expect(await (await call('/', html)).text()).toBe('<p>two</p>')
  expect(await (await call('/assets/app-1234.js')).text()).toBe(`'two'`)
})
