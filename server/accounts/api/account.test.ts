import { afterAll, beforeAll, expect, it } from 'vitest'
import { Browser, PASSWORD, type Running, start, stop } from '../../../test/accounts.ts'
import { eachEngine } from '../../../test/engines.ts'
import { createPerson } from '../people.ts'
import type { MailtrapUserWire } from './wire.ts'

eachEngine('the account', engine => {
  let running: Running
  beforeAll(async () => {
    running = await start(engine, { password: PASSWORD, loopback: false })
  })
  afterAll(() => stop(running))

  async function newPerson(name: string) {
    const given = { name, email: `${name}@example.com`, password: PASSWORD }
    const { user, apiToken } = await createPerson(running.storage.write, given)
    const browser = new Browser(running.base)
    expect((await browser.signIn(given.email, PASSWORD)).status).toBe(200)
    return { user, apiToken, browser }
  }
  async function v1(token: string, method: string, path: string, body?: unknown, headers = {}) {
    const response = await fetch(`${running.base}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return {
      status: response.status,
      text,
      get user() {
        return JSON.parse(text) as MailtrapUserWire
      },
    }
  }
  const linkTo = (email: string) =>
    /\/confirm-email\/(\S+)/.exec(running.letters.findLast(({ to }) => to === email)?.text ?? '')?.[1] ?? ''
  const confirm = (token: string, browser = new Browser(running.base)) =>
    browser.call('POST', '/api/posthorn/account/confirm_email', { token })

  it('is changed over Mailtrap’s API, in JSON and XML, and what is wrong is said', async () => {
    const { apiToken } = await newPerson('Al')
    const change = (user: object) => v1(apiToken, 'PATCH', '/user', { user })
    const { user } = await change({ name: ' Al Z ', timezone: 'Asia/Tokyo', id: 7, api_token: 'x' })
    expect(user).toMatchObject({
      name: 'Al Z',
      timezone: 'Asia/Tokyo',
      timezone_in_int: 32_400,
      created_at: expect.stringMatching(/\+09:00$/),
      api_token: apiToken,
      pending_email: null,
    })
    const refused = await change({ name: ' ', timezone: 'Mars/Base', email: 'nobody' })
    expect([refused.status, JSON.parse(refused.text)]).toEqual([
      422,
      {
        errors: {
          name: ["can't be blank"],
          timezone: ['is not included in the list'],
          email: ['is invalid'],
        },
      },
    ])
    expect((await v1(apiToken, 'PATCH', '/user', { name: 'x' })).status).toBe(400)
    expect((await change({})).user.name).toBe('Al Z')
    const xml = await v1(apiToken, 'PATCH', '/user.xml', { user: { name: 'Al' } })
    expect(xml.text).toMatch(/^<\?xml .*\n<user>\n {2}<id type="integer">/)
  })

  it('takes a new address once its link is opened, and that once', async () => {
    const { apiToken, browser } = await newPerson('Bea')
    const begun = await v1(apiToken, 'PATCH', '/user', { user: { email: 'Bea@New.example' } })
    expect(begun.user).toMatchObject({ email: 'bea@example.com', pending_email: 'bea@new.example' })
    expect((await browser.open()).answer.user).toMatchObject({ pending_email: 'bea@new.example' })
    const link = linkTo('bea@new.example')
    const forged = link.split('.')
    forged[1] = Buffer.from('{"sub":"1","from":"ann@example.com","to":"x@x.x"}').toString('base64url')
    for (const wrong of ['', 'x', forged.join('.'), apiToken]) expect((await confirm(wrong)).status).toBe(404)
    expect((await confirm(link)).answer).toMatchObject({ state: 'signed_out' })
    expect((await browser.open()).answer.user).toMatchObject({
      email: 'bea@new.example',
      pending_email: null,
    })
    expect((await confirm(link)).status).toBe(404)
    expect((await new Browser(running.base).signIn('bea@new.example', PASSWORD)).status).toBe(200)
  })

  it('gives a new address up, or takes another instead', async () => {
    const { browser } = await newPerson('Cid')
    const change = (email: string) => browser.call('PATCH', '/api/posthorn/account', { email })
    expect((await change('one@new.example')).answer.user).toMatchObject({ pending_email: 'one@new.example' })
    const one = linkTo('one@new.example')
    await change('two@new.example')
    expect((await confirm(one)).status).toBe(404)
    const given = await browser.call('DELETE', '/api/posthorn/account/pending_email')
    expect(given.answer).toMatchObject({ user: { email: 'cid@example.com', pending_email: null } })
    expect((await confirm(linkTo('two@new.example'))).status).toBe(404)
    await change('two@new.example')
    // The present one among what is sent back whole changes nothing.
    const whole = await change('CID@example.com')
    expect(whole.answer.user).toMatchObject({ email: 'cid@example.com', pending_email: 'two@new.example' })
    // Strangers are not flooded with links.
    const many = await Promise.all(Array.from({ length: 25 }, (_, i) => change(`stranger-${i}@new.example`)))
    expect(new Set(many.map(({ status }) => status))).toEqual(new Set([200, 429]))
  })

  it('never gets an address that somebody else has', async () => {
    const [dan, eli] = [await newPerson('Dan'), await newPerson('Eli')]
    const taken = await v1(dan.apiToken, 'PATCH', '/user', { user: { email: 'ELI@example.com', name: 'D' } })
    expect([taken.status, taken.text]).toEqual([422, '{"errors":{"email":["has already been taken"]}}'])
    expect((await v1(dan.apiToken, 'GET', '/user')).user).toMatchObject({ name: 'Dan', pending_email: null })
    const mine = { email: 'both@new.example' }
    const web = await dan.browser.call('PATCH', '/api/posthorn/account', { email: 'eli@example.com' })
    expect(web.answer).toMatchObject({ error: { fields: { email: ['is taken'] } } })
    await dan.browser.call('PATCH', '/api/posthorn/account', mine)
    const first = linkTo(mine.email)
    await eli.browser.call('PATCH', '/api/posthorn/account', mine)
    const second = linkTo(mine.email)
    const confirmed = await Promise.all([confirm(first), confirm(second)])
    expect(confirmed.map(({ status }) => status).toSorted()).toEqual([200, 409])
    const owners = await running.storage.read
      .selectFrom('users')
      .select('name')
      .where('email', '=', mine.email)
      .execute()
    expect(owners).toHaveLength(1)
  })

  it('has one API token and one JWT that are reset', async () => {
    const { apiToken, browser, user } = await newPerson('Flo')
    const jwt = (
      (await browser.call('GET', '/api/posthorn/account/jwt')).answer as unknown as { jwt: string }
    ).jwt
    const reset = await v1(apiToken, 'PATCH', '/user/reset_api_token.json')
    const second = reset.user.api_token ?? ''
    expect(second).toMatch(/^[0-9a-f]{32}$/)
    expect(reset.user).toMatchObject({ id: user.id, name: 'Flo' })
    expect((await v1(apiToken, 'GET', '/user')).status).toBe(401)
    expect((await v1(second, 'GET', '/user')).user.api_token).toBe(second)
    expect((await v1(jwt, 'GET', '/user')).user).toMatchObject({ id: user.id, api_token: null })
    const byJwt = (await v1(jwt, 'PATCH', '/user/reset_api_token')).user.api_token ?? ''
    expect((await v1(second, 'GET', '/user')).status).toBe(401)
    expect((await v1(byJwt, 'GET', '/user')).status).toBe(200)
    const bySession = await browser.call('PATCH', '/api/v1/user/reset_api_token')
    const third = (bySession.answer as unknown as MailtrapUserWire).api_token ?? ''
    expect((await v1(byJwt, 'GET', '/user')).status).toBe(401)
    const web = await browser.call('POST', '/api/posthorn/account/api_token/reset', {})
    const fourth = (web.answer as unknown as { token: string }).token
    expect([(await v1(third, 'GET', '/user')).status, (await v1(fourth, 'GET', '/user')).status]).toEqual([
      401, 200,
    ])

    // Another token of the user replaces itself, and no other.
    const made = await browser.call('POST', '/api/posthorn/tokens', { kind: 'user', description: 'CI' })
    const ci = (made.answer as unknown as { token: { value: string } }).token.value
    const newCi = (await v1(ci, 'PATCH', '/user/reset_api_token')).user.api_token ?? ''
    expect((await v1(ci, 'GET', '/user')).status).toBe(401)
    for (const token of [newCi, fourth]) expect((await v1(token, 'GET', '/user')).status).toBe(200)

    const again = await browser.call('GET', '/api/posthorn/account/jwt')
    const later = (again.answer as unknown as { jwt: string }).jwt
    const anew = await browser.call('POST', '/api/posthorn/account/jwt/reset', {})
    for (const old of [jwt, later]) expect((await v1(old, 'GET', '/user')).status).toBe(401)
    expect((await v1((anew.answer as unknown as { jwt: string }).jwt, 'GET', '/user')).status).toBe(200)
    expect((await v1(fourth, 'GET', '/user')).status).toBe(200)
  })

  it('has one API token that counts after two resets at once', async () => {
    const { apiToken, user } = await newPerson('Gil')
    const both = await Promise.all([1, 2].map(() => v1(apiToken, 'PATCH', '/user/reset_api_token')))
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 401])
    const [won] = both.filter(({ status }) => status === 200)
    expect((await v1(won?.user.api_token ?? '', 'GET', '/user')).status).toBe(200)
    const left = await running.storage.read
      .selectFrom('tokens')
      .where('user_id', '=', user.id)
      .select('id')
      .execute()
    expect(left).toHaveLength(1)
  })

  it('is nothing for workspace tokens', async () => {
    const headers = { authorization: `Bearer ${running.owner.workspaceToken}` }
    for (const [method, path] of [
      ['GET', '/account/jwt'],
      ['POST', '/account/jwt/reset'],
      ['POST', '/account/api_token/reset'],
      ['DELETE', '/account/pending_email'],
    ]) {
      const reply = await fetch(`${running.base}/api/posthorn${path}`, { method: method ?? '', headers })
      expect(reply.status, path).toBe(403)
    }
    expect((await v1(running.owner.workspaceToken, 'PATCH', '/user', { user: { name: 'x' } })).status).toBe(
      401,
    )
  })

  it('keeps its address where nothing can be mailed', async () => {
    const mute = await start(engine, { password: PASSWORD, mails: false })
    const browser = new Browser(mute.base)
    expect((await browser.signIn('ann@example.com', PASSWORD)).answer.server).toMatchObject({ mails: false })
    expect((await browser.call('PATCH', '/api/posthorn/account', { email: 'x@example.com' })).status).toBe(
      409,
    )
    expect((await browser.open()).answer.user?.pending_email).toBeNull()
    await stop(mute)
  })
})
