// From a mail client's socket to the list, the raw bytes and the open browser: the whole process, both engines.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eachEngine, type Engine } from '../engines.ts'
import { LiveFeed } from '../live-feed.ts'
import { bodyOf, call, get, listAll } from '../mailbox.ts'
import { INBOX_PASSWORD, INBOX_USERNAME, type Posthorn, startPosthorn } from '../posthorn.ts'
import { SmtpSender } from '../smtp-sender.ts'
import { type Letter, type Login, MAIL_CLIENTS, type Mechanism } from './mail-clients.ts'

interface Inbox {
  id: number
  username: string
  password: string
  email_username: string
  email_domain: string
  email_username_enabled: boolean
  emails_count: number
}

const MECHANISMS: (Mechanism | undefined)[] = [undefined, 'PLAIN', 'LOGIN', 'CRAM-MD5']

let letters = 0

function letter(to = 'ann@example.com'): Letter & { subject: string } {
  const subject = `letter ${++letters}`
  const lines = [
    'From: App <app@shop.test>',
    `To: Ann <${to}>`,
    `Subject: ${subject}`,
    'Date: Sat, 21 Nov 2026 12:00:00 +0000',
    `Message-ID: <${letters}@shop.test>`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: 8bit',
    '',
    'Grüße aus dem Laden 👋',
    '.a line that begins with a dot',
    '..',
    '.',
    'trailing blanks   ',
    '',
    'the end',
    '',
  ]
  return { subject, from: 'app@shop.test', to, bytes: Buffer.from(lines.join('\r\n')) }
}

async function started(engine: Engine, env: Record<string, string> = {}): Promise<Posthorn> {
  const databaseUrl = engine.name === 'PostgreSQL' ? await engine.freshUrl() : undefined
  return startPosthorn({
    ...(databaseUrl && { databaseUrl }),
    env: { POSTHORN_API_RATE_LIMIT: '0', ...env },
  })
}

eachEngine('a caught mail', engine => {
  let posthorn: Posthorn
  let feed: LiveFeed
  /** Credentials of its own, so that a login shows where it leads. */
  let second: Inbox
  beforeAll(async () => {
    posthorn = await started(engine)
    feed = await LiveFeed.open(posthorn)
    const [company] = (await (await get(posthorn, '/api/v1/companies')).json()) as { id: number }[]
    const made = await call(posthorn, `/api/v1/companies/${company?.id}/inboxes`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ inbox: { name: 'Second' } }),
    })
    second = (await made.json()) as Inbox
  })
  afterAll(async () => {
    await feed?.close()
    await posthorn?.stop()
  })

  /** The browser hears of it, the list has it first, and its bytes are those sent. */
  async function arrives(
    inboxId: number,
    { subject, bytes }: { subject: string; bytes: Buffer },
  ): Promise<void> {
    const [newest] = await listAll(posthorn, inboxId)
    expect(newest?.subject).toBe(subject)
    await feed.next(
      ({ event, data }) => event === 'inbox' && data.inbox_id === inboxId && data.newest_id === newest?.id,
    )
    expect((await bodyOf(posthorn, newest?.id ?? 0, inboxId)).toString()).toBe(bytes.toString())
  }

  describe.each(MAIL_CLIENTS)('from $name', client => {
    for (const tls of [false, true])
      for (const mechanism of MECHANISMS)
        it(`${mechanism ? `logged in by ${mechanism}` : 'without a login'}, ${tls ? 'by STARTTLS' : 'in the clear'}`, async () => {
          const sent = letter()
          const { username, password } = second
          const login: Login | undefined = mechanism && { username, password, mechanism }
          await client.send(posthorn, sent, login, tls)
          await arrives(login ? second.id : 1, sent)
        })
  })

  it.each([false, true])('from posthorn sendmail, logged in: %s', async loggedIn => {
    const sent = letter()
    const login = loggedIn ? ['-au', second.username, '-ap', second.password] : []
    const { code, stderr } = await posthorn.run(['sendmail', '-t', '-i', ...login], sent.bytes)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    await arrives(loggedIn ? second.id : 1, sent)
  })

  it('at the address of an inbox, with a tag, once the address is switched on', async () => {
    const address = `${second.email_username}+signup@${second.email_domain}`
    const sent = letter(address)
    const sender = await SmtpSender.connected(posthorn.smtpPort, address)
    expect(await sender.sendOne(sent.bytes)).toBe('554 5.5.1 Error: no inbox for this email')
    const toggled = await call(posthorn, `/api/v1/inboxes/${second.id}/toggle_email_username`, {
      method: 'PATCH',
    })
    expect(((await toggled.json()) as Inbox).email_username_enabled).toBe(true)
    expect(await sender.sendOne(sent.bytes)).toBe('250 2.0.0 Ok: queued')
    await arrives(second.id, sent)
  })

  it('is refused as its address asks for', async () => {
    const bounce = await SmtpSender.connected(posthorn.smtpPort, 'bounce+550+No+such+user@example.com')
    expect(await bounce.sendOne(letter().bytes)).toBe('550 No such user')
  })

  it('is refused with a password that is wrong', async () => {
    const sent = letter()
    const wrong: Login = { username: INBOX_USERNAME, password: 'wrong', mechanism: 'PLAIN' }
    const [nodemailer] = MAIL_CLIENTS
    await expect(nodemailer?.send(posthorn, sent, wrong, false)).rejects.toThrow(
      '535 5.7.0 Invalid login or password',
    )
    await nodemailer?.send(posthorn, sent, { ...wrong, password: INBOX_PASSWORD }, false)
    await arrives(1, sent)
  })
})

eachEngine('an inbox with limits', engine => {
  let posthorn: Posthorn
  beforeAll(async () => {
    posthorn = await started(engine, { POSTHORN_INBOX_MAX_MESSAGES: '5', POSTHORN_SMTP_RATE_LIMIT: '8/3600' })
  })
  afterAll(() => posthorn?.stop())

  it('keeps the newest, and takes no more than so many in the time', async () => {
    const sender = await SmtpSender.connected(posthorn.smtpPort)
    const sent = Array.from({ length: 8 }, () => letter())
    for (const { bytes } of sent) expect(await sender.sendOne(bytes)).toBe('250 2.0.0 Ok: queued')
    expect(await sender.sendOne(letter().bytes)).toBe(
      '550 5.7.0 Requested action not taken: too many emails per second',
    )
    const kept = (await listAll(posthorn)).map(message => message.subject)
    expect(kept).toEqual(
      sent
        .slice(3)
        .map(({ subject }) => subject)
        .toReversed(),
    )
    const inbox = (await (await get(posthorn, '/api/v1/inboxes/1')).json()) as Inbox
    expect(inbox.emails_count).toBe(5)
  })
})
