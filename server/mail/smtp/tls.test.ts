import { expect, test } from 'vitest'
import { Dialogue, openServer, testTls } from '../../../test/smtp-dialogue.ts'

const PLAIN = `AUTH PLAIN ${Buffer.from('\0user\0secret').toString('base64')}`

test('what was pipelined behind STARTTLS is dropped', async () => {
  const { context } = await testTls()
  const { port, door } = await openServer({ tls: () => context })
  const dialogue = await Dialogue.greeted(port)
  dialogue.send('STARTTLS\r\nEHLO injected\r\nMAIL FROM:<injected@x.y>\r\n')
  expect(await dialogue.reply()).toBe('220 2.0.0 Start TLS')
  await dialogue.startTls()
  // an injected MAIL that had lived on would make this one nested
  expect(await dialogue.ask('MAIL FROM:<a@x.y>')).toBe('250 2.1.0 Ok')
  dialogue.send('RCPT TO:<b@x.y>\r\nDATA\r\n.\r\n')
  for (const _ of 'RD') await dialogue.reply()
  expect(await dialogue.reply()).toBe('250 2.0.0 Ok: queued')
  expect(door.kept[0]?.peer).toMatchObject({ greeting: '', secure: { protocol: 'TLSv1.3' } })
  expect(door.kept[0]?.envelope.reversePath).toBe('a@x.y')
})

test('login, greeting and transaction do not survive STARTTLS', async () => {
  const { context } = await testTls()
  const { port } = await openServer({ tls: () => context })
  const dialogue = await Dialogue.greeted(port)
  expect(await dialogue.ask(PLAIN)).toBe('235 2.0.0 OK')
  expect(await dialogue.ask('MAIL FROM:<a@x.y>')).toBe('250 2.1.0 Ok')
  expect(await dialogue.ask('STARTTLS now')).toBe('501 5.5.4 Syntax error: no argument expected')
  expect(await dialogue.ask('STARTTLS')).toBe('220 2.0.0 Start TLS')
  await dialogue.startTls()
  expect(await dialogue.ask('RCPT TO:<a@x.y>')).toBe('503 5.5.1 Error: need MAIL command')
  expect(await dialogue.ask(PLAIN)).toBe('235 2.0.0 OK')
  expect(await dialogue.ask('STARTTLS')).toBe('503 5.5.1 Error: TLS already active')
})

test('a port that detects TLS takes both, with and without STARTTLS', async () => {
  const { context } = await testTls()
  const { port } = await openServer({ tls: () => context, detectTls: () => true })
  const implicit = Dialogue.start(port, true)
  expect(await implicit.reply()).toBe('220 mx.test ESMTP ready')
  expect(await implicit.ask('EHLO x')).not.toContain('STARTTLS')
  const plain = Dialogue.start(port)
  expect(await plain.reply()).toBe('220 mx.test ESMTP ready')
  expect(await plain.ask('EHLO x')).toContain('250 STARTTLS')
  expect(await plain.ask('STARTTLS')).toBe('220 2.0.0 Start TLS')
  await plain.startTls()
  expect(await plain.ask('NOOP')).toBe('250 2.0.0 OK')
  const eager = Dialogue.start(port)
  eager.send('NOOP\r\nQUIT\r\n')
  expect(await eager.rest()).toBe('220 mx.test ESMTP ready\r\n250 2.0.0 OK\r\n221 2.0.0 Bye\r\n')
})

test('a handshake that fails ends the connection and nothing else', async () => {
  const { context } = await testTls()
  const { port, server } = await openServer({ tls: () => context })
  const dialogue = await Dialogue.greeted(port)
  expect(await dialogue.ask('STARTTLS')).toBe('220 2.0.0 Start TLS')
  dialogue.send('EHLO this is no ClientHello\r\n')
  await dialogue.rest()
  const next = await Dialogue.greeted(port)
  expect(await next.ask('NOOP')).toBe('250 2.0.0 OK')
  expect(server.connections).toBe(1)
})

test('a certificate that cannot be read is a refusal, not a crash', async () => {
  const { port, errors } = await openServer({
    tls: () => {
      throw new Error('no key')
    },
  })
  const dialogue = await Dialogue.greeted(port)
  expect(await dialogue.ask('STARTTLS')).toBe('454 4.7.0 TLS not available')
  expect(await dialogue.ask('NOOP')).toBe('250 2.0.0 OK')
  expect(errors).toHaveLength(1)
})
