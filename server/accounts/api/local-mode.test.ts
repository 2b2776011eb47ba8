import { afterAll, beforeAll, expect, it } from 'vitest'
import { Browser, PASSWORD, raw, type Running, start, stop } from '../../../test/accounts.ts'
import { eachEngine } from '../../../test/engines.ts'
import { endLocalMode } from '../local-mode.ts'

eachEngine('local mode', engine => {
  let running: Running
  beforeAll(async () => {
    running = await start(engine)
  })
  afterAll(() => stop(running))

  it('opens signed in as the owner', async () => {
    const browser = new Browser(running.base)
    const { status, answer, set } = await browser.open()
    expect(status).toBe(200)
    expect(answer).toMatchObject({
      state: 'local',
      user: { id: running.owner.user.id, email: 'ann@example.com', timezone: 'Etc/UTC', has_password: false },
      workspace: { name: 'My workspace', role: 'owner' },
      server: { smtp: { ports: [2525], tls: true } },
    })
    expect(set).toMatch(/^posthorn_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=2592000$/)
    expect((await browser.open()).set).toBeNull()
    expect((await browser.call('GET', '/api/v1/user')).status).toBe(200)
  })

  it('lets nobody in who did not come by a name of this machine (DNS rebinding), or through a proxy', async () => {
    const { port, base } = running
    const own = `localhost:${port}`
    for (const headers of [
      { host: `attacker.example:${port}` },
      { host: `localhost.attacker.example:${port}` },
      { host: `127.0.0.1.attacker.example` },
      { host: `192.168.1.5:${port}` },
      { host: `localhost:${port}@attacker.example` },
      { host: own, origin: 'http://localhost:3000' },
      { host: own, origin: 'null' },
      { host: own, origin: `https://${own}` },
      { host: own, referer: 'https://mail.example.com/' },
      { host: own, 'sec-fetch-site': 'cross-site' },
      { host: own, 'sec-fetch-site': 'same-site' },
      { host: own, 'x-forwarded-for': '192.0.2.1' },
      { host: own, forwarded: 'for=192.0.2.1' },
    ]) {
      const { status, text, cookie } = await raw(port, '/api/posthorn/session', headers)
      expect(status).toBe(200)
      expect(JSON.parse(text)).toMatchObject({ state: 'setup', user: null, csrf: null })
      expect(cookie).toBeUndefined()
    }
    for (const host of [
      own,
      `127.0.0.1:${port}`,
      `[::1]:${port}`,
      `app.localhost:${port}`,
      'LOCALHOST',
      'localhost:9000',
    ])
      expect((await raw(port, '/api/posthorn/session', { host })).text).toContain('"state":"local"')
    const browser = new Browser(base)
    await browser.open()
    const { cookie } = browser
    expect((await raw(port, '/api/v1/user', { host: own, cookie })).status).toBe(200)
    expect((await raw(port, '/api/v1/user', { host: `attacker.example:${port}`, cookie })).status).toBe(401)
    expect(
      (await raw(port, '/api/v1/user', { host: own, cookie, origin: 'http://localhost:3000' })).status,
    ).toBe(401)
  })

  it('asks every change for the CSRF token and our own origin', async () => {
    const browser = new Browser(running.base)
    await browser.open()
    const change = (headers: Record<string, string>) => browser.call('POST', '/api/v1/inboxes', {}, headers)
    expect((await change({})).status).toBe(200)
    expect((await change({ 'x-csrf-token': '' })).status).toBe(403)
    expect((await change({ 'x-csrf-token': 'x'.repeat(43) })).status).toBe(403)
    expect((await change({ origin: 'http://localhost:3000' })).status).toBe(401)
    expect((await change({ cookie: '' })).status).toBe(401)
  })

  it('needs a token in the APIs all the same', async () => {
    expect((await fetch(`${running.base}/api/v1/user`)).status).toBe(401)
  })

  it('is ended by setting up, for good, and only this browser stays signed in', async () => {
    const other = new Browser(running.base)
    await other.open()
    const browser = new Browser(running.base)
    await browser.open()
    const before = browser.cookie
    const setUp = (fields: unknown) => browser.call('POST', '/api/posthorn/setup', fields)
    const refused = await setUp({ name: ' ', email: 'nobody', password: 'short' })
    expect(refused.status).toBe(422)
    expect(refused.answer).toMatchObject({
      error: {
        code: 'invalid',
        fields: { name: [expect.any(String)], email: [expect.any(String)], password: [expect.any(String)] },
      },
    })
    expect((await setUp({ name: 'Ann', email: 'Ann@Example.org', password: PASSWORD })).answer).toMatchObject(
      {
        state: 'signed_in',
        user: { name: 'Ann', email: 'ann@example.org', has_password: true },
      },
    )
    expect(browser.cookie).not.toBe(before)
    expect((await browser.open()).answer.state).toBe('signed_in')
    expect((await other.open()).answer.state).toBe('signed_out')
    expect((await setUp({ name: 'Eve', email: 'eve@example.org', password: PASSWORD })).status).toBe(403)
    expect((await new Browser(running.base).open()).answer.state).toBe('signed_out')
  })
})

eachEngine('without local mode', engine => {
  it('shows set-up, and lets nobody in, while nobody has a password', async () => {
    const running = await start(engine, { loopback: false })
    expect((await new Browser(running.base).open()).answer).toMatchObject({ state: 'setup', user: null })
    await stop(running)
  })

  it('stays ended, sessions opened in it included', async () => {
    const running = await start(engine)
    const browser = new Browser(running.base)
    await browser.open()
    await endLocalMode(running.storage.write)
    expect((await browser.call('GET', '/api/v1/user')).status).toBe(401)
    expect((await browser.open()).answer.state).toBe('setup')
    await stop(running)
  })
})
