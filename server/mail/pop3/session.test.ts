import { expect, test } from 'vitest'
import { openPop3, Pop3Dialogue, Shelf } from '../../../test/pop3-dialogue.ts'

const HELLO = 'Subject: Hello\r\n\r\none\r\n.two\r\n..\r\nthree\r\n'

test('a whole session', async () => {
  const { port, door } = await openPop3(new Shelf(HELLO, 'Subject: B\r\n\r\n', ''))
  const dialogue = await Pop3Dialogue.greeted(port)
  expect(dialogue.greeting).toMatch(/^\+OK POP3 ready <[0-9a-f]+\.\d+@pop\.test>$/)
  expect(await dialogue.askAll('user user', 'PASS pass word', 'STAT')).toEqual([
    '+OK now the password',
    '+OK 3 messages (54 octets)',
    '+OK 3 54',
  ])
  expect(await dialogue.all('LIST')).toBe('1 40\r\n2 14\r\n3 0\r\n')
  expect(await dialogue.all('uidl')).toBe('1 101\r\n2 102\r\n3 103\r\n')
  expect(await dialogue.askAll('LIST 1', 'Uidl 2', 'NOOP')).toEqual(['+OK 1 40', '+OK 2 102', '+OK'])
  // nothing but numbers so far
  expect(door.read).toEqual([])
  expect(await dialogue.all('RETR 1')).toBe(
    HELLO.replace('.two', '..two').replace('\r\n..\r\n', '\r\n...\r\n'),
  )
  expect(await dialogue.all('RETR 3')).toBe('')
  expect(await dialogue.all('TOP 1 0')).toBe('Subject: Hello\r\n\r\n')
  expect(await dialogue.all('TOP 1 2')).toBe('Subject: Hello\r\n\r\none\r\n..two\r\n')
  expect(await dialogue.all('TOP 2 9999999999')).toBe('Subject: B\r\n\r\n')
  expect(await dialogue.askAll('DELE 2', 'DELE 2', 'RETR 2', 'LIST 2', 'UIDL 2', 'TOP 2 0', 'STAT')).toEqual([
    '+OK message 2 deleted',
    ...Array(5).fill('-ERR no such message'),
    '+OK 2 40',
  ])
  expect(await dialogue.all('LIST')).toBe('1 40\r\n3 0\r\n')
  expect(await dialogue.askAll('RSET', 'DELE 1', 'DELE 3')).toEqual([
    '+OK 3 messages (54 octets)',
    '+OK message 1 deleted',
    '+OK message 3 deleted',
  ])
  expect(door.messages.size).toBe(3)
  expect(await dialogue.ask('QUIT')).toBe('+OK bye')
  expect(await dialogue.rest()).toBe('')
  expect([...door.messages.keys()]).toEqual([102])
})

test('what is not understood, or comes at the wrong time', async () => {
  const { port } = await openPop3(new Shelf(HELLO), { maxErrors: 100 })
  const dialogue = await Pop3Dialogue.greeted(port)
  const before = [
    'STAT',
    'RETR 1',
    'NOOP',
    'PASS x',
    'USER',
    'APOP user',
    'AUTH',
    'AUTH GSSAPI',
    'XTND',
    '',
    'CAPA 1',
  ]
  expect(await dialogue.askAll(...before)).toEqual([
    ...Array(3).fill('-ERR log in first'),
    '-ERR USER comes first',
    '-ERR syntax: USER name',
    '-ERR syntax: APOP name digest',
    '-ERR syntax: AUTH mechanism',
    '-ERR unrecognized authentication type',
    ...Array(2).fill('-ERR command not recognized'),
    '-ERR no argument expected',
  ])
  expect(await dialogue.ask('NO\0OP')).toBe('-ERR illegal character in command')
  dialogue.send(Buffer.from([0xff, 0xfe, 13, 10]))
  expect(await dialogue.line()).toBe('-ERR illegal character in command')
  await dialogue.askAll('USER user', 'PASS pass word')
  const after = [
    'USER user',
    'AUTH PLAIN',
    'STLS',
    'RETR',
    'RETR 0',
    'RETR 2',
    'RETR -1',
    'LIST x',
    'LIST 1e0',
  ]
  expect(await dialogue.askAll(...after, 'TOP 1', 'TOP 1 -1', 'QUIT now')).toEqual([
    ...Array(3).fill('-ERR already logged in'),
    ...Array(6).fill('-ERR no such message'),
    ...Array(2).fill('-ERR bad argument'),
    '-ERR no argument expected',
  ])
})

test('a connection that ends without QUIT deletes nothing', async () => {
  const { port, door, server } = await openPop3(new Shelf(HELLO))
  const dialogue = await Pop3Dialogue.loggedIn(port)
  await dialogue.ask('DELE 1')
  dialogue.socket.end()
  await dialogue.rest()
  expect(server.connections).toBe(0)
  expect(door.messages.size).toBe(1)
})

test('two at once: what one has deleted is gone for the other, and nothing breaks', async () => {
  const { port, door } = await openPop3(new Shelf(HELLO, HELLO))
  const one = await Pop3Dialogue.loggedIn(port)
  const other = await Pop3Dialogue.loggedIn(port)
  expect(await one.askAll('DELE 1', 'QUIT')).toEqual(['+OK message 1 deleted', '+OK bye'])
  expect(await other.askAll('LIST 1', 'RETR 1', 'TOP 1 0')).toEqual([
    '+OK 1 40',
    ...Array(2).fill('-ERR the message is gone'),
  ])
  expect(await other.all('TOP 2 0')).toBe('Subject: Hello\r\n\r\n')
  expect(await other.askAll('DELE 1', 'QUIT')).toEqual(['+OK message 1 deleted', '+OK bye'])
  expect([...door.messages.keys()]).toEqual([102])
})

test('commands in one packet, and a client that closes its side behind them', async () => {
  const { port } = await openPop3(new Shelf(HELLO, HELLO))
  const dialogue = await Pop3Dialogue.greeted(port)
  dialogue.send('USER user\r\nPASS pass word\r\nLIST\nTOP 1 0\r\nTOP 2 0\r\nSTAT\r\n')
  dialogue.socket.end()
  const top = '+OK top of the message\r\nSubject: Hello\r\n\r\n.\r\n'
  expect(await dialogue.rest()).toBe(
    `+OK now the password\r\n+OK 2 messages (80 octets)\r\n+OK 2 messages (80 octets)\r\n1 40\r\n2 40\r\n.\r\n${top}${top}+OK 2 80\r\n`,
  )
})

test('a fault behind the door is told of, and is a temporary failure', async () => {
  class Broken extends Shelf {
    override list(): ReturnType<Shelf['list']> {
      if (this.messages.size === 0) throw new Error('list')
      return super.list()
    }
    override message(): Promise<never> {
      return Promise.reject(new Error('message'))
    }
    override remove(): Promise<never> {
      return Promise.reject(new Error('remove'))
    }
  }
  const { port, door, errors } = await openPop3(new Broken(HELLO))
  const dialogue = await Pop3Dialogue.loggedIn(port)
  const temporary = '-ERR [SYS/TEMP] temporary failure, try again later'
  expect(await dialogue.askAll('RETR 1', 'DELE 1', 'QUIT')).toEqual([
    temporary,
    '+OK message 1 deleted',
    '-ERR [SYS/TEMP] some deleted messages not removed',
  ])
  door.messages.clear()
  const next = await Pop3Dialogue.greeted(port)
  expect(await next.askAll('USER user', 'PASS pass word', 'STAT')).toEqual([
    '+OK now the password',
    temporary,
    '-ERR log in first',
  ])
  expect(errors.map(error => (error as Error).message)).toEqual(['message', 'remove', 'list'])
})

test('ten thousand messages are listed, and what follows is understood', async () => {
  const { port, door } = await openPop3(new Shelf(...Array(10_000).fill('x')))
  const dialogue = await Pop3Dialogue.loggedIn(port)
  const list = await dialogue.all('LIST')
  expect(list.split('\r\n')).toHaveLength(10_001)
  expect(list.endsWith('\r\n10000 1\r\n')).toBe(true)
  expect(await dialogue.ask('STAT')).toBe('+OK 10000 10000')
  expect(door.read).toEqual([])
})
