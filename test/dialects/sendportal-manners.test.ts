// SendPortal's API, section 1 of the contract: transport, who is asking, dates, envelopes, refusals.
import { describe, expect, it } from 'vitest'
import { sayLikeSendPortal } from '../../server/send/api/sendportal/errors.ts'
import { Problem } from '../../server/problem.ts'
import { eachEngine } from '../engines.ts'
import { ADMIN_API_TOKEN, WORKSPACE_API_TOKEN } from '../posthorn.ts'
import { type Ask, expectErrors, useSendPortal } from './sendportal.ts'

const NO_EMAIL = { email: ['The email field is required.'] }
const JSON_TYPE = 'application/json; charset=utf-8'

eachEngine("SendPortal's manners", engine => {
  const portal = useSendPortal(engine, {
    POSTHORN_MAX_BODY_SIZE: '5000',
    POSTHORN_TRUSTED_PROXIES: '127.0.0.1',
  })
  const { call, data } = portal

  describe('1.1 request', () => {
    it.each(['text/html', 'application/xml', 'image/png', '*/*', ''])(
      '1.1: answers JSON to Accept: %s',
      async accept => {
        for (const [path, status] of [
          ['/tags', 200],
          ['/tags/99', 404],
          ['/tags/99/nowhere', 404],
        ] as const) {
          const said = await call('GET', path, undefined, { headers: { accept } })
          expect([said.status, said.headers.get('content-type')]).toEqual([status, JSON_TYPE])
        }
      },
    )

    it('1.1: JSON and forms say the same, brackets make lists, texts are trimmed and empty ones are null', async () => {
      const tag = await data<{ id: number }>('POST', '/tags', new URLSearchParams({ name: ' form ' }))
      const [one, two] = [tag.id, (await data<{ id: number }>('POST', '/tags', { name: 'json' })).id]
      const asForm = new URLSearchParams(`email=+a%40b.c+&first_name=&tags[]=${one}&tags[]=${two}`)
      const fromForm = await data<object>('POST', '/subscribers', asForm)
      expect(fromForm).toMatchObject({
        email: 'a@b.c',
        first_name: null,
        tags: [{ name: 'form' }, { name: 'json' }],
      })
      const indexed = new URLSearchParams(`email=a@b.c&first_name= A &tags[0]=${two}`)
      expect(await data('POST', '/subscribers', indexed)).toMatchObject({
        first_name: 'A',
        tags: [{ id: two }],
      })
      const inParts = new FormData()
      for (const [name, value] of [
        ['email', 'a@b.c'],
        ['tags[]', String(one)],
      ] as const)
        inParts.append(name, value)
      expect(await data('POST', '/subscribers', inParts)).toMatchObject({
        first_name: 'A',
        tags: [{ id: one }],
      })
      const asJson = { email: 'a@b.c ', first_name: '', last_name: ' L' }
      expect(await data('POST', '/subscribers', asJson)).toMatchObject({
        email: 'a@b.c',
        first_name: null,
        last_name: 'L',
      })
    })

    it('1.1: the query is merged under the body', async () => {
      const said = await call('POST', '/subscribers?email=query@b.c&first_name=Q&last_name=', {
        first_name: 'B',
      })
      expect(said.json).toMatchObject({ data: { email: 'query@b.c', first_name: 'B', last_name: null } })
    })

    it.each([
      ['application/json', '{"email":"a@b.c"'],
      ['application/json', ''],
      ['application/json', 'null'],
      ['application/json', '"a@b.c"'],
      ['application/json', '[{"email":"a@b.c"}]'],
      ['application/json', '['.repeat(100)],
      ['text/plain', '{"email":"a@b.c"}'],
      ['application/xml', '<hash><email>a@b.c</email></hash>'],
      ['application/octet-stream', 'email=a@b.c'],
      ['no type at all', 'email=a@b.c'],
      ['multipart/form-data; boundary=b', 'torn'],
      ['application/x-www-form-urlencoded', 'email=a@b.c&email[x]=1'],
      ['application/x-www-form-urlencoded', 'api_token[]=&x'],
    ])('1.1: what is no body that is understood is empty: %s %s', async (type, body) => {
      const said = await call('POST', '/subscribers', body, { headers: { 'content-type': type } })
      expectErrors(said, NO_EMAIL)
    })

    it('1.1: a path that is not there is not there, whatever the body', async () => {
      const said = await call('POST', '/subscribers/1/nowhere', '{', {
        headers: { 'content-type': 'application/json' },
      })
      expect([said.status, said.text]).toEqual([404, '{"message":"Not Found"}'])
    })

    it('1.1: a body is not needed where nothing is required', async () => {
      const said = await call('DELETE', '/tags/9999', '{', {
        headers: { 'content-type': 'application/json' },
      })
      expect(said.status).toBe(404)
    })

    it.each(['abc', '0', '-1', '1.5', '1e3', '9223372036854775808', '99999999999999999999', '%00'])(
      '1.1: %s is no id',
      async id => {
        for (const path of ['subscribers', 'tags', 'templates', 'campaigns', 'email-services'])
          expect((await call('GET', `/${path}/${id}`)).status, path).toBe(404)
        expect((await call('GET', `/subscribers/${id}/tags`)).status).toBe(404)
        expect((await call('GET', `/workspaces/${id}/subscribers`)).status).not.toBe(500)
      },
    )

    it('1.1: PUT and PATCH are the same, and the nested lists know PUT only', async () => {
      const { id } = await data<{ id: number }>('POST', '/tags', { name: 'to put' })
      expect((await call('PUT', `/tags/${id}`, { name: 'put' })).status).toBe(200)
      expect((await call('PATCH', `/tags/${id}`, { name: 'patched' })).status).toBe(200)
      expect((await call('PATCH', `/tags/${id}/subscribers`, {})).status).toBe(405)
    })

    it('1.1: any page may call, with any method and header, and without credentials', async () => {
      const origin = 'https://shop.example'
      for (const [method, path, token] of [
        ['GET', '/tags', WORKSPACE_API_TOKEN],
        ['POST', '/subscribers', WORKSPACE_API_TOKEN],
        ['GET', '/tags', 'wrong'],
        ['GET', '/ping', null],
        ['GET', '/tags/1/nowhere', WORKSPACE_API_TOKEN],
      ] as const) {
        const said = await call(method, path, undefined, { token, headers: { origin } })
        expect(said.headers.get('access-control-allow-origin')).toBe('*')
        expect(said.headers.has('access-control-allow-credentials')).toBe(false)
      }
      for (const path of ['/subscribers', '/subscribers/1/tags', '/workspaces/1/segments', '/ping'])
        for (const method of ['POST', 'PUT', 'DELETE']) {
          const said = await call('OPTIONS', path, undefined, {
            token: null,
            headers: {
              origin,
              'access-control-request-method': method,
              'access-control-request-headers': 'authorization, x-shop',
            },
          })
          expect([said.status, said.text]).toEqual([204, ''])
          expect(said.headers.get('access-control-allow-origin')).toBe('*')
          expect(said.headers.get('access-control-allow-methods')).toContain(method)
          expect(said.headers.get('access-control-allow-headers')?.toLowerCase()).toMatch(
            /authorization.*x-shop/,
          )
          expect(said.headers.get('access-control-max-age')).toBe('0')
        }
      const bare = await call('OPTIONS', '/subscribers', undefined, { token: null })
      expect([bare.status, bare.headers.get('access-control-allow-methods')]).toEqual([
        204,
        'GET, POST, PATCH, DELETE, PUT',
      ])
    })
  })

  describe('1.2 authentication', () => {
    const unauthenticated = { message: 'Unauthenticated.' }
    const token = WORKSPACE_API_TOKEN
    it.each<[string, number, string, Record<string, string>]>([
      ['a Bearer token', 200, '', { authorization: `Bearer ${token}` }],
      ['what follows the last Bearer', 200, '', { authorization: `Bearer Bearer ${token}` }],
      ['that after another scheme', 200, '', { authorization: `Basic eDp5, Bearer ${token}` }],
      ['that up to a comma', 200, '', { authorization: `Bearer ${token}, Basic eDp5` }],
      ['the query', 200, `?api_token=${token}`, {}],
      ['the query beside another scheme', 200, `?api_token=${token}`, { authorization: 'Basic eDp5' }],
      ['the query beside an empty Bearer', 200, `?api_token=${token}`, { authorization: 'Bearer ,' }],
      [
        'a wrong Bearer beside the right query',
        401,
        `?api_token=${token}`,
        { authorization: 'Bearer wrong' },
      ],
      ['a wrong query', 401, '?api_token=wrong', {}],
      ['an empty query', 401, '?api_token=', {}],
      ['nothing', 401, '', {}],
      ["a user's token", 200, '', { authorization: `Bearer ${ADMIN_API_TOKEN}` }],
      ["a user's token as Mailtrap's clients send it", 200, '', { 'api-token': ADMIN_API_TOKEN }],
      ['Token token=', 200, '', { authorization: `Token token=${ADMIN_API_TOKEN}` }],
      ['Basic alone', 401, '', { authorization: `Basic ${btoa(`x:${token}`)}` }],
    ])('1.2: %s is %i', async (_name, status, query, headers) => {
      const said = await call('GET', `/tags${query}`, undefined, { token: null, headers })
      expect(said.status, said.text).toBe(status)
      if (status !== 401) return
      expect(said.json).toEqual(unauthenticated)
      expect(said.headers.get('www-authenticate')).toBe('Bearer')
    })

    it('1.2: a token in the body, of JSON and of a form; the query and Bearer come before it', async () => {
      const none: Ask = { token: null }
      const body = { api_token: token, name: 'by body' }
      expect((await call('POST', '/tags', body, none)).status).toBe(201)
      const form = new URLSearchParams({ api_token: token, name: 'by form' })
      expect((await call('POST', '/tags', form, none)).status).toBe(201)
      expect((await call('POST', '/tags?api_token=wrong', body, none)).status).toBe(401)
      expect((await call('POST', '/tags', body, { token: 'wrong' })).status).toBe(401)
      expect((await call('POST', '/tags', { ...body, api_token: 'wrong' }, none)).json).toEqual(
        unauthenticated,
      )
      expect((await call('POST', '/tags', { name: 'nobody' }, none)).status).toBe(401)
    })

    it('1.2: a token acts in its workspace, and a token that was deleted in none', async () => {
      const inOther = await call('GET', '/tags', undefined, { token: portal.foreignToken })
      expect(inOther.json).toMatchObject({ data: [], meta: { total: 0 } })
      const made = await data<{ id: number; token: string }>(
        'POST',
        '/workspaces/1/api-tokens',
        {},
        { token: ADMIN_API_TOKEN },
      )
      expect((await call('GET', '/tags', undefined, { token: made.token })).status).toBe(200)
      const gone = await call('DELETE', `/workspaces/1/api-tokens/${made.id}`, undefined, {
        token: ADMIN_API_TOKEN,
      })
      expect([gone.status, gone.text]).toEqual([204, ''])
      expect((await call('GET', '/tags', undefined, { token: made.token })).status).toBe(401)
    })

    it('1.2: whoever may only look, looks', async () => {
      const ask = { token: portal.viewerToken }
      for (const path of ['/subscribers', '/tags', '/templates', '/campaigns', '/email-services'])
        expect((await call('GET', path, undefined, ask)).status, path).toBe(200)
      for (const [method, path] of [
        ['POST', '/subscribers'],
        ['PUT', '/subscribers/1'],
        ['DELETE', '/tags/1'],
        ['POST', '/templates'],
        ['POST', '/campaigns/1/send'],
        ['PATCH', '/email-services/1'],
      ] as const) {
        const said = await call(method, path, {}, ask)
        expect([said.status, said.text]).toEqual([403, '{"message":"Unauthorized"}'])
      }
    })
  })

  it('1.4: ping is ok, for everybody', async () => {
    for (const ask of [{ token: null }, { token: 'wrong' }, {}] satisfies Ask[])
      for (const query of ['', '?api_token=wrong']) {
        const said = await call('GET', `/ping${query}`, undefined, ask)
        expect([said.status, said.text]).toEqual([200, 'ok'])
        expect(said.headers.get('content-type')).toBe('text/plain; charset=utf-8')
      }
    const wrong = await call('POST', '/ping', {}, { token: null })
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
  })

  describe('1.6 lists', () => {
    const ask = () => ({ token: portal.foreignToken })
    const list = (query: string, headers = {}) =>
      call('GET', `/tags${query}`, undefined, { ...ask(), headers }).then(said => said.json as List)
    interface List {
      data: { name: string }[]
      links: object
      meta: {
        current_page: number
        per_page: number
        from: number | null
        to: number | null
        last_page: number
      }
    }

    it('1.6: an empty list has one page', async () => {
      const U = `${portal.url}/api/v1/tags`
      expect(await list('')).toEqual({
        data: [],
        links: { first: `${U}?page=1`, last: `${U}?page=1`, prev: null, next: null },
        meta: { current_page: 1, from: null, last_page: 1, path: U, per_page: 25, to: null, total: 0 },
      })
    })

    it('1.6: pages of 25, keys in their order, links without the rest of the query', async () => {
      for (let n = 10; n < 62; n++) await data('POST', '/tags', { name: `t${n}` }, ask())
      const U = `${portal.url}/api/v1/tags`
      const second = await list('?page=2&other=1')
      expect(second.data.map(({ name }) => name)).toEqual(Array.from({ length: 25 }, (_, n) => `t${n + 35}`))
      expect(second.links).toEqual({
        first: `${U}?page=1`,
        last: `${U}?page=3`,
        prev: `${U}?page=1`,
        next: `${U}?page=3`,
      })
      expect(Object.entries(second.meta)).toEqual(
        Object.entries({ current_page: 2, from: 26, last_page: 3, path: U, per_page: 25, to: 50, total: 52 }),
      )
      expect(Object.keys(second)).toEqual(['data', 'links', 'meta'])
      expect((await list('?page=3')).meta).toMatchObject({ from: 51, to: 52 })
      const beyond = await list('?page=9')
      expect(beyond).toMatchObject({
        data: [],
        meta: { current_page: 9, from: null, to: null, last_page: 3 },
      })
      expect(beyond.links).toMatchObject({ prev: `${U}?page=8`, next: null })
    })

    it.each([
      ['page=0', 1, 25],
      ['page=-1', 1, 25],
      ['page=x', 1, 25],
      ['page=1.5', 1, 25],
      ['page=', 1, 25],
      ['page[]=2', 1, 25],
      ['page=99999999999999999999', 1, 25],
      ['page=2&per_page=10', 2, 10],
      ['per_page=1000', 1, 1000],
      ['per_page=1001', 1, 1000],
      ['per_page=0', 1, 1],
      ['per_page=-5', 1, 1],
      ['per_page=many', 1, 25],
      ['per_page=', 1, 25],
    ])('1.6: %s is page %i of %i each', async (query, page, perPage) => {
      const { data: rows, meta } = await list(`?${query}`)
      expect(meta).toMatchObject({ current_page: page, per_page: perPage })
      expect(rows.length).toBe(Math.min(perPage, 52 - (page - 1) * perPage))
    })

    it('1.6: addresses are as whoever asked wrote them, also to a proxy', async () => {
      const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'mail.example.com:8443' }
      expect((await list('', headers)).meta).toMatchObject({
        path: 'https://mail.example.com:8443/api/v1/tags',
      })
      expect((await list('/?page=1')).meta).toMatchObject({ path: `${portal.url}/api/v1/tags` })
    })
  })

  describe('1.7 errors', () => {
    it.each([
      ['GET', '/subscribers/99999', '{"message":"Invalid entity ID specified."}'],
      ['GET', '/subscribers/1/nothing', '{"message":"Not Found"}'],
      ['GET', '/segments', '{"message":"Not Found"}'],
      ['POST', '/webhooks/nobody', '{"message":"Not Found"}'],
    ])('1.7: %s %s is 404', async (method, path, text) => {
      const said = await call(method, path)
      expect([said.status, said.text]).toEqual([404, text])
    })

    it('1.7: a method that is not served is 405 and says which are', async () => {
      const said = await call('DELETE', '/subscribers?x=1')
      expect(said.status).toBe(405)
      expect(said.headers.get('allow')).toBe('GET, HEAD, POST')
      expect(said.json).toEqual({
        message:
          'The DELETE method is not supported for route api/v1/subscribers. Supported methods: GET, HEAD, POST.',
      })
    })

    it('1.7: a body that is too large is 413', async () => {
      const said = await call('POST', '/templates', { name: 'x', content: 'x'.repeat(6000) })
      expect([said.status, said.text]).toEqual([413, '{"message":"Payload Too Large"}'])
    })

    it('1.7: 422 has the constant message, keys in the order of the rules, and every rule that failed', async () => {
      const said = await call('POST', '/campaigns', {
        name: 'n',
        from_email: 'x'.repeat(256),
        tags: ['x', null],
      })
      expectErrors(said, {
        subject: ['The subject field is required.'],
        from_name: ['The from name field is required.'],
        from_email: [
          'The from email field must not be greater than 255 characters.',
          'The from email field must be a valid email address.',
        ],
        email_service_id: ['The email service id field is required.'],
        content: ['The content field is required.'],
        send_to_all: ['The send to all field is required.'],
        'tags.0': ['The tags.0 field must be an integer.'],
        'tags.1': ['The tags.1 field must be an integer.'],
        tags: ['One or more of the tags is invalid.'],
        scheduled_at: ['The scheduled at field is required.'],
      })
    })

    it('1.7: the body is checked before the thing is looked for', async () => {
      for (const path of ['/subscribers/99999', '/tags/99999', '/templates/99999'])
        expect((await call('PUT', path, {})).status, path).toBe(422)
      for (const path of ['/subscribers/99999/tags', '/tags/99999/subscribers'])
        expect((await call('POST', path, {})).status, path).toBe(422)
      expect((await call('PUT', '/campaigns/99999', {})).status).toBe(404)
      expect((await call('POST', '/campaigns/99999/send', {})).status).toBe(404)
    })

    it('1.7: what is our own fault says nothing of it', () => {
      const request = {} as never
      expect(sayLikeSendPortal(new Problem('broken', 'secret'), request)).toMatchObject({
        status: 500,
        body: '{"message":"Server Error"}',
      })
      expect(sayLikeSendPortal(new Problem('unavailable', 'secret'), request)).toMatchObject({
        status: 503,
        body: '{"message":"Service Unavailable"}',
      })
    })
  })
})
