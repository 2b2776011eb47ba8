import { afterAll, beforeAll, expect, it } from 'vitest'
import { createPerson } from '../../../accounts/people.ts'
import { eachEngine } from '../../../../test/engines.ts'
import { type SandboxApi, startSandboxApi } from '../../../../test/sandbox-api.ts'

const MAIL = [
  'From: Shop <shop@example.com>',
  'To: Ann <ann@example.com>',
  'Subject: Your order',
  'Date: Tue, 14 Jun 2016 08:51:25 +0000',
  'MIME-Version: 1.0',
  'Content-Type: multipart/mixed; boundary=b',
  '',
  '--b',
  'Content-Type: text/html',
  '',
  '<img src="cid:logo@shop">',
  '--b',
  'Content-Type: image/png; name="logo.png"',
  'Content-Disposition: inline; filename="logo.png"',
  'Content-ID: <logo@shop>',
  '',
  'png',
  '--b--',
  '',
].join('\r\n')

eachEngine('the account form and its alias of 2026', engine => {
  let sandbox: SandboxApi
  beforeAll(async () => {
    sandbox = await startSandboxApi(engine)
  })
  afterAll(() => sandbox.close())
  const account = (path = '') => `/api/accounts/${sandbox.workspaceId}${path}`
  const give = async (table: 'project_members' | 'inbox_members', thing: object, userId: number) => {
    const times = { created_at: 1, updated_at: 1 }
    await sandbox.storage.write
      .insertInto(table)
      .values({ ...thing, user_id: userId, role: 'viewer', ...times } as never)
      .execute()
  }
  const person = (name: string) =>
    createPerson(sandbox.storage.write, {
      name,
      email: `${name}@example.com`,
      password: null,
    })

  it('lists the accounts, also those one is a guest in (section 13)', async () => {
    expect((await sandbox.call('GET', '/api/accounts')).text).toBe(
      `[{"id":${sandbox.workspaceId},"name":"QA's workspace","access_levels":[1000]}]`,
    )
    const { apiToken, user, workspace } = await person('guest')
    await give('inbox_members', { inbox_id: sandbox.inbox.id }, user.id)
    const headers = { 'api-token': apiToken }
    expect((await sandbox.call('GET', '/api/accounts', { headers })).json).toEqual([
      { id: sandbox.workspaceId, name: "QA's workspace", access_levels: [10] },
      { id: workspace.id, name: "guest's workspace", access_levels: [1000] },
    ])
    // Given one by one, the inbox is listed here too, and can be left.
    expect((await sandbox.call('GET', account('/projects'), { headers })).json).toEqual([])
    expect((await sandbox.call('GET', account('/inboxes'), { headers })).json).toMatchObject([
      {
        id: sandbox.inbox.id,
        password: null,
        permissions: { can_read: true, can_update: false, can_destroy: false, can_leave: true },
      },
    ])
  })

  it('gives projects and inboxes field by field (section 13)', async () => {
    const { inbox, project, secrets, workspaceId } = sandbox
    const reply = await sandbox.call('GET', account(`/projects/${project.id}`))
    expect(reply.status).toBe(200)
    expect(reply.headers.get('x-mailtrap-version')).toBe('v2')
    expect(reply.headers.get('content-type')).toBe('application/json; charset=utf-8')
    const link = `http://posthorn.test:8025/share/${project.id}/${project.ext_id}`
    const mayAll = '{"can_read":true,"can_update":true,"can_destroy":true,"can_leave":false}'
    const inboxJson =
      `{"id":${inbox.id},"name":"Staging","username":"${inbox.username}","status":"active",` +
      `"email_username":"${inbox.email_username}","email_username_enabled":false,"used":false,` +
      `"forward_from_email_address":"a${workspaceId}-i${inbox.id}@inbox.test","project_id":${project.id},` +
      `"password":"${secrets.open(inbox.password)}","domain":"posthorn.test","pop3_domain":"posthorn.test",` +
      '"email_domain":"inbox.test","smtp_ports":[587,2525],"pop3_ports":[1100,9950],"api_domain":"posthorn.test:8025",' +
      '"sent_messages_count":0,"forwarded_messages_count":0,"emails_count":0,"emails_unread_count":0,' +
      `"last_message_sent_at":null,"max_size":1000,"max_message_size":26214400,"permissions":${mayAll}}`
    const projectJson = (key: string) =>
      `{"id":${project.id},"name":"First project","share_links":{"admin":"${link}","viewer":"${link}"},` +
      `"${key}":[${inboxJson}],"permissions":${mayAll}}`
    expect(reply.text).toBe(projectJson('inboxes'))
    expect((await sandbox.call('GET', `/api/projects/${project.id}`)).text).toBe(projectJson('sandboxes'))
    expect((await sandbox.call('GET', account(`/inboxes/${inbox.id}`))).text).toBe(inboxJson)
    expect((await sandbox.call('GET', '/api/sandboxes')).text).toBe(`[${inboxJson}]`)
  })

  it.each([
    ['account', 'inbox', 'inboxes'],
    ['alias', 'sandbox', 'sandboxes'],
  ])('leads a project and an inbox through their lives (%s)', async (form, inbox, inboxes) => {
    const at = (path: string) => (form === 'account' ? account(path) : `/api${path}`)
    const call = async (method: string, path: string, body?: unknown) => {
      const reply = await sandbox.call(method, at(path), { body })
      return { status: reply.status, json: reply.json as Record<string, never> }
    }
    const short = await call('POST', '/projects', { project: { name: 'x' } })
    expect(short).toMatchObject({
      status: 422,
      json: { errors: { name: ['is too short (minimum is 2 characters)'] } },
    })
    expect(await call('POST', '/projects', {})).toEqual({ status: 400, json: { error: 'Bad Request' } })
    const { json: project } = await call('POST', '/projects', { project: { name: `P ${form}` } })
    expect(project).toMatchObject({ name: `P ${form}`, [inboxes]: [] })
    const made = await call('POST', `/projects/${project.id}/${inboxes}`, { [inbox]: { name: 'I' } })
    expect(made).toMatchObject({ status: 200, json: { name: 'I', project_id: project.id } })
    const path = `/${inboxes}/${made.json.id}`
    const renamed = await call('PATCH', path, { [inbox]: { name: 'J', email_username: 'Some.Alias' } })
    expect(renamed.json).toMatchObject({ name: 'J' })
    expect(renamed.json.email_username).toMatch(/^some\.alias-[\da-f]{6}$/)
    expect((await call('PATCH', `${path}/toggle_email_username`)).json).toMatchObject({
      email_username_enabled: true,
    })
    const reset = await call('PATCH', `${path}/reset_credentials`)
    expect(reset.json.username).not.toBe(made.json.username)
    for (const action of ['clean', 'all_read', 'reset_email_username'])
      expect((await call('PATCH', `${path}/${action}`)).status).toBe(200)
    expect((await call('PATCH', `/projects/${project.id}`, { project: { name: 'Qu' } })).json).toMatchObject({
      name: 'Qu',
      [inboxes]: [{ id: made.json.id }],
    })
    expect((await call('DELETE', path)).json).toMatchObject({ id: made.json.id, name: 'J' })
    expect(await call('DELETE', `/projects/${project.id}`)).toEqual({ status: 200, json: { id: project.id } })
    expect(await call('GET', `/projects/${project.id}`)).toEqual({
      status: 404,
      json: { error: 'Not Found' },
    })
  })

  it('shows messages and what is in them under the path that was asked (section 13)', async () => {
    const { inbox, workspaceId } = sandbox
    const id = await sandbox.keep(MAIL)
    const forms = { inbox_id: `/api/accounts/${workspaceId}/inboxes`, sandbox_id: '/api/sandboxes' }
    for (const [key, inboxes] of Object.entries(forms)) {
      const list = await sandbox.call('GET', `${inboxes}/${inbox.id}/messages`)
      const path = `${inboxes}/${inbox.id}/messages/${id}`
      const message = (list.json as Record<string, unknown>[])[0] ?? {}
      expect(list.text).toBe(
        `[{"id":${id},"${key}":${inbox.id},"subject":"Your order","sent_at":"2016-06-14T08:51:25.000Z",` +
          '"from_email":"shop@example.com","from_name":"Shop","to_email":"ann@example.com","to_name":"Ann",' +
          `"email_size":${MAIL.length},"is_read":false,"created_at":"${String(message.created_at)}",` +
          `"updated_at":"${String(message.updated_at)}","template_id":0,"template_variables":null,` +
          `"html_body_size":25,"text_body_size":0,"human_size":"${MAIL.length} Bytes",` +
          `"html_path":"${path}/body.html","txt_path":"${path}/body.txt","raw_path":"${path}/body.raw",` +
          `"download_path":"${path}/body.eml","html_source_path":"${path}/body.htmlsource",` +
          '"blacklists_report_info":false,"smtp_information":{"ok":true,"data":{"mail_from_addr":"app@example.com",' +
          '"client_ip":"192.0.2.7","rcpt_to_addrs":["ada@example.com"]}}}]',
      )
      expect((await sandbox.call('GET', path)).text).toBe(list.text.slice(1, -1))
      const [attachment] = (await sandbox.call('GET', `${path}/attachments`)).json as {
        id: number
        download_path: string
      }[]
      expect(attachment?.download_path).toBe(`${path}/attachments/${attachment?.id}/download`)
      expect((await sandbox.call('GET', String(attachment?.download_path))).text).toBe('png')
      expect((await sandbox.call('GET', `${path}/attachments/${attachment?.id}`)).json).toEqual(attachment)
      expect((await sandbox.call('GET', `${path}/body.html`)).text).toContain(attachment?.download_path)
      expect((await sandbox.call('GET', `${path}/body.eml`)).text).toBe(MAIL)
      expect((await sandbox.call('GET', `${path}/body.txt`)).status).toBe(409)
      expect((await sandbox.call('GET', `${path}/mail_headers`)).json).toMatchObject({
        headers: { subject: 'Your order', bcc: 'ada@example.com' },
      })
      expect((await sandbox.call('GET', `${path}/spam_report`)).json).toMatchObject({
        report: { Spam: false },
      })
      expect((await sandbox.call('GET', `${path}/analyze`)).json).toHaveProperty('report.status')
      const body = { email: 'dev@example.com' }
      expect((await sandbox.call('POST', `${path}/forward`, { body })).status).toBe(422)
      const read = await sandbox.call('PATCH', path, { body: { message: { is_read: 'true' } } })
      expect(read.json).toMatchObject({ is_read: true })
      await sandbox.call('PATCH', path, { body: { message: { is_read: false } } })
    }
    expect(
      (await sandbox.call('DELETE', `${forms.sandbox_id}/${inbox.id}/messages/${id}`)).json,
    ).toMatchObject({
      id,
      sandbox_id: inbox.id,
    })
    expect((await sandbox.call('GET', `${forms.inbox_id}/${inbox.id}/messages`)).json).toEqual([])
  })

  it('keeps accounts apart: 403 outside, 404 for the things of another (section 13)', async () => {
    const { inbox, project, workspaceId } = sandbox
    const { apiToken, user, workspace } = await person('neighbour')
    const headers = { 'api-token': apiToken }
    const statusOf = async (path: string, method = 'GET') =>
      (await sandbox.call(method, path, { headers })).status
    const forbidden = await sandbox.call('GET', account('/inboxes'), { headers })
    expect([forbidden.status, forbidden.text]).toEqual([403, '{"errors":"Account access forbidden"}'])
    for (const path of [
      '/projects',
      `/projects/${project.id}`,
      `/inboxes/${inbox.id}`,
      `/inboxes/${inbox.id}/messages`,
      `/inboxes/${inbox.id}/messages/1/body.txt`,
      '/inboxes/9007199254740991/messages',
    ]) {
      expect(await statusOf(account(path))).toBe(403)
      expect(await statusOf(`/api/accounts/${workspace.id}${path}`)).toBe(path === '/projects' ? 200 : 404)
    }
    expect(await statusOf('/api/accounts/9223372036854775808/inboxes')).toBe(404)
    expect(await statusOf(`/api/sandboxes/${inbox.id}`)).toBe(404)
    expect(await statusOf(account('/projects'), 'POST')).toBe(403)

    await give('project_members', { project_id: project.id }, user.id)
    expect((await sandbox.call('GET', account('/projects'), { headers })).json).toMatchObject([
      { id: project.id, permissions: { can_update: false, can_destroy: false, can_leave: true } },
    ])
    expect((await sandbox.call('GET', account('/projects'), { headers })).text).not.toContain('share_links')
    expect(await statusOf(account(`/inboxes/${inbox.id}/messages`))).toBe(200)
    // Reaching the account is not being in it, nor may those who look change anything.
    expect(await statusOf(account('/projects'), 'POST')).toBe(403)
    expect(await statusOf(account(`/inboxes/${inbox.id}/clean`), 'PATCH')).toBe(403)
    expect(await statusOf(account(`/projects/${project.id}`), 'DELETE')).toBe(403)
    expect(workspaceId).not.toBe(workspace.id)
  })

  it('speaks JSON alone', async () => {
    const asked = async (accept: string, path = account('/inboxes')) => {
      const { status, headers } = await sandbox.call('GET', path, { headers: { accept } })
      return [status, headers.get('content-type')?.split(';')[0] ?? '']
    }
    expect(await asked('application/xml')).toEqual([406, 'text/plain'])
    expect(await asked('application/xml, application/json;q=0.1')).toEqual([200, 'application/json'])
    expect(await asked('text/html', account('/inboxes.json'))).toEqual([200, 'application/json'])
    expect(await asked('*/*', account('/inboxes.xml'))).toEqual([404, 'application/json'])
    const id = await sandbox.keep(MAIL)
    const raw = account(`/inboxes/${sandbox.inbox.id}/messages/${id}/body.raw`)
    expect(await asked('application/xml', raw)).toEqual([200, 'text/plain'])
  })

  it('refuses in the words of V2', async () => {
    const denied = await sandbox.call('GET', '/api/accounts', { headers: { 'api-token': 'wrong' } })
    expect([denied.status, denied.text]).toEqual([401, '{"error":"Incorrect API token"}'])
    expect(denied.headers.get('x-mailtrap-version')).toBe('v2')
    const put = await sandbox.call('PUT', account('/inboxes'))
    expect([put.status, put.text, put.headers.get('allow')]).toEqual([
      405,
      '{"error":"Method Not Allowed"}',
      'GET, HEAD',
    ])
    expect((await sandbox.call('GET', '/api/accounts/1/nothing')).text).toBe('{"error":"Not Found"}')
    const known = await sandbox.call('GET', account('/inboxes'))
    const again = await sandbox.call('GET', account('/inboxes'), {
      headers: { 'if-none-match': known.headers.get('etag') ?? '' },
    })
    expect(again.status).toBe(304)
  })
})
