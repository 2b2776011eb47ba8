import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { Dialogue, Letterbox, openServer } from '../../../test/smtp-dialogue.ts'

const base64 = (text: string): string => Buffer.from(text).toString('base64')
const OK = '235 2.0.0 OK'
const BAD = '535 5.7.0 Invalid login or password'
const UNDECODABLE = '501 5.5.2 Error: cannot decode response'

async function client(): Promise<Dialogue> {
  const { port } = await openServer()
  return Dialogue.greeted(port)
}

test('PLAIN, with an initial response and without', async () => {
  expect(await (await client()).ask(`AUTH PLAIN ${base64('\0user\0secret')}`)).toBe(OK)
  const asked = await client()
  expect(await asked.ask('auth plain')).toBe('334 ')
  expect(await asked.ask(base64('user\0user\0secret'))).toBe(OK)
})

test('PLAIN refused', async () => {
  const dialogue = await client()
  for (const [response, reply] of [
    ['\0user\0wrong', BAD],
    ['\0nobody\0secret', BAD],
    ['\0user\0', BAD],
    ['other\0user\0secret', BAD],
    ['user\0secret', UNDECODABLE],
    ['\0user\0secret\0', UNDECODABLE],
    ['\0\0secret', UNDECODABLE],
  ] as const) {
    expect([response, await dialogue.ask(`AUTH PLAIN ${base64(response)}`)]).toEqual([response, reply])
  }
  expect(await dialogue.ask('AUTH PLAIN =')).toBe(UNDECODABLE)
  expect(await dialogue.ask(`AUTH PLAIN ${base64('\0user\0secret')}`)).toBe(OK)
})

test('LOGIN, with the username at once and without', async () => {
  const dialogue = await client()
  expect(await dialogue.ask('AUTH LOGIN')).toBe('334 VXNlcm5hbWU6')
  expect(await dialogue.ask(base64('user'))).toBe('334 UGFzc3dvcmQ6')
  expect(await dialogue.ask(base64('wrong'))).toBe(BAD)
  expect(await dialogue.ask(`AUTH LOGIN ${base64('user')}`)).toBe('334 UGFzc3dvcmQ6')
  expect(await dialogue.ask(base64('secret'))).toBe(OK)
})

test('CRAM-MD5', async () => {
  const dialogue = await client()
  const respond = async (username: string, password: string): Promise<string> => {
    const challenge = Buffer.from((await dialogue.ask('AUTH CRAM-MD5')).slice(4), 'base64').toString()
    expect(challenge).toMatch(/^<[0-9a-f]{24}\.\d+@mx\.test>$/)
    const digest = createHmac('md5', password).update(challenge).digest('hex')
    return dialogue.ask(base64(`${username} ${digest}`))
  }
  expect(await respond('user', 'wrong')).toBe(BAD)
  expect(await respond('nobody', 'secret')).toBe(BAD)
  expect(await dialogue.ask('AUTH CRAM-MD5')).toMatch(/^334 /)
  expect(await dialogue.ask(base64('user 123'))).toBe(UNDECODABLE)
  expect(await dialogue.ask(`AUTH CRAM-MD5 ${base64('user 123')}`)).toBe(UNDECODABLE)
  expect(await respond('user', 'secret')).toBe(OK)
})

test('cancelled, malformed, unknown, twice', async () => {
  const dialogue = await client()
  expect(await dialogue.ask('AUTH PLAIN')).toBe('334 ')
  expect(await dialogue.ask('*')).toBe('501 5.7.0 Authentication cancelled')
  expect(await dialogue.ask('AUTH LOGIN')).toBe('334 VXNlcm5hbWU6')
  expect(await dialogue.ask('not base64!')).toBe(UNDECODABLE)
  expect(await dialogue.ask('AUTH PLAIN abc')).toBe(UNDECODABLE)
  expect(await dialogue.ask('AUTH GSSAPI')).toBe('504 5.5.2 Unrecognized authentication type')
  expect(await dialogue.ask('AUTH')).toBe('501 5.5.4 Syntax: AUTH mechanism')
  expect(await dialogue.ask('AUTH PLAIN a b')).toBe('501 5.5.4 Syntax: AUTH mechanism')
  expect(await dialogue.ask(`AUTH PLAIN ${base64('\0user\0secret')}`)).toBe(OK)
  expect(await dialogue.ask('AUTH PLAIN')).toBe('503 5.5.1 Error: already authenticated')
})

test('a response may be longer than a command, but not endless', async () => {
  const dialogue = await client()
  expect(await dialogue.ask(`AUTH PLAIN ${base64(`\0user\0${'x'.repeat(9000)}`)}`)).toBe(BAD)
  expect(await dialogue.ask('AUTH PLAIN')).toBe('334 ')
  expect(await dialogue.ask('x'.repeat(12_289))).toBe('500 5.5.2 Error: line too long')
  expect(await dialogue.ask('NOOP')).toBe('250 2.0.0 OK')
})

test('the login reaches the door', async () => {
  const { port, door } = await openServer({}, new Letterbox())
  const dialogue = await Dialogue.greeted(port)
  dialogue.send(
    `AUTH PLAIN ${base64('\0user\0secret')}\r\nMAIL FROM:<a@x.y>\r\nRCPT TO:<b@x.y>\r\nDATA\r\n.\r\n`,
  )
  for (const _ of 'AMRD') await dialogue.reply()
  expect(await dialogue.reply()).toBe('250 2.0.0 Ok: queued')
  expect(door.kept[0]?.peer.login).toBe('inbox 1')
})
