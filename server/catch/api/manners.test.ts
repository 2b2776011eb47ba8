import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eachEngine } from '../../../test/engines.ts'
import { type SandboxApi, startSandboxApi } from '../../../test/sandbox-api.ts'

eachEngine('the dialect', engine => {
  let sandbox: SandboxApi
  let message: string
  beforeAll(async () => {
    sandbox = await startSandboxApi(engine, { limit: { count: 500, seconds: 100 } })
    message = `/api/v1/inboxes/${sandbox.inbox.id}/messages/${await sandbox.keep('Subject: x\r\n\r\ny\r\n')}`
  })
  afterAll(() => sandbox.close())
  const setRole = (role: 'viewer' | 'owner') =>
    sandbox.storage.write.updateTable('members').set({ role }).where('user_id', '=', sandbox.userId).execute()

  it('finds the token in four places', async () => {
    const { token } = sandbox
    const none = { 'api-token': '' }
    for (const headers of [
      { 'api-token': token },
      { ...none, authorization: `Token token=${token}` },
      { ...none, authorization: `Token token="${token}"` },
      { ...none, authorization: `Bearer ${token}` },
    ])
      expect((await sandbox.call('GET', '/api/v1/inboxes', { headers })).status).toBe(200)
    expect(
      (await sandbox.call('GET', `/api/v1/inboxes.json?api_token=${token}`, { headers: none })).status,
    ).toBe(200)
    const inBody = { api_token: token, company: { name: 'From the body' } }
    expect((await sandbox.call('POST', '/api/v1/companies', { headers: none, body: inBody })).status).toBe(
      200,
    )
  })

  it('asks who it is before it looks for anything', async () => {
    for (const path of [
      '/api/v1/inboxes',
      '/api/v1/inboxes/999',
      '/api/v1/inboxes/x',
      `${message}/body.txt`,
    ]) {
      for (const token of ['', 'wrong']) {
        const reply = await sandbox.call('GET', path, { headers: { 'api-token': token } })
        expect([reply.status, reply.text]).toEqual([401, '{"error":"Incorrect API token"}'])
        expect(reply.headers.get('www-authenticate')).toBe('Token realm="Application"')
        expect(reply.headers.get('content-type')).toBe('application/json; charset=utf-8')
        expect(reply.headers.get('x-ratelimit-limit')).toBe('500')
      }
    }
  })

  it.each([
    '/api/v1/inboxes/999999',
    '/api/v1/inboxes/dummy',
    '/api/v1/inboxes/0',
    '/api/v1/inboxes/99999999999999999999',
    '/api/v1/companies/999999',
    '/api/v1/inboxes/999999/messages',
    '/api/v1/inboxes/dummy/messages',
    '/api/v1/sharedInboxes',
  ])('does not find %s', async path => {
    const reply = await sandbox.call('GET', path)
    expect([reply.status, reply.json]).toMatchObject([
      404,
      path.includes('sharedInboxes') ? { error: { code: 'absent' } } : { error: 'Not Found' },
    ])
  })

  it.each(['', '/body.txt', '/body.html', '/mail_headers', '/attachments', '/attachments/1', '/spam_report'])(
    'does not find %s of an unknown message',
    async part => {
      for (const id of ['999999', 'x']) {
        const reply = await sandbox.call('GET', `/api/v1/inboxes/${sandbox.inbox.id}/messages/${id}${part}`)
        expect([reply.status, reply.text]).toEqual([404, '{"error":"Not Found"}'])
        expect(reply.headers.get('content-type')).toBe('application/json; charset=utf-8')
      }
    },
  )

  it('names the methods that are served', async () => {
    const put = await sandbox.call('PUT', `/api/v1/inboxes/${sandbox.inbox.id}`)
    expect([put.status, put.text]).toEqual([405, '{"error":"Method Not Allowed"}'])
    expect(put.headers.get('allow')).toBe('DELETE, GET, HEAD, PATCH')
    expect((await sandbox.call('POST', '/api/v1/inboxes')).status).toBe(405)
    const head = await sandbox.call('HEAD', '/api/v1/inboxes')
    expect([head.status, head.text]).toEqual([200, ''])
  })

  it('keeps what is not acceptable short', async () => {
    const reply = await sandbox.call('GET', '/api/v1/inboxes', { headers: { accept: 'image/png' } })
    expect([reply.status, reply.text]).toEqual([406, ''])
    expect(
      (await sandbox.call('GET', '/api/v1/inboxes.json', { headers: { accept: 'image/png' } })).status,
    ).toBe(200)
  })

  it('sends its headers with every reply', async () => {
    for (const path of ['/api/v1/inboxes', '/api/v1/inboxes/999', message, `${message}/body.raw`]) {
      const { headers } = await sandbox.call('GET', path)
      expect(headers.get('vary')).toBe('Accept, Origin')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('cache-control')).toBe('max-age=0, private, must-revalidate')
      expect(headers.get('x-ratelimit-limit')).toBe('500')
      expect(Number(headers.get('x-ratelimit-remaining'))).toBeGreaterThan(0)
    }
  })

  it('overlooks repeated slashes', async () => {
    // fetch would tidy the path up.
    const status = await new Promise(resolve => {
      const headers = { 'api-token': sandbox.token }
      request(`${sandbox.url}//api/v1//inboxes`, { headers }, reply =>
        resolve(reply.resume().statusCode),
      ).end()
    })
    expect(status).toBe(200)
  })

  it('refuses a body that is too large', async () => {
    const reply = await sandbox.call('POST', '/api/v1/companies', {
      body: { company: { name: 'x'.repeat(2 << 20) } },
    })
    expect([reply.status, reply.text]).toEqual([413, '{"error":"Payload Too Large"}'])
  })

  it('hides what belongs to others', async () => {
    const headers = { 'api-token': await sandbox.stranger() }
    expect((await sandbox.call('GET', '/api/v1/inboxes', { headers })).text).toBe('[]')
    for (const [method, path] of [
      ['GET', `/api/v1/inboxes/${sandbox.inbox.id}`],
      ['GET', `/api/v1/inboxes/${sandbox.inbox.id}/messages`],
      ['DELETE', `/api/v1/companies/${sandbox.project.id}`],
      ['GET', `${message}/body.raw`],
      ['PATCH', message],
      ['DELETE', message],
      ['GET', message.replace('/api/v1', '/api/posthorn')],
    ] as const)
      expect((await sandbox.call(method, path, { headers })).status).toBe(404)
  })

  describe('lets viewers look and change nothing', () => {
    beforeAll(() => setRole('viewer'))
    afterAll(() => setRole('owner'))

    it('while secrets stay hidden', async () => {
      const other = await sandbox.storage.write
        .insertInto('users')
        .values({
          name: 'Maker',
          email: 'maker@example.com',
          pending_email: null,
          password_hash: null,
          timezone: 'Etc/UTC',
          jwt_id: 'x',
          current_workspace_id: sandbox.workspaceId,
          created_at: 0,
          updated_at: 0,
        })
        .returning('id')
        .executeTakeFirstOrThrow()
      await sandbox.storage.write.updateTable('projects').set({ owner_id: other.id }).execute()
      const inbox = await sandbox.call('GET', `/api/v1/inboxes/${sandbox.inbox.id}`)
      expect(inbox.json).toMatchObject({ username: sandbox.inbox.username, password: null })
      expect((await sandbox.call('GET', `/api/v1/companies/${sandbox.project.id}`)).json).toMatchObject({
        is_owner: false,
        share_link: null,
        ext_id: null,
      })
      expect((await sandbox.call('GET', `${message}/body.txt`)).status).toBe(200)
    })

    it.each([
      ['POST', '/companies'],
      ['PATCH', '/companies/P'],
      ['DELETE', '/companies/P'],
      ['POST', '/companies/P/inboxes'],
      ['PATCH', '/inboxes/I'],
      ['DELETE', '/inboxes/I'],
      ['PATCH', '/inboxes/I/clean'],
      ['PATCH', '/inboxes/I/all_read'],
      ['PATCH', '/inboxes/I/reset_credentials'],
      ['PATCH', '/inboxes/I/reset_email_username'],
      ['PATCH', '/inboxes/I/toggle_email_username'],
      ['PATCH', 'M'],
      ['DELETE', 'M'],
    ])('%s %s', async (method, template) => {
      const path = template
        .replace(/^(?=\/)/, '/api/v1')
        .replace('P', String(sandbox.project.id))
        .replace('I', String(sandbox.inbox.id))
        .replace('M', message)
      const reply = await sandbox.call(method, path)
      expect([reply.status, reply.text]).toEqual([403, '{"errors":"Access forbidden"}'])
    })
  })
})

eachEngine('the rate limit', engine => {
  it('is told with every reply, and kept', async () => {
    const sandbox = await startSandboxApi(engine, { limit: { count: 3, seconds: 1000 } })
    const left: (string | null)[] = []
    for (const path of ['/api/v1/inboxes', '/api/v1/inboxes/999', '/api/v1/inboxes'])
      left.push((await sandbox.call('GET', path)).headers.get('x-ratelimit-remaining'))
    expect(left).toEqual(['2', '1', '0'])
    const reply = await sandbox.call('GET', '/api/v1/inboxes')
    expect([reply.status, reply.text]).toEqual([429, '{"error":"Too Many Requests"}'])
    expect(reply.headers.get('x-ratelimit-remaining')).toBe('0')
    expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(990)
    await sandbox.close()
  })
})
