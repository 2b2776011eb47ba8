import { createHash, createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { openPop3, Pop3Dialogue, Shelf } from '../../../test/pop3-dialogue.ts'

const base64 = (text: string) => Buffer.from(text).toString('base64')
const md5 = (text: string) => createHash('md5').update(text).digest('hex')

type Login = (dialogue: Pop3Dialogue, username: string, password: string) => Promise<string>

const WAYS: Record<string, Login> = {
  'USER and PASS': async (dialogue, username, password) => {
    await dialogue.ask(`USER ${username}`)
    return dialogue.ask(`PASS ${password}`)
  },
  APOP: (dialogue, username, password) =>
    dialogue.ask(`APOP ${username} ${md5(dialogue.greeting.slice('+OK POP3 ready '.length) + password)}`),
  'AUTH PLAIN in one line': (dialogue, username, password) =>
    dialogue.ask(`AUTH plain ${base64(`\0${username}\0${password}`)}`),
  'AUTH PLAIN in two': async (dialogue, username, password) => {
    expect(await dialogue.ask('AUTH PLAIN')).toBe('+ ')
    return dialogue.ask(base64(`\0${username}\0${password}`))
  },
  'AUTH LOGIN': async (dialogue, username, password) => {
    expect(await dialogue.ask('AUTH LOGIN')).toBe('+ VXNlcm5hbWU6')
    expect(await dialogue.ask(base64(username))).toBe('+ UGFzc3dvcmQ6')
    return dialogue.ask(base64(password))
  },
  'AUTH CRAM-MD5': async (dialogue, username, password) => {
    const challenge = Buffer.from((await dialogue.ask('AUTH CRAM-MD5')).slice(2), 'base64').toString()
    expect(challenge).toMatch(/^<.+@pop\.test>$/)
    return dialogue.ask(base64(`${username} ${createHmac('md5', password).update(challenge).digest('hex')}`))
  },
}

test.each(Object.entries(WAYS))('%s, right and wrong', async (_, logIn) => {
  const { port } = await openPop3(new Shelf('x'))
  const dialogue = await Pop3Dialogue.greeted(port)
  const wrong = await logIn(dialogue, 'user', 'pass')
  // the same words for a name that nobody has
  expect(await logIn(dialogue, 'nobody', 'pass word')).toBe(wrong)
  expect(wrong).toBe('-ERR [AUTH] invalid login or password')
  expect(await dialogue.ask('STAT')).toBe('-ERR log in first')
  expect(await logIn(dialogue, 'user', 'pass word')).toBe('+OK 1 messages (1 octets)')
  expect(await dialogue.ask('STAT')).toBe('+OK 1 1')
})

test('who guesses wrong three times is sent away', async () => {
  const { port } = await openPop3(new Shelf(), { maxFailedLogins: 3 })
  const dialogue = await Pop3Dialogue.greeted(port)
  const guess = `AUTH PLAIN ${base64('\0user\0guess')}\r\n`
  dialogue.send(`${guess.repeat(4)}USER user\r\nPASS pass word\r\n`)
  expect(await dialogue.rest()).toBe('-ERR [AUTH] invalid login or password\r\n'.repeat(3))
})

test('an exchange that is broken off, or makes no sense, leaves nothing behind', async () => {
  const { port } = await openPop3(new Shelf())
  const dialogue = await Pop3Dialogue.greeted(port)
  await dialogue.ask('AUTH LOGIN')
  expect(await dialogue.ask('*')).toBe('-ERR authentication cancelled')
  await dialogue.ask('AUTH PLAIN')
  expect(await dialogue.ask('no base64!')).toBe('-ERR cannot decode response')
  expect(await dialogue.askAll('AUTH PLAIN =', 'AUTH CRAM-MD5 dXNlcg==', 'PASS x')).toEqual([
    '-ERR cannot decode response',
    '-ERR cannot decode response',
    '-ERR USER comes first',
  ])
  // one USER for one PASS
  expect(await dialogue.askAll('USER user', 'PASS wrong', 'PASS pass word')).toEqual([
    '+OK now the password',
    '-ERR [AUTH] invalid login or password',
    '-ERR USER comes first',
  ])
})
