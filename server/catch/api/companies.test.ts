import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eachEngine } from '../../../test/engines.ts'
import { startSandboxApi, type SandboxApi } from '../../../test/sandbox-api.ts'
import type { CompanyWire, InboxWire } from './wire.ts'

eachEngine('companies and inboxes', engine => {
  let sandbox: SandboxApi
  beforeAll(async () => {
    sandbox = await startSandboxApi(engine)
  })
  afterAll(() => sandbox.close())
  const path = (action = '') => `/api/v1/inboxes/${sandbox.inbox.id}${action}`

  it('gives a project in the order of the contract', async () => {
    const reply = await sandbox.call('GET', `/api/v1/companies/${sandbox.project.id}`)
    expect(reply.status).toBe(200)
    expect(reply.headers.get('content-type')).toBe('application/json; charset=utf-8')
    const { ext_id } = sandbox.project
    expect(ext_id).toMatch(/^[a-z0-9]{14,}$/)
    expect(reply.text).toContain(
      `{"id":${sandbox.project.id},"name":"First project","is_owner":true,` +
        `"share_link":"http://posthorn.test:8025/share/${sandbox.project.id}/${ext_id}","ext_id":"${ext_id}","inboxes":[{`,
    )
  })

  it('gives an inbox in the order of the contract', async () => {
    const { inbox } = sandbox
    const reply = await sandbox.call('GET', `/api/v1/inboxes/${inbox.id}`)
    const password = sandbox.secrets.open(inbox.password)
    expect(password).toMatch(/^[0-9a-f]{14}$/)
    expect(inbox.email_username).toMatch(/^[0-9a-f]{10}-[0-9a-f]{6}$/)
    expect(reply.text).toBe(
      `{"id":${inbox.id},"company_id":${sandbox.project.id},"name":"Staging","username":"${inbox.username}",` +
        `"password":"${password}","max_size":1000,"status":"active","email_username":"${inbox.email_username}",` +
        '"email_username_enabled":false,"sent_messages_count":0,"forwarded_messages_count":0,"used":false,' +
        `"forward_from_email_address":"a${sandbox.workspaceId}-i${inbox.id}@inbox.test","domain":"posthorn.test",` +
        '"pop3_domain":"posthorn.test","email_domain":"inbox.test","emails_count":0,"emails_unread_count":0,' +
        '"last_message_sent_at":null,"smtp_ports":[587,2525],"pop3_ports":[1100,9950],"max_message_size":26214400,' +
        '"has_inbox_address":true,"last_message_sent_at_timestamp":null}',
    )
  })

  it('makes, renames and deletes projects and inboxes, always with 200 and the object', async () => {
    const made = await sandbox.call('POST', '/api/v1/companies', { body: { company: { name: 'Shop' } } })
    expect(made.status).toBe(200)
    const company: CompanyWire = made.json
    expect(company).toMatchObject({ name: 'Shop', is_owner: true, inboxes: [] })

    const renamed = await sandbox.call('PATCH', `/api/v1/companies/${company.id}.json`, {
      body: { company: { name: 'Shöp', id: 7, is_owner: false } },
    })
    expect(renamed.json).toMatchObject({ id: company.id, name: 'Shöp', is_owner: true })

    const added = await sandbox.call('POST', `/api/v1/companies/${company.id}/inboxes`, {
      body: { inbox: { name: 'Payments' } },
    })
    expect(added.status).toBe(200)
    const inbox: InboxWire = added.json
    expect(inbox).toMatchObject({ company_id: company.id, name: 'Payments', max_size: 1000, used: false })

    const all: CompanyWire[] = (await sandbox.call('GET', '/api/v1/companies')).json
    expect(all.map(one => [one.id, one.inboxes.map(({ id }) => id)])).toEqual([
      [sandbox.project.id, [sandbox.inbox.id]],
      [company.id, [inbox.id]],
    ])
    const inboxes: InboxWire[] = (await sandbox.call('GET', '/api/v1/inboxes.json')).json
    expect(inboxes.map(({ id }) => id)).toEqual([sandbox.inbox.id, inbox.id])

    await sandbox.keep('Subject: x\r\n\r\ny\r\n', { inboxId: inbox.id })
    const deleted = await sandbox.call('DELETE', `/api/v1/companies/${company.id}`)
    expect(deleted.status).toBe(200)
    expect(deleted.json).toMatchObject({ id: company.id, inboxes: [{ id: inbox.id, emails_count: 1 }] })
    expect((await sandbox.call('GET', `/api/v1/companies/${company.id}`)).status).toBe(404)
    expect((await sandbox.call('GET', `/api/v1/inboxes/${inbox.id}`)).status).toBe(404)
  })

  it('takes forms with bracket keys', async () => {
    const reply = await sandbox.call('PATCH', `/api/v1/inboxes/${sandbox.inbox.id}`, {
      body: 'inbox[name]=Staging+2',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    expect(reply.json).toMatchObject({ name: 'Staging 2' })
  })

  describe('refuses with the words of Rails', () => {
    it.each([
      ['', ["can't be blank", 'is too short (minimum is 2 characters)']],
      ['x', ['is too short (minimum is 2 characters)']],
      ['x'.repeat(101), ['is too long (maximum is 100 characters)']],
      [null, ["can't be blank", 'is too short (minimum is 2 characters)']],
      ['a\u0000b', ['is invalid']],
    ])('the project name %j', async (name, faults) => {
      const reply = await sandbox.call('POST', '/api/v1/companies', { body: { company: { name } } })
      expect(reply.status).toBe(422)
      expect(reply.text).toBe(JSON.stringify({ errors: { name: faults } }))
    })

    it('wrong attributes of an inbox, all at once', async () => {
      const reply = await sandbox.call('PATCH', `/api/v1/inboxes/${sandbox.inbox.id}`, {
        body: { inbox: { name: ' ', email_username: 'a b' } },
      })
      expect(reply.status).toBe(422)
      expect(reply.json).toEqual({ errors: { name: ["can't be blank"], email_username: ['is invalid'] } })
    })

    it('a body without the wrapper, or none, or one that is no JSON', async () => {
      for (const body of [{ name: 'x' }, { inbox: 'x' }, undefined, '{"inbox":'])
        expect(
          await sandbox.call('PATCH', path(), {
            body,
            ...(typeof body === 'string' && { headers: { 'content-type': 'application/json' } }),
          }),
        ).toMatchObject({ status: 400, text: '{"error":"Bad Request"}' })
    })
  })

  describe('an inbox', () => {
    const headers = { 'content-type': 'application/json' }

    it('keeps its hash when the alias changes', async () => {
      const before: InboxWire = (await sandbox.call('GET', path())).json
      const hash = before.email_username.slice(-7)
      const rename = async (email_username: string) =>
        (await sandbox.call('PATCH', path(), { body: { inbox: { email_username } } })).json as InboxWire
      expect((await rename('Team.One')).email_username).toBe(`team.one${hash}`)
      expect((await rename('')).email_username).toBe(`team.one${hash}`)
      expect((await rename(`team.one${hash}`)).email_username).toBe(`team.one${hash}`)
      expect((await rename(`other${hash}`)).email_username).toBe(`other${hash}`)
    })

    it('takes a whole inbox object back and changes nothing', async () => {
      const before: InboxWire = (await sandbox.call('GET', path())).json
      const after = await sandbox.call('PATCH', path(), { body: { inbox: before } })
      expect(after.json).toEqual(before)
    })

    it('resets credentials and address, switches the address, without a body', async () => {
      const before: InboxWire = (await sandbox.call('GET', path())).json
      const fresh: InboxWire = (await sandbox.call('PATCH', path('/reset_credentials'), { headers })).json
      expect(fresh.username).toMatch(/^[0-9a-f]{14}$/)
      expect([fresh.username, fresh.password]).not.toEqual([before.username, before.password])
      const moved: InboxWire = (await sandbox.call('PATCH', path('/reset_email_username.json'))).json
      expect(moved.email_username).toMatch(/^[0-9a-f]{10}-[0-9a-f]{6}$/)
      expect(moved.email_username.slice(-6)).not.toBe(before.email_username.slice(-6))
      const on: InboxWire = (await sandbox.call('PATCH', path('/toggle_email_username'))).json
      expect(on.email_username_enabled).toBe(true)
      const off: InboxWire = (await sandbox.call('PATCH', path('/toggle_email_username'))).json
      expect(off.email_username_enabled).toBe(false)
    })

    it('is read and cleaned as a whole', async () => {
      for (let i = 0; i < 3; i++) await sandbox.keep(`Subject: ${i}\r\n\r\nx\r\n`)
      const full: InboxWire = (await sandbox.call('GET', path())).json
      expect(full).toMatchObject({
        emails_count: 3,
        emails_unread_count: 3,
        sent_messages_count: 3,
        used: true,
      })
      expect(full.last_message_sent_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
      expect(full.last_message_sent_at_timestamp).toBe(
        Math.floor(Date.parse(full.last_message_sent_at ?? '') / 1000),
      )
      const before = sandbox.changes
      const read = await sandbox.call('PATCH', path('/all_read'))
      expect(read.json).toMatchObject({ emails_count: 3, emails_unread_count: 0 })
      const clean = await sandbox.call('PATCH', path('/clean'))
      expect(clean.json).toMatchObject({
        emails_count: 0,
        emails_unread_count: 0,
        sent_messages_count: 3,
        used: true,
      })
      expect((await sandbox.call('GET', path('/messages'))).text).toBe('[]')
      expect(sandbox.changes).toBeGreaterThan(before)
    })
  })

  it('has no shared inboxes yet', async () => {
    expect((await sandbox.call('GET', '/api/v1/shared_inboxes')).text).toBe('[]')
  })

  it('does not count last month’s messages', async () => {
    const made: InboxWire = (
      await sandbox.call('POST', `/api/v1/companies/${sandbox.project.id}/inboxes`, {
        body: { inbox: { name: 'Old' } },
      })
    ).json
    await sandbox.keep('Subject: old\r\n\r\nx\r\n', {
      inboxId: made.id,
      at: Date.parse('2020-01-31T12:00:00Z'),
    })
    const inbox = await sandbox.call('GET', `/api/v1/inboxes/${made.id}`)
    expect(inbox.json).toMatchObject({ emails_count: 1, sent_messages_count: 0, used: true })
    expect(inbox.text).toContain('"last_message_sent_at":"2020-01-31T12:00:00.000Z"')
    expect((await sandbox.call('DELETE', `/api/v1/inboxes/${made.id}`)).json).toMatchObject({ id: made.id })
  })
})
