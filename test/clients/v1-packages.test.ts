// The two packages for API V1 that are still installed from npm, as they are published, against the whole server.
import { createHash, randomBytes } from 'node:crypto'
import { createRequire } from 'node:module'
import { FetchProvider, MailtrapClient, type Inbox, type Message } from 'mailtrap-client'
import type { Client as ClientOf2018 } from 'mailtrap-v1/client/Client.js'
import type { Inbox as InboxOf2018 } from 'mailtrap-v1/lib/Inbox.js'
import { createTransport } from 'nodemailer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { get } from '../mailbox.ts'
import { ADMIN_API_TOKEN, type Posthorn, startPosthorn } from '../posthorn.ts'

// Its own main.d.ts is empty.
const { Client, Inbox: NamedInbox } = createRequire(import.meta.url)('mailtrap-v1') as {
  Client: typeof ClientOf2018
  Inbox: typeof InboxOf2018
}

let posthorn: Posthorn
beforeAll(async () => {
  posthorn = await startPosthorn({ env: { POSTHORN_API_RATE_LIMIT: '0' } })
})
afterAll(() => posthorn.stop())

const attached = randomBytes(100_000)

async function deliver(inbox: { username: string; password: string }, subject: string): Promise<void> {
  const transport = createTransport({
    host: '127.0.0.1',
    port: posthorn.smtpPort,
    ignoreTLS: true,
    auth: { user: inbox.username, pass: inbox.password },
  })
  await transport
    .sendMail({
      from: 'Shop <shop@example.com>',
      to: 'Ann <ann@example.com>',
      subject,
      text: 'plain',
      html: '<b>bold</b>',
      attachments: [{ filename: 'a.bin', content: attached }],
    })
    .finally(() => transport.close())
}

describe('mailtrap-client 1.1.1', () => {
  const client = new MailtrapClient(ADMIN_API_TOKEN, (method, url, ...rest) =>
    FetchProvider(method, url.replace('https://mailtrap.io', posthorn.url), ...rest),
  )

  it('leads an inbox through its life', async () => {
    const { companies, inboxes, user, sharedInboxes, corsDomains } = client
    expect(await user.getUser()).toMatchObject({ api_token: ADMIN_API_TOKEN, timezone: 'Etc/UTC' })
    expect(await user.patchUser({ user: { name: 'QA' } })).toMatchObject({ name: 'QA' })
    const [company] = await companies.getCompanies()
    const companyId = company?.id ?? 0
    expect(await companies.patchCompany(companyId, { company: { name: 'Shop' } })).toMatchObject({
      name: 'Shop',
    })
    const inbox = await companies.createCompanyInbox(companyId, { inbox: { name: 'Staging' } })
    expect((await companies.getCompany(companyId)).inboxes.map(({ id }: Inbox) => id)).toContain(inbox.id)
    expect((await inboxes.getInboxes()).map(({ id }) => id)).toContain(inbox.id)
    // It lets its callers send back the whole object.
    const renamed = await inboxes.patchInbox(inbox.id, { inbox: { ...inbox, name: 'QA' } })
    expect(renamed).toEqual({ ...inbox, name: 'QA' })
    expect((await inboxes.toggleInboxEmailUsername(inbox.id)).email_username_enabled).toBe(true)
    expect((await inboxes.resetInboxEmailUsername(inbox.id)).email_username).not.toBe(inbox.email_username)
    const reset = await inboxes.resetInboxCredentials(inbox.id)
    await expect(deliver(inbox, 'x')).rejects.toMatchObject({ responseCode: 535 })
    await deliver(reset, 'x')
    expect((await inboxes.getInbox(inbox.id)).emails_unread_count).toBe(1)
    expect((await inboxes.markAllAsReadInInbox(inbox.id)).emails_unread_count).toBe(0)
    expect((await inboxes.cleanInbox(inbox.id)).emails_count).toBe(0)
    expect(await inboxes.getForwardRules(inbox.id)).toEqual([])
    expect(await inboxes.getInboxUsers(inbox.id)).toEqual([])
    expect(await sharedInboxes.getSharedInboxes()).toEqual([])
    expect(await corsDomains.getCorsDomains()).toEqual([])
    expect(await inboxes.deleteInbox(inbox.id)).toMatchObject({ id: inbox.id })
    // It reads every reply as JSON, whatever its status.
    expect(await inboxes.getInbox(inbox.id)).toEqual({ error: 'Not Found' })
  })

  it('sees mail arrive, and reads it', async () => {
    const { companies, inboxes, messages } = client
    const [company] = await companies.getCompanies()
    const inbox = await companies.createCompanyInbox(company?.id ?? 0, { inbox: { name: 'Watched' } })
    const seen = Promise.withResolvers<Message[]>()
    const watching = messages.watch(inbox.id, { pollInterval: 20, date: new Date(0) })
    watching.subscribe(found => {
      if (found.length > 0) seen.resolve(found)
    }, seen.reject)
    watching.start()
    await deliver(inbox, 'Your order')
    const [message] = await seen.promise
    watching.stop()
    const id = message?.id ?? 0
    expect(message).toMatchObject({ subject: 'Your order', to_name: 'Ann', is_read: false })
    expect(await messages.getMessages(inbox.id)).toMatchObject([{ id }])
    expect(await messages.getMessageBodyTxt(inbox.id, id)).toContain('plain')
    expect(await messages.getMessageBodyHtml(inbox.id, id)).toContain('<b>bold</b>')
    expect(await messages.getMessageBodyHtmlSource(inbox.id, id)).toContain('<b>bold</b>')
    expect(await messages.getMessageBodyRaw(inbox.id, id)).toContain('Subject: Your order')
    expect(await messages.getMessageBodyEml(inbox.id, id)).toContain('Subject: Your order')
    expect(await messages.getMessageHeaders(inbox.id, id)).toMatchObject({ headers: { bcc: null } })
    expect(await messages.getMessageSpamReport(inbox.id, id)).toHaveProperty('report.Details')
    expect(await messages.getMessageAnalyze(inbox.id, id)).toHaveProperty('report.status')
    const [attachment] = await messages.getMessageAttachments(inbox.id, id)
    expect(await messages.getMessageAttachment(inbox.id, id, attachment?.id ?? 0)).toEqual(attachment)
    const bytes = await (await get(posthorn, attachment?.download_path ?? '')).bytes()
    const sha = (given: Uint8Array) => createHash('sha256').update(given).digest('hex')
    expect(sha(bytes)).toBe(sha(attached))
    const read = { message: { is_read: true as const } }
    expect(await messages.patchMessage(inbox.id, id, read)).toMatchObject({ is_read: true })
    expect(await messages.forwardMessage(inbox.id, id, { email: 'dev@example.com' })).toEqual({
      errors: { base: ['forwarding is not configured'] },
    })
    expect(await messages.deleteMessage(inbox.id, id)).toMatchObject({ id })
    expect(await inboxes.getInbox(inbox.id)).toMatchObject({ emails_count: 0 })
  })
})

describe('mailtrap 2.0.2', () => {
  it('waits for messages in an inbox that it finds by name, and deletes them', async () => {
    const client = new Client({
      apiToken: ADMIN_API_TOKEN,
      endpoint: `${posthorn.url}/api/v1`,
      pollingInterval: 10,
      waitTimeout: 20_000,
    })
    const [first] = await client.getInboxes(({ has_inbox_address }) => has_inbox_address)
    const inbox = first ?? (await client.getInbox(1))
    expect(await client.getInbox(inbox.id)).toEqual(inbox)
    const named = new NamedInbox(client, inbox.name)
    const arrived = named.waitForMessages(
      found => found.length === 2,
      ({ subject }) => subject.startsWith('Order'),
    )
    for (const subject of ['Order 1', 'Invoice', 'Order 2']) await deliver(inbox, subject)
    await arrived
    const orders = await named.getMessages(({ subject }) => subject.startsWith('Order'))
    expect(orders.map(({ subject }) => subject)).toEqual(['Order 2', 'Order 1'])
    expect(orders[0]).toMatchObject({ html_body: '<b>bold</b>', viruses_report_info: false })
    expect(orders[0]?.sent_at_timestamp).toBeTypeOf('number')
    const id = orders[0]?.id ?? 0
    // Not `eml`: the library under this client keeps no text of a message/rfc822.
    for (const [type, part] of [
      ['txt', 'plain'],
      ['html', '<b>bold</b>'],
      ['raw', 'Subject: Order 2'],
    ] as const)
      expect(await client.getMessageBody(inbox.id, id, type as never)).toContain(part)
    await named.deleteMessages(({ subject }) => subject.startsWith('Order'))
    expect((await named.getMessages()).map(({ subject }) => subject)).toEqual(['Invoice'])
    await expect(client.getInbox(987_654)).rejects.toThrow('Not Found')
    await expect(
      new Client({ apiToken: 'x', endpoint: `${posthorn.url}/api/v1` }).getInboxes(),
    ).rejects.toThrow('Unauthorized')
  })
})
