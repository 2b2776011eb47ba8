// Every V1 route against input that nobody means: refused in the dialect, in the format that was asked for, and
// never with 500. The routes come from the router itself, so that a new one is tried too.
import { XMLParser } from 'fast-xml-parser'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { APIS, routesOf } from '../../scripts/openapi.ts'
import type { Schema } from '../../server/http/route-doc.ts'
import { eachEngine } from '../engines.ts'
import { ADMIN_API_TOKEN, type Posthorn, startPosthorn } from '../posthorn.ts'

const [api] = APIS.filter(({ file }) => file === 'mailtrap-v1.yaml')
const routes = api === undefined ? [] : await routesOf(api)
const writing = routes.filter(({ method }) => method !== 'GET')
const withBody = routes.filter(({ doc }) => doc?.body !== undefined)

type Format = 'json' | 'xml'
const FORMATS: Format[] = ['json', 'xml']

const xml = new XMLParser({ ignoreAttributes: false, parseTagValue: false, processEntities: false })

interface Answer {
  status: number
  type: string
  body: string
}

let posthorn: Posthorn

async function begin(databaseUrl?: string): Promise<void> {
  posthorn = await startPosthorn({
    ...(databaseUrl && { databaseUrl }),
    env: { POSTHORN_API_RATE_LIMIT: '0', POSTHORN_MAX_BODY_SIZE: String(4 << 20) },
  })
  await posthorn.run(['send', '--inbox', '1', '--subject', 'x', '--to', 'a@example.com', '--text', 'y'])
}

async function call(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: string | Buffer,
) {
  const response = await fetch(posthorn.url + path, {
    method,
    headers: { 'api-token': ADMIN_API_TOKEN, ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : new Uint8Array(body) }),
  })
  const answer: Answer = {
    status: response.status,
    type: response.headers.get('content-type') ?? '',
    body: await response.text(),
  }
  expect(response.headers.get('vary'), `${method} ${path}`).toContain('Accept')
  return answer
}

/** Writes bytes as they are, and gives the statuses of what is answered. */
async function raw(bytes: string | Buffer): Promise<number[]> {
  const socket = connect(posthorn.httpPort, '127.0.0.1')
  socket.write(bytes)
  return [...(await text(socket)).matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status))
}

describe('what cannot be read', () => {
  beforeAll(() => begin())
  afterAll(() => posthorn.stop())

  it('has routes to try', () => {
    expect(routes.length).toBeGreaterThan(20)
    expect(withBody.length).toBeGreaterThan(3)
  })

  it.each(unreadable())(
    'refuses %s on every route that changes something',
    async (_name, type, body, status) => {
      // What is large is read before anybody knows for which route.
      const tried = body.length > 50_000 ? writing.slice(-2) : writing
      const check = async ({ method, path }: (typeof routes)[number], index: number) => {
        const format = FORMATS[index % 2] ?? 'json'
        const headers = { ...(type && { 'content-type': type }), accept: `application/${format}` }
        const answer = await call(method, reached(path), headers, body)
        expect([method, path, answer.status]).toEqual([method, path, status])
        expectRefusal(answer, format)
      }
      await Promise.all(tried.map(check))
    },
  )

  it('says no in the format that was asked for, also before it knows who asks, and where there is no route', async () => {
    const nobody = { 'api-token': 'nobody' }
    for (const [method, path, headers, status] of [
      ['GET', '/api/v1/inboxes/1', nobody, 401],
      ['GET', '/api/v1/inboxes/1/nothing', {}, 404],
      ['GET', '/api/v1/inboxes/1/nothing', nobody, 401],
      ['GET', '/api/v1/inboxes/1/messages/1/body', {}, 404],
      ['PUT', '/api/v1/inboxes/1', {}, 405],
      ['POST', '/api/v1/companies', {}, 400],
    ] as const)
      for (const format of FORMATS) {
        const bySuffix = await call(method, `${path}.${format}`, headers)
        const byAccept = await call(method, path, { ...headers, accept: `application/${format}` })
        expect([bySuffix, byAccept].map(answer => answer.status)).toEqual([status, status])
        expect(bySuffix).toEqual(byAccept)
        expectRefusal(bySuffix, format)
      }
    const unwanted = await call('GET', '/api/v1/inboxes', { accept: 'image/png' })
    expect([unwanted.status, unwanted.body]).toEqual([406, ''])
  })

  it.each([
    ['/api/v1/inboxes.json.xml', 404],
    ['/api/v1/inboxes.xml.xml', 404],
    ['/api/v1/inboxes/1.json.json', 404],
    ['/api/v1/inboxes/1/messages/1/body.raw.json', 404],
    ['/api/v1/inboxes/1/messages/1/body.xml', 404],
    ['/api/v1/inboxes/.xml', 404],
    ['/api/v1/inboxes/1.XML', 404],
    ['/api/v1//inboxes///1.xml', 200],
    ['//api/v1/inboxes/', 200],
    ['/api/v1/inboxes/%31', 200],
    ['/api/v1/inboxes/%2e%2e/companies', 404],
    ['/api/v1/inboxes/../companies', 404],
    ['/api/v1/inboxes/1%2fmessages', 404],
    ['/api/v1/inboxes/1%00', 404],
    ['/api/v1/inboxes/%', 400],
    ['/api/v1/inboxes/%ff', 400],
    ['/api/v1/inboxes/%zz.xml', 400],
    [`/api/v1/inboxes/${'1'.repeat(600)}`, 404],
    ['/api/v1/inboxes/1/messages?page=1&page=2&page=x', 200],
    ['/api/v1/inboxes/1/messages?search=%ff%00&last_id=1e3&page=-1', 200],
    ['/api/v1/inboxes/1/messages?search=%ed%a0%80', 200],
    ['/api/v1/inboxes/1/messages?last_id=99999999999999999999&page[]=1&page[a]=b', 200],
    ['/api/v1/inboxes/1/messages?search=a&search=b&__proto__[x]=1&constructor=1', 200],
    [`/api/v1/inboxes/1/messages?search=${'%25'.repeat(500)}`, 200],
    ['/api/v1/inboxes?api_token=wrong&api_token=worse', 200],
    ['/api/v1/inboxes/1/messages/1/attachments?attachment_type=x', 200],
  ])('answers %s with %s', async (path, status) => {
    // fetch would tidy the path up.
    const request = `GET ${path} HTTP/1.1\r\nHost: x\r\nApi-Token: ${ADMIN_API_TOKEN}\r\nConnection: close\r\n\r\n`
    expect(await raw(request)).toEqual([status])
  })

  const head = (method: string, more: string) =>
    `${method} /api/v1/inboxes/1 HTTP/1.1\r\nHost: x\r\nApi-Token: ${ADMIN_API_TOKEN}\r\n${more}\r\n`

  it.each<[string, string | Buffer, number[]]>([
    ['two lengths', `${head('PATCH', 'Content-Length: 2\r\nContent-Length: 3\r\n')}{}`, [400]],
    [
      'a length beside chunks',
      `${head('PATCH', 'Content-Length: 2\r\nTransfer-Encoding: chunked\r\n')}0\r\n\r\n`,
      [400],
    ],
    ['chunks twice', `${head('PATCH', 'Transfer-Encoding: chunked, chunked\r\n')}0\r\n\r\n`, [400]],
    ['an unknown transfer encoding', `${head('PATCH', 'Transfer-Encoding: xchunked\r\n')}0\r\n\r\n`, [400]],
    ['a negative length', `${head('PATCH', 'Content-Length: -1\r\n')}{}`, [400]],
    ['a length of 2^64', `${head('PATCH', 'Content-Length: 18446744073709551616\r\n')}{}`, [400]],
    [
      'a chunk that is no number',
      `${head('PATCH', 'Transfer-Encoding: chunked\r\n')}zz\r\n{}\r\n0\r\n\r\n`,
      [400],
    ],
    ['a folded header', head('GET', 'X-A: b\r\n c\r\n'), [400]],
    ['a space before a colon', head('GET', 'X-A : b\r\n'), [400]],
    ['NUL in a header', head('GET', 'X-A: b\0c\r\n'), [400]],
    ['no host', `GET /api/v1/inboxes HTTP/1.1\r\nApi-Token: ${ADMIN_API_TOKEN}\r\n\r\n`, [400]],
    ['not HTTP', 'EHLO example.com\r\n\r\n', [400]],
    ['TLS on the plain port', Buffer.from('1603010200010001fc0303', 'hex'), [400]],
    ['a line feed for an end', `GET /api/v1/inboxes HTTP/1.1\nHost: x\n\n`, [400]],
    ['a header of 20,000 bytes', head('GET', `X-A: ${'a'.repeat(20_000)}\r\n`), [431]],
    [
      'a hundred thousand headers',
      head('GET', Array.from({ length: 100_000 }, (_, index) => `X-${index}: ${index}\r\n`).join('')),
      [431],
    ],
    // The body is not another request.
    [
      'a request in the body of a GET',
      `${head('GET', 'Content-Length: 44\r\n')}DELETE /api/v1/inboxes/1 HTTP/1.1\r\nHost: x\r\n${head('GET', 'Connection: close\r\n')}`,
      [200, 200],
    ],
  ])('survives %s', async (_name, bytes, statuses) => {
    expect(await raw(bytes)).toEqual(statuses)
  })

  it('goes on, and blames nobody but the sender', async () => {
    expect((await call('GET', '/api/v1/inboxes')).status).toBe(200)
    expect(posthorn.output()).not.toMatch(/A request failed/)
  })
})

eachEngine('values that nobody means', engine => {
  beforeAll(async () => begin(engine.name === 'PostgreSQL' ? await engine.freshUrl() : undefined))
  afterAll(() => posthorn.stop())

  it.each(withBody.map(({ method, path, doc }) => [method, path, doc?.body ?? {}] as const))(
    'takes or refuses every value in every field of %s %s',
    async (method, path, schema) => {
      const check = async (body: unknown, index: number) => {
        const format = FORMATS[index % 2] ?? 'json'
        const sent = JSON.stringify(body)
        const headers = { 'content-type': 'application/json', accept: `application/${format}` }
        const answer = await call(method, reached(path), headers, sent)
        expect([200, 400, 404, 409, 422], `${sent.slice(0, 200)}: ${answer.body}`).toContain(answer.status)
        if (answer.status === 200) expectReadable(answer, format)
        else expectRefusal(answer, format)
      }
      await Promise.all(twistedBodies(schema).map(check))
    },
  )

  it.each(routes.filter(({ path }) => path.includes('{')).map(({ method, path }) => [method, path] as const))(
    'knows no strange id in %s %s',
    async (method, path) => {
      const parameters = path.match(/\{\w+\}/g) ?? []
      const check = async (id: string, index: number) => {
        const asked = reached(path.replace(parameters[index % parameters.length] ?? '', id))
        const format = FORMATS[Math.floor(index / parameters.length) % 2] ?? 'json'
        const answer = await call(method, asked, { accept: `application/${format}` })
        expect([asked, answer.status]).toEqual([asked, 404])
        expectRefusal(answer, isBytes(path) ? 'json' : format)
      }
      await Promise.all(STRANGE_IDS.map(check))
    },
  )

  it('goes on, with lists that can still be read', async () => {
    for (const path of ['user', 'companies', 'inboxes', 'shared_inboxes', 'inboxes/1/messages'])
      for (const format of FORMATS) {
        const answer = await call('GET', `/api/v1/${path}.${format}`)
        expect(answer.status).toBe(200)
        expectReadable(answer, format)
      }
    expect(posthorn.output()).not.toMatch(/A request failed/)
  })
})

function expectReadable({ type, body }: Answer, format: Format): void {
  expect(type).toBe(`application/${format}; charset=utf-8`)
  if (format === 'json') JSON.parse(body)
  else expect(Object.keys(xml.parse(body, true) as object)).toHaveLength(2)
}

/** Contract, section 3. */
function expectRefusal(answer: Answer, format: Format): void {
  expectReadable(answer, format)
  const { status, body } = answer
  if (format === 'json') {
    const { error, errors } = JSON.parse(body) as { error?: string; errors?: Record<string, string[]> }
    if (status !== 422) return expect(typeof (error ?? errors)).toBe('string')
    for (const messages of Object.values(errors ?? {})) expect(messages.join()).toMatch(/^[a-z]/)
    return expect(Object.keys(errors ?? {})).not.toEqual([])
  }
  const parsed = xml.parse(body) as { hash?: object; errors?: object }
  if (status === 422) expect(Object.keys(parsed.errors ?? {})).not.toEqual([])
  else expect(Object.keys(parsed.hash ?? {}).join()).toMatch(/^errors?$/)
}

const STRANGE_IDS = [
  '0',
  '-1',
  '+1',
  '1e3',
  '1.5',
  '0x1',
  '01',
  '%31%20',
  '%EF%BC%91',
  '%D9%A1',
  'null',
  '1,2',
  '9007199254740993',
  '9223372036854775807',
  '9223372036854775808',
  '18446744073709551616',
  '1;DROP',
  "1'",
]

/** A path to something that is there, as far as something is. */
function reached(path: string): string {
  return path.replaceAll(/\{\w+\}/g, '1')
}

/** Bodies of mails and downloads: whatever is accepted, refusals are JSON. */
function isBytes(path: string): boolean {
  return /\/(?:body\.\w+|download)$/.test(path)
}

function unreadable(): [string, string, string | Buffer, number][] {
  const bomb = `<!DOCTYPE a [<!ENTITY a "a">${Array.from({ length: 20 }, (_, level) => `<!ENTITY a${level} "${`&a${level === 0 ? '' : level - 1};`.repeat(10)}">`).join('')}]><a>&a19;</a>`
  const form = 'application/x-www-form-urlencoded'
  return [
    ['broken JSON', 'application/json', '{"inbox":{"name":', 400],
    ['JSON with a tail', 'application/json', '{} {}', 400],
    ['bytes that are no text', 'application/json', Buffer.from([0xff, 0xfe, 0x00, 0x80]), 400],
    ['JSON nested a million times', 'application/json', '['.repeat(1 << 20) + ']'.repeat(1 << 20), 400],
    [
      'JSON objects nested deeply',
      'application/json',
      '{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000),
      400,
    ],
    ['a million empty objects', 'application/json', `[${'{},'.repeat(1_000_000)}1]`, 400],
    ['JSON over the limit', 'application/json', `"${'x'.repeat(4 << 20)}"`, 413],
    ['broken XML', 'application/xml', '<inbox><name>', 400],
    ['XML that is JSON', 'text/xml', '{"inbox":{"name":"x"}}', 400],
    ['a billion laughs', 'application/xml', bomb, 400],
    [
      'an outer entity',
      'application/xml',
      '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><inbox><name>&b;</name></inbox>',
      400,
    ],
    [
      'an outer document type',
      'application/xml',
      '<!DOCTYPE a PUBLIC "-//X//Y" "http://127.0.0.1:1/"><inbox><name>b</name></inbox>',
      400,
    ],
    ['an unknown entity', 'application/xml', '<inbox><name>&b;</name></inbox>', 400],
    ['XML 33 deep', 'application/xml', '<a>'.repeat(33) + '</a>'.repeat(33), 400],
    ['XML 100,000 deep', 'application/xml', '<a>'.repeat(100_000), 400],
    ['XML 200,000 wide', 'application/xml', `<a>${'<b/>'.repeat(200_000)}</a>`, 400],
    ['XML over the limit', 'application/xml', `<a>${'x'.repeat(1 << 20)}</a>`, 413],
    ['XML in Latin-1', 'application/xml; charset=iso-8859-1', '<inbox><name>a</name></inbox>', 400],
    ['XML in UTF-16', 'application/xml', Buffer.from('\ufeff<inbox/>', 'utf16le'), 400],
    ['a form with one key in two ways', form, 'inbox=1&inbox[name]=2', 400],
    ['a form nested deeply', form, `inbox${'[a]'.repeat(1000)}=1`, 400],
    ['a form of a million fields', form, 'a&'.repeat(1 << 20), 400],
    ['multipart without a boundary', 'multipart/form-data', 'x', 400],
    [
      'multipart cut off',
      'multipart/form-data; boundary=b',
      '--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx',
      400,
    ],
    [
      'multipart of 50,000 parts',
      'multipart/form-data; boundary=b',
      `${'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n'.repeat(50_000)}--b--\r\n`,
      400,
    ],
    ['a type nobody knows', 'application/x-thing', 'x', 400],
    ['no type', '', Buffer.from('{}'), 400],
  ]
}

const TWISTED: unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  1e308,
  2 ** 53,
  '',
  ' ',
  'x'.repeat(20_000),
  '\0',
  'a\0b',
  '\ud800',
  'a\udfffb',
  '\u202e\ufffe\x1b[0m',
  '-1',
  '9223372036854775808',
  "'; DROP TABLE inboxes; --",
  [],
  ['a'],
  [[], [null]],
  {},
  { a: { b: 1 } },
  { toString: 1, constructor: { prototype: 1 }, length: -1 },
]

/** The body of the schema with each of the values in the place of each field, and in the place of the whole. */
function twistedBodies(schema: Schema): unknown[] {
  const bodies: unknown[] = [...TWISTED]
  const properties = (schema.properties ?? {}) as Record<string, Schema>
  for (const [name, inner] of Object.entries(properties)) {
    bodies.push(...TWISTED.map(value => ({ [name]: value })))
    const fields = Object.keys((inner.properties ?? {}) as object)
    for (const field of fields) bodies.push(...TWISTED.map(value => ({ [name]: { [field]: value } })))
    bodies.push(
      ...TWISTED.map(value => ({ [name]: Object.fromEntries(fields.map(field => [field, value])) })),
    )
  }
  return bodies
}
