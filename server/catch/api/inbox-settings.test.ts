import { afterAll, beforeAll, expect, it } from 'vitest'
import { eachEngine } from '../../../test/engines.ts'
import { startSandboxApi, type SandboxApi } from '../../../test/sandbox-api.ts'
import { createPerson } from '../../accounts/people.ts'
import { findInbox } from '../inboxes.ts'
import type { CompanyWire, InboxSettings, InboxWire, MessagePage } from './wire.ts'

eachEngine('the settings of an inbox', engine => {
  let sandbox: SandboxApi
  beforeAll(async () => {
    sandbox = await startSandboxApi(engine)
  })
  afterAll(() => sandbox.close())
  const own = () => `/api/posthorn/inboxes/${sandbox.inbox.id}`
  const v1 = () => `/api/v1/inboxes/${sandbox.inbox.id}`
  const change = (body: unknown, token = sandbox.token) =>
    sandbox.call('PATCH', `${own()}/settings`, { body, headers: { 'api-token': token } })

  /** Somebody of another workspace who is given some of this one. */
  async function guest(
    inProject: [projectId: number, role: 'admin' | 'viewer'][],
    inInbox?: 'admin' | 'viewer',
  ) {
    const person = await createPerson(sandbox.storage.write, {
      name: 'Guest',
      email: `guest-${Math.random()}@example.com`,
      password: null,
    })
    const times = { created_at: 1, updated_at: 1, user_id: person.user.id }
    for (const [project_id, role] of inProject)
      await sandbox.storage.write
        .insertInto('project_members')
        .values({ project_id, role, ...times })
        .execute()
    if (inInbox)
      await sandbox.storage.write
        .insertInto('inbox_members')
        .values({ inbox_id: sandbox.inbox.id, role: inInbox, ...times })
        .execute()
    return person.apiToken
  }
  const newProject = async (name: string, token = sandbox.token) => {
    const made = await sandbox.call('POST', '/api/v1/companies', {
      body: { company: { name } },
      headers: { 'api-token': token },
    })
    return (made.json as CompanyWire).id
  }

  it('gives them and takes them, some or all', async () => {
    const all: InboxSettings = (await sandbox.call('GET', `${own()}/settings`)).json
    expect(all).toEqual({
      id: sandbox.inbox.id,
      project_id: sandbox.project.id,
      name: 'Staging',
      status: 'active',
      email_username: sandbox.inbox.email_username,
      email_domain: 'inbox.test',
      email_username_enabled: false,
      max_size: 1000,
      max_message_size: 26_214_400,
      rate: null,
      retention_days: null,
      server: { max_message_size: 26_214_400, rate: null },
      emails_count: 0,
      sent_messages_count: 0,
      role: 'owner',
    })
    const before = await findInbox(sandbox.storage.read, sandbox.inbox.id)
    expect((await change(all)).json).toEqual(all)
    expect(await findInbox(sandbox.storage.read, sandbox.inbox.id)).toEqual(before)

    const wanted = {
      name: 'Payments',
      email_username: 'payments',
      email_username_enabled: true,
      max_size: 50,
      max_message_size: 1024,
      rate: { count: 3, seconds: 10 },
      retention_days: 14,
    }
    const hash = sandbox.inbox.email_username.slice(-7)
    const changed = { ...all, ...wanted, email_username: `payments${hash}` }
    expect((await change(wanted)).json).toEqual(changed)
    expect((await change({ rate: null, retention_days: null })).json).toEqual({
      ...changed,
      rate: null,
      retention_days: null,
    })
    await change({ name: all.name, max_size: 1000, max_message_size: 26_214_400 })
  })

  it('says of each field what is wrong with it, and then changes none', async () => {
    const reply = await change({
      name: ' ',
      email_username: '-',
      email_username_enabled: 1,
      status: 'pending',
      max_size: -1,
      max_message_size: 26_214_401,
      rate: { count: 0, seconds: 1 },
      retention_days: 1.5,
    })
    expect(reply.status).toBe(422)
    expect((reply.json as { error: unknown }).error).toMatchObject({
      code: 'invalid',
      fields: {
        name: ["can't be blank"],
        email_username: ['is invalid'],
        email_username_enabled: ['must be true or false'],
        status: ['must be active or inactive'],
        max_size: ['must be a whole number up to 1000000000, 0 for no limit'],
        max_message_size: ['must be from 1024 to 26214400 bytes'],
        rate: ['must be from 1 to 1000000 messages in 1 to 86400 seconds, or null'],
        retention_days: ['must be from 1 to 3650 days, or null for no limit'],
      },
    })
    for (const wrong of [
      { rate: [] },
      { rate: 'no' },
      { rate: { count: 1 } },
      { max_size: '7' },
      { name: {} },
    ])
      expect((await change({ ...wrong, retention_days: 3 })).status).toBe(422)
    expect((await sandbox.call('GET', `${own()}/settings`)).json).toMatchObject({
      name: 'Staging',
      retention_days: null,
    })
  })

  it('deletes at once what a lowered limit no longer allows', async () => {
    const day = 86_400_000
    for (const daysAgo of [20, 10, 3, 2, 1])
      await sandbox.keep(`Subject: ${daysAgo}\r\n\r\n`, { at: Date.now() - daysAgo * day })
    const left = async () => {
      const page: MessagePage = (await sandbox.call('GET', `${own()}/messages`)).json
      return [page.messages.map(message => message.subject), page.inbox.emails_count]
    }
    expect((await change({ retention_days: 5 })).json).toMatchObject({ emails_count: 3 })
    expect(await left()).toEqual([['1', '2', '3'], 3])
    expect((await change({ max_size: 2 })).json).toMatchObject({ emails_count: 2 })
    expect(await left()).toEqual([['1', '2'], 2])
    await change({ retention_days: null, max_size: 0 })
  })

  it('leaves an inactive inbox to be read, managed and deleted only', async () => {
    const id = await sandbox.keep('Subject: x\r\n\r\n')
    expect((await change({ status: 'inactive' })).json).toMatchObject({ status: 'inactive' })
    expect((await sandbox.call('GET', v1())).json).toMatchObject({ status: 'inactive' })
    expect((await sandbox.call('GET', `${v1()}/messages/${id}`)).status).toBe(200)
    for (const [method, path] of [
      ['PATCH', `/messages/${id}`],
      ['DELETE', `/messages/${id}`],
      ['PATCH', '/clean'],
      ['PATCH', '/all_read'],
    ] as const) {
      const reply = await sandbox.call(method, v1() + path)
      expect([path, reply.status, reply.text]).toEqual([path, 403, '{"errors":"Access forbidden"}'])
    }
    const bulk = await sandbox.call('POST', `${own()}/messages/bulk`, { body: { all: true, action: 'read' } })
    expect(bulk.status).toBe(403)
    expect((await sandbox.call('PATCH', `${v1()}/reset_credentials`)).status).toBe(200)
    expect((await change({ status: 'active' })).json).toMatchObject({ status: 'active' })
    expect((await sandbox.call('PATCH', `${v1()}/all_read`)).status).toBe(200)
  })

  it('shows them to viewers, who change nothing', async () => {
    const viewer = await guest([], 'viewer')
    const seen = await sandbox.call('GET', `${own()}/settings`, { headers: { 'api-token': viewer } })
    expect(seen.json).toMatchObject({ id: sandbox.inbox.id, role: 'viewer' })
    expect((await change({ name: 'Mine' }, viewer)).status).toBe(403)
    expect((await change({ name: 'Mine' }, await sandbox.stranger())).status).toBe(404)
  })

  it('moves an inbox to another project of its workspace, for who may make inboxes in both', async () => {
    const move = (company_id: unknown, token = sandbox.token, more = {}) =>
      sandbox.call('PATCH', v1(), {
        body: { inbox: { company_id, ...more } },
        headers: { 'api-token': token },
      })
    const [from, to] = [sandbox.project.id, await newProject('Elsewhere')]
    const id = await sandbox.keep('Subject: stays\r\n\r\n')
    const ofBoth = await guest([
      [from, 'admin'],
      [to, 'admin'],
    ])
    const looking = await guest([
      [from, 'admin'],
      [to, 'viewer'],
    ])
    const ofInbox = await guest([[to, 'admin']], 'admin')
    const ofOne = await guest([[from, 'admin']])

    const same = await findInbox(sandbox.storage.read, sandbox.inbox.id)
    for (const unchanged of [from, String(from), null, '']) expect((await move(unchanged)).status).toBe(200)
    expect((await move(from, ofInbox)).status).toBe(200)
    expect(await findInbox(sandbox.storage.read, sandbox.inbox.id)).toEqual(same)

    for (const token of [looking, ofInbox]) expect((await move(to, token)).status).toBe(403)
    for (const [wanted, token] of [
      [to, ofOne],
      [999_999, sandbox.token],
      ['x', sandbox.token],
      [1.5, sandbox.token],
      [{}, sandbox.token],
    ] as const) {
      const reply = await move(wanted, token, { name: 'Not renamed' })
      expect([reply.status, reply.json]).toEqual([422, { errors: { company_id: ['does not exist'] } }])
    }
    const abroad = await newProject('Abroad', ofBoth)
    expect((await move(abroad, ofBoth)).json).toEqual({
      errors: { company_id: ['belongs to another workspace'] },
    })
    expect(await findInbox(sandbox.storage.read, sandbox.inbox.id)).toEqual(same)

    const moved = await move(to, ofBoth, { name: 'Moved' })
    expect([moved.status, moved.json]).toMatchObject([
      200,
      { id: sandbox.inbox.id, company_id: to, name: 'Moved', username: same?.username },
    ])
    expect((await sandbox.call('GET', `${v1()}/messages/${id}`)).status).toBe(200)
    expect((await sandbox.call('GET', v1(), { headers: { 'api-token': ofOne } })).status).toBe(404)
    const inboxes: InboxWire[] = (await sandbox.call('GET', `/api/v1/companies/${from}`)).json['inboxes']
    expect(inboxes).toEqual([])
    expect((await move(from)).json).toMatchObject({ company_id: from })
  })
})
