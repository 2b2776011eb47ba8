import { afterAll, beforeAll, expect, it } from 'vitest'
import { Browser, PASSWORD, type Running, start, stop } from '../../../test/accounts.ts'
import { eachEngine } from '../../../test/engines.ts'
import { createPerson } from '../people.ts'

eachEngine('pages of other domains', engine => {
  let running: Running
  let ann: string
  let bo: string
  beforeAll(async () => {
    running = await start(engine, { password: PASSWORD })
    ann = running.owner.userToken
    const given = { name: 'Bo', email: 'bo@example.com', password: null }
    bo = (await createPerson(running.storage.write, given)).apiToken
  })
  afterAll(() => stop(running))

  async function ask(method: string, path: string, body?: unknown, token = ann, headers = {}) {
    const response = await fetch(`${running.base}/api/v1${path}`, {
      method,
      headers: { 'api-token': token, 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    return { status: response.status, headers: response.headers, text: await response.text() }
  }
  const register = (domain: unknown, token = ann) =>
    ask('POST', '/cors_domains', { cors_domain: { domain } }, token)
  const preflight = (origin: string, headers = {}, path = '/user') =>
    fetch(`${running.base}/api/v1${path}`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'PATCH', ...headers },
    })
  const allowed = (reply: { headers: Headers }) => reply.headers.get('access-control-allow-origin')

  it('are registered, listed, changed and taken back', async () => {
    const made = await register(' Example.COM ')
    const { id } = JSON.parse(made.text) as { id: number }
    expect(made.text).toBe(`{"id":${id},"user_id":${running.owner.user.id},"domain":"example.com"}`)
    expect((await ask('GET', '/cors_domains')).text).toBe(`[${made.text}]`)
    expect((await ask('GET', '/cors_domains.xml')).text).toContain('<cors-domain>\n    <id type="integer">')
    expect((await ask('GET', `/cors_domains/${id}`)).text).toBe(made.text)
    const changed = await ask('PATCH', `/cors_domains/${id}`, { cors_domain: { domain: 'bücher.example' } })
    expect(JSON.parse(changed.text)).toMatchObject({ id, domain: 'xn--bcher-kva.example' })
    // An object sent back whole changes nothing.
    expect((await ask('PATCH', `/cors_domains/${id}`, { cors_domain: JSON.parse(changed.text) })).text).toBe(
      changed.text,
    )
    for (const method of ['GET', 'PATCH', 'DELETE'])
      expect(
        (
          await ask(
            method,
            `/cors_domains/${id}`,
            method === 'GET' ? undefined : { cors_domain: { domain: 'x' } },
            bo,
          )
        ).status,
      ).toBe(404)
    expect((await ask('DELETE', `/cors_domains/${id}`)).text).toBe(changed.text)
    expect((await ask('GET', '/cors_domains')).text).toBe('[]')
    expect((await ask('POST', '/cors_domains', {})).status).toBe(400)
  })

  it('must be a host name, once', async () => {
    const fault = async (domain: unknown) => {
      const { status, text } = await register(domain)
      return status === 422 ? (JSON.parse(text) as { errors: { domain: string[] } }).errors.domain : status
    }
    for (const domain of [
      'https://a.example',
      'a.example:80',
      'a.example/x',
      '*.a.example',
      'a..example',
      'a b',
      '-a.example',
      `${'a'.repeat(64)}.example`,
      'user@a.example',
      'a.example.',
      '%41',
      '[::1]',
      '<x>',
    ])
      expect(await fault(domain), domain).toEqual(['is invalid'])
    for (const domain of ['', ' ', null, {}, true]) expect(await fault(domain)).toEqual(["can't be blank"])
    expect(await fault('once.example')).toBe(200)
    expect(await fault('ONCE.example')).toEqual(['has already been taken'])
    expect((await register('once.example', bo)).status).toBe(200)
    const other = JSON.parse((await register('other.example')).text) as { id: number }
    const taken = await ask('PATCH', `/cors_domains/${other.id}`, { cors_domain: { domain: 'once.example' } })
    expect([taken.status, taken.text]).toEqual([422, '{"errors":{"domain":["has already been taken"]}}'])
  })

  it('are told by a preflight what they may do, whoever has registered them', async () => {
    await register('app.example', bo)
    const asked = 'api-token, Access-Control-Allow-Origin, X-Requested-With, b@d'
    for (const origin of ['https://app.example', 'http://app.example:3000', 'capacitor://app.example']) {
      const reply = await preflight(origin, { 'access-control-request-headers': asked })
      expect(reply.status).toBe(204)
      expect(Object.fromEntries(reply.headers)).toMatchObject({
        'access-control-allow-origin': origin,
        'access-control-allow-methods': 'GET, POST, PATCH, DELETE',
        'access-control-allow-headers':
          'Api-Token, Authorization, Content-Type, Accept, Access-Control-Allow-Origin, X-Requested-With',
        vary: 'Origin, Access-Control-Request-Headers',
      })
      expect(reply.headers.has('access-control-allow-credentials')).toBe(false)
      expect(await reply.text()).toBe('')
    }
    expect(allowed(await preflight('https://app.example', {}, '//user.json'))).toBe('https://app.example')
    for (const origin of [
      'https://sub.app.example',
      'https://app.example.evil',
      'https://example',
      'null',
      'rubbish',
    ]) {
      const reply = await preflight(origin)
      expect([reply.status, allowed(reply)], origin).toEqual([204, null])
    }
    // No preflight: an OPTIONS like any other verb that is not served; and another API has no pages of others.
    const options = { method: 'OPTIONS', headers: { 'api-token': ann, origin: 'https://app.example' } }
    expect((await fetch(`${running.base}/api/v1/user`, options)).status).toBe(405)
    const own = await fetch(`${running.base}/api/posthorn/session`, {
      method: 'OPTIONS',
      headers: { origin: 'https://app.example', 'access-control-request-method': 'GET' },
    })
    expect([own.status === 204, allowed(own)]).toEqual([false, null])
  })

  it('are answered for the token of a user who lets them in, and for no other, and with no cookie', async () => {
    await register('page.example')
    const origin = 'https://page.example:8443'
    const mine = await ask('GET', '/user', undefined, ann, { origin })
    expect([mine.status, allowed(mine)]).toEqual([200, origin])
    expect(mine.headers.get('access-control-expose-headers')).toContain('Retry-After')
    expect(mine.headers.has('access-control-allow-credentials')).toBe(false)
    expect(mine.headers.get('vary')).toContain('Origin')
    expect(allowed(await ask('PATCH', '/user', { user: { name: '' } }, ann, { origin }))).toBe(origin)
    expect(
      allowed(await ask('GET', '/user', undefined, ann, { origin: 'https://x.page.example' })),
    ).toBeNull()
    expect((await ask('GET', '/user')).headers.get('vary')).toContain('Origin')
    const others = await ask('GET', '/user', undefined, bo, { origin })
    expect([others.status, allowed(others)]).toEqual([200, null])
    const wrong = await ask('GET', '/user', undefined, 'wrong', { origin })
    expect([wrong.status, allowed(wrong)]).toEqual([401, null])
    // The token may come in the body of the request.
    const body = await fetch(`${running.base}/api/v1/cors_domains`, {
      method: 'POST',
      headers: { origin, 'content-type': 'application/json' },
      body: JSON.stringify({ api_token: ann, cors_domain: { domain: 'more.example' } }),
    })
    expect([body.status, allowed(body)]).toEqual([200, origin])

    const browser = new Browser(running.base)
    await browser.signIn('ann@example.com', PASSWORD)
    const read = await browser.call('GET', '/api/v1/user', undefined, { origin })
    expect([read.status, allowed(read)]).toEqual([200, null])
    const change = await browser.call('PATCH', '/api/v1/user', { user: { name: 'x' } }, { origin })
    expect([change.status, allowed(change)]).toEqual([403, null])

    const { id } =
      (JSON.parse((await ask('GET', '/cors_domains')).text) as { id: number; domain: string }[]).find(
        ({ domain }) => domain === 'page.example',
      ) ?? {}
    await ask('DELETE', `/cors_domains/${id}`)
    expect(allowed(await ask('GET', '/user', undefined, ann, { origin }))).toBeNull()
    expect(allowed(await preflight(origin))).toBeNull()
  })
})
