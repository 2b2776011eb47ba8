// The vendor's own SDK, as it is published, against the whole server: only where it connects is changed.
import { createHash, randomBytes } from 'node:crypto'
import { MailtrapClient, MailtrapTransport } from 'mailtrap'
import { createTransport } from 'nodemailer'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { call, get } from '../mailbox.ts'
import { ADMIN_API_TOKEN, INBOX_PASSWORD, INBOX_USERNAME, type Posthorn, startPosthorn } from '../posthorn.ts'
import { SmtpSender } from '../smtp-sender.ts'

type Config = ConstructorParameters<typeof MailtrapClient>[0]

let posthorn: Posthorn
beforeAll(async () => {
  posthorn = await startPosthorn({ env: { POSTHORN_API_RATE_LIMIT: '0' } })
})
afterAll(() => posthorn.stop())

/** The SDK's hosts are constants: an interceptor on its axios sends them here. */
function sdk(config: Partial<Config> = {}): MailtrapClient {
  const client = new MailtrapClient({ token: ADMIN_API_TOKEN, accountId: 1, ...config })
  connectHere(client)
  return client
}

function connectHere(client: MailtrapClient): void {
  const { axios } = client as unknown as {
    axios: { interceptors: { request: { use(change: (request: { url: string }) => unknown): void } } }
  }
  axios.interceptors.request.use(request => ({
    ...request,
    url: request.url.replace(/^https:\/\/(?:(?:sandbox|bulk|send)\.api\.)?mailtrap\.io/, posthorn.url),
  }))
}

const MAIL = {
  from: { email: 'shop@example.com', name: 'Shop' },
  to: [{ email: 'ann@example.com' }],
  subject: 'Your order',
  text: 'It is on its way.',
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

async function newInbox(name: string): Promise<number> {
  const { projects, inboxes } = sdk().testing
  const [project] = await projects.getList()
  return (await inboxes.create(project?.id ?? 0, name)).id
}

it('leads projects and inboxes through their lives', async () => {
  const { testing, general } = sdk()
  expect(await general.accounts.getAllAccounts()).toEqual([
    { id: 1, name: expect.any(String) as string, access_levels: [1000] },
  ])
  const project = await testing.projects.create('Shop')
  expect(project).toMatchObject({ name: 'Shop', inboxes: [], permissions: { can_destroy: true } })
  expect(await testing.projects.update(project.id, 'Shöp')).toMatchObject({ id: project.id, name: 'Shöp' })
  const inbox = await testing.inboxes.create(project.id, 'Staging')
  expect(inbox).toMatchObject({
    project_id: project.id,
    status: 'active',
    api_domain: expect.any(String) as string,
  })
  expect((await testing.inboxes.getList()).map(({ id }) => id)).toContain(inbox.id)
  expect((await testing.projects.getById(project.id)).inboxes).toMatchObject([{ id: inbox.id }])
  const changed = await testing.inboxes.updateInbox(inbox.id, { name: 'QA', emailUsername: 'qa-team' })
  expect(changed).toMatchObject({ name: 'QA', email_username_enabled: false })
  expect(changed.email_username).toMatch(/^qa-team-[\da-f]{6}$/)
  expect((await testing.inboxes.enableEmailAddress(inbox.id)).email_username_enabled).toBe(true)
  const address = await testing.inboxes.resetEmailAddress(inbox.id)
  expect(address.email_username).not.toBe(changed.email_username)

  const sender = await SmtpSender.connected(
    posthorn.smtpPort,
    `${address.email_username}@${address.email_domain}`,
  )
  expect(await sender.sendOne('Subject: by address\r\n\r\nx\r\n')).toMatch(/^250/)
  expect(await testing.inboxes.getInboxAttributes(inbox.id)).toMatchObject({ emails_unread_count: 1 })
  expect((await testing.inboxes.markAsRead(inbox.id)).emails_unread_count).toBe(0)
  expect((await testing.inboxes.cleanInbox(inbox.id)).emails_count).toBe(0)
  expect(await testing.inboxes.delete(inbox.id)).toMatchObject({ id: inbox.id })
  expect(await testing.projects.delete(project.id)).toEqual({ id: project.id })
})

it('gives people of the account more and less', async () => {
  const who = ['--email', 'guest@example.com', '--name', 'Guest', '--password', 'correct horse battery']
  const { stdout } = await posthorn.run(['user', 'create', ...who])
  const token = /\b[\da-f]{32}\b/.exec(stdout)?.[0] ?? ''
  const { general, testing } = sdk()
  const [project] = await testing.projects.getList()
  const ids = { projectId: project?.id ?? 0, inboxId: project?.inboxes[0]?.id ?? 0 }
  const added = await call(posthorn, `/api/v1/companies/${ids.projectId}/shared_users`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ shared_user: { email: 'guest@example.com', role: 'viewer' } }),
  })
  expect(added.status).toBe(200)
  const guest = sdk({ token })
  const [reached] = await guest.testing.projects.getList()
  expect(reached).toMatchObject({ permissions: { can_update: false, can_leave: true } })
  const accesses = (await general.accountAccesses.listAccountAccesses({
    projectIds: [String(ids.projectId)],
  })) as unknown as { id: number; specifier: { email: string } }[]
  expect(accesses).toMatchObject([{ specifier: { email: 'guest@example.com' } }])
  const accessId = accesses[0]?.id ?? 0
  expect(
    await general.permissions.bulkPermissionsUpdate(accessId, [
      { resourceId: String(ids.projectId), resourceType: 'project', destroy: true },
      { resourceId: String(ids.inboxId), resourceType: 'inbox', accessLevel: 'admin' },
    ]),
  ).toEqual({ message: 'Permissions have been updated!' })
  expect(await guest.testing.projects.getList()).toEqual([])
  expect(await guest.testing.inboxes.getList()).toMatchObject([
    { id: ids.inboxId, permissions: { can_update: true } },
  ])
  expect(await general.accountAccesses.removeAccountAccess(accessId)).toEqual({ id: accessId })
  await expect(guest.testing.inboxes.getList()).rejects.toThrow('Account access forbidden')
})

it('resets credentials: the old pair is 535, the new one delivers over three mechanisms', async () => {
  const inboxId = await newInbox('Reset')
  const { inboxes, messages } = sdk().testing
  const old = await inboxes.getInboxAttributes(inboxId)
  const { username, password } = await inboxes.resetCredentials(inboxId)
  expect([username, password]).not.toEqual([old.username, old.password])
  const deliver = async (user: string, pass: string, authMethod: string) => {
    const transport = createTransport({
      host: '127.0.0.1',
      port: posthorn.smtpPort,
      ignoreTLS: true,
      auth: { user, pass },
      authMethod,
    })
    return transport
      .sendMail({ from: 'a@example.com', to: 'b@example.com', subject: authMethod, text: 'x' })
      .then(
        () => 250,
        (error: { responseCode: number }) => error.responseCode,
      )
      .finally(() => transport.close())
  }
  const mechanisms = ['PLAIN', 'LOGIN', 'CRAM-MD5']
  for (const mechanism of mechanisms) {
    expect(await deliver(old.username, old.password, mechanism)).toBe(535)
    expect(await deliver(username, password, mechanism)).toBe(250)
  }
  expect((await messages.get(inboxId)).map(({ subject }) => subject)).toEqual(mechanisms.toReversed())
})

it('pages through 65 messages in three ways without gap or repeat while mail arrives', async () => {
  const inboxId = await newInbox('Pages')
  const client = sdk({ sandbox: true, testInboxId: inboxId })
  const { success, responses } = await client.batchSend({
    base: MAIL,
    requests: Array.from({ length: 65 }, (_, index) => ({ to: MAIL.to, subject: `Mail ${index}` })),
  })
  expect(success).toBe(true)
  const ids = responses.flatMap(({ message_ids = [] }) => message_ids.map(Number)).toReversed()
  expect(ids).toHaveLength(65)
  // What comes in between two pages is above them all.
  const oneMore = () => client.send({ ...MAIL, subject: 'Later' })

  const walk = async (page: (last: number | undefined) => Promise<{ id: number }[]>) => {
    const found: number[] = []
    for (let last: number | undefined; ; last = found.at(-1)) {
      const got = await page(last)
      if (got.length === 0) return found
      found.push(...got.map(({ id }) => id))
      await oneMore()
    }
  }
  const v1 = `/api/v1/inboxes/${inboxId}/messages`
  const byV1 = await walk(async last => {
    const reply = await get(posthorn, last === undefined ? v1 : `${v1}?last_id=${last}`)
    return (await reply.json()) as { id: number }[]
  })
  expect(byV1).toEqual(ids)
  const above = (await client.testing.messages.get(inboxId)).filter(({ id }) => id > (ids[0] ?? 0))
  const byV2 = await walk(last =>
    client.testing.messages.get(inboxId, last === undefined ? {} : { last_id: last }),
  )
  expect(byV2).toEqual([...above.map(({ id }) => id), ...ids])

  // Pages by number move down by what arrives: nothing is missed, and only what moved is seen again.
  const seen: number[] = []
  for (let page = 1; ; page++) {
    const got = await client.testing.messages.get(inboxId, { page })
    if (got.length === 0) break
    seen.push(...got.map(({ id }) => id))
    await oneMore()
  }
  const pages = Math.ceil(seen.length / 30)
  expect(ids.filter(id => !seen.includes(id))).toEqual([])
  expect(seen.length - new Set(seen).size).toBe(pages - 1)
  const still = await Promise.all([1, 2, 3, 4].map(page => client.testing.messages.get(inboxId, { page })))
  const all = still.flat().map(({ id }) => id)
  expect(new Set(all).size).toBe(all.length)
  expect(all.slice(-65)).toEqual(ids)
})

it('carries attachments with every byte, in and out', async () => {
  const inboxId = await newInbox('Attachments')
  const client = sdk({ sandbox: true, testInboxId: inboxId })
  const files = [randomBytes(3_000_000), randomBytes(1), Buffer.alloc(0x10000, 'é\r\n.\r\n')]
  const { message_ids } = await client.send({
    ...MAIL,
    html: '<img src="cid:zero">',
    attachments: files.map((content, index) => ({
      filename: `Datei ${index} ü.bin`,
      content,
      type: 'application/octet-stream',
      ...(index === 0 && { disposition: 'inline', content_id: 'zero' }),
    })),
  })
  const id = Number(message_ids[0])
  const { attachments } = client.testing
  const listed = await attachments.getList(inboxId, id)
  expect(listed.map(({ filename }) => filename).toSorted()).toEqual(
    files.map((_, index) => `Datei ${index} ü.bin`),
  )
  for (const attachment of listed) {
    expect(await attachments.get(inboxId, id, attachment.id)).toEqual(attachment)
    const bytes = await (await get(posthorn, attachment.download_path)).bytes()
    const content = files[Number(/\d/.exec(attachment.filename)?.[0])] ?? Buffer.of()
    expect([sha256(bytes), attachment.attachment_size]).toEqual([sha256(content), content.length])
  }
})

it('shows a message, its parts and its reports', async () => {
  const inboxId = await newInbox('Parts')
  const client = sdk({ sandbox: true, testInboxId: inboxId })
  const { message_ids } = await client.send({
    ...MAIL,
    html: Buffer.from('<p style="display:grid">Hi</p>'),
    category: 'orders',
    custom_variables: { user_id: 7 },
    headers: { 'X-Run': '42' },
  })
  const id = Number(message_ids[0])
  const { messages } = client.testing
  expect(await messages.showEmailMessage(inboxId, id)).toMatchObject({
    id,
    subject: 'Your order',
    smtp_information: { ok: false },
  })
  expect(await messages.updateMessage(inboxId, id, { isRead: true })).toMatchObject({ is_read: true })
  expect(await messages.getTextMessage(inboxId, id)).toContain('It is on its way.')
  expect(await messages.getHtmlMessage(inboxId, id)).toContain('Hi</p>')
  expect(await messages.getMessageHtmlSource(inboxId, id)).toContain('<p style="display:grid">Hi</p>')
  expect(await messages.getRawMessage(inboxId, id)).toContain('X-Run: 42')
  expect(await messages.getMessageAsEml(inboxId, id)).toBe(await messages.getRawMessage(inboxId, id))
  expect(await messages.getMailHeaders(inboxId, id)).toMatchObject({
    headers: { x_mt_category: 'orders', x_mt_custom_variables: '{"user_id":7}' },
  })
  expect(await messages.getSpamScore(inboxId, id)).toMatchObject({ report: { Score: 0, Details: [] } })
  expect(await messages.getHtmlAnalysis(inboxId, id)).toHaveProperty('report.status')
  expect(await messages.get(inboxId, { search: 'YOUR ord' })).toHaveLength(1)
  expect(await messages.get(inboxId, { search: 'nothing like it' })).toEqual([])
  expect(await messages.deleteMessage(inboxId, id)).toMatchObject({ id })
  expect(await messages.get(inboxId)).toEqual([])
})

it('sends templates, and for nodemailer', async () => {
  const inboxId = await newInbox('Transport')
  const client = sdk({ sandbox: true, testInboxId: inboxId })
  const { subject: _subject, text: _text, ...envelope } = MAIL
  await client.send({
    ...envelope,
    template_uuid: 'b81aabcd-1a1e-41cf-91b6-eca0254b3d96',
    template_variables: { name: 'Jon' },
  })
  const plugin = MailtrapTransport({ token: ADMIN_API_TOKEN, sandbox: true, testInboxId: inboxId })
  connectHere((plugin as unknown as { client: MailtrapClient }).client)
  const transport = createTransport(plugin as never)
  await transport.sendMail({
    from: '"Shop" <shop@example.com>',
    to: 'ann@example.com, bob@example.com',
    bcc: 'eve@example.com',
    replyTo: 'help@example.com',
    subject: 'By nodemailer',
    html: '<p>x</p>',
    attachments: [{ filename: 'x.txt', content: Buffer.from('hello') }],
  })
  expect(await client.testing.messages.get(inboxId)).toMatchObject([
    { subject: 'By nodemailer', to_email: 'ann@example.com, bob@example.com', template_variables: null },
    { subject: 'Template b81aabcd-1a1e-41cf-91b6-eca0254b3d96', template_variables: { name: 'Jon' } },
  ])
})

it('tells of errors in its own texts', async () => {
  const client = sdk({ sandbox: true, testInboxId: 1 })
  const { testing } = client
  const saying = async (failing: Promise<unknown>) =>
    failing.then(
      () => 'no error',
      (error: Error) => `${error.constructor.name}: ${error.message}`,
    )
  expect(await saying(testing.projects.create('x'))).toBe(
    'MailtrapError: is too short (minimum is 2 characters)',
  )
  expect(await saying(testing.inboxes.updateInbox(1, { name: '', emailUsername: 'not this!' }))).toBe(
    "MailtrapError: can't be blank",
  )
  expect(await saying(testing.projects.getById(987654))).toBe('MailtrapError: Not Found')
  expect(await saying(testing.messages.getTextMessage(1, 2 ** 60))).toBe('MailtrapError: Not Found')
  expect(await saying(sdk({ accountId: 987654 }).testing.inboxes.getList())).toBe(
    'MailtrapError: Account access forbidden',
  )
  const stranger = sdk({ token: 'f'.repeat(32), sandbox: true, testInboxId: 1 })
  expect(await saying(stranger.testing.projects.getList())).toBe('MailtrapError: Incorrect API token')
  expect(await saying(stranger.send(MAIL))).toBe('MailtrapError: Unauthorized')
  expect(await saying(client.send({ ...MAIL, subject: '', text: '' }))).toBe(
    "MailtrapError: 'subject' is required,must specify either text or html body",
  )
  expect(await saying(client.batchSend({ requests: [] }))).toBe("MailtrapError: empty field: 'requests'")
  expect(await client.batchSend({ requests: [{ to: MAIL.to, text: 'x' }] })).toEqual({
    success: true,
    responses: [{ success: false, errors: ["'from' is required", "'subject' is required"] }],
  })
  const { message_ids } = await client.send({ ...MAIL, text: 'no HTML' })
  const id = Number(message_ids[0])
  expect(await saying(testing.messages.getHtmlMessage(1, id))).toBe('MailtrapError: Conflict')
  expect(await saying(testing.messages.forward(1, id, 'dev@example.com'))).toBe(
    'MailtrapError: forwarding is not configured',
  )
  expect(await saying(sdk({ sandbox: true }).send(MAIL))).toBe(
    'MailtrapError: testInboxId is missing, testing API will not work.',
  )
  expect(await saying(sdk().send(MAIL))).toBe('MailtrapError: Not Found')
  // The first inbox was made with these; whoever has them needs no API.
  expect(await testing.inboxes.getInboxAttributes(1)).toMatchObject({
    username: INBOX_USERNAME,
    password: INBOX_PASSWORD,
  })
})

it('may be called by pages of domains that the user registered', async () => {
  const origin = 'https://app.example.org'
  const added = await call(posthorn, '/api/v1/cors_domains', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ cors_domain: { domain: 'app.example.org' } }),
  })
  expect(added.status).toBe(200)
  const allowed = async (method: string, path: string, headers: Record<string, string> = {}) => {
    const reply = await call(posthorn, path, { method, headers: { origin, ...headers } })
    return [reply.status, reply.headers.get('access-control-allow-origin')]
  }
  expect(await allowed('OPTIONS', '/api/send/1', { 'access-control-request-method': 'POST' })).toEqual([
    204,
    origin,
  ])
  expect(await allowed('GET', '/api/accounts')).toEqual([200, origin])
  expect(await allowed('POST', '/api/send/1')).toEqual([400, origin])
  expect(await allowed('GET', '/api/accounts', { origin: 'https://example.org' })).toEqual([200, null])
})
