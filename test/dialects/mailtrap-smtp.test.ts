// Section 9 of the contract: what the sandbox says over SMTP, word for word, and how mail finds its inbox.
import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { INBOX_PASSWORD, INBOX_USERNAME } from '../posthorn.ts'
import { Dialogue } from '../smtp-dialogue.ts'
import { useDialect } from './dialect.ts'

const dialect = useDialect({ POSTHORN_SMTP_ANONYMOUS: 'off', POSTHORN_MAX_MESSAGE_SIZE: '5242880' })
const { ask, get } = dialect
const PLAIN = Buffer.from(`\0${INBOX_USERNAME}\0${INBOX_PASSWORD}`).toString('base64')

async function talk<T>(conversation: (dialogue: Dialogue) => Promise<T>): Promise<T> {
  const dialogue = Dialogue.start(dialect.server.smtpPort)
  await dialogue.reply()
  return conversation(dialogue)
}

/** The replies to each line, in turn. */
function said(...lines: string[]): Promise<string[]> {
  return talk(async dialogue => {
    const replies: string[] = []
    for (const line of lines) replies.push(await dialogue.ask(line))
    return replies
  })
}

describe('section 9.1: the replies', () => {
  it('greets, and lists what it can', async () => {
    const dialogue = Dialogue.start(dialect.server.smtpPort)
    expect(await dialogue.reply()).toBe('220 localhost ESMTP ready')
    const extensions = [
      '250-localhost',
      '250-SIZE 5242880',
      '250-PIPELINING',
      '250-ENHANCEDSTATUSCODES',
      '250-8BITMIME',
      '250-DSN',
      '250-SMTPUTF8',
      '250-CHUNKING',
    ]
    expect((await dialogue.ask('EHLO me')).split('\n')).toEqual([
      ...extensions,
      '250-AUTH PLAIN LOGIN CRAM-MD5',
      '250 STARTTLS',
    ])
    expect(await dialogue.ask('STARTTLS')).toBe('220 2.0.0 Start TLS')
    await dialogue.startTls()
    expect((await dialogue.ask('EHLO me')).split('\n')).toEqual([
      ...extensions,
      '250 AUTH PLAIN LOGIN CRAM-MD5',
    ])
    expect(await dialogue.ask('QUIT')).toBe('221 2.0.0 Bye')
  })

  it('AUTH in three ways', async () => {
    const user = Buffer.from(INBOX_USERNAME).toString('base64')
    const password = Buffer.from(INBOX_PASSWORD).toString('base64')
    expect(await said('EHLO me', `AUTH PLAIN ${PLAIN}`)).toContain('235 2.0.0 OK')
    expect((await said('EHLO me', 'AUTH LOGIN', user, password)).slice(1)).toEqual([
      '334 VXNlcm5hbWU6',
      '334 UGFzc3dvcmQ6',
      '235 2.0.0 OK',
    ])
    await talk(async dialogue => {
      await dialogue.ask('EHLO me')
      const challenge = (await dialogue.ask('AUTH CRAM-MD5')).slice(4)
      const digest = createHmac('md5', INBOX_PASSWORD).update(Buffer.from(challenge, 'base64')).digest('hex')
      const answer = Buffer.from(`${INBOX_USERNAME} ${digest}`).toString('base64')
      expect(await dialogue.ask(answer)).toBe('235 2.0.0 OK')
    })
  })

  it.each([
    [['AUTH PLAIN AGZvbwBiYXI='], '535 5.7.0 Invalid login or password'],
    [['AUTH NTLM'], '504 5.5.2 Unrecognized authentication type'],
    [['MAIL FROM:<a@example.com>', 'RCPT TO:<b@example.com>'], '530 5.7.1 Authentication required'],
    [['MAIL FROM:<a@example.com>'], '250 2.1.0 Ok'],
    [[`AUTH PLAIN ${PLAIN}`, 'MAIL FROM:<a@example.com>', 'RCPT TO:<b@example.com>'], '250 2.1.0 Ok'],
    [[`AUTH PLAIN ${PLAIN}`, 'MAIL FROM:<a@example.com>', 'RCPT TO:<b@example.com>', 'DATA'], '354 Go ahead'],
    [
      [`AUTH PLAIN ${PLAIN}`, 'MAIL FROM:<a@example.com>', 'DATA'],
      /^(503 5\.5\.1 Error: need RCPT command|554 5\.5\.1 Error: no valid recipients)$/,
    ],
    [[`AUTH PLAIN ${PLAIN}`, 'MAIL FROM:<a@example.com> SIZE=5242881'], '552 5.3.4 Error: message too big'],
    [['MAIL FROM:<a@example.com>', 'MAIL FROM:<a@example.com>'], '503 5.5.1 Error: nested MAIL command'],
    [['RCPT TO:<b@example.com>'], '503 5.5.1 Error: need MAIL command'],
    [['MAIL FROM:a@@'], '501 5.1.7 Bad sender address syntax'],
    [['HALLO'], '502 5.5.2 Error: command not recognized'],
    [['RSET'], '250 2.0.0 OK'],
    [['NOOP'], '250 2.0.0 OK'],
    [['VRFY ada'], /^252 /],
  ])('%j is answered %s', async (lines, reply) => {
    const replies = await said('EHLO me', ...lines)
    expect(replies.at(-1)).toEqual(reply instanceof RegExp ? expect.stringMatching(reply) : reply)
  })

  it('stores one message for one DATA, byte for byte, whatever the number of recipients', async () => {
    const replies = await said(
      'EHLO me',
      `AUTH PLAIN ${PLAIN}`,
      'MAIL FROM:<a@example.com>',
      'RCPT TO:<b@example.com>',
      'RCPT TO:<c@elsewhere.example>',
      'DATA',
      'Bcc: blind@example.com\r\nSubject: x\r\n\r\n..dot\r\n.',
    )
    expect(replies.at(-1)).toBe('250 2.0.0 Ok: queued')
    const messages = await get<{ id: number }[]>('/inboxes/1/messages')
    expect(messages).toHaveLength(1)
    const eml = await ask(`/inboxes/1/messages/${messages[0]?.id}/body.eml`)
    expect(eml.text).toBe('Bcc: blind@example.com\r\nSubject: x\r\n\r\n.dot\r\n')
  })

  it('552 also for a message that grows too big on its way', async () => {
    const line = `${'x'.repeat(998)}\r\n`
    const replies = await said(
      'EHLO me',
      `AUTH PLAIN ${PLAIN}`,
      'MAIL FROM:<a@b.example>',
      'RCPT TO:<b@b.example>',
      'DATA',
      `${line.repeat(5300)}.`,
    )
    expect(replies.at(-1)).toBe('552 5.3.4 Error: message too big')
  })

  it('emulates bounces at RCPT, for that recipient alone', async () => {
    const replies = await said(
      'EHLO me',
      `AUTH PLAIN ${PLAIN}`,
      'MAIL FROM:<a@example.com>',
      'RCPT TO:<bounce+550+No+such%20user@example.com>',
      'RCPT TO:<bounce+421+Later@example.com>',
      'RCPT TO:<bounce+250+Fine@example.com>',
    )
    expect(replies.slice(3)).toEqual(['550 No such user', '421 Later', '250 2.1.0 Ok'])
  })

  it('keeps no more than max_size, the oldest go first', async () => {
    await ask('/inboxes/1/clean', { method: 'PATCH' })
    const { workspace } = await get<{ workspace?: never; max_size: number }>('/inboxes/1')
    expect(workspace).toBeUndefined()
    const settings = await ask('/api/posthorn/inboxes/1/settings', { method: 'PATCH', body: { max_size: 2 } })
    expect(settings.status, settings.text).toBe(200)
    for (const n of [1, 2, 3]) await dialect.send(`Subject: ${n}\n\nx`)
    const kept = await get<{ subject: string }[]>('/inboxes/1/messages')
    expect(kept.map(({ subject }) => subject)).toEqual(['3', '2'])
  })
})

describe('section 9.2: the address of an inbox', () => {
  const mail = (recipient: string) =>
    said('EHLO me', 'MAIL FROM:<a@example.com>', `RCPT TO:<${recipient}>`, 'DATA')

  it('takes mail without AUTH when it is switched on, with any tag, in any case', async () => {
    const { email_username } = await get<{ email_username: string }>('/inboxes/1')
    const address = `${email_username}@inbox.test`
    expect((await mail(address)).at(-1)).toBe('554 5.5.1 Error: no inbox for this email')
    await ask('/inboxes/1/toggle_email_username', { method: 'PATCH' })
    for (const one of [address, address.toUpperCase(), address.replace('@', '+tag@')])
      expect((await mail(one)).slice(-2), one).toEqual(['250 2.1.0 Ok', '354 Go ahead'])
    expect((await mail('nobody-000000@inbox.test')).at(-1)).toBe('554 5.5.1 Error: no inbox for this email')
  })
})

describe('section 9.1: the rate limit of an inbox', () => {
  it('is answered at DATA, in the words clients compare', async () => {
    const body = { rate: { count: 1, seconds: 60 } }
    const settings = await ask('/api/posthorn/inboxes/1/settings', { method: 'PATCH', body })
    expect(settings.status, settings.text).toBe(200)
    const lines = [
      'EHLO me',
      `AUTH PLAIN ${PLAIN}`,
      'MAIL FROM:<a@b.example>',
      'RCPT TO:<b@b.example>',
      'DATA',
      'Subject: x\r\n\r\n.',
    ]
    const replies = await said(...lines, ...lines.slice(2, 5))
    expect(replies.at(-1)).toBe('550 5.7.0 Requested action not taken: too many emails per second')
  })
})
