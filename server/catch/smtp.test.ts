import { createConnection } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { eachEngine } from '../../test/engines.ts'
import { openSandbox, type Sandbox } from '../../test/sandbox.ts'
import { Dialogue } from '../../test/smtp-dialogue.ts'
import type { Secrets } from '../accounts/secrets.ts'
import { createLog } from '../log.ts'
import { SmtpServer } from '../mail/smtp/server.ts'
import { changeInbox, findInbox, type Inbox, resetCredentials } from './inboxes.ts'
import { listMessages } from './messages.ts'
import { createRates } from './rates.ts'
import { deleteInbox } from './removal.ts'
import { createSmtpDoor } from './smtp.ts'
import { createTrouble } from './trouble.ts'

const secrets = { seal: (text: string) => text, open: (text: string) => text } as Secrets

const QUEUED = '250 2.0.0 Ok: queued'

eachEngine('the sandbox behind the SMTP door', engine => {
  let sandbox: Sandbox
  const servers: SmtpServer<never>[] = []
  beforeAll(async () => {
    sandbox = await openSandbox(engine)
  })
  afterAll(async () => {
    for (const server of servers) await server.close(0)
    await sandbox.storage.close()
  })

  async function listen(options: { anonymous?: boolean; rate?: { count: number; seconds: number } } = {}) {
    const server = new SmtpServer({
      hostname: 'mx.test',
      door: createSmtpDoor({
        storage: sandbox.storage,
        secrets,
        ingest: sandbox.ingest,
        rates: createRates(options.rate),
        trouble: createTrouble(createLog({ level: 'silent', human: false, write: () => {} })),
        anonymous: options.anonymous ?? false,
        sandboxDomain: 'inbox.test',
      }),
      maxMessageSize: 100_000,
      spillDirectory: engine.freshDataDir(),
      onError: error => {
        throw error
      },
    })
    servers.push(server as never)
    const [port = 0] = await server.listen('127.0.0.1', [0])
    return port
  }

  /** Says the lines one after the other and gives the last line of each reply. */
  async function dialogue(port: number, ...lines: string[]): Promise<string[]> {
    const socket = createConnection(port, '127.0.0.1')
    const replies: string[] = []
    let buffered = ''
    return new Promise((resolve, reject) => {
      socket.on('error', reject)
      socket.on('close', () => resolve(replies.slice(2)))
      const waiting = ['EHLO client.test', ...lines, 'QUIT']
      socket.on('data', chunk => {
        buffered += String(chunk)
        for (let end = buffered.indexOf('\r\n'); end >= 0; end = buffered.indexOf('\r\n')) {
          const line = buffered.slice(0, end)
          buffered = buffered.slice(end + 2)
          if (line[3] === '-') continue
          replies.push(line)
          const next = waiting.shift()
          if (next !== undefined) socket.write(`${next}\r\n`)
        }
      })
    })
  }

  /** A connection that stays; answers with the last reply to each message sent over it. */
  async function loggedIn(port: number, { username, password }: Inbox) {
    const connection = await Dialogue.greeted(port)
    expect(await connection.ask(plain(username, password))).toBe('235 2.0.0 OK')
    return async (subject: string) => {
      await connection.ask('MAIL FROM:<a@b.test>')
      await connection.ask('RCPT TO:<c@d.test>')
      const reply = await connection.ask('DATA')
      return reply.startsWith('354') ? connection.ask(mail(subject)) : reply
    }
  }

  const subjects = async (inboxId: number) =>
    (await listMessages(sandbox.storage.read, inboxId, { limit: 50 })).map(message => message.subject)
  const mail = (subject: string) => `Subject: ${subject}\r\n\r\nHi\r\n.`
  const plain = (username: string, password: string) =>
    `AUTH PLAIN ${Buffer.from(`\0${username}\0${password}`).toString('base64')}`

  it('lets the login select the inbox, whatever the recipients are', async () => {
    const inbox = await sandbox.newInbox()
    const login = plain(inbox.username, inbox.password)
    const said = await dialogue(
      await listen(),
      login,
      'MAIL FROM:<a@b.test>',
      'RCPT TO:<who@ever.test>',
      'DATA',
      mail('x'),
    )
    expect(said).toEqual([
      '235 2.0.0 OK',
      '250 2.1.0 Ok',
      '250 2.1.0 Ok',
      '354 Go ahead',
      '250 2.0.0 Ok: queued',
      '221 2.0.0 Bye',
    ])
    expect(await subjects(inbox.id)).toEqual(['x'])
  })

  it('refuses wrong, old and inactive credentials alike', async () => {
    const inbox = await sandbox.newInbox()
    const port = await listen()
    await resetCredentials(sandbox.storage.write, secrets, inbox.id)
    const inactive = await sandbox.newInbox()
    await changeInbox(sandbox.storage.write, inactive.id, { status: 'inactive' })
    for (const login of [
      plain('nobody', 'x'),
      plain(inbox.username, inbox.password),
      plain(inactive.username, inactive.password),
    ])
      expect((await dialogue(port, login))[0]).toBe('535 5.7.0 Invalid login or password')
  })

  it('asks with each message whether the login still counts', async () => {
    const port = await listen()
    const { write } = sandbox.storage
    for (const stop of [
      (id: number) => resetCredentials(write, secrets, id),
      (id: number) => changeInbox(write, id, { status: 'inactive' }),
      (id: number) => deleteInbox(write, id),
    ]) {
      const inbox = await sandbox.newInbox()
      const send = await loggedIn(port, inbox)
      expect(await send('before')).toBe(QUEUED)
      await stop(inbox.id)
      expect(await send('after')).toBe('535 5.7.0 Invalid login or password')
      expect(await send('again')).toBe('535 5.7.0 Invalid login or password')
      expect(await subjects(inbox.id)).not.toContain('after')
      const { emails_count = 0, sent_messages_count = 0 } = (await findInbox(write, inbox.id)) ?? {}
      expect(emails_count).toBe(sent_messages_count)
      expect(emails_count).toBeLessThan(2)
    }
  })

  it("holds a connection to the inbox's limits as they are by now", async () => {
    const inbox = await sandbox.newInbox()
    const send = await loggedIn(await listen({ rate: { count: 3, seconds: 3600 } }), inbox)
    const tooMany = '550 5.7.0 Requested action not taken: too many emails per second'
    for (const reply of [QUEUED, QUEUED, QUEUED, tooMany]) expect(await send('x')).toBe(reply)
    await changeInbox(sandbox.storage.write, inbox.id, { rate_count: 9, rate_seconds: 60 })
    const again = await loggedIn(await listen({ rate: { count: 3, seconds: 3600 } }), inbox)
    await changeInbox(sandbox.storage.write, inbox.id, { rate_count: 1, max_message_size: 1024 })
    // One message of the old limits may pass on a connection that was there before.
    expect(await again('y')).toBe(QUEUED)
    expect(await again('y')).toBe(tooMany)
    await changeInbox(sandbox.storage.write, inbox.id, { rate_count: null, rate_seconds: null })
    expect(await (await loggedIn(await listen(), inbox))('z'.repeat(2000))).toBe(
      '552 5.3.4 Error: message too big',
    )
  })

  it('asks strangers for a login, and takes them in anonymous mode', async () => {
    const from = 'MAIL FROM:<a@b.test>'
    const refused = await dialogue(await listen(), from, 'RCPT TO:<c@d.test>')
    expect(refused[1]).toBe('530 5.7.1 Authentication required')
    const taken = await dialogue(
      await listen({ anonymous: true }),
      from,
      'RCPT TO:<c@d.test>',
      'DATA',
      mail('anon'),
    )
    expect(taken.at(-2)).toBe('250 2.0.0 Ok: queued')
    expect(await subjects(sandbox.inbox.id)).toContain('anon')
  })

  it('routes by address, one copy into each inbox, and says 554 at DATA when nobody is there', async () => {
    const [one, two] = [await sandbox.newInbox(), await sandbox.newInbox()]
    for (const { id } of [one, two])
      await changeInbox(sandbox.storage.write, id, { email_username_enabled: 1 })
    const port = await listen()
    const to = (name: string) => `RCPT TO:<${name}@Inbox.Test>`
    const both = await dialogue(
      port,
      'MAIL FROM:<a@b.test>',
      to(`${one.email_username.toUpperCase()}+tag`),
      to(two.email_username),
      'DATA',
      mail('both'),
    )
    expect(both.at(-2)).toBe('250 2.0.0 Ok: queued')
    expect([await subjects(one.id), await subjects(two.id)]).toEqual([['both'], ['both']])
    const unknown = await dialogue(port, 'MAIL FROM:<a@b.test>', to('nobody-123456'), 'DATA')
    expect(unknown.slice(1, 3)).toEqual(['250 2.1.0 Ok', '554 5.5.1 Error: no inbox for this email'])
    await changeInbox(sandbox.storage.write, one.id, { email_username_enabled: 0 })
    const disabled = await dialogue(port, 'MAIL FROM:<a@b.test>', to(one.email_username), 'DATA')
    expect(disabled[2]).toBe('554 5.5.1 Error: no inbox for this email')
  })

  it('bounces one recipient as its address asks', async () => {
    const port = await listen({ anonymous: true })
    const said = await dialogue(
      port,
      'MAIL FROM:<a@b.test>',
      'RCPT TO:<bounce+550+5.1.1%20No+such+user@d.test>',
      'RCPT TO:<bounce+250+fine@d.test>',
      'RCPT TO:<bounce+421+x%0D%0A250%20Ok@d.test>',
    )
    expect(said.slice(1, 4)).toEqual(['550 5.1.1 No such user', '250 2.1.0 Ok', '421 x 250 Ok'])
  })

  it('limits the messages of an inbox per window, in reply to DATA', async () => {
    const port = await listen({ anonymous: true, rate: { count: 2, seconds: 3600 } })
    const one = ['MAIL FROM:<a@b.test>', 'RCPT TO:<c@d.test>', 'DATA', mail('n')]
    const said = await dialogue(port, ...one, ...one, 'MAIL FROM:<a@b.test>', 'RCPT TO:<c@d.test>', 'DATA')
    expect(said.at(-2)).toBe('550 5.7.0 Requested action not taken: too many emails per second')
  })

  it("holds messages to the inbox's own limit of size", async () => {
    const inbox = await sandbox.newInbox()
    await sandbox.storage.write
      .updateTable('inboxes')
      .set({ max_message_size: 1024 })
      .where('id', '=', inbox.id)
      .execute()
    const port = await listen()
    const login = plain(inbox.username, inbox.password)
    const announced = await dialogue(port, login, 'MAIL FROM:<a@b.test> SIZE=2000')
    expect(announced[1]).toBe('552 5.3.4 Error: message too big')
    const sent = await dialogue(
      port,
      login,
      'MAIL FROM:<a@b.test>',
      'RCPT TO:<c@d.test>',
      'DATA',
      mail('x'.repeat(2000)),
    )
    expect(sent.at(-2)).toBe('552 5.3.4 Error: message too big')
    expect(await subjects(inbox.id)).toEqual([])
  })
})
