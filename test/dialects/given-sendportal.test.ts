// The introduction to LaravelMail's API, followed as it is written: ping, both ways to authenticate, errors, pages,
// and the limit of its own setting.
import { describe, expect, it } from 'vitest'
import { eachEngine } from '../engines.ts'
import { ADMIN_API_TOKEN, WORKSPACE_API_TOKEN } from '../posthorn.ts'
import { useSendPortal } from './sendportal.ts'

const headers = { accept: 'application/json', 'content-type': 'application/json' }

eachEngine('the given document', engine => {
  // For this server it would be 12 requests every half minute.
  const portal = useSendPortal(engine, {
    POSTHORN_THROTTLE: '',
    LARAVELMAIL_THROTTLE_MIDDLEWARE: '12,0.5',
    SENDPORTAL_THROTTLE_MIDDLEWARE: '1,1',
  })
  const ask = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(`${portal.url}${path}`, { headers, ...init })
    const text = await response.text()
    return { status: response.status, headers: response.headers, text, json: () => JSON.parse(text) as never }
  }

  it('follows it from the first call to the last', async () => {
    // Generating Tokens: optionally with a description.
    const created = await ask('/api/v1/workspaces/1/api-tokens', {
      method: 'POST',
      headers: { ...headers, authorization: `Bearer ${ADMIN_API_TOKEN}` },
      body: '{"description":"for the shop"}',
    })
    const { token } = (created.json() as { data: { token: string } }).data
    const authorized = { ...headers, authorization: `Bearer ${token}` }

    // Testing the API; the GET Example.
    for (const path of ['/api/v1/ping', '/api/v1/ping?api_token=9w2fN7d4F3Banyv7gihYOWJEH6MvtYyZ']) {
      const ping = await ask(path)
      expect([ping.status, ping.text]).toEqual([200, 'ok'])
      expect(ping.headers.has('x-ratelimit-limit')).toBe(false)
    }

    // Authentication: Bearer Token, API Token Parameter in a GET and in a POST.
    const byBearer = await ask('/api/v1/tags', { headers: authorized })
    const byQuery = await ask(`/api/v1/tags?api_token=${token}`)
    expect([byBearer.status, byQuery.status]).toEqual([200, 200])
    const byBody = await ask('/api/v1/tags', {
      method: 'POST',
      body: JSON.stringify({ api_token: token, name: 'customers' }),
    })
    expect(byBody.status).toBe(201)

    // Authentication Error: Sample Missing Token Response, Sample Invalid Token Response.
    for (const authorization of [{}, { authorization: 'Bearer 9w2fN7d4F3Banyv7gihYOWJEH6MvtYyZ' }]) {
      const refused = await ask('/api/v1/tags', { headers: { ...headers, ...authorization } })
      expect(refused.status).toBe(401)
      expect(refused.json()).toEqual({ message: 'Unauthenticated.' })
    }

    // Validation Errors: Sample Response.
    const invalid = await ask('/api/v1/subscribers', { method: 'POST', headers: authorized, body: '{}' })
    expect(invalid.status).toBe(422)
    expect(invalid.json()).toEqual({
      message: 'The given data was invalid.',
      errors: { email: ['The email field is required.'] },
    })

    // Pagination: exactly these keys.
    const page = (await ask('/api/v1/tags', { headers: authorized })).json() as {
      data: object[]
      links: object
      meta: object
    }
    expect(Object.keys(page)).toEqual(['data', 'links', 'meta'])
    expect(Object.keys(page.data[0] ?? {})).toEqual(
      expect.arrayContaining(['id', 'name', 'created_at', 'updated_at']),
    )
    expect(Object.keys(page.links)).toEqual(['first', 'last', 'prev', 'next'])
    expect(Object.keys(page.meta)).toEqual([
      'current_page',
      'from',
      'last_page',
      'path',
      'per_page',
      'to',
      'total',
    ])

    // Throttling: five of twelve are used up by this token.
    for (let left = 6; left >= 0; left--) {
      const allowed = await ask('/api/v1/subscribers/99999', { headers: authorized })
      expect(allowed.status).toBe(404)
      expect(allowed.headers.get('x-ratelimit-limit')).toBe('12')
      expect(allowed.headers.get('x-ratelimit-remaining')).toBe(String(left))
      expect(allowed.headers.has('x-ratelimit-reset')).toBe(false)
    }
    for (const method of ['GET', 'POST']) {
      const over = await ask('/api/v1/tags', { method, headers: authorized })
      expect([over.status, over.text]).toEqual([429, '{"message":"Too Many Attempts."}'])
      expect(over.headers.get('x-ratelimit-remaining')).toBe('0')
      const wait = Number(over.headers.get('retry-after'))
      expect(wait).toBeGreaterThanOrEqual(1)
      expect(wait).toBeLessThanOrEqual(30)
      const reset = Number(over.headers.get('x-ratelimit-reset'))
      expect(reset).toBeGreaterThan(Date.now() / 1000 - 2)
      expect(reset).toBeLessThanOrEqual(Math.ceil(Date.now() / 1000) + 30)
      expect(over.headers.get('access-control-allow-origin')).toBe('*')
    }
    // Per token: others go on, and so does ping.
    const other = { ...headers, authorization: `Bearer ${WORKSPACE_API_TOKEN}` }
    expect((await ask('/api/v1/tags', { headers: other })).status).toBe(200)
    expect((await ask('/api/v1/ping', { headers: authorized })).status).toBe(200)
  })
})

describe('1.3 throttling', () => {
  eachEngine('strangers apart', engine => {
    const portal = useSendPortal(engine, { POSTHORN_THROTTLE: '3|5,10', POSTHORN_API_RATE_LIMIT: '1/60' })
    const { call } = portal

    it('1.3: wrong tokens and none count by address, whatever the path, and preflights count nowhere', async () => {
      const preflight = { origin: 'https://x.example', 'access-control-request-method': 'POST' }
      const statuses: number[] = []
      for (const [path, ask] of [
        ['/tags', { token: null }],
        ['/tags', { token: 'guess' }],
        ['/nowhere/at/all', { token: null }],
        ['/tags/1/nowhere', { token: 'guess' }],
        ['/tags', { token: 'guess' }],
      ] as const) {
        statuses.push((await call('GET', path, undefined, ask)).status)
        const asked = await call('OPTIONS', '/tags', undefined, { token: null, headers: preflight })
        expect([asked.status, asked.headers.has('x-ratelimit-limit')]).toEqual([204, false])
      }
      // The third is on nobody's path.
      expect(statuses).toEqual([401, 401, 404, 401, 429])
      const inBody = await call('POST', '/tags', { api_token: 'guess' }, { token: null })
      expect(inBody.status).toBe(429)
      expect(inBody.headers.get('x-ratelimit-limit')).toBe('3')
      const known = await call('GET', '/tags')
      expect([known.status, known.headers.get('x-ratelimit-limit')]).toEqual([200, '5'])
      expect(known.headers.get('x-ratelimit-remaining')).toBe('4')
    })

    it("1.3: Mailtrap's limit is another, and says no more than before", async () => {
      const ask = { token: ADMIN_API_TOKEN }
      expect((await call('GET', '/inboxes', undefined, ask)).status).toBe(200)
      const over = await call('GET', '/inboxes', undefined, ask)
      expect(over.status).toBe(429)
      expect(over.headers.has('retry-after')).toBe(true)
      expect(over.headers.has('x-ratelimit-reset')).toBe(false)
      expect((await call('GET', '/tags', undefined, ask)).status).toBe(200)
    })
  })
})
