import { expect, test } from 'vitest'
import { openPop3, Pop3Dialogue, Shelf } from '../../../test/pop3-dialogue.ts'
import { testTls } from '../../../test/smtp-dialogue.ts'

const capabilities = (dialogue: Pop3Dialogue) =>
  dialogue.all('CAPA').then(lines => lines.trim().split('\r\n'))

const ALWAYS = [
  'TOP',
  'UIDL',
  'USER',
  'SASL PLAIN LOGIN CRAM-MD5',
  'RESP-CODES',
  'AUTH-RESP-CODE',
  'PIPELINING',
]

test('one port: plain, by STLS, and TLS from the first byte', async () => {
  const { context } = await testTls()
  const { port, server } = await openPop3(new Shelf('x'), { tls: () => context })
  const implicit = await Pop3Dialogue.greeted(port, true)
  expect(implicit.greeting).toMatch(/^\+OK POP3 ready </)
  expect(await capabilities(implicit)).toEqual(ALWAYS)

  const plain = await Pop3Dialogue.greeted(port)
  expect(await capabilities(plain)).toEqual([...ALWAYS, 'STLS'])
  expect(await plain.ask('USER user')).toBe('+OK now the password')
  // what somebody in between put behind the command (CVE-2011-0411)
  plain.send('STLS\r\nUSER user\r\nNOOP\r\n')
  expect(await plain.line()).toBe('+OK start TLS')
  await plain.startTls()
  expect(await plain.ask('PASS pass word')).toBe('-ERR USER comes first')
  expect(await capabilities(plain)).toEqual(ALWAYS)
  expect(await plain.askAll('STLS', 'USER user', 'PASS pass word')).toEqual([
    '-ERR TLS already active',
    '+OK now the password',
    '+OK 1 messages (1 octets)',
  ])
  expect(await capabilities(plain)).toEqual(ALWAYS)

  const broken = await Pop3Dialogue.greeted(port)
  expect(await broken.ask('STLS')).toBe('+OK start TLS')
  broken.send('USER this is no ClientHello\r\n')
  await broken.rest()
  expect(server.connections).toBe(2)
})

test('without a certificate there is no TLS, and with a bad one a refusal', async () => {
  const without = await openPop3(new Shelf())
  const dialogue = await Pop3Dialogue.greeted(without.port)
  expect(await capabilities(dialogue)).toEqual(ALWAYS)
  expect(await dialogue.ask('STLS')).toBe('-ERR [SYS/TEMP] TLS not available')
  const bad = await openPop3(new Shelf(), {
    detectTls: () => false,
    tls: () => {
      throw new Error('no key')
    },
  })
  const other = await Pop3Dialogue.greeted(bad.port)
  expect(await other.askAll('STLS', 'USER user')).toEqual([
    '-ERR [SYS/TEMP] TLS not available',
    '+OK now the password',
  ])
  expect(bad.errors).toHaveLength(1)
})

test('connections in all and from one address', async () => {
  for (const limit of [{ maxConnections: 2 }, { maxConnectionsPerAddress: 2 }]) {
    const { port, server } = await openPop3(new Shelf(), limit)
    const [first] = [await Pop3Dialogue.greeted(port), await Pop3Dialogue.greeted(port)]
    const third = await Pop3Dialogue.greeted(port)
    expect(third.greeting).toBe('-ERR [SYS/TEMP] too many connections')
    await first?.ask('QUIT')
    first?.socket.end()
    await expect.poll(() => server.connections).toBe(1)
    expect((await Pop3Dialogue.greeted(port)).greeting).toMatch(/^\+OK/)
  }
})

test('a line without an end is refused and no longer read into memory', async () => {
  const { port, server } = await openPop3(new Shelf())
  const dialogue = await Pop3Dialogue.greeted(port)
  expect(await dialogue.ask(`USER ${'x'.repeat(250)}`)).toBe('+OK now the password')
  const flood = Buffer.alloc(1 << 20, 'x')
  for (let sent = 0; sent < 100 && !dialogue.closed; sent++)
    await new Promise<void>(done => dialogue.socket.write(flood, () => done()))
  expect(await dialogue.rest()).toBe('-ERR line too long\r\n')
  dialogue.socket.end()
  await expect.poll(() => server.connections).toBe(0)
})

test('too many errors, and silence', async () => {
  const { port } = await openPop3(new Shelf(), { maxErrors: 2, idleTimeout: 0.2 })
  const dialogue = await Pop3Dialogue.greeted(port)
  dialogue.send('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
  expect(await dialogue.rest()).toBe(`${'-ERR command not recognized\r\n'.repeat(2)}-ERR too many errors\r\n`)
  const silent = await Pop3Dialogue.loggedIn(port)
  await silent.ask('DELE 1')
  expect(await silent.rest()).toBe('')
})

test('peers that do not read cost no memory, and get all of it in the end', async () => {
  const size = 20 << 20
  const { port, door } = await openPop3(new Shelf(Buffer.alloc(size, 'line\r\n')), {
    memoryBudget: size,
  })
  const stuck = await Promise.all(Array.from({ length: 3 }, () => Pop3Dialogue.loggedIn(port)))
  for (const dialogue of stuck) {
    dialogue.socket.pause()
    dialogue.send('RETR 1\r\n')
  }
  // there is room for one of them: the others are let in when those before them have stalled
  await expect.poll(() => door.read.length, { timeout: 20_000 }).toBe(3)
  let received = 0
  const [first] = stuck
  first?.socket.removeAllListeners('data')
  const whole = new Promise<void>(done =>
    first?.socket.on('data', chunk => {
      received += chunk.length
      if (received >= size) done()
    }),
  )
  first?.socket.resume()
  await whole
  // read once more, since it had been let go
  expect(door.read).toEqual([101, 101, 101, 101])
})

test('a small message does not wait for the memory that large ones take', async () => {
  class Slow extends Shelf {
    override message(login: string, id: number): Promise<Buffer | undefined> {
      return id === 101 ? new Promise(() => {}) : super.message(login, id)
    }
  }
  const { port } = await openPop3(new Slow(Buffer.alloc(100_000), 'small\r\n'), { memoryBudget: 1 })
  const [one, other] = [await Pop3Dialogue.loggedIn(port), await Pop3Dialogue.loggedIn(port)]
  one.send('RETR 1\r\n')
  expect(await other.all('RETR 2')).toBe('small\r\n')
})

test('the server closes: at once where nothing is under way, after the answer where one is', async () => {
  const { port, server, door } = await openPop3(new Shelf('x\r\n'))
  const idle = await Pop3Dialogue.loggedIn(port)
  const busy = await Pop3Dialogue.loggedIn(port)
  let answer: () => void = () => {}
  const asked = new Promise<void>(done => {
    door.message = () => {
      done()
      return new Promise(give => (answer = () => give(Buffer.from('x\r\n'))))
    }
  })
  busy.send('RETR 1\r\nDELE 1\r\nQUIT\r\n')
  await asked
  const closed = server.close(5)
  expect(await idle.rest()).toBe('-ERR [SYS/TEMP] service shutting down\r\n')
  answer()
  expect(await busy.rest()).toBe('+OK 3 octets\r\nx\r\n.\r\n-ERR [SYS/TEMP] service shutting down\r\n')
  idle.socket.end()
  busy.socket.end()
  await closed
  expect(door.messages.size).toBe(1)
})
