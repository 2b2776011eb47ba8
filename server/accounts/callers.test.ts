import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { Browser, type Running, start, stop } from '../../test/accounts.ts'
import { eachEngine } from '../../test/engines.ts'
import { type Asking, Callers } from './callers.ts'
import { signJwt } from './jwt.ts'
import { createToken } from './tokens.ts'
import { changeUser, resetJwt } from './users.ts'

eachEngine('who is asking', engine => {
  let running: Running
  beforeAll(async () => {
    running = await start(engine)
  })
  afterAll(() => stop(running))

  const user = (headers: Record<string, string>, query = '') =>
    fetch(`${running.base}/api/v1/user${query}`, { headers })
  const status = async (headers: Record<string, string>, query?: string) =>
    (await user(headers, query)).status

  it('is answered in all four ways, and told the token that it sent', async () => {
    const { userToken } = running.owner
    for (const [headers, query] of [
      [{ 'Api-Token': userToken }, ''],
      [{ Authorization: `Token token=${userToken}` }, ''],
      [{ Authorization: `Token token="${userToken}"` }, ''],
      [{ Authorization: `token token="${userToken}", nonce="x"` }, ''],
      [{ Authorization: `Token ${userToken}` }, ''],
      [{ Authorization: `Bearer ${userToken}` }, ''],
      [{ Authorization: 'Basic eDp5' }, `?api_token=${userToken}`],
      [{}, `?api_token=${userToken}`],
    ] as const) {
      const response = await user(headers, query)
      expect(response.status).toBe(200)
      expect(await response.json()).toMatchObject({ api_token: userToken, email: 'ann@example.com' })
    }
    const post = (type: string, body: string) =>
      fetch(`${running.base}/api/v1/inboxes`, { method: 'POST', headers: { 'content-type': type }, body })
    expect((await post('application/json', JSON.stringify({ api_token: userToken }))).status).toBe(200)
    expect((await post('application/x-www-form-urlencoded', `api_token=${userToken}`)).status).toBe(200)
    expect((await post('application/json', '{"inbox":{}}')).status).toBe(401)
    expect((await post('application/json', `{"inbox":{"api_token":"${userToken}"}}`)).status).toBe(401)
  })

  it('is decided by the first way that is present, even if it is wrong', async () => {
    const { userToken } = running.owner
    const query = `?api_token=${userToken}`
    const bearer = `Bearer ${userToken}`
    expect(await status({ 'Api-Token': 'wrong', Authorization: bearer }, query)).toBe(401)
    expect(await status({ 'Api-Token': userToken, Authorization: 'Bearer wrong' }, '?api_token=wrong')).toBe(
      200,
    )
    expect(await status({ Authorization: 'Token token=wrong' }, query)).toBe(401)
    expect(await status({ Authorization: bearer }, '?api_token=wrong')).toBe(200)
    expect(await status({ 'Api-Token': '' }, query)).toBe(200)
    expect(await status({ 'Api-Token': 'x'.repeat(5000) })).toBe(401)
  })

  it('may be a JWT, as a bearer, until it is reset', async () => {
    const { secrets, owner, storage } = running
    const token = await signJwt(secrets, owner.user.id, owner.user.jwt_id)
    expect(await (await user({ Authorization: `Bearer ${token}` })).json()).toMatchObject({ api_token: null })
    expect(await status({ 'Api-Token': token })).toBe(401)
    expect(await status({}, `?api_token=${token}`)).toBe(401)
    // Asked together, each is looked up for itself.
    await changeUser(storage.write, owner.user.id, { name: 'Owner' })
    const ways: Record<string, string>[] = [{ Authorization: `Bearer ${token}` }, { 'Api-Token': token }]
    expect(await Promise.all(ways.map(headers => status(headers)))).toEqual([200, 401])
    expect(await status({ Authorization: `Bearer ${await signJwt(secrets, 999, owner.user.jwt_id)}` })).toBe(
      401,
    )
    await resetJwt(storage.write, owner.user.id)
    expect(await status({ Authorization: `Bearer ${token}` })).toBe(401)
    expect(await status({ 'Api-Token': owner.userToken })).toBe(200)
  })

  it('is nobody on the paths of people with the token of a workspace', async () => {
    expect(await status({ Authorization: `Bearer ${running.owner.workspaceToken}` })).toBe(401)
    expect(await status({ 'Api-Token': running.owner.workspaceToken })).toBe(401)
  })

  it('gives the user as every generation of clients knew it', async () => {
    const { owner, storage } = running
    await storage.write
      .updateTable('users')
      .set({ timezone: 'Asia/Kolkata', created_at: Date.UTC(2025, 0, 10, 9) })
      .where('id', '=', owner.user.id)
      .execute()
    const answer = await (await user({ 'Api-Token': owner.userToken }, '.json')).json()
    expect(answer).toEqual({
      id: owner.user.id,
      name: 'Owner',
      email: 'ann@example.com',
      api_token: owner.userToken,
      gravatar_img: `/avatars/${owner.user.id}?s=100`,
      gravatar_icon: `/avatars/${owner.user.id}?s=100`,
      gravatar_little_icon: `/avatars/${owner.user.id}?s=30`,
      created_at: '2025-01-10T14:30:00.000+05:30',
      created_at_int: 1736499600,
      timezone: 'Asia/Kolkata',
      timezone_in_int: 19800,
      pending_email: null,
    })
  })

  it('is noticed at once when another process makes or changes somebody', async () => {
    const { owner, storage } = running
    const { value } = await createToken(storage.write, {
      kind: 'user',
      userId: owner.user.id,
      workspaceId: null,
      description: '',
      value: 'a token of our own choosing',
    })
    expect(await status({ 'Api-Token': value })).toBe(200)
    await changeUser(storage.write, owner.user.id, { name: 'New' })
    expect(await (await user({ 'Api-Token': value })).json()).toMatchObject({ name: 'New' })
  })

  it('is looked up once for all who ask together, where the storage knows that nothing was written', async () => {
    const { storage, secrets, owner } = running
    let queries = 0
    const read = storage.read.withPlugin({
      transformQuery({ node }) {
        queries++
        return node
      },
      transformResult: async ({ result }) => result,
    })
    const callers = new Callers({
      storage: { ...storage, read },
      secrets,
      publicUrl: 'http://localhost:8025',
      loopback: true,
    })
    const request: Asking = {
      method: 'GET',
      headers: { 'api-token': owner.userToken },
      query: {},
      protocol: 'http',
      host: 'localhost:8025',
    }
    const queriesOf = async (requests: number) => {
      queries = 0
      await changeUser(storage.write, owner.user.id, { name: 'Changed' })
      const asked = Array.from({ length: requests }, async () => callers.identify(request, undefined, 'user'))
      for (const caller of await Promise.all(asked)) expect(caller?.user.name).toBe('Changed')
      return queries
    }
    const alone = await queriesOf(1)
    expect(alone).toBeGreaterThan(0)
    expect(await queriesOf(10)).toBe(engine.name === 'SQLite' ? alone : 10 * alone)
  })

  it('never shows in the log', async () => {
    const { userToken } = running.owner
    await user({ Authorization: `Bearer ${userToken}` }, `?api_token=${userToken}`)
    await user({ 'Api-Token': `${userToken}x` })
    await fetch(`${running.base}/api/v1/inboxes`, {
      method: 'POST',
      body: new URLSearchParams({ api_token: userToken }),
    })
    await new Browser(running.base).signIn('ann@example.com', 'hunter2hunter2')
    await vi.waitFor(() => expect(running.logged().split('\n').length).toBeGreaterThan(4))
    expect(running.logged()).not.toContain(userToken)
    expect(running.logged()).not.toContain('hunter2')
    expect(running.logged()).not.toContain('posthorn_session')
  })
})
