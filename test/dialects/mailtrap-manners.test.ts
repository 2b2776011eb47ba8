// Mailtrap's API V1, sections 1 to 3 and 15 of the contract: transport, formats, who is asking, refusals, limits.
import { describe, expect, it } from 'vitest'
import { ADMIN_API_TOKEN, WORKSPACE_API_TOKEN } from '../posthorn.ts'
import { useDialect } from './dialect.ts'

const dialect = useDialect()
const { ask } = dialect
const JSON_TYPE = 'application/json; charset=utf-8'
const XML_TYPE = 'application/xml; charset=utf-8'
const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'

describe('section 1: transport, formats, conventions', () => {
  it('1.2: repeated slashes are one', async () => {
    expect((await ask('//api/v1/inboxes')).status).toBe(200)
    expect((await ask('/inboxes//1///messages')).status).toBe(200)
  })

  it.each([
    ['/inboxes', {}, JSON_TYPE],
    ['/inboxes.json', {}, JSON_TYPE],
    ['/inboxes.xml', {}, XML_TYPE],
    ['/inboxes/1.xml', {}, XML_TYPE],
    ['/inboxes/1.json', { accept: 'application/xml' }, JSON_TYPE],
    ['/inboxes/1.xml', { accept: 'application/json' }, XML_TYPE],
    ['/inboxes', { accept: '*/*' }, JSON_TYPE],
    ['/inboxes', { accept: 'application/xml' }, XML_TYPE],
    ['/inboxes', { accept: 'text/xml' }, XML_TYPE],
    ['/inboxes', { accept: 'application/json;q=0.4, application/xml;q=0.9' }, XML_TYPE],
    ['/inboxes', { accept: 'text/html, application/xhtml+xml, */*;q=0.1' }, JSON_TYPE],
    ['/user.xml', {}, XML_TYPE],
    ['/companies.xml', {}, XML_TYPE],
  ])('1.3: the format of %s with %j', async (path, headers, type) => {
    const said = await ask(path, { headers })
    expect(said.status).toBe(200)
    expect(said.headers.get('content-type')).toBe(type)
    expect(said.text.startsWith('<?xml')).toBe(type === XML_TYPE)
  })

  it('1.3: the suffix works on actions too', async () => {
    for (const path of [
      '/inboxes/1/clean.json',
      '/inboxes/1/all_read.xml',
      '/inboxes/1/reset_email_username.json',
    ])
      expect((await ask(path, { method: 'PATCH' })).status).toBe(200)
  })

  it('1.3: what nobody can serve is 406, with an empty body', async () => {
    const said = await ask('/inboxes', { headers: { accept: 'image/png' } })
    expect([said.status, said.text]).toEqual([406, ''])
  })

  it('1.4: bodies do not look at Accept', async () => {
    await dialect.send('Subject: x\n\ntext')
    const [message] = await dialect.get<{ id: number }[]>('/inboxes/1/messages')
    for (const accept of ['application/json', 'application/xml', 'image/png']) {
      const said = await ask(`/inboxes/1/messages/${message?.id}/body.txt`, { headers: { accept } })
      expect([said.status, said.headers.get('content-type')]).toEqual([200, 'text/plain; charset=utf-8'])
    }
  })

  it.each([
    ['application/json', '{"company":{"name":"JSON"}}', 'JSON'],
    [
      'application/json; charset=utf-8',
      '{"company":{"name":"Zeichensätze","owner":{"deep":[1]}}}',
      'Zeichensätze',
    ],
    ['application/xml', '<company><name>X &amp; M &#76;</name></company>', 'X & M L'],
    [
      'text/xml',
      `${DECLARATION}<company>\n  <name>text/xml</name>\n  <is-owner type="boolean">true</is-owner>\n</company>`,
      'text/xml',
    ],
    ['application/x-www-form-urlencoded', 'company%5Bname%5D=a+form&other=1', 'a form'],
    [
      'multipart/form-data; boundary=b',
      '--b\r\nContent-Disposition: form-data; name="company[name]"\r\n\r\nmany parts\r\n--b--\r\n',
      'many parts',
    ],
  ])('1.5: a body of %s', async (type, body, name) => {
    const said = await ask('/companies', { method: 'POST', headers: { 'content-type': type }, body })
    expect(said.status, said.text).toBe(200)
    expect(said.json).toMatchObject({ name })
  })

  it.each(['GET', 'PATCH', 'DELETE'])('1.5: %s may announce JSON and send nothing', async method => {
    const inbox = await ask('/companies/1/inboxes', {
      method: 'POST',
      body: { inbox: { name: 'for a moment' } },
    })
    const { id } = inbox.json as { id: number }
    for (const type of ['application/json', 'application/xml']) {
      const path = method === 'PATCH' ? `/inboxes/${id}/all_read` : `/inboxes/${id}`
      const said = await ask(path, { method, headers: { 'content-type': type } })
      expect(said.status).toBe(method === 'DELETE' && type === 'application/xml' ? 404 : 200)
    }
  })

  it.each([
    ['application/json', '{"company":'],
    ['application/json', 'null'],
    ['application/json', '[]'],
    ['application/json', '{"company":"x"}'],
    ['application/json', '{}'],
    ['application/xml', '<company><name>x</company>'],
    [
      'application/xml',
      '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><company><name>&b;</name></company>',
    ],
    ['application/xml', `${'<a>'.repeat(40)}${'</a>'.repeat(40)}`],
    ['text/csv', 'a,b'],
  ])('1.5: what cannot be understood is 400: %s %j', async (type, body) => {
    const said = await ask('/companies', { method: 'POST', headers: { 'content-type': type }, body })
    expect([said.status, said.text]).toEqual([400, '{"error":"Bad Request"}'])
  })

  it('1.5: what cannot be written is ignored, and so are whole objects sent back', async () => {
    const before = await dialect.get<{ id: number; username: string }>('/inboxes/1')
    const said = await ask('/inboxes/1', {
      method: 'PATCH',
      body: { inbox: { ...before, username: 'mine', emails_count: 7, whatever: {} } },
    })
    expect(said.status).toBe(200)
    expect(await dialect.get('/inboxes/1')).toEqual(before)
  })

  it('1.7 and 1.8: success is 200 with a body, DELETE answers with what was there', async () => {
    const made = await ask('/companies', { method: 'POST', body: { company: { name: 'Short-lived' } } })
    const { id } = made.json as { id: number }
    const gone = await ask(`/companies/${id}`, { method: 'DELETE' })
    expect([made.status, gone.status]).toEqual([200, 200])
    expect(gone.json).toEqual(made.json)
    expect((await ask(`/companies/${id}`)).status).toBe(404)
  })

  it.each([
    'dummy',
    '0',
    '-1',
    '1e3',
    '9223372036854775808',
    '18446744073709551616',
    '٣',
    '1.5',
    '%00',
    '1%2F2',
  ])('1.12: %s is no id', async id => {
    for (const path of [`/inboxes/${id}`, `/companies/${id}`, `/inboxes/1/messages/${id}`])
      expect((await ask(path)).status, path).toBe(404)
  })

  it('1.13: other verbs are 405 with Allow; HEAD is where GET is', async () => {
    for (const path of ['/inboxes', '/inboxes/1', '/user', '/companies/1']) {
      const said = await ask(path, { method: 'PUT', body: {} })
      expect([said.status, said.text]).toEqual([405, '{"error":"Method Not Allowed"}'])
      expect(said.headers.get('allow')).toContain('GET')
    }
    const head = await ask('/inboxes', { method: 'HEAD' })
    expect([head.status, head.text]).toEqual([200, ''])
  })

  it('1.14: the headers of every reply, refusals too', async () => {
    for (const path of [
      '/inboxes',
      '/inboxes/99999',
      '/inboxes/1/messages',
      '/nothing'.replace('/nothing', '/inboxes/x'),
    ]) {
      const { headers } = await ask(path)
      expect(headers.get('x-ratelimit-limit')).toBe('100000')
      expect(Number(headers.get('x-ratelimit-remaining'))).toBeGreaterThan(0)
      expect(headers.get('vary')).toContain('Accept')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('cache-control')).toBe('max-age=0, private, must-revalidate')
    }
  })

  it('1.14: what has not changed is 304', async () => {
    for (const path of ['/inboxes', '/inboxes.xml', '/inboxes/1/messages', '/companies/1']) {
      const first = await ask(path)
      const etag = first.headers.get('etag') ?? ''
      expect(etag).toMatch(/^W\/"/)
      const again = await ask(path, { headers: { 'if-none-match': etag } })
      expect([again.status, again.text]).toEqual([304, ''])
    }
  })
})

describe('section 2: who is asking', () => {
  it.each([
    ['the header Api-Token', '/user', { 'api-token': ADMIN_API_TOKEN }],
    ['Token token=', '/user', { authorization: `Token token=${ADMIN_API_TOKEN}` }],
    ['Token token="…"', '/user', { authorization: `Token token="${ADMIN_API_TOKEN}"` }],
    ['Token …', '/user', { authorization: `Token ${ADMIN_API_TOKEN}` }],
    ['Bearer with an API token', '/user', { authorization: `Bearer ${ADMIN_API_TOKEN}` }],
    ['the parameter', `/user?api_token=${ADMIN_API_TOKEN}`, {}],
    ['the parameter, with a suffix', `/user.json?api_token=${ADMIN_API_TOKEN}`, {}],
  ])('by %s', async (_way, path, headers) => {
    const said = await ask(path, { token: null, headers: headers as Record<string, string> })
    expect(said.status).toBe(200)
    expect(said.json).toMatchObject({ api_token: ADMIN_API_TOKEN })
  })

  it.each([
    ['application/json', JSON.stringify({ api_token: ADMIN_API_TOKEN, company: { name: 'By its body' } })],
    ['application/x-www-form-urlencoded', `api_token=${ADMIN_API_TOKEN}&company[name]=By its body`],
    [
      'application/xml',
      `<hash><api-token>${ADMIN_API_TOKEN}</api-token><company><name>By its body</name></company></hash>`,
    ],
  ])('by a key of the body: %s', async (type, body) => {
    const said = await ask('/companies', {
      method: 'POST',
      token: null,
      headers: { 'content-type': type },
      body,
    })
    expect(said.status, said.text).toBe(200)
  })

  it('the first of several ways decides', async () => {
    const right = `?api_token=${ADMIN_API_TOKEN}`
    expect((await ask(`/user${right}`, { token: 'f'.repeat(32) })).status).toBe(401)
  })

  it.each([
    ['nothing', {}],
    ['a wrong token', { 'api-token': 'f'.repeat(32) }],
    ['a workspace token', { 'api-token': WORKSPACE_API_TOKEN }],
    ['a JWT without signature', { authorization: `Bearer ${jwt({ alg: 'none' })}` }],
    ['a JWT of another key', { authorization: `Bearer ${jwt({ alg: 'HS256', typ: 'JWT' })}` }],
    ['garbage', { authorization: 'Bearer a.b.c' }],
  ])('%s is 401, before anything is looked for', async (_what, headers) => {
    for (const path of ['/user', '/inboxes/99999', '/inboxes/1/messages/1/body.txt']) {
      const said = await ask(path, { token: null, headers: headers as Record<string, string> })
      expect([said.status, said.text]).toEqual([401, '{"error":"Incorrect API token"}'])
      expect(said.headers.get('www-authenticate')).toBe('Token realm="Application"')
      expect(said.headers.get('content-type')).toBe(JSON_TYPE)
    }
  })

  it('a JWT counts until it is reset, and the API token may be reset without it', async () => {
    const email = 'jwt@example.com'
    const token = await dialect.person(email)
    const made = await dialect.server.run(['token', 'create', '--user', email, '--jwt'])
    const given = made.stdout.split('\n').find(line => line.split('.').length === 3) ?? ''
    const [header = '', claims = ''] = given.split('.').map(part => Buffer.from(part, 'base64url').toString())
    expect(header).toBe('{"alg":"HS256","typ":"JWT"}')
    expect(Object.keys(JSON.parse(claims) as object).toSorted()).toEqual(['iat', 'jti', 'sub'])
    const byJwt = () => ask('/user', { token: null, headers: { authorization: `Bearer ${given}` } })
    expect((await byJwt()).json).toMatchObject({ email, api_token: null })

    const reset = await ask('/user/reset_api_token', { method: 'PATCH', token })
    const { api_token: fresh } = reset.json as { api_token: string }
    expect(fresh).toMatch(/^[0-9a-f]{32}$/)
    expect((await ask('/user', { token })).status).toBe(401)
    expect((await ask('/user', { token: fresh })).status).toBe(200)
    expect((await byJwt()).status).toBe(200)
  })

  it('tokens are not written to the log', async () => {
    await ask(`/user?api_token=${ADMIN_API_TOKEN}`, { token: null })
    const printedOnce = dialect.server.output().split(ADMIN_API_TOKEN).length - 1
    expect(printedOnce).toBe(1)
  })
})

function jwt(header: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part(header)}.${part({ sub: '1', jti: 'x', iat: 1 })}.${Buffer.from('signature').toString('base64url')}`
}

describe('section 3: refusals', () => {
  it.each([
    [
      401,
      '/inboxes',
      { token: null },
      '{"error":"Incorrect API token"}',
      '<hash>\n  <error>Incorrect API token</error>\n</hash>\n',
    ],
    [404, '/inboxes/99999', {}, '{"error":"Not Found"}', '<hash>\n  <error>Not Found</error>\n</hash>\n'],
    [404, '/inboxes/1/nothing', {}, '{"error":"Not Found"}', '<hash>\n  <error>Not Found</error>\n</hash>\n'],
    [
      405,
      '/inboxes',
      { method: 'PUT', body: {} },
      '{"error":"Method Not Allowed"}',
      '<hash>\n  <error>Method Not Allowed</error>\n</hash>\n',
    ],
    [
      400,
      '/companies',
      { method: 'POST', body: {} },
      '{"error":"Bad Request"}',
      '<hash>\n  <error>Bad Request</error>\n</hash>\n',
    ],
    [
      422,
      '/companies',
      { method: 'POST', body: { company: { name: '' } } },
      `{"errors":{"name":["can't be blank","is too short (minimum is 2 characters)"]}}`,
      `<errors>\n  <name type="array">\n    <name>can't be blank</name>\n    <name>is too short (minimum is 2 characters)</name>\n  </name>\n</errors>\n`,
    ],
  ])('%i in both formats: %s', async (status, path, options, json, xml) => {
    const inJson = await ask(path, options)
    expect([inJson.status, inJson.text]).toEqual([status, json])
    expect(inJson.headers.get('content-type')).toBe(JSON_TYPE)
    const inXml = await ask(path, { ...options, headers: { accept: 'application/xml' } })
    expect([inXml.status, inXml.text]).toEqual([status, DECLARATION + xml])
    expect(inXml.headers.get('content-type')).toBe(XML_TYPE)
    const bySuffix = await ask(`${path}.xml`, options)
    expect([bySuffix.status, bySuffix.text]).toEqual([status, DECLARATION + xml])
  })

  it('413: too much, in the dialect', async () => {
    const body = JSON.stringify({ company: { name: 'x'.repeat(11 << 20) } })
    const said = await ask('/companies', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    })
    expect([said.status, said.text]).toEqual([413, '{"error":"Payload Too Large"}'])
  })

  it('409 is text/plain; 404 and 401 of a body stay JSON', async () => {
    await dialect.send('Subject: only text\nContent-Type: text/plain\n\nx')
    const [message] = await dialect.get<{ id: number }[]>('/inboxes/1/messages')
    for (const part of ['body.html', 'body.htmlsource']) {
      const said = await ask(`/inboxes/1/messages/${message?.id}/${part}`)
      expect([said.status, said.text]).toEqual([409, 'Conflict'])
      expect(said.headers.get('content-type')).toContain('text/plain')
    }
    const absent = await ask('/inboxes/1/messages/99999/body.txt', { headers: { accept: 'application/xml' } })
    expect([absent.status, absent.headers.get('content-type')]).toEqual([404, JSON_TYPE])
  })
})
