import { expect, test } from 'vitest'
import { Admission } from '../admission.ts'
import { Dialogue, Letterbox, openServer } from '../../../test/smtp-dialogue.ts'
import type { Reply } from './door.ts'
import { QUEUED } from './replies.ts'

const MESSAGE = 'MAIL FROM:<a@x.y>\r\nRCPT TO:<b@x.y>\r\nDATA\r\n'

test.each(['GET / HTTP/1.1', 'POST /x HTTP/1.1', 'PRI * HTTP/2.0', 'get /'])(
  '%s is sent away and stores nothing',
  async line => {
    const { port, door } = await openServer()
    const dialogue = Dialogue.start(port)
    await dialogue.reply()
    dialogue.send(`${line}\r\nHost: localhost\r\n\r\nEHLO x\r\n${MESSAGE}hello\r\n.\r\n`)
    expect(await dialogue.rest()).toBe('554 5.5.1 Error: this is SMTP, not HTTP\r\n')
    expect(door.kept).toEqual([])
  },
)

test('too long a line is one error, and the next command is understood', async () => {
  const { port } = await openServer()
  const dialogue = await Dialogue.greeted(port)
  expect(await dialogue.ask(`NOOP ${'x'.repeat(4000)}`)).toBe('250 2.0.0 OK')
  expect(await dialogue.ask(`NOOP ${'x'.repeat(100_000)}`)).toBe('500 5.5.2 Error: line too long')
  expect(await dialogue.ask('NOOP')).toBe('250 2.0.0 OK')
})

test('too many errors', async () => {
  const { port } = await openServer({ maxErrors: 3 })
  const dialogue = await Dialogue.greeted(port)
  dialogue.send('FOO\r\nFOO\r\nFOO\r\nFOO\r\n')
  const unknown = '502 5.5.2 Error: command not recognized\r\n'
  expect(await dialogue.rest()).toBe(`${unknown.repeat(3)}421 4.7.0 Error: too many errors\r\n`)
})

test('too many commands without a message', async () => {
  const { port } = await openServer({ maxCommands: 6 })
  const dialogue = await Dialogue.greeted(port)
  dialogue.send(`${MESSAGE}x\r\n.\r\n${'NOOP\r\n'.repeat(7)}`)
  expect(await dialogue.rest()).toMatch(
    /queued\r\n(250 2\.0\.0 OK\r\n){6}421 4\.7\.0 Error: too many commands\r\n$/,
  )
})

test('too many recipients: the rest is for another transaction', async () => {
  const { port, door } = await openServer({ maxRecipients: 2 })
  const dialogue = await Dialogue.greeted(port)
  expect(await dialogue.ask('MAIL FROM:<a@x.y>')).toBe('250 2.1.0 Ok')
  expect(await dialogue.ask('RCPT TO:<1@x.y>')).toBe('250 2.1.0 Ok')
  expect(await dialogue.ask('RCPT TO:<2@x.y>')).toBe('250 2.1.0 Ok')
  expect(await dialogue.ask('RCPT TO:<3@x.y>')).toBe('452 4.5.3 Too many recipients')
  dialogue.send('DATA\r\nhi\r\n.\r\n')
  expect(await dialogue.reply()).toBe('354 Go ahead')
  expect(await dialogue.reply()).toBe('250 2.0.0 Ok: queued')
  expect(door.kept[0]?.envelope.recipients).toHaveLength(2)
})

test('connections in all and from one address', async () => {
  for (const limit of [{ maxConnections: 2 }, { maxConnectionsPerAddress: 2 }]) {
    const { port } = await openServer(limit)
    const [one] = [await Dialogue.greeted(port), await Dialogue.greeted(port)]
    expect(await Dialogue.start(port).rest()).toBe('421 4.7.0 Error: too many connections\r\n')
    expect(await one.ask('QUIT')).toBe('221 2.0.0 Bye')
    one.socket.end()
    await one.rest()
    let next: string
    // the server learns of the end in its own time
    do next = await Dialogue.start(port).reply()
    while (next.startsWith('421'))
    expect(next).toBe('220 mx.test ESMTP ready')
  }
})

test('an IPv6 subscriber is its /64', () => {
  const admission = new Admission(10, 1)
  expect(admission.enter('2001:db8:0:1::1')).toBe(true)
  expect(admission.enter('2001:db8:0:1:ffff::2')).toBe(false)
  expect(admission.enter('2001:db8::1:0:0:0:2')).toBe(false)
  expect(admission.enter('2001:db8:0:2::1')).toBe(true)
  expect(admission.enter('::1')).toBe(true)
  expect(admission.enter('::ffff:192.0.2.1')).toBe(true)
  expect(admission.enter('192.0.2.1')).toBe(false)
  admission.leave('2001:db8:0:1::1')
  expect(admission.enter('2001:db8:0:1:ffff::2')).toBe(true)
})

test('silence is ended: before a command, in the middle of a message', async () => {
  const { port, door } = await openServer({ idleTimeout: 0.2 })
  expect(await Dialogue.start(port).rest()).toBe(
    '220 mx.test ESMTP ready\r\n421 4.4.2 Error: timeout exceeded\r\n',
  )
  const dialogue = await Dialogue.greeted(port)
  dialogue.send(`${MESSAGE}hello\r\n`)
  expect(await dialogue.rest()).toMatch(/354 Go ahead\r\n421 4\.4\.2 Error: timeout exceeded\r\n$/)
  expect(door.kept).toEqual([])
})

test('a trickle is ended too, of a command and of a message', async () => {
  const { port } = await openServer({ idleTimeout: 0.4, transferTimeout: 0.4 })
  for (const start of ['', MESSAGE]) {
    const dialogue = await Dialogue.greeted(port)
    dialogue.send(start)
    const drip = setInterval(() => dialogue.send('x'), 20)
    expect(await dialogue.rest()).toMatch(/421 4\.4\.2 Error: timeout exceeded\r\n$/)
    clearInterval(drip)
  }
})

test('an answer of the door may take longer than the idle time', async () => {
  const answer = Promise.withResolvers<Reply>()
  const door = Object.assign(new Letterbox(), { message: () => answer.promise })
  const { port } = await openServer({ idleTimeout: 0.1 }, door)
  const held = await Dialogue.greeted(port)
  held.send(`${MESSAGE}x\r\n.\r\n`)
  for (const _ of 'MRD') await held.reply()
  const idle = await Dialogue.greeted(port)
  expect(await idle.rest()).toBe('421 4.4.2 Error: timeout exceeded\r\n')
  answer.resolve(QUEUED)
  expect(await held.reply()).toBe('250 2.0.0 Ok: queued')
})

test('a peer that reads no replies is no longer read, costs little memory, and is dropped', async () => {
  const { port, server } = await openServer({ idleTimeout: 1, maxCommands: Infinity })
  const dialogue = await Dialogue.greeted(port)
  dialogue.socket.pause()
  const flood = Buffer.from('HELP\r\n'.repeat(100_000))
  const before = process.memoryUsage().rss
  // the kernel's buffers take some; then our writes stand still because the server reads no more
  while (dialogue.socket.write(flood) || dialogue.socket.writableLength < 20_000_000)
    await new Promise(setImmediate)
  const grown = process.memoryUsage().rss - before
  expect(grown).toBeLessThan(150_000_000)
  while (server.connections > 0) await new Promise(setImmediate)
})

test('input behind a waiting answer is not read without bound', async () => {
  const asked = Promise.withResolvers<void>()
  const answer = Promise.withResolvers<Reply>()
  const door = Object.assign(new Letterbox(), {
    sender: () => {
      asked.resolve()
      return answer.promise
    },
  })
  const { port } = await openServer({ maxCommands: Infinity }, door)
  const dialogue = await Dialogue.greeted(port)
  dialogue.send('MAIL FROM:<a@x.y>\r\n')
  await asked.promise
  const flood = `NOOP ${'x'.repeat(2000)}\r\n`.repeat(10_000)
  dialogue.send(flood)
  for (let turn = 0; turn < 200; turn++) await new Promise(setImmediate)
  expect(dialogue.socket.writableLength).toBeGreaterThan(flood.length / 2)
  answer.resolve({ code: 550, text: '5.7.1 no' })
  dialogue.send('QUIT\r\n')
  expect((await dialogue.rest()).endsWith('250 2.0.0 OK\r\n221 2.0.0 Bye\r\n')).toBe(true)
})

test('an early talker is refused where a delay is set', async () => {
  const { port } = await openServer({ greetingDelay: 0.2 })
  const early = Dialogue.start(port)
  early.send('EHLO x\r\n')
  expect(await early.rest()).toBe('554 5.5.1 Error: talked before the greeting\r\n')
  expect(await Dialogue.start(port).reply()).toBe('220 mx.test ESMTP ready')
})

test('closing waits for the reply under way and for a message half sent, and sends the idle away', async () => {
  const answer = Promise.withResolvers<Reply>()
  const door = Object.assign(new Letterbox(), { message: () => answer.promise })
  const { port, server } = await openServer({}, door)
  const idle = await Dialogue.greeted(port)
  const held = await Dialogue.greeted(port)
  held.send(`${MESSAGE}x\r\n.\r\n`)
  for (const _ of 'MRD') await held.reply()
  const closing = server.close(30)
  expect(await idle.rest()).toBe('421 4.3.2 Service shutting down\r\n')
  answer.resolve(QUEUED)
  expect(await held.rest()).toBe('250 2.0.0 Ok: queued\r\n421 4.3.2 Service shutting down\r\n')
  idle.socket.end()
  held.socket.end()
  await closing

  const again = await openServer()
  const half = await Dialogue.greeted(again.port)
  half.send(`${MESSAGE}x\r\n`)
  for (const _ of 'MRD') await half.reply()
  const ending = again.server.close(30)
  half.send('.\r\n')
  expect(await half.rest()).toBe('250 2.0.0 Ok: queued\r\n421 4.3.2 Service shutting down\r\n')
  half.socket.end()
  await ending
  expect(again.door.kept).toHaveLength(1)
})

test('closing does not wait for ever', async () => {
  const door = Object.assign(new Letterbox(), { message: () => new Promise<Reply>(() => {}) })
  const { port, server } = await openServer({}, door)
  const held = await Dialogue.greeted(port)
  held.send(`${MESSAGE}x\r\n.\r\n`)
  for (const _ of 'MRD') await held.reply()
  await server.close(0.05)
  expect(await held.rest()).toBe('')
})

test('a taken port is an error, and no port stays open', async () => {
  const { port } = await openServer()
  const { server: other, port: free } = await openServer()
  await other.close(0)
  await expect(other.listen('127.0.0.1', [free, port])).rejects.toMatchObject({ code: 'EADDRINUSE' })
  expect(await Dialogue.start(free).rest()).toBe('')
})
