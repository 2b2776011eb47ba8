import { afterAll, beforeAll, expect, it } from 'vitest'
import { Browser, PASSWORD, raw, type Running, start, stop } from '../../../test/accounts.ts'
import { eachEngine } from '../../../test/engines.ts'
import { createPerson } from '../people.ts'
import { changeUser } from '../users.ts'
import { addMember } from '../workspaces.ts'

eachEngine('signing in', engine => {
  let running: Running
  beforeAll(async () => {
    running = await start(engine, { password: PASSWORD, loopback: false })
  })
  afterAll(() => stop(running))

  it('takes the right password only, and never a session that was there before', async () => {
    const browser = new Browser(running.base)
    browser.cookie = `posthorn_session=${'a'.repeat(43)}`
    expect((await browser.open()).answer.state).toBe('signed_out')
    const wrong = await browser.signIn('ann@example.com', 'wrong')
    expect(wrong.status).toBe(401)
    expect(wrong.answer).toEqual({ error: { code: 'unauthenticated', message: 'Wrong email or password' } })
    expect((await browser.signIn('nobody@example.com', PASSWORD)).answer).toEqual(wrong.answer)
    const right = await browser.signIn(' ANN@example.com ', PASSWORD)
    expect(right.answer).toMatchObject({ state: 'signed_in', user: { email: 'ann@example.com' } })
    expect(browser.cookie).not.toContain('aaaa')
    const first = browser.cookie
    await browser.signIn('ann@example.com', PASSWORD)
    expect(browser.cookie).not.toBe(first)
    const old = new Browser(running.base)
    old.cookie = first
    expect((await old.open()).answer.state).toBe('signed_out')
  })

  it('is refused to pages of others, and unreadable bodies are', async () => {
    const browser = new Browser(running.base)
    const right = (headers: Record<string, string>) => browser.signIn('ann@example.com', PASSWORD, headers)
    expect((await right({ origin: 'https://attacker.example' })).status).toBe(403)
    expect((await right({ origin: 'null' })).status).toBe(403)
    expect((await right({ origin: 'http://localhost:8025' })).status).toBe(200)
    expect((await browser.call('POST', '/api/posthorn/session', [])).status).toBe(400)
    expect((await browser.call('POST', '/api/posthorn/session', { email: 1 })).status).toBe(422)
  })

  it('guards every change against pages of others', async () => {
    const browser = new Browser(running.base)
    await browser.signIn('ann@example.com', PASSWORD)
    const change = (headers: Record<string, string>) => browser.call('POST', '/api/v1/inboxes', {}, headers)
    expect((await change({})).status).toBe(200)
    expect((await change({ origin: 'https://attacker.example' })).status).toBe(403)
    expect((await change({ origin: 'null' })).status).toBe(403)
    expect((await change({ 'x-csrf-token': browser.csrf.slice(1) })).status).toBe(403)
    const other = new Browser(running.base)
    await other.signIn('ann@example.com', PASSWORD)
    expect((await change({ 'x-csrf-token': other.csrf })).status).toBe(403)
  })

  it('ends with signing out', async () => {
    const browser = new Browser(running.base)
    await browser.signIn('ann@example.com', PASSWORD)
    const { cookie } = browser
    expect(
      (await browser.call('DELETE', '/api/posthorn/session', undefined, { 'x-csrf-token': 'no' })).status,
    ).toBe(403)
    const left = await browser.call('DELETE', '/api/posthorn/session')
    expect(left.answer).toMatchObject({ state: 'signed_out', user: null })
    expect(left.set).toContain('Max-Age=0')
    browser.cookie = cookie
    expect((await browser.call('GET', '/api/v1/user')).status).toBe(401)
  })

  it('slows guessing down, for that person from that address', async () => {
    await createPerson(running.storage.write, { name: 'Bo', email: 'bo@example.com', password: PASSWORD })
    const browser = new Browser(running.base)
    for (let i = 0; i < 5; i++)
      expect((await browser.signIn('bo@example.com', `guess ${i}`)).status).toBe(401)
    const slowed = await browser.signIn('bo@example.com', PASSWORD)
    expect(slowed.status).toBe(429)
    expect(Number(slowed.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await browser.signIn('ann@example.com', PASSWORD)).status).toBe(200)
  })

  it('lets people change themselves, their password with the present one only', async () => {
    const person = { name: 'Cy', email: 'cy@example.com', password: PASSWORD }
    await createPerson(running.storage.write, person)
    const [browser, other] = [new Browser(running.base), new Browser(running.base)]
    await browser.signIn(person.email, PASSWORD)
    await other.signIn(person.email, PASSWORD)
    const change = (fields: unknown) => browser.call('PATCH', '/api/posthorn/account', fields)
    expect((await change({ name: 'Cy\0 \ud800Z', timezone: 'Europe/Kyiv' })).answer.user).toMatchObject({
      name: 'Cy \ufffdZ',
      timezone: 'Europe/Kyiv',
    })
    expect((await change({ locale: 'de' })).answer.user).toMatchObject({ locale: 'de' })
    expect((await change({ locale: 'tlh' })).status).toBe(422)
    expect((await change({ timezone: 'Mars/Base' })).answer).toMatchObject({
      error: { fields: { timezone: ['is not a time zone that is known'] } },
    })
    expect((await change({ password: 'another horse' })).answer).toMatchObject({
      error: { fields: { current_password: ['is wrong'] } },
    })
    expect((await change({ password: 'another horse', current_password: PASSWORD })).status).toBe(200)
    expect((await browser.open()).answer.state).toBe('signed_in')
    expect((await other.open()).answer.state).toBe('signed_out')
    expect((await other.signIn(person.email, 'another horse')).status).toBe(200)
  })

  it('makes, lists and deletes tokens, which stop counting at once', async () => {
    const browser = new Browser(running.base)
    await browser.signIn('ann@example.com', PASSWORD)
    const made = await browser.call('POST', '/api/posthorn/tokens', { kind: 'user', description: 'CI' })
    const token = (made.answer as unknown as { token: { id: number; value: string; last_four: string } })
      .token
    expect(token.value).toMatch(/^[0-9a-f]{32}$/)
    expect(token.last_four).toBe(token.value.slice(-4))
    const workspace = await browser.call('POST', '/api/posthorn/tokens', { kind: 'workspace' })
    expect(JSON.stringify(workspace.answer)).toMatch(/"value":"[\w-]{40}"/)
    const listed = await browser.call('GET', '/api/posthorn/tokens')
    expect(JSON.stringify(listed.answer)).not.toContain(token.value)
    expect((listed.answer as unknown as { tokens: unknown[] }).tokens).toHaveLength(4)
    const use = () => fetch(`${running.base}/api/v1/user`, { headers: { 'api-token': token.value } })
    const lastUsed = async () => {
      const { tokens } = (await browser.call('GET', '/api/posthorn/tokens')).answer as unknown as {
        tokens: { id: number; last_used_at: string | null }[]
      }
      return tokens.find(({ id }) => id === token.id)?.last_used_at
    }
    expect(await lastUsed()).toBeNull()
    const { storage, tokenUses } = running
    const stamp = storage.stamp()
    expect((await use()).status).toBe(200)
    // Said at once, and written by nobody while the request is answered.
    expect(await lastUsed()).toMatch(/^20/)
    expect(storage.stamp()).toBe(stamp)
    await tokenUses.flush()
    expect(tokenUses.since(token.id)).toBeNull()
    expect(await lastUsed()).toMatch(/^20/)
    expect((await browser.call('DELETE', `/api/posthorn/tokens/${token.id}`)).status).toBe(200)
    expect((await use()).status).toBe(401)
    expect((await browser.call('DELETE', `/api/posthorn/tokens/${token.id}`)).status).toBe(404)
    expect((await browser.call('POST', '/api/posthorn/tokens', { kind: 'root' })).status).toBe(422)
  })

  it('keeps the tokens of others, and of their workspaces, out of reach', async () => {
    const { storage, owner } = running
    const { user } = await createPerson(storage.write, {
      name: 'Vi',
      email: 'vi@example.com',
      password: PASSWORD,
    })
    await addMember(storage.write, owner.workspace.id, user.id, 'viewer')
    await storage.write
      .updateTable('users')
      .set({ current_workspace_id: owner.workspace.id })
      .where('id', '=', user.id)
      .execute()
    const browser = new Browser(running.base)
    expect((await browser.signIn('vi@example.com', PASSWORD)).answer.workspace).toMatchObject({
      role: 'viewer',
    })
    const tokens = await storage.read
      .selectFrom('tokens')
      .selectAll()
      .where('user_id', '=', owner.user.id)
      .execute()
    const listed = await browser.call('GET', '/api/posthorn/tokens')
    expect((listed.answer as unknown as { tokens: unknown[] }).tokens).toHaveLength(1)
    for (const { id } of tokens)
      expect((await browser.call('DELETE', `/api/posthorn/tokens/${id}`)).status).toBe(404)
    expect((await browser.call('POST', '/api/posthorn/tokens', { kind: 'workspace' })).status).toBe(403)
    const byWorkspace = { authorization: `Bearer ${owner.workspaceToken}` }
    expect((await fetch(`${running.base}/api/posthorn/tokens`, { headers: byWorkspace })).status).toBe(403)
  })

  it('draws initials for those who share a workspace only', async () => {
    const picture = `${running.base}/avatars/${running.owner.user.id}?s=30`
    const stranger = await fetch(picture)
    expect(stranger.headers.get('content-type')).toBe('image/svg+xml')
    expect(await stranger.text()).toMatch(/^<svg [^>]*width="30" .*fill="#fff"><\/text><\/svg>$/)
    await changeUser(running.storage.write, running.owner.user.id, { name: '<Ann> "Lee"' })
    const browser = new Browser(running.base)
    await browser.signIn('ann@example.com', PASSWORD)
    expect(await (await fetch(picture, { headers: { cookie: browser.cookie } })).text()).toContain(
      '>AL</text>',
    )
    expect((await fetch(`${running.base}/avatars/x`)).status).toBe(404)
  })

  it('feeds open browsers until they sign out', async () => {
    const browser = new Browser(running.base)
    await browser.signIn('ann@example.com', PASSWORD)
    const feed = await fetch(`${running.base}/api/posthorn/live`, { headers: { cookie: browser.cookie } })
    expect(feed.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    running.live.tell({ workspaceId: running.owner.workspace.id }, 'projects', {})
    await browser.call('DELETE', '/api/posthorn/session')
    expect(await feed.text()).toMatch(/event: projects\ndata: \{\}\n\nevent: session\ndata: \{\}\n\n$/)
    const token = { headers: { 'api-token': running.owner.userToken } }
    expect((await fetch(`${running.base}/api/posthorn/live`, token)).status).toBe(403)
    expect((await fetch(`${running.base}/api/posthorn/live`)).status).toBe(401)
  })

  it('is told to travel by TLS only where TLS is', async () => {
    const secure = await start(engine, { password: PASSWORD, publicUrl: 'https://mail.example.com' })
    expect((await new Browser(secure.base).signIn('ann@example.com', PASSWORD)).set).not.toContain('Secure')
    const headers = { host: 'mail.example.com', origin: 'https://mail.example.com' }
    const credentials = { email: 'ann@example.com', password: PASSWORD }
    const { cookie } = await raw(secure.port, '/api/posthorn/session', headers, credentials)
    expect(cookie).toEqual([expect.stringMatching(/; Secure$/)])
    await stop(secure)
  })
})
