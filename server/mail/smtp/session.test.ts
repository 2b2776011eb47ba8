import { expect, test } from 'vitest'
import { Dialogue, Letterbox, openServer, testTls } from '../../../test/smtp-dialogue.ts'
import type { Answer, Envelope, Peer, Recipient, Reply } from './door.ts'

/** Plays a transcript; what the server said must be what stands there. */
async function holds(dialogue: Dialogue, transcript: string): Promise<void> {
  const wanted = transcript
    .trim()
    .split('\n')
    .map(line => line.trim())
  expect((await dialogue.play(transcript)).split('\n')).toEqual(wanted)
}

const refuse = (text: string): Reply => ({ code: 550, text })

function texts(door: Letterbox): string[] {
  return door.kept.map(({ bytes }) => bytes.toString())
}

test('EHLO lists what the contract lists, in its order', async () => {
  const { context } = await testTls()
  const { port } = await openServer({ tls: () => context })
  const dialogue = Dialogue.start(port)
  expect(await dialogue.reply()).toBe('220 mx.test ESMTP ready')
  const list = [
    'mx.test',
    'SIZE 1000000',
    'PIPELINING',
    'ENHANCEDSTATUSCODES',
    '8BITMIME',
    'DSN',
    'SMTPUTF8',
    'CHUNKING',
  ]
  const before = [...list, 'AUTH PLAIN LOGIN CRAM-MD5', 'STARTTLS']
  expect(await dialogue.ask('EHLO client.test')).toBe(
    before.map((line, at) => `250${at === before.length - 1 ? ' ' : '-'}${line}`).join('\n'),
  )
  expect(await dialogue.ask('STARTTLS')).toBe('220 2.0.0 Start TLS')
  await dialogue.startTls()
  const after = [...list, 'AUTH PLAIN LOGIN CRAM-MD5']
  expect(await dialogue.ask('EHLO client.test')).toBe(
    after.map((line, at) => `250${at === after.length - 1 ? ' ' : '-'}${line}`).join('\n'),
  )
})

test('a message', async () => {
  const { port, door } = await openServer()
  await holds(
    Dialogue.start(port),
    `S: 220 mx.test ESMTP ready
     C: HELO client.test
     S: 250 mx.test
     C: MAIL FROM:<a@example.com>
     S: 250 2.1.0 Ok
     C: RCPT TO:<b@example.com>
     S: 250 2.1.0 Ok
     C: RCPT TO:<c@example.com>
     S: 250 2.1.0 Ok
     C: DATA
     S: 354 Go ahead
     C: Subject: hello
     C:
     C: ..dot
     C: .
     S: 250 2.0.0 Ok: queued
     C: QUIT
     S: 221 2.0.0 Bye`,
  )
  expect(door.kept).toHaveLength(1)
  expect(door.kept[0]?.bytes.toString()).toBe('Subject: hello\r\n\r\n.dot\r\n')
  expect(door.kept[0]?.envelope.reversePath).toBe('a@example.com')
  expect(door.kept[0]?.envelope.recipients.map(({ forwardPath }) => forwardPath)).toEqual([
    'b@example.com',
    'c@example.com',
  ])
  expect(door.kept[0]?.peer).toMatchObject({
    greeting: 'client.test',
    esmtp: false,
    remoteAddress: '127.0.0.1',
    localPort: port,
  })
})

test('commands out of order', async () => {
  const { port } = await openServer()
  await holds(
    await Dialogue.greeted(port),
    `C: RCPT TO:<b@example.com>
     S: 503 5.5.1 Error: need MAIL command
     C: DATA
     S: 503 5.5.1 Error: need MAIL command
     C: MAIL FROM:<a@example.com>
     S: 250 2.1.0 Ok
     C: MAIL FROM:<a@example.com>
     S: 503 5.5.1 Error: nested MAIL command
     C: DATA
     S: 503 5.5.1 Error: need RCPT command
     C: AUTH PLAIN
     S: 503 5.5.1 Error: AUTH during a mail transaction
     C: RSET
     S: 250 2.0.0 OK
     C: DATA
     S: 503 5.5.1 Error: need MAIL command`,
  )
})

test('the other verbs, and what is none', async () => {
  const { port } = await openServer()
  const dialogue = await Dialogue.greeted(port)
  await holds(
    dialogue,
    `C: NOOP
     S: 250 2.0.0 OK
     C: noop whatever
     S: 250 2.0.0 OK
     C: VRFY user
     S: 252 2.0.0 Cannot VRFY user, but will accept message
     C: EXPN list
     S: 502 5.5.1 Error: command not implemented
     C: FOO
     S: 502 5.5.2 Error: command not recognized
     C: EHLO
     S: 501 5.5.4 Syntax: EHLO hostname
     C: RSET now
     S: 501 5.5.4 Syntax error: no argument expected
     C: DATA now
     S: 501 5.5.4 Syntax error: no argument expected
     C: STARTTLS
     S: 454 4.7.0 TLS not available
     C: MAIL FROM:nobody
     S: 501 5.1.7 Bad sender address syntax
     C: MAIL FROM:<a@example.com> SIZE=1000001
     S: 552 5.3.4 Error: message too big
     C: MAIL FROM:<a@example.com> SIZE=1000000
     S: 250 2.1.0 Ok
     C: RCPT TO:nobody
     S: 501 5.1.3 Bad recipient address syntax
     C: DATA
     S: 554 5.5.1 Error: no valid recipients`,
  )
  expect(await dialogue.ask('HELP')).toBe(
    '214-2.0.0 EHLO HELO MAIL RCPT DATA BDAT RSET NOOP QUIT\n214 2.0.0 VRFY EXPN HELP AUTH STARTTLS, as in RFC 5321',
  )
})

test('the door refuses at every step', async () => {
  const door = Object.assign(new Letterbox(), {
    sender: (_: Peer<string>, { reversePath }: Envelope) =>
      reversePath === 'spam@x.y' ? refuse('5.7.1 not you') : undefined,
    recipient: async (
      _: Peer<string>,
      __: Envelope,
      { forwardPath }: Recipient,
    ): Promise<Reply | undefined> => {
      if (forwardPath === 'auth@x.y') return { code: 530, text: '5.7.1 Authentication required' }
      return forwardPath.startsWith('no') ? refuse('5.1.1 no\r\n250 such üser') : undefined
    },
    content: (_: Peer<string>, { recipients }: Envelope): Answer<Reply | undefined> =>
      recipients.length > 1
        ? refuse('5.7.0 Requested action not taken: too many emails per second')
        : undefined,
  })
  const { port } = await openServer({}, door)
  await holds(
    await Dialogue.greeted(port),
    `C: MAIL FROM:<spam@x.y>
     S: 550 5.7.1 not you
     C: MAIL FROM:<a@x.y>
     S: 250 2.1.0 Ok
     C: RCPT TO:<auth@x.y>
     S: 530 5.7.1 Authentication required
     C: DATA
     S: 530 5.7.1 Authentication required
     C: RCPT TO:<no@x.y>
     S: 550 5.1.1 no??250 such ?ser
     C: DATA
     S: 554 5.5.1 Error: no valid recipients
     C: RCPT TO:<b@x.y>
     S: 250 2.1.0 Ok
     C: RCPT TO:<c@x.y>
     S: 250 2.1.0 Ok
     C: DATA
     S: 550 5.7.0 Requested action not taken: too many emails per second
     C: MAIL FROM:<a@x.y>
     S: 250 2.1.0 Ok
     C: RCPT TO:<b@x.y>
     S: 250 2.1.0 Ok
     C: DATA
     S: 354 Go ahead
     C: .
     S: 250 2.0.0 Ok: queued`,
  )
  expect(door.kept.map(({ bytes }) => bytes.length)).toEqual([0])
})

test('a door that throws is answered 451, and told of', async () => {
  let wrong = 'sender'
  const door = new Letterbox()
  const failing = Object.assign(door, {
    login: () => Promise.reject(new Error('login')),
    sender: () => (wrong === 'sender' ? Promise.reject(new Error(wrong)) : undefined),
    recipient: () => {
      if (wrong === 'recipient') throw new Error(wrong)
      return undefined
    },
    content: () => (wrong === 'content' ? Promise.reject(new Error(wrong)) : undefined),
    message: () => Promise.reject(new Error('message')),
  })
  const { port, errors } = await openServer({}, failing)
  const dialogue = await Dialogue.greeted(port)
  const fault = '451 4.3.0 Error: temporary failure, try again later'
  expect(await dialogue.ask('AUTH PLAIN AHVzZXIAc2VjcmV0')).toBe(fault)
  expect(await dialogue.ask('MAIL FROM:<a@x.y>')).toBe(fault)
  wrong = 'recipient'
  expect(await dialogue.ask('MAIL FROM:<a@x.y>')).toBe('250 2.1.0 Ok')
  expect(await dialogue.ask('RCPT TO:<a@x.y>')).toBe(fault)
  wrong = 'content'
  expect(await dialogue.ask('RCPT TO:<a@x.y>')).toBe('250 2.1.0 Ok')
  expect(await dialogue.ask('DATA')).toBe(fault)
  wrong = ''
  dialogue.send('MAIL FROM:<a@x.y>\r\nRCPT TO:<a@x.y>\r\nDATA\r\n')
  for (const _ of 'MRD') await dialogue.reply()
  expect(await dialogue.ask('hello\r\n.')).toBe(fault)
  expect(await dialogue.ask('NOOP')).toBe('250 2.0.0 OK')
  expect(errors.map(error => (error as Error).message)).toEqual([
    'login',
    'sender',
    'recipient',
    'content',
    'message',
  ])
})

test('421 from the door closes', async () => {
  const door = Object.assign(new Letterbox(), { sender: (): Reply => ({ code: 421, text: '4.3.2 later' }) })
  const { port } = await openServer({}, door)
  const dialogue = await Dialogue.greeted(port)
  dialogue.send('MAIL FROM:<a@x.y>\r\nNOOP\r\n')
  expect(await dialogue.rest()).toBe('421 4.3.2 later\r\n')
})

const MESSAGE = 'MAIL FROM:<a@x.y>\r\nRCPT TO:<b@x.y>\r\nDATA\r\n'

test('two messages and QUIT in one write, and byte by byte, are the same', async () => {
  const { port, door } = await openServer()
  const bytes = `EHLO x\r\n${MESSAGE}one\r\n.\r\n${MESSAGE}two\r\n.\r\nQUIT\r\n`
  const taken = ['250 2.1.0 Ok', '250 2.1.0 Ok', '354 Go ahead', '250 2.0.0 Ok: queued']
  const whole = Dialogue.start(port)
  whole.send(bytes)
  const said = await whole.rest()
  expect(said.match(/^\d{3} .*/gm)).toEqual([
    '220 mx.test ESMTP ready',
    '250 AUTH PLAIN LOGIN CRAM-MD5',
    ...taken,
    ...taken,
    '221 2.0.0 Bye',
  ])
  const dripping = Dialogue.start(port)
  for (const byte of bytes) {
    dripping.send(byte)
    await new Promise(setImmediate)
  }
  expect(await dripping.rest()).toBe(said)
  expect(texts(door)).toEqual(['one\r\n', 'two\r\n', 'one\r\n', 'two\r\n'])
})

test('line ends that are none do not end a message, and are noted', async () => {
  const { port, door } = await openServer()
  const dialogue = await Dialogue.greeted(port)
  const body = 'a\n.\nb\r.\rc\n.\r\nd\r\n.x\re\r.\nf\n\r.\r\r\n'
  dialogue.send(`${MESSAGE}${body}.\r\n`)
  for (const _ of 'MRD') await dialogue.reply()
  expect(await dialogue.reply()).toBe('250 2.0.0 Ok: queued')
  const kept = 'a\n.\nb\r.\rc\n.\r\nd\r\nx\re\r.\nf\n\r.\r\r\n'
  expect(door.kept[0]?.bytes.toString()).toBe(kept)
  expect(door.kept[0]?.lineEnds).toEqual({ bareCr: 6, bareLf: 5 })
})

test('commands may end in LF; a bare CR, a NUL and broken UTF-8 are refused', async () => {
  const { port } = await openServer()
  const dialogue = await Dialogue.greeted(port)
  dialogue.send('NOOP\nNOOP\r\nNO\rOP\r\nNOOP\0\r\nNOOP \xff\r\n')
  const refused = '500 5.5.2 Error: illegal character in command'
  for (const reply of ['250 2.0.0 OK', '250 2.0.0 OK', refused, refused, refused])
    expect(await dialogue.reply()).toBe(reply)
})

test('BDAT takes chunks as they are', async () => {
  const { port, door } = await openServer()
  const dialogue = await Dialogue.greeted(port)
  dialogue.send('MAIL FROM:<a@x.y>\r\nRCPT TO:<b@x.y>\r\nBDAT 7\r\na\r\n.\r\n\rBDAT 3 LAST\r\n\n.bNOOP\r\n')
  for (const reply of [
    '250 2.1.0 Ok',
    '250 2.1.0 Ok',
    '250 2.0.0 7 octets received',
    '250 2.0.0 Ok: queued',
    '250 2.0.0 OK',
  ]) {
    expect(await dialogue.reply()).toBe(reply)
  }
  dialogue.send('MAIL FROM:<a@x.y>\r\nRCPT TO:<b@x.y>\r\nBDAT 2\r\nhiBDAT 0 LAST\r\n')
  for (const reply of [
    '250 2.1.0 Ok',
    '250 2.1.0 Ok',
    '250 2.0.0 2 octets received',
    '250 2.0.0 Ok: queued',
  ]) {
    expect(await dialogue.reply()).toBe(reply)
  }
  expect(texts(door)).toEqual(['a\r\n.\r\n\r\n.b', 'hi'])
  expect(door.kept[0]?.lineEnds).toEqual({ bareCr: 0, bareLf: 0 })
})

test('BDAT in the wrong place: the chunk is read and never taken for commands', async () => {
  const { port, door } = await openServer()
  const dialogue = await Dialogue.greeted(port)
  dialogue.send('BDAT 6\r\nNOOP\r\n')
  expect(await dialogue.reply()).toBe('503 5.5.1 Error: need MAIL command')
  dialogue.send('MAIL FROM:<a@x.y>\r\nBDAT 6 LAST\r\nNOOP\r\n')
  expect(await dialogue.reply()).toBe('250 2.1.0 Ok')
  expect(await dialogue.reply()).toBe('503 5.5.1 Error: need RCPT command')
  dialogue.send(
    'RCPT TO:<b@x.y>\r\nBDAT 2\r\nhiDATA\r\nRCPT TO:<c@x.y>\r\nMAIL FROM:<a@x.y>\r\nRSET\r\nBDAT 2 LAST\r\nhi',
  )
  for (const reply of [
    '250 2.1.0 Ok',
    '250 2.0.0 2 octets received',
    '503 5.5.1 Error: BDAT under way',
    '503 5.5.1 Error: BDAT under way',
    '503 5.5.1 Error: nested MAIL command',
    '250 2.0.0 OK',
    '503 5.5.1 Error: need MAIL command',
  ]) {
    expect(await dialogue.reply()).toBe(reply)
  }
  dialogue.send('BDAT much\r\nMAIL FROM:<a@x.y>\r\n')
  expect(await dialogue.rest()).toBe('501 5.5.4 Syntax: BDAT size [LAST]\r\n')
  expect(door.kept).toEqual([])
})

test('a refusal at the first BDAT comes after its chunk', async () => {
  const door = Object.assign(new Letterbox(), {
    content: async (): Promise<Reply> => ({ code: 554, text: '5.5.1 Error: no inbox for this email' }),
  })
  const { port } = await openServer({}, door)
  const dialogue = await Dialogue.greeted(port)
  dialogue.send('MAIL FROM:<a@x.y>\r\nRCPT TO:<b@x.y>\r\nBDAT 6\r\nNOOP\r\nBDAT 6 LAST\r\nNOOP\r\nNOOP\r\n')
  for (const reply of [
    '250 2.1.0 Ok',
    '250 2.1.0 Ok',
    '554 5.5.1 Error: no inbox for this email',
    '503 5.5.1 Error: need MAIL command',
    '250 2.0.0 OK',
  ]) {
    expect(await dialogue.reply()).toBe(reply)
  }
})

test('too big, by DATA and by BDAT: everything is read, then refused, and the next message is taken', async () => {
  const { port, door } = await openServer({ maxMessageSize: 10 })
  const dialogue = await Dialogue.greeted(port)
  const exact = '12345678\r\n'
  dialogue.send(`${MESSAGE}${exact}x\r\n.\r\n`)
  for (const _ of 'MRD') await dialogue.reply()
  expect(await dialogue.reply()).toBe('552 5.3.4 Error: message too big')
  dialogue.send('MAIL FROM:<a@x.y>\r\nRCPT TO:<b@x.y>\r\nBDAT 8\r\n12345678BDAT 3\r\nabcBDAT 2 LAST\r\nxx')
  for (const reply of [
    '250 2.1.0 Ok',
    '250 2.1.0 Ok',
    '250 2.0.0 8 octets received',
    '552 5.3.4 Error: message too big',
    '503 5.5.1 Error: need MAIL command',
  ]) {
    expect(await dialogue.reply()).toBe(reply)
  }
  dialogue.send(`${MESSAGE}${exact}.\r\n`)
  for (const _ of 'MRD') await dialogue.reply()
  expect(await dialogue.reply()).toBe('250 2.0.0 Ok: queued')
  expect(texts(door)).toEqual([exact])
})

test('a client that closes its side still gets its replies', async () => {
  const { port, door } = await openServer()
  const dialogue = Dialogue.start(port)
  dialogue.socket.end(`${MESSAGE}hello\r\n.\r\n`)
  expect(await dialogue.rest()).toMatch(/250 2\.0\.0 Ok: queued\r\n$/)
  expect(door.kept).toHaveLength(1)
})

test('a message cut off is not kept', async () => {
  const { port, door, server } = await openServer()
  const dialogue = await Dialogue.greeted(port)
  dialogue.send(`${MESSAGE}hello\r\n.`)
  for (const _ of 'MRD') await dialogue.reply()
  dialogue.socket.end()
  await dialogue.rest()
  await server.close(5)
  expect(door.kept).toEqual([])
})

test('a new greeting ends the transaction', async () => {
  const { port } = await openServer()
  await holds(
    await Dialogue.greeted(port),
    `C: MAIL FROM:<a@example.com>
     S: 250 2.1.0 Ok
     C: EHLO again.test
     S: 250 AUTH PLAIN LOGIN CRAM-MD5
     C: RCPT TO:<b@example.com>
     S: 503 5.5.1 Error: need MAIL command`,
  )
})
