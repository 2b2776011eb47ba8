import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import { get as httpsGet } from 'node:https'
import { connect } from 'node:net'
import { Duplex } from 'node:stream'
import { text } from 'node:stream/consumers'
import { connect as tlsConnect } from 'node:tls'
import { generate } from 'selfsigned'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createLog } from '../log.ts'
import { Problem } from '../problem.ts'
import type { Api } from './api.ts'
import { Metrics } from './metrics.ts'
import { say } from './say.ts'
import { createHttpServer, type HttpOptions, type HttpServer } from './server.ts'
import { STATUS } from './refusal.ts'

const servers: HttpServer[] = []
let logged: string[] = []

afterEach(async () => {
  await Promise.all(servers.splice(0).map(server => server.close(0)))
  logged = []
})

function build(options: Partial<HttpOptions> = {}): HttpServer {
  const server = createHttpServer({
    log: createLog({ level: 'debug', human: false, write: line => logged.push(line) }),
    metrics: new Metrics(),
    maxBodySize: 100_000,
    trustedProxies: [],
    ...options,
  })
  servers.push(server)
  return server
}

/** Two APIs under one prefix: things answer in one shape, others in another. */
function api(name: string, more: Partial<Api> = {}): Api {
  return {
    name,
    prefix: '/api/v1',
    owns: path => new RegExp(`^/api/v1/${name}(/|\\.|$)`).test(path),
    say: problem => ({
      status: STATUS[problem.kind],
      contentType: 'application/json',
      body: JSON.stringify({ [name]: problem.kind, text: problem.message }),
    }),
    identify(request, body) {
      const given = request.headers['api-token'] ?? (body as { api_token?: string } | null)?.api_token
      if (given === undefined) return undefined
      if (given === 'good' || given === 'slow') {
        const identity = { limitKey: String(given) }
        return given === 'slow' ? Promise.resolve(identity) : identity
      }
      throw new Problem('unauthenticated')
    },
    headers: { Vary: 'Accept', 'X-Content-Type-Options': 'nosniff' },
    negotiates: ['json', 'xml'],
    ...more,
  }
}

async function serve(more: Partial<Api> = {}, options: Partial<HttpOptions> = {}) {
  const server = build(options)
  server.mount(api('things', more), app => {
    app.get('/things', () => ({ list: [] }))
    app.get('/things/:id', (request, reply) => say(request, reply, request.params as object, 'thing'))
    app.patch('/things/:id', (request, reply) => say(request, reply, { got: request.body ?? null }, 'thing'))
    app.delete('/things/:id', request => ({ got: request.body ?? null }))
    app.post('/things', request => ({ got: request.body ?? null }))
    app.get('/things/:id/body.raw', { config: { anyFormat: true } }, (_request, reply) => {
      reply.type('text/plain').send('raw')
    })
    app.get('/things/breaks', () => {
      throw new Error('a secret of the inside')
    })
    app.get('/things/unwell', () => {
      throw Object.assign(new Error('disk full'), { passing: true })
    })
    app.post('/things/open', { config: { open: true } }, () => ({ open: true }))
  })
  server.mount(api('others'), app => {
    app.get('/others', () => ({ others: true }))
  })
  const port = await server.listen('127.0.0.1', 0)
  const base = `http://127.0.0.1:${port}`
  const call = (path: string, init: RequestInit = {}) =>
    fetch(base + path, { ...init, headers: { 'api-token': 'good', ...init.headers } })
  return { server, port, base, call }
}

it('answers in the shape of the API whose path it is, also where no route is', async () => {
  const { call } = await serve()
  expect(await (await call('/api/v1/others/nothing')).json()).toEqual({ others: 'absent', text: '' })
  expect(await (await call('/api/v1/things/1/nothing')).json()).toEqual({ things: 'absent', text: '' })
  const nobody = await call('/api/v1/unknown')
  expect(nobody.status).toBe(404)
  expect(await nobody.json()).toEqual({ error: { code: 'absent', message: 'There is no such thing' } })
})

it('collapses repeated slashes and takes the suffix .json off', async () => {
  const { call } = await serve()
  expect(await (await call('//api///v1//things/3?a=//b')).json()).toEqual({ id: '3' })
  expect(await (await call('/api/v1/things/3.json?x=1')).json()).toEqual({ id: '3' })
  expect(await (await call('/api/v1/things.json')).json()).toEqual({ list: [] })
  expect(await (await call('/api/v1/things/')).json()).toEqual({ list: [] })
})

it.each([
  ['/things/3', undefined, 'json'],
  ['/things/3', '*/*', 'json'],
  ['/things/3', 'application/json, text/plain, */*', 'json'],
  ['/things/3', 'application/xml', 'xml'],
  ['/things/3', 'TEXT/XML; charset=utf-8', 'xml'],
  ['/things/3', 'application/*', 'json'],
  ['/things/3', 'text/*', 'xml'],
  ['/things/3', 'application/xml;q=0.5, application/json;q=0.4', 'xml'],
  ['/things/3', 'application/xml, application/json', 'xml'],
  ['/things/3', 'application/json, application/xml', 'json'],
  ['/things/3', 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'xml'],
  ['/things/3', 'application/json;q=0, */*', 'xml'],
  ['/things/3', 'image/png', 406],
  ['/things/3', 'application/json;q=0', 406],
  ['/things/3.xml', 'application/json', 'xml'],
  ['/things/3.json', 'application/xml', 'json'],
  ['/things/3.json', 'image/png', 'json'],
  ['/things/3.xml?a=1', undefined, 'xml'],
  ['/things/3/body.raw', 'image/png', 'raw'],
  ['/things/3/body.raw', 'application/xml', 'raw'],
  ['/things/3/body.raw.xml', undefined, 404],
])('chooses the format of %s with Accept: %s', async (path, accept, expected) => {
  const { port } = await serve()
  const answer = await new Promise<string>((resolve, reject) => {
    // fetch would add an Accept of its own.
    const headers = { 'api-token': 'good', ...(accept && { accept }) }
    httpRequest({ port, path: `/api/v1${path}`, headers }, reply =>
      text(reply).then(body => resolve(`${reply.statusCode} ${reply.headers['content-type']} ${body}`)),
    )
      .on('error', reject)
      .end()
  })
  const bodies: Record<string, string> = {
    json: '200 application/json; charset=utf-8 {"id":"3"}',
    xml: '200 application/xml; charset=utf-8 <?xml version="1.0" encoding="UTF-8"?>\n<thing>\n  <id>3</id>\n</thing>\n',
    raw: '200 text/plain raw',
  }
  if (typeof expected === 'number') expect(answer).toMatch(new RegExp(`^${expected} `))
  else expect(answer).toBe(bodies[expected])
})

it('spares what is known already to those who read, and only to them', async () => {
  const { call } = await serve()
  const etag = async (path: string) => (await call(path)).headers.get('etag') ?? ''
  const [json, xml] = [await etag('/api/v1/things/3'), await etag('/api/v1/things/3.xml')]
  expect(json).toMatch(/^W\/"/)
  expect(xml).not.toBe(json)
  const again = (method: string, known: string) =>
    call('/api/v1/things/3.xml', { method, headers: { 'if-none-match': known } })
  expect([(await again('GET', json)).status, (await again('GET', xml)).status]).toEqual([200, 304])
  expect((await again('PATCH', '*')).status).toBe(200)
})

it('knows 405 with Allow, and HEAD wherever GET', async () => {
  const { call } = await serve()
  const put = await call('/api/v1/things/3', { method: 'PUT' })
  expect(put.status).toBe(405)
  expect(put.headers.get('allow')).toBe('DELETE, GET, HEAD, PATCH')
  expect(await put.json()).toEqual({ things: 'wrong_method', text: '' })
  expect((await call('/api/v1/things/open', { method: 'PATCH' })).status).toBe(200)
  const head = await call('/api/v1/things/3', { method: 'HEAD' })
  expect(head.status).toBe(200)
  expect(head.headers.get('content-length')).toBe('10')
  expect(await head.text()).toBe('')
})

it('accepts requests without a body that announce one', async () => {
  const { call, port } = await serve()
  const headers = { 'content-type': 'application/json' }
  for (const method of ['PATCH', 'DELETE'])
    for (const type of [headers, { 'content-type': 'text/xml' }])
      expect(await (await call('/api/v1/things/3', { method, headers: type })).json()).toEqual({ got: null })
  const get = httpRequest({
    port,
    path: '/api/v1/things/3',
    headers: { ...headers, 'api-token': 'good', 'content-length': 0 },
  })
  const status = new Promise<number | undefined>(resolve => {
    get.once('response', response => resolve(response.resume().statusCode))
  })
  get.end()
  expect(await status).toBe(200)
})

it('answers 400 to a body that cannot be read, without quoting it', async () => {
  const { call } = await serve()
  const post = (type: string, body: string) =>
    call('/api/v1/things', { method: 'POST', headers: { 'content-type': type }, body })
  const json = await post('application/json', '{"password":"hunter2"')
  expect(json.status).toBe(400)
  expect(await json.text()).not.toContain('hunter2')
  expect((await post('multipart/form-data; boundary=x', 'hunter2')).status).toBe(400)
  expect((await post('multipart/form-data', 'hunter2')).status).toBe(400)
  expect((await post('application/octet-stream', 'hunter2')).status).toBe(400)
  expect((await post('no type at all', 'hunter2')).status).toBe(400)
  expect((await post('application/x-www-form-urlencoded', 'a=1&a[b]=2')).status).toBe(400)
  expect(logged.join('')).not.toContain('hunter2')
})

it('reads forms with bracket keys like the JSON they stand for', async () => {
  const { call } = await serve()
  const wanted = { got: { thing: { name: 'x y', tags: ['1', '2'] }, plain: 'ü' } }
  const urlencoded = await call('/api/v1/things', {
    method: 'POST',
    body: new URLSearchParams('thing[name]=x+y&thing[tags][]=1&thing[tags][]=2&plain=%C3%BC'),
  })
  expect(await urlencoded.json()).toEqual(wanted)
  const form = new FormData()
  form.append('thing[name]', 'x y')
  form.append('thing[tags][]', '1')
  form.append('thing[tags][]', '2')
  form.append('plain', 'ü')
  form.append('file', new Blob(['never']), 'f.txt')
  expect(await (await call('/api/v1/things', { method: 'POST', body: form })).json()).toEqual(wanted)
  const proto = await call('/api/v1/things', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"__proto__":{"admin":true},"a":1}',
  })
  expect(await proto.text()).toBe('{"got":{"a":1}}')
})

it('answers 413 to a body over the limit, so that the sender hears it', async () => {
  const { call } = await serve()
  const body = JSON.stringify({ text: 'x'.repeat(600_000) })
  const response = await call('/api/v1/things', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  })
  expect(response.status).toBe(413)
  expect(await response.json()).toEqual({ things: 'too_large', text: '' })
})

it('asks for credentials before it looks for the object, also in the body', async () => {
  const { base, call } = await serve()
  expect((await fetch(`${base}/api/v1/things/999`)).status).toBe(401)
  expect((await fetch(`${base}/api/v1/things/none/none`)).status).toBe(401)
  expect((await call('/api/v1/things/999', { headers: { 'api-token': 'bad' } })).status).toBe(401)
  expect((await call('/api/v1/things/999', { headers: { 'api-token': 'slow' } })).status).toBe(200)
  const post = (fields: Record<string, string>) =>
    fetch(`${base}/api/v1/things`, { method: 'POST', body: new URLSearchParams(fields) })
  expect((await post({ api_token: 'good' })).status).toBe(200)
  const xml = (token: string) =>
    fetch(`${base}/api/v1/things`, {
      method: 'POST',
      headers: { 'content-type': 'application/xml; charset=UTF-8' },
      body: `<hash><api-token>${token}</api-token><thing><a type="integer">1</a></thing></hash>`,
    })
  expect(await (await xml('good')).json()).toEqual({ got: { api_token: 'good', thing: { a: 1 } } })
  expect((await xml('bad')).status).toBe(401)
  expect((await post({ api_token: 'bad' })).status).toBe(401)
  expect((await post({})).status).toBe(401)
  expect((await fetch(`${base}/api/v1/things/open`, { method: 'POST' })).status).toBe(200)
})

it('announces and keeps the rate limit, on errors too, and for strangers by address', async () => {
  const { base, call } = await serve({ limit: { count: 3, seconds: 60 } })
  const first = await call('/api/v1/things')
  expect(first.headers.get('x-ratelimit-limit')).toBe('3')
  expect(first.headers.get('x-ratelimit-remaining')).toBe('2')
  const absent = await call('/api/v1/things/1/2/3')
  expect(absent.status).toBe(404)
  expect(absent.headers.get('x-ratelimit-remaining')).toBe('1')
  await call('/api/v1/things')
  const fourth = await call('/api/v1/things')
  expect(fourth.status).toBe(429)
  expect(fourth.headers.get('x-ratelimit-remaining')).toBe('0')
  expect(Number(fourth.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(Number(fourth.headers.get('retry-after'))).toBeLessThanOrEqual(60)

  const stranger = await fetch(`${base}/api/v1/things`)
  expect(stranger.status).toBe(401)
  expect(stranger.headers.get('x-ratelimit-remaining')).toBe('2')
  await call('/api/v1/things', { headers: { 'api-token': 'bad' } })
  await fetch(`${base}/api/v1/things`, { method: 'POST' })
  expect((await fetch(`${base}/api/v1/things`)).status).toBe(429)
  expect((await call('/api/v1/things', { headers: { 'api-token': 'bad' } })).status).toBe(429)
  expect((await fetch(`${base}/api/v1/things`, { method: 'POST' })).status).toBe(429)
  expect((await call('/api/v1/things', { headers: { 'api-token': 'slow' } })).status).toBe(200)
})

it('has no rate limit headers when the limit is off', async () => {
  const { call } = await serve({ limit: { count: 0, seconds: 10 } })
  expect((await call('/api/v1/things')).headers.has('x-ratelimit-limit')).toBe(false)
})

it('puts the headers of the API on every reply', async () => {
  const { base, call } = await serve()
  for (const response of [await call('/api/v1/things'), await fetch(`${base}/api/v1/things/x/y`)]) {
    expect(response.headers.get('vary')).toBe('Accept')
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  }
})

it('keeps our own bugs in the log and says 503 while the storage is in trouble', async () => {
  const { call } = await serve()
  const broken = await call('/api/v1/things/breaks?api_token=0123')
  expect(broken.status).toBe(500)
  expect(await broken.text()).not.toContain('secret')
  expect(logged.join('')).toContain('a secret of the inside')
  const unwell = await call('/api/v1/things/unwell')
  expect(unwell.status).toBe(503)
  expect(unwell.headers.get('retry-after')).toBe('5')
  expect(logged.join('')).toContain('disk full')
  expect(logged.join('')).not.toContain('0123')
})

it('says no to what is not HTTP, and to broken URLs, without a stack', async () => {
  const { call, port } = await serve()
  const broken = await call('/api/v1/things/%ff')
  expect([broken.status, broken.headers.get('vary')]).toEqual([400, 'Accept'])
  const socket = connect(port, '127.0.0.1')
  socket.write('EHLO mail.example\r\n\r\n')
  const answer = await text(socket)
  expect(answer).toMatch(/^HTTP\/1\.1 400 /)
  expect(answer).not.toContain('at ')
})

it('believes X-Forwarded-* from trusted proxies only', async () => {
  const seenBy = async (trustedProxies: string[]) => {
    const server = build({ trustedProxies })
    server.app.get('/seen', ({ protocol, host, ip }) => ({ protocol, host, ip }))
    const port = await server.listen('127.0.0.1', 0)
    const headers = {
      'x-forwarded-for': '203.0.113.9, 192.0.2.1',
      'x-forwarded-host': 'mail.example.com',
      'x-forwarded-proto': 'https',
    }
    return { port, seen: await (await fetch(`http://127.0.0.1:${port}/seen`, { headers })).json() }
  }
  for (const strangers of [[], ['192.0.2.0/24']]) {
    const { port, seen } = await seenBy(strangers)
    expect(seen).toEqual({ protocol: 'http', host: `127.0.0.1:${port}`, ip: '127.0.0.1' })
  }
  // What the client itself wrote before the proxy's own word counts no more.
  const { seen } = await seenBy(['127.0.0.0/8'])
  expect(seen).toEqual({ protocol: 'https', host: 'mail.example.com', ip: '192.0.2.1' })

  const statuses = async (trustedProxies: string[]) => {
    const { base } = await serve({ limit: { count: 1, seconds: 60 } }, { trustedProxies })
    const from = (address: string) =>
      fetch(`${base}/api/v1/things`, { headers: { 'x-forwarded-for': address } })
    return [(await from('192.0.2.1')).status, (await from('192.0.2.2')).status]
  }
  expect(await statuses([])).toEqual([401, 429])
  expect(await statuses(['127.0.0.1'])).toEqual([401, 401])
})

it('names a taken port', async () => {
  const { port } = await serve()
  await expect(build().listen('127.0.0.1', port)).rejects.toMatchObject({ code: 'EADDRINUSE' })
})

describe('over TLS', () => {
  let tls: { key: string; cert: string }
  beforeAll(async () => {
    const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }])
    tls = { key, cert }
  })

  it('serves', async () => {
    const { port } = await serve({}, { tls })
    const { cert: ca } = tls
    const headers = { 'api-token': 'good' }
    const statuses = Array.from(
      { length: 3 },
      () =>
        new Promise<number | undefined>((resolve, reject) => {
          httpsGet({ port, ca, servername: 'localhost', path: '/api/v1/things', headers }, response =>
            resolve(response.resume().statusCode),
          ).on('error', reject)
        }),
    )
    expect(await Promise.all(statuses)).toEqual([200, 200, 200])
  })

  it('tells those who speak plain HTTP', async () => {
    const { port } = await serve({}, { tls })
    const response = await fetch(`http://127.0.0.1:${port}/`)
    expect([response.status, await response.text()]).toEqual([
      400,
      'This port speaks HTTPS: the address begins with https://\n',
    ])
    const upload = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: 'x'.repeat(3_000_000) })
    expect(upload.status).toBe(400)
  })

  it('reads a handshake that comes byte by byte', async () => {
    const { port } = await serve({}, { tls })
    const through = connect(port, '127.0.0.1')
    const trickle = new Duplex({
      read() {},
      write(chunk: Buffer, _encoding, done) {
        // The first flight only: what follows may go as it is.
        if (chunk[0] === 0x16) for (const byte of chunk.subarray(0, 8)) through.write(Buffer.of(byte))
        through.write(chunk[0] === 0x16 ? chunk.subarray(8) : chunk, () => done())
      },
      final: done => void through.end(() => done()),
    })
    through
      .setNoDelay(true)
      .on('data', data => trickle.push(data))
      .on('end', () => trickle.push(null))
    const secure = tlsConnect({ socket: trickle, ca: tls.cert, servername: 'localhost' })
    secure.end('GET /api/v1/things HTTP/1.1\r\nHost: x\r\nApi-Token: good\r\nConnection: close\r\n\r\n')
    expect(await text(secure)).toMatch(/^HTTP\/1\.1 200 /)
  })

  it('ends while somebody is connected who has not spoken', async () => {
    const { server, port } = await serve({}, { tls })
    const silent = connect(port, '127.0.0.1')
    await once(silent, 'connect')
    // An answered request: the silent connection has been accepted before it.
    await fetch(`http://127.0.0.1:${port}/`)
    await Promise.all([once(silent.resume(), 'close'), server.close()])
  })

  it.each(['plain', 'TLS'])('answers a hundred thousand headers with 431 (%s)', async kind => {
    const { port } = await serve({}, kind === 'TLS' ? { tls } : {})
    const socket =
      kind === 'TLS'
        ? tlsConnect({ port, ca: tls.cert, servername: 'localhost' })
        : connect(port, '127.0.0.1')
    const headers = Array.from({ length: 100_000 }, (_, index) => `X-${index}: ${index}\r\n`).join('')
    socket.write(`GET /api/v1/things HTTP/1.1\r\nHost: x\r\n${headers}\r\n`)
    const answer = await text(socket)
    expect(answer).toMatch(/^HTTP\/1\.1 431 Request Header Fields Too Large\r\n/)
    expect(answer.split('\r\n\r\n')[1]).toBe('{"error":"Request Header Fields Too Large"}')
  })
})
