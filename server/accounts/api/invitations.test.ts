import { afterAll, beforeAll, expect, it } from 'vitest'
import { Browser, PASSWORD, type Running, start, stop } from '../../../test/accounts.ts'
import { eachEngine } from '../../../test/engines.ts'
import { createPerson } from '../people.ts'
import { addMember } from '../workspaces.ts'
import type { InvitationWire, InviteReply, OpenInvitationWire } from './wire.ts'

const BASE = '/api/posthorn/invitations'

eachEngine('invitations', engine => {
  let running: Running
  let ann: Browser
  let workspaceId: number

  beforeAll(async () => {
    running = await start(engine, { password: PASSWORD, loopback: false })
    workspaceId = running.owner.workspace.id
    ann = await signedIn('ann@example.com')
  })
  afterAll(() => stop(running))

  async function signedIn(email: string): Promise<Browser> {
    const browser = new Browser(running.base)
    expect((await browser.signIn(email, PASSWORD)).status).toBe(200)
    return browser
  }
  async function person(name: string): Promise<number> {
    const given = { name, email: `${name}@example.com`, password: PASSWORD }
    return (await createPerson(running.storage.write, given)).user.id
  }
  const roleOf = async (userId: number) =>
    (
      await running.storage.read
        .selectFrom('members')
        .select('role')
        .where('workspace_id', '=', workspaceId)
        .where('user_id', '=', userId)
        .executeTakeFirst()
    )?.role
  async function invite(
    email: string,
    { role = 'viewer', by = ann, id = workspaceId }: { role?: string; by?: Browser; id?: number } = {},
  ) {
    const { status, answer } = await by.call('POST', BASE, { scope: { kind: 'workspace', id }, email, role })
    return { status, answer: answer as unknown as InviteReply }
  }
  const secretOf = ({ link }: { link: string | null }) => link?.split('/').at(-1) ?? ''
  const secretFor = async (email: string, role = 'viewer') => secretOf((await invite(email, { role })).answer)
  const accept = (browser: Browser, secret: string, body: object = {}) =>
    browser.call('POST', `${BASE}/by_secret/${secret}`, body)
  const list = async (by = ann): Promise<InvitationWire[]> =>
    ((await by.call('GET', BASE)).answer as unknown as { invitations: InvitationWire[] }).invitations

  it('make an account of a link, once', async () => {
    const { answer } = await invite('Bo@Example.com', { role: 'admin' })
    expect(answer).toEqual({
      invitation: {
        id: expect.any(Number),
        email: 'bo@example.com',
        role: 'admin',
        scope: { kind: 'workspace', id: workspaceId, name: 'My workspace' },
        invited_by: { name: 'Owner' },
        created_at: expect.stringMatching(/Z$/),
        expires_at: expect.stringMatching(/Z$/),
      },
      link: expect.stringMatching(/^http:\/\/localhost:8025\/invitation\/[\w-]{43}$/),
      mailed: true,
      joined: false,
    })
    const lifetime = Date.parse(answer.invitation?.expires_at ?? '') - Date.now()
    expect(lifetime).toBeGreaterThan(6.9 * 86_400_000)
    expect(lifetime).toBeLessThan(7.1 * 86_400_000)
    expect(running.letters.at(-1)).toMatchObject({
      to: 'bo@example.com',
      subject: 'Owner invites you to My workspace',
      text: expect.stringContaining(answer.link ?? '-'),
    })
    expect(await list()).toEqual([answer.invitation])
    const secret = secretOf(answer)
    const stored = await running.storage.read.selectFrom('invitations').selectAll().execute()
    expect(JSON.stringify(stored)).not.toContain(secret)

    const bo = new Browser(running.base)
    const shown = await bo.call('GET', `${BASE}/by_secret/${secret}`)
    expect((shown.answer as unknown as { invitation: OpenInvitationWire }).invitation).toEqual({
      email: 'bo@example.com',
      role: 'admin',
      scope: { kind: 'workspace', name: 'My workspace' },
      workspace_name: 'My workspace',
      invited_by: { name: 'Owner' },
      expires_at: answer.invitation?.expires_at,
      has_account: false,
    })
    expect((await accept(bo, secret, { name: 'Bo', password: 'short' })).status).toBe(422)
    expect((await accept(bo, secret)).status).toBe(422)
    const evil = { origin: 'https://attacker.example' }
    const body = { name: 'Bo', password: PASSWORD }
    expect((await bo.call('POST', `${BASE}/by_secret/${secret}`, body, evil)).status).toBe(403)
    const accepted = await accept(bo, secret, body)
    expect(accepted.answer).toMatchObject({
      state: 'signed_in',
      user: { name: 'Bo', email: 'bo@example.com' },
      workspace: { id: workspaceId, role: 'admin' },
    })
    const own = await bo.call('GET', '/api/posthorn/workspaces')
    expect((own.answer as unknown as { workspaces: unknown[] }).workspaces).toHaveLength(2)
    expect((await accept(new Browser(running.base), secret, body)).status).toBe(404)
    expect(await list()).toEqual([])
    expect(running.logged()).toContain('/invitations/by_secret/…')
    expect(running.logged()).not.toContain(secret)
  })

  it('are accepted by one of several who try at once', async () => {
    for (let round = 0; round < 3; round++) {
      const secret = await secretFor(`race-${round}@example.com`)
      const names = [`A${round}`, `B${round}`]
      const users = await Promise.all(names.map(person))
      const browsers = await Promise.all(names.map(name => signedIn(`${name}@example.com`)))
      const tried = await Promise.all([
        ...browsers.map(browser => accept(browser, secret)),
        accept(new Browser(running.base), secret, { name: 'New', password: PASSWORD }),
      ])
      expect(tried.map(({ status }) => status).toSorted()).toEqual([200, 404, 404])
      const roles = await Promise.all(users.map(roleOf))
      const joined = roles.filter(role => role !== undefined).length
      const made = await running.storage.read
        .selectFrom('users')
        .select('id')
        .where('email', '=', `race-${round}@example.com`)
        .execute()
      expect(joined + made.length).toBe(1)
    }
  })

  it('make one account when the button is pressed twice', async () => {
    const secret = await secretFor('twice@example.com')
    const body = { name: 'Twice', password: PASSWORD }
    const tried = await Promise.all([1, 2].map(() => accept(new Browser(running.base), secret, body)))
    // The later one finds the invitation gone, or the address taken.
    const [first, second] = tried.map(({ status }) => status).toSorted()
    expect(first).toBe(200)
    expect([404, 409]).toContain(second)
  })

  it('are accepted by whoever holds the link and is signed in, who loses nothing', async () => {
    const cy = await person('Cy')
    const browser = await signedIn('Cy@example.com')
    const secret = await secretFor('somebody-else@example.com', 'admin')
    // The page of another site has the cookie, but not the token.
    const forged = { 'x-csrf-token': 'forged' }
    expect((await browser.call('POST', `${BASE}/by_secret/${secret}`, {}, forged)).status).toBe(403)
    expect((await accept(browser, secret)).answer).toMatchObject({
      state: 'signed_in',
      user: { id: cy },
      workspace: { id: workspaceId, role: 'admin' },
    })
    expect(await roleOf(cy)).toBe('admin')
    await accept(browser, await secretFor('somebody-else@example.com', 'viewer'))
    expect(await roleOf(cy)).toBe('admin')
    await accept(ann, await secretFor('somebody-else@example.com', 'viewer'))
    expect(await roleOf(running.owner.user.id)).toBe('owner')
  })

  it('let in at once whoever has an account', async () => {
    const di = await person('Di')
    const { answer } = await invite('DI@example.com')
    expect(answer).toEqual({ invitation: null, link: null, mailed: true, joined: true })
    expect(await roleOf(di)).toBe('viewer')
    expect(running.letters.at(-1)).toMatchObject({ to: 'di@example.com' })
    await invite('di@example.com', { role: 'admin' })
    expect(await roleOf(di)).toBe('admin')
    await invite('di@example.com', { role: 'viewer' })
    expect(await roleOf(di)).toBe('admin')
    // Nobody else gets hold of an address that somebody has come to own since.
    const secret = await secretFor('later@example.com')
    await person('later')
    const shown = await new Browser(running.base).call('GET', `${BASE}/by_secret/${secret}`)
    expect(shown.answer).toMatchObject({ invitation: { has_account: true } })
    const account = { name: 'X', password: PASSWORD }
    expect((await accept(new Browser(running.base), secret, account)).status).toBe(409)
    expect((await accept(await signedIn('later@example.com'), secret)).status).toBe(200)
  })

  it('expire, are sent again, and are withdrawn', async () => {
    const { answer } = await invite('eve@example.com')
    const id = answer.invitation?.id ?? 0
    const first = secretOf(answer)
    const again = await invite('eve@example.com', { role: 'admin' })
    expect(await list()).toEqual([again.answer.invitation])
    const status = async (secret: string) =>
      (await new Browser(running.base).call('GET', `${BASE}/by_secret/${secret}`)).status
    expect([await status(first), await status(secretOf(again.answer))]).toEqual([404, 200])
    await running.storage.write
      .updateTable('invitations')
      .set({ expires_at: Date.now() - 1 })
      .execute()
    expect(await status(secretOf(again.answer))).toBe(404)
    const expired = accept(new Browser(running.base), secretOf(again.answer), {
      name: 'E',
      password: PASSWORD,
    })
    expect((await expired).status).toBe(404)
    expect(await list()).toHaveLength(1)
    const present = again.answer.invitation?.id ?? 0
    expect(present).not.toBe(id)
    const resent = await ann.call('POST', `${BASE}/${present}/resend`, {})
    const link = resent.answer as unknown as { link: string; mailed: boolean }
    expect(link).toEqual({ link: expect.stringContaining('/invitation/'), mailed: true })
    expect([await status(secretOf(again.answer)), await status(secretOf(link))]).toEqual([404, 200])
    const withdrawn = await ann.call('DELETE', `${BASE}/${present}`)
    expect(withdrawn.answer).toMatchObject({ invitation: { id: present, email: 'eve@example.com' } })
    expect(await status(secretOf(link))).toBe(404)
    expect((await ann.call('DELETE', `${BASE}/${present}`)).status).toBe(404)
    expect(await list()).toEqual([])
  })

  it('are for those who may manage people, and are checked', async () => {
    const vi = await person('Vi')
    await person('Stranger')
    await addMember(running.storage.write, workspaceId, vi, 'viewer')
    const [viewer, stranger] = [await signedIn('Vi@example.com'), await signedIn('Stranger@example.com')]
    await viewer.call('POST', `/api/posthorn/workspaces/${workspaceId}/current`)
    const { answer } = await invite('fay@example.com')
    const id = answer.invitation?.id
    expect(await list(viewer)).toEqual([])
    expect((await invite('x@example.com', { by: viewer })).status).toBe(403)
    expect((await invite('x@example.com', { by: stranger })).status).toBe(404)
    for (const [browser, status] of [
      [viewer, 403],
      [stranger, 404],
    ] as const) {
      expect((await browser.call('POST', `${BASE}/${id}/resend`, {})).status).toBe(status)
      expect((await browser.call('DELETE', `${BASE}/${id}`)).status).toBe(status)
    }
    expect((await invite('no address')).status).toBe(422)
    expect((await invite('x@example.com', { role: 'owner' })).status).toBe(422)
    expect((await ann.call('POST', BASE, { email: 'x@example.com', role: 'viewer' })).status).toBe(422)
    expect(
      (await ann.call('POST', BASE, { scope: { kind: 'inbox', id: 1 }, email: 'x@x.x', role: 'viewer' }))
        .status,
    ).toBe(404)
    const token = { headers: { authorization: `Bearer ${running.owner.workspaceToken}` } }
    expect((await fetch(running.base + BASE, token)).status).toBe(403)
  })

  it('stop with the power of whoever sent them', async () => {
    const gus = await person('Gus')
    await addMember(running.storage.write, workspaceId, gus, 'admin')
    const browser = await signedIn('Gus@example.com')
    const send = async () =>
      secretOf((await invite('gus-again@example.com', { role: 'admin', by: browser })).answer)
    const members = await ann.call('GET', `/api/posthorn/workspaces/${workspaceId}/members`)
    const member = (members.answer as unknown as { members: { id: number; user_id: number }[] }).members.find(
      one => one.user_id === gus,
    )
    const path = `/api/posthorn/workspaces/${workspaceId}/members/${member?.id}`
    const first = await send()
    expect((await ann.call('PATCH', path, { role: 'viewer' })).status).toBe(200)
    expect((await accept(browser, first)).status).toBe(404)
    await ann.call('PATCH', path, { role: 'admin' })
    const second = await send()
    expect((await ann.call('DELETE', path)).status).toBe(200)
    expect((await accept(browser, second)).status).toBe(404)
    expect(await roleOf(gus)).toBeUndefined()
  })

  it('need a password of whoever invites, and slow down whoever tries links', async () => {
    const local = await start(engine, { mails: false })
    const owner = new Browser(local.base)
    await owner.open()
    const scope = { kind: 'workspace', id: local.owner.workspace.id }
    const wanted = { scope, email: 'x@example.com', role: 'viewer' }
    const refused = await owner.call('POST', BASE, wanted)
    expect([refused.status, refused.answer]).toMatchObject([
      409,
      { error: { message: 'Set a password first' } },
    ])
    await owner.call('POST', '/api/posthorn/setup', {
      name: 'Ann',
      email: 'ann@example.com',
      password: PASSWORD,
    })
    const invited = await owner.call('POST', BASE, wanted)
    expect(invited.answer).toMatchObject({ link: expect.stringContaining('/invitation/'), mailed: false })
    const guess = () => fetch(`${local.base}${BASE}/by_secret/guess`)
    const statuses = await Promise.all(Array.from({ length: 70 }, async () => (await guess()).status))
    expect(new Set(statuses)).toEqual(new Set([404, 429]))
    await stop(local)
  })
})
