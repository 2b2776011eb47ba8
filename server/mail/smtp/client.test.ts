import { createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { SmtpError } from './client-channel.ts'
import { submit } from './client.ts'
import { Letterbox, openServer, testTls } from '../../../test/smtp-dialogue.ts'
import type { Envelope, Peer, Recipient, Reply } from './door.ts'

const to = { reversePath: 'a@example.com', forwardPaths: ['b@example.com'] }
const message = Buffer.from('Subject: hello\r\n\r\n.dot\r\n..\r\n.\r\nend\r\n')
const target = (port: number): { host: string; port: number; heloName: string } => ({
  host: '127.0.0.1',
  port,
  heloName: 'client.test',
})

/** Says the lines one after the other, one for every command it hears, and notes what it hears. */
async function scripted(lines: readonly string[]): Promise<{ port: number; heard: string[] }> {
  const heard: string[] = []
  const server = createServer(socket => {
    const left = [...lines]
    const say = (): void => void socket.write(`${left.shift() ?? '221 Bye'}\r\n`)
    say()
    socket.on('error', () => {})
    socket.on('data', chunk => {
      heard.push(chunk.toString())
      say()
    })
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  onTestFinished(() => void server.close())
  const address = server.address()
  return { port: address !== null && typeof address === 'object' ? address.port : 0, heard }
}

test('the bytes arrive as they were', async () => {
  const { port, door } = await openServer()
  const { reply, refused } = await submit(target(port), to, message)
  expect(reply).toEqual({ code: 250, enhanced: '2.0.0', text: 'Ok: queued' })
  expect(refused).toEqual([])
  expect(door.kept[0]?.bytes.toString()).toBe(message.toString())
  expect(door.kept[0]?.envelope).toMatchObject({
    reversePath: 'a@example.com',
    size: message.length,
    body: undefined,
  })
  expect(door.kept[0]?.peer).toMatchObject({ greeting: 'client.test', secure: undefined })
})

test('eight bits, addresses outside ASCII, a null sender, no last line end', async () => {
  const { port, door } = await openServer()
  await submit(
    target(port),
    { reversePath: '', forwardPaths: ['пошта@приклад.укр'] },
    Buffer.from('\r\nпривіт'),
  )
  expect(door.kept[0]?.bytes.toString()).toBe('\r\nпривіт\r\n')
  expect(door.kept[0]?.envelope).toMatchObject({ reversePath: '', body: '8BITMIME', smtputf8: true })
  expect(door.kept[0]?.envelope.recipients[0]?.forwardPath).toBe('пошта@приклад.укр')
})

test('TLS in every way, with a login', async () => {
  const { context, cert } = await testTls()
  const { port, door } = await openServer({ tls: () => context, detectTls: () => true })
  const auth = { username: 'user', password: 'secret' }
  const named = { ...target(port), host: 'localhost', ca: cert, auth }
  await submit({ ...named, secure: 'tls' }, to, message)
  await submit({ ...named, secure: 'starttls' }, to, message)
  await submit({ ...target(port), secure: 'opportunistic', auth }, to, message)
  await submit({ ...target(port), secure: 'none', auth }, to, message)
  expect(door.kept.map(({ peer }) => [peer.secure?.protocol, peer.login])).toEqual([
    ['TLSv1.3', 'inbox 1'],
    ['TLSv1.3', 'inbox 1'],
    ['TLSv1.3', 'inbox 1'],
    [undefined, 'inbox 1'],
  ])
  await expect(submit({ ...target(port), secure: 'starttls' }, to, message)).rejects.toThrow(/self-signed/)
  await expect(submit({ ...target(port), secure: 'tls' }, to, message)).rejects.toThrow(/self-signed/)
})

test('STARTTLS that is demanded and not there, a wrong password, no way to log in', async () => {
  const { port } = await openServer()
  await expect(submit({ ...target(port), secure: 'starttls' }, to, message)).rejects.toMatchObject({
    code: 454,
    enhanced: '4.7.0',
  })
  const wrong = { ...target(port), auth: { username: 'user', password: 'wrong' } }
  await expect(submit(wrong, to, message)).rejects.toMatchObject({
    code: 535,
    text: 'Invalid login or password',
  })
  const { port: old } = await scripted(['220 old', '500 what', '250 old'])
  await expect(submit({ ...target(old), auth: wrong.auth }, to, message)).rejects.toThrow(/no mechanism/)
})

test.each(['PLAIN', 'LOGIN'])('a server that only offers %s', async mechanism => {
  const replies = mechanism === 'PLAIN' ? [] : ['334 VXNlcm5hbWU6', '334 UGFzc3dvcmQ6']
  const { port, heard } = await scripted(['220 x', `250-x\r\n250 AUTH ${mechanism}`, ...replies, '535 no'])
  const auth = { username: 'user', password: 'secret' }
  await expect(submit({ ...target(port), auth }, to, message)).rejects.toMatchObject({
    code: 535,
    enhanced: undefined,
    text: 'no',
  })
  const sent = heard.join('').split('\r\n').filter(Boolean).slice(1)
  expect(sent).toEqual(
    mechanism === 'PLAIN' ? ['AUTH PLAIN AHVzZXIAc2VjcmV0'] : ['AUTH LOGIN', 'dXNlcg==', 'c2VjcmV0'],
  )
})

test('some recipients refused: the others get it; all refused: nobody does', async () => {
  const door = Object.assign(new Letterbox(), {
    recipient: (_: Peer<string>, __: Envelope, { forwardPath }: Recipient): Reply | undefined =>
      forwardPath.startsWith('no') ? { code: 550, text: '5.1.1 No such user' } : undefined,
  })
  const { port } = await openServer({}, door)
  const some = await submit(target(port), { ...to, forwardPaths: ['no1@x.y', 'yes@x.y'] }, message)
  expect(some.refused).toEqual([
    { forwardPath: 'no1@x.y', reply: { code: 550, enhanced: '5.1.1', text: 'No such user' } },
  ])
  const none = submit(target(port), { ...to, forwardPaths: ['no1@x.y', 'no2@x.y'] }, message)
  await expect(none).rejects.toMatchObject({
    code: 550,
    enhanced: '5.1.1',
    message: 'RCPT: 550 5.1.1 No such user',
  })
  expect(door.kept).toHaveLength(1)
})

test('a server without extensions is spoken to step by step', async () => {
  const { port, heard } = await scripted([
    '220 old',
    '500 what',
    '250 old',
    '250 ok',
    '251 will forward',
    '354 go',
    '250 taken',
  ])
  const { reply } = await submit(target(port), to, message)
  expect(reply).toEqual({ code: 250, enhanced: undefined, text: 'taken' })
  expect(heard.slice(0, 5)).toEqual([
    'EHLO client.test\r\n',
    'HELO client.test\r\n',
    'MAIL FROM:<a@example.com>\r\n',
    'RCPT TO:<b@example.com>\r\n',
    'DATA\r\n',
  ])
})

test('a server that goes ahead for nobody gets an empty message', async () => {
  const { port, heard } = await scripted([
    '220 x',
    '250-x\r\n250 PIPELINING',
    '250 ok\r\n550 no\r\n354 go',
    '250 thanks',
  ])
  await expect(submit(target(port), to, message)).rejects.toMatchObject({ code: 550 })
  expect(heard.at(-1)).toBe('.\r\n')
})

test('too large for the server, illegal addresses: not even asked', async () => {
  const { port, door } = await openServer({ maxMessageSize: 10 })
  await expect(submit(target(port), to, message)).rejects.toThrow(/takes 10 bytes/)
  const injected = { ...to, forwardPaths: ['b@x.y>\r\nDATA'] }
  await expect(submit(target(port), injected, message)).rejects.toThrow(/illegal character/)
  expect(door.kept).toEqual([])
})

test('silence, nonsense, a closed port', async () => {
  const { port: silent } = await scripted(['220-only the beginning'])
  await expect(submit({ ...target(silent), timeout: 0.05 }, to, message)).rejects.toMatchObject({
    code: 0,
    message: 'connect: no answer within 0.05 s',
  })
  const { port: odd } = await scripted(['HTTP/1.1 400 Bad Request'])
  await expect(submit(target(odd), to, message)).rejects.toThrow(/no SMTP reply: HTTP/)
  const { server, port } = await openServer()
  await server.close(0)
  await expect(submit(target(port), to, message)).rejects.toThrow(SmtpError)
  await expect(submit(target(port), to, message)).rejects.toThrow(/ECONNREFUSED/)
})
