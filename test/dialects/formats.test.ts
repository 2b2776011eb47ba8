// What a route answers in XML is what it answers in JSON, field by field: read back with a parser that is not ours.
import { XMLParser } from 'fast-xml-parser'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { APIS, routesOf } from '../../scripts/openapi.ts'
import { ADMIN_API_TOKEN, type Posthorn, startPosthorn } from '../posthorn.ts'

const [api] = APIS.filter(({ file }) => file === 'mailtrap-v1.yaml')
const reading = (api === undefined ? [] : await routesOf(api)).filter(
  ({ method, doc }) => method === 'GET' && typeof doc?.reply === 'object',
)

const MAIL = `From: "Söhne & <Töchter>" <app@example.com>
To: a@example.com, "B, C" <b@example.com>
Subject: =?utf-8?q?1_<_2_&_"3"_=F0=9F=98=80?=
Date: Thu, 19 Nov 2026 10:00:00 +0100
Received: from one
Received: from two
X.Status!: odd name
Sent-At: never
7: seven
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain

two
lines & <tags> ]]> \x1b[0m
--b
Content-Type: text/html

<p title='x'>&amp;</p><img src=cid:i>
--b
Content-Type: image/png; name="ü <1>.png"
Content-Disposition: inline
Content-ID: <i>
Content-Transfer-Encoding: base64

aGk=
--b--
`

let posthorn: Posthorn
beforeAll(async () => {
  posthorn = await startPosthorn({ env: { POSTHORN_API_RATE_LIMIT: '0' } })
  await posthorn.run(['send', '--inbox', '1'], MAIL.replaceAll('\n', '\r\n'))
  await ask('POST', '/inboxes/1/forward_rules', {
    forward_rule: { forward_type: 'email', forward_value: 'dev@example.com' },
  })
  const colleague = ['--email', 'b@example.com', '--name', 'B', '--password', 'four words make sense']
  await posthorn.run(['user', 'create', ...colleague])
  await ask('POST', '/inboxes/1/inboxes_users', { inbox_user: { email: 'b@example.com', role: 'viewer' } })
  await ask('POST', '/cors_domains', { cors_domain: { domain: 'example.com' } })
})
afterAll(() => posthorn.stop())

async function ask(method: string, path: string, body?: object) {
  const response = await fetch(`${posthorn.url}/api/v1${path}`, {
    method,
    headers: { 'api-token': ADMIN_API_TOKEN, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  })
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() }
}

/** With ids of what is there: each the first of its list. */
async function reached(path: string): Promise<string> {
  let found = ''
  for (const step of path.split('/').slice(1)) {
    const [first] = step.startsWith('{')
      ? (JSON.parse((await ask('GET', found)).text) as { id: number }[])
      : []
    found += `/${first?.id ?? step}`
  }
  return found
}

it.each(reading.map(({ path }) => path))('%s says the same in both formats', async path => {
  const named = await reached(path.replace('/api/v1', ''))
  const [json, xml] = [await ask('GET', `${named}.json`), await ask('GET', `${named}.xml`)]
  expect([json.status, xml.status]).toEqual([200, 200])
  expect([json.type, xml.type]).toEqual(['application/json; charset=utf-8', 'application/xml; charset=utf-8'])
  expect(/^<\?.+\?>\n<([\w-]+)/.exec(xml.text)?.[1]).toBe(rootOf(path))
  expect(readBack(xml.text)).toEqual(inXml(JSON.parse(json.text)))
  expect(orderOf(readBack(xml.text))).toEqual(orderOf(inXml(JSON.parse(json.text))))
})

it.each<[string, string, string, object]>([
  ['POST', '/companies', '<company><name>A &amp; B</name></company>', { name: 'A & B', inboxes: [] }],
  ['PATCH', '/companies/1', '<company><name>Größe</name></company>', { name: 'Größe' }],
  ['POST', '/companies/1/inboxes', '<inbox><name><![CDATA[<QA>]]></name></inbox>', { name: '<QA>' }],
  [
    'PATCH',
    '/inboxes/1',
    '<inbox><name>New</name><email-username></email-username></inbox>',
    { name: 'New' },
  ],
  ['PATCH', '/inboxes/1', '<inbox><email_username>alias</email_username></inbox>', { company_id: 1 }],
  ['PATCH', '/user', '<user><timezone>Europe/Kiev</timezone></user>', { timezone: 'Europe/Kiev' }],
  [
    'PATCH',
    '/inboxes/1/messages/1',
    '<message><is-read type="boolean">true</is-read></message>',
    { is_read: true },
  ],
  ['PATCH', '/inboxes/1/messages/1', '<message><is_read>0</is_read></message>', { is_read: false }],
  [
    'POST',
    '/inboxes/1/forward_rules',
    '<forward-rule><forward-type>email</forward-type><forward-value>a@example.com</forward-value></forward-rule>',
    { forward_type: 'email', forward_value: 'a@example.com' },
  ],
  [
    'POST',
    '/cors_domains',
    '<cors-domain><domain>example.org</domain></cors-domain>',
    { domain: 'example.org' },
  ],
  // No relay is configured.
  ['POST', '/inboxes/1/messages/1/forward', '<hash><email>a@example.com</email></hash>', { errors: {} }],
  ['POST', '/inboxes/1/messages/1/forward', '<email>a@example.com</email>', { errors: {} }],
])('%s %s takes %s', async (method, path, body, expected) => {
  const response = await fetch(`${posthorn.url}/api/v1${path}`, {
    method,
    headers: { 'api-token': ADMIN_API_TOKEN, 'content-type': 'application/xml' },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n${body}\n`,
  })
  expect(response.status).toBe('errors' in expected ? 422 : 200)
  expect(await response.json()).toMatchObject(expected)
})

/** Contract, section 11. */
function rootOf(path: string): string {
  const [last = '', list = ''] = path.split('/').toReversed()
  if (['mail_headers', 'spam_report', 'analyze'].includes(last)) return 'hash'
  const one = list === 'companies' ? 'company' : list.replace(/inboxes$/, 'inbox').replace(/s$/, '')
  return (last.startsWith('{') ? one : last).replaceAll('_', '-')
}

type Node = Record<string, unknown> & { ':@'?: Record<string, string> }

function readBack(text: string): unknown {
  const parser = new XMLParser({
    preserveOrder: true,
    ignoreAttributes: false,
    attributeNamePrefix: '',
    parseTagValue: false,
    parseAttributeValue: false,
    trimValues: false,
    htmlEntities: true,
  })
  const [, root] = (parser.parse(text, true) as Node[]).filter(node => !('#text' in node))
  return root && valueOf(root)
}

function valueOf(node: Node): unknown {
  const { type, nil } = node[':@'] ?? {}
  const inside = Object.entries(node).find(([key]) => key !== ':@')?.[1] as Node[]
  const elements = inside.filter(child => !('#text' in child))
  const text = inside.map(child => child['#text'] ?? '').join('')
  if (nil === 'true') return null
  if (type === 'array') return elements.map(valueOf)
  if (type === 'integer') return Number.isSafeInteger(Number(text)) ? Number(text) : text
  if (type === 'float') return text.includes('.') ? Number(text) : text
  if (type === 'boolean') return { true: true, false: false }[text]
  if (type === 'dateTime') return { dateTime: text }
  if (elements.length === 0) return text
  return Object.fromEntries(elements.map(child => [nameOf(child), valueOf(child)]))
}

function nameOf(node: Node): string {
  return Object.keys(node).find(key => key !== ':@') ?? ''
}

/** JSON as its XML can be read back: without what XML has no place for. */
function inXml(value: unknown, key = ''): unknown {
  if (typeof value === 'string') {
    if (key.endsWith('_at') && value.includes('T')) return { dateTime: value }
    return value.replaceAll(/[\0-\x08\x0b\x0c\x0e-\x1f]/g, '')
  }
  if (Array.isArray(value)) return value.map(item => inXml(item))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name.replaceAll(/[_!]/g, '-').replace(/^(?=\d)/, 'h-'),
      inXml(inner, name),
    ]),
  )
}

function orderOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  const keys = Object.keys(value).filter(key => key !== 'h-7')
  return Array.isArray(value)
    ? value.map(orderOf)
    : keys.map(key => [key, orderOf((value as Record<string, unknown>)[key])])
}
