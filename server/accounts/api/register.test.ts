// Signing up, proving an address, and a new password for an old one.
import { SignJWT } from 'jose'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { Browser, PASSWORD, type Running, start, stop } from '../../../test/accounts.ts'
import { eachEngine } from '../../../test/engines.ts'
import { createPerson } from '../people.ts'
import { userByEmail } from '../users.ts'

const JO = { workspace: "Jo's shop", name: 'Jo', email: 'Jo@Example.com', password: 'four words make sense' }

eachEngine('signing up', engine => {
  let running: Running
  beforeAll(async () => {
    running = await start(engine, { password: PASSWORD, loopback: false, registration: true })
  })
  afterAll(() => stop(running))

  const linkTo = (to: string, path: string) =>
    vi.waitFor(() => {
      const letter = running.letters.findLast(one => one.to === to)
      const [, token] = new RegExp(`/${path}/([\\w.-]+)`).exec(letter?.text ?? '') ?? expect.fail('no letter')
      return token ?? ''
    })

  it('makes a workspace and its owner, who does nothing before the address is proved', async () => {
    const browser = new Browser(running.base)
    const wrong = await browser.call('POST', '/api/posthorn/register', {
      ...JO,
      password: 'short',
      name: ' ',
    })
    expect(wrong.status).toBe(422)
    expect(Object.keys((wrong.answer as { error?: { fields: object } }).error?.fields ?? {})).toEqual([
      'name',
      'password',
    ])
    const zone = { timezone: 'Europe/Riga', locale: 'lv' }
    const came = await browser.call('POST', '/api/posthorn/register', { ...JO, ...zone })
    expect(came.answer).toMatchObject({
      state: 'unverified',
      user: { email: 'jo@example.com', ...zone },
      workspace: { name: "Jo's shop", role: 'owner' },
    })
    expect((await browser.open()).answer.state).toBe('unverified')
    for (const [method, path] of [
      ['GET', '/api/posthorn/tokens'],
      ['POST', '/api/posthorn/tokens'],
      ['GET', '/api/posthorn/live'],
      ['POST', '/api/posthorn/invitations'],
    ] as const) {
      const refused = await browser.call(method, path, method === 'POST' ? {} : undefined)
      expect([refused.status, refused.answer], path).toEqual([
        403,
        { error: { code: 'unverified', message: 'Open the link that was mailed to you first' } },
      ])
    }
    expect((await browser.call('GET', '/api/v1/user')).status).toBe(403)

    const again = () => browser.call('POST', '/api/posthorn/account/verify_email/send', {})
    const before = running.letters.length
    for (let i = 0; i < 5; i++) expect((await again()).status).toBe(200)
    expect((await again()).status).toBe(429)
    expect(running.letters.length - before).toBe(5)

    // The link may be opened anywhere, twice too; it is for this address, and one of another purpose is none.
    const verify = (token: string) =>
      new Browser(running.base).call('POST', '/api/posthorn/account/verify_email', { token })
    const token = await linkTo('jo@example.com', 'verify-email')
    expect((await verify(`${token}x`)).status).toBe(404)
    expect((await verify(token)).answer.state).toBe('signed_out')
    expect((await verify(token)).status).toBe(200)
    expect((await browser.open()).answer.state).toBe('signed_in')
    expect((await browser.call('GET', '/api/posthorn/tokens')).status).toBe(200)
  })

  it('says that an address is taken, and makes no account for a page of others', async () => {
    const browser = new Browser(running.base)
    const register = (email: string, headers = {}) =>
      browser.call('POST', '/api/posthorn/register', { ...JO, email }, headers)
    expect((await register('ANN@example.com')).answer).toMatchObject({
      error: { fields: { email: ['is taken'] } },
    })
    expect((await register('x@example.com', { origin: 'https://attacker.example' })).status).toBe(403)
    expect(await userByEmail(running.storage.read, 'x@example.com')).toBeUndefined()
  })

  it('gives nobody a place in a team for an address that is not proved', async () => {
    const stranger = new Browser(running.base)
    await stranger.call('POST', '/api/posthorn/register', { ...JO, email: 'boss@example.com' })
    const owner = new Browser(running.base)
    await owner.signIn('ann@example.com', PASSWORD)
    const scope = { kind: 'workspace', id: running.owner.workspace.id }
    const invited = await owner.call('POST', '/api/posthorn/invitations', {
      scope,
      email: 'boss@example.com',
      role: 'member',
    })
    expect(invited.answer).toMatchObject({ joined: false, invitation: { role: 'admin' } })
    const { link } = invited.answer as unknown as { link: string }
    const path = `/api/posthorn/invitations/by_secret/${link.split('/').at(-1)}`
    expect((await stranger.call('POST', path, {})).answer).toMatchObject({ error: { code: 'unverified' } })
    const signedOut = await stranger.call('DELETE', '/api/posthorn/session')
    expect(signedOut.answer.state).toBe('signed_out')
  })

  it('is not there unless it is switched on, and not before the owner has a password', async () => {
    for (const [options, status] of [
      [{ password: PASSWORD, registration: false }, 404],
      [{ registration: true }, 409],
    ] as const) {
      const other = await start(engine, options)
      const browser = new Browser(other.base)
      expect((await browser.call('POST', '/api/posthorn/register', JO)).status).toBe(status)
      await stop(other)
    }
  })

  it('mails a link to a new password, which works once and ends every session', async () => {
    const bo = { name: 'Bo', email: 'bo@example.com', password: PASSWORD }
    await createPerson(running.storage.write, bo)
    const [browser, other] = [new Browser(running.base), new Browser(running.base)]
    await other.signIn(bo.email, PASSWORD)
    const ask = (email: string) => browser.call('POST', '/api/posthorn/account/password_reset', { email })
    const before = running.letters.length
    const [known, unknown] = [await ask('BO@example.com '), await ask('nobody@example.com')]
    expect([known.status, known.answer]).toEqual([200, {}])
    expect([unknown.status, unknown.answer]).toEqual([known.status, known.answer])
    const token = await linkTo(bo.email, 'reset-password')
    expect(running.letters.slice(before).map(letter => letter.to)).toEqual([bo.email])
    // The unknown one is counted alike.
    for (const email of ['nobody@example.com', bo.email]) {
      for (let i = 0; i < 4; i++) expect((await ask(email)).status).toBe(200)
      expect((await ask(email)).status).toBe(429)
    }

    const set = (fields: { token: string; password: string }) =>
      browser.call('POST', '/api/posthorn/account/new_password', fields)
    expect((await set({ token, password: 'short' })).status).toBe(422)
    expect((await set({ token: `${token}x`, password: JO.password })).status).toBe(404)
    expect((await set({ token, password: JO.password })).status).toBe(200)
    expect((await set({ token, password: 'something else' })).status).toBe(404)
    expect((await other.open()).answer.state).toBe('signed_out')
    expect((await browser.signIn(bo.email, PASSWORD)).status).toBe(401)
    expect((await browser.signIn(bo.email, JO.password)).status).toBe(200)

    // Older than an hour, though signed by us and for the present password.
    const user = await userByEmail(running.storage.read, bo.email)
    const claims = { instead_of: running.secrets.sign('password-reset', user?.password_hash ?? '') }
    const key = running.secrets.key('password-reset')
    const jwt = (age: number) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: 'HS256' })
        .setSubject(String(user?.id))
        .setExpirationTime(Math.floor(Date.now() / 1000) + 3600 - age)
        .sign(key)
    expect((await set({ token: await jwt(3700), password: PASSWORD })).status).toBe(404)
    expect((await set({ token: await jwt(0), password: PASSWORD })).status).toBe(200)
  })

  it('proves the address of whoever signed up and forgot the password', async () => {
    const person = { ...JO, email: 'kim@example.com' }
    await new Browser(running.base).call('POST', '/api/posthorn/register', person)
    const browser = new Browser(running.base)
    await browser.call('POST', '/api/posthorn/account/password_reset', { email: person.email })
    const token = await linkTo(person.email, 'reset-password')
    await browser.call('POST', '/api/posthorn/account/new_password', { token, password: PASSWORD })
    expect((await browser.signIn(person.email, PASSWORD)).answer.state).toBe('signed_in')
  })

  it('mails nothing where it cannot', async () => {
    const other = await start(engine, { password: PASSWORD, mails: false })
    const browser = new Browser(other.base)
    const asked = await browser.call('POST', '/api/posthorn/account/password_reset', {
      email: 'ann@example.com',
    })
    expect(asked.status).toBe(404)
    await stop(other)
  })
})
