import { expect, onTestFinished, test } from 'vitest'
import { type FakeRelay, startFakeRelay } from '../../../test/fake-relay.ts'
import { SmtpPool } from './client-pool.ts'

const options = { connections: 2, messagesEach: 100, idleSeconds: 60, messageSeconds: 10 }
const letter = Buffer.from('Subject: hello\r\n\r\nhello\r\n')
const to = (name: string) => ({ reversePath: 'a@example.com', forwardPaths: [`${name}@example.com`] })

async function relayAnd(
  fake: Parameters<typeof startFakeRelay>[0] = {},
  more: Partial<typeof options> = {},
): Promise<{ relay: FakeRelay; pool: SmtpPool }> {
  const relay = await startFakeRelay(fake)
  onTestFinished(() => relay.close())
  const target = {
    host: 'localhost',
    port: relay.port,
    heloName: 'client.test',
    secure: 'starttls' as const,
    ca: relay.cert,
    auth: { username: 'relay', password: 'secret' },
  }
  const pool = new SmtpPool(target, { ...options, ...more })
  onTestFinished(() => pool.close())
  return { relay, pool }
}

test('one greeting, TLS and login for many messages, refused ones among them; never more connections than allowed', async () => {
  const { relay, pool } = await relayAnd({
    recipient: address => (address.startsWith('no') ? { code: 550, text: '5.1.1 nobody' } : undefined),
  })
  for (const name of ['one', 'no', 'two']) await pool.send(to(name), letter).catch(() => {})
  expect(relay.mail.map(mail => mail.to)).toEqual([['one@example.com'], ['two@example.com']])
  expect(relay.sessions).toMatchObject([{ secure: true, user: 'relay' }])

  await Promise.all(['a', 'b', 'c', 'd', 'e'].map(name => pool.send(to(name), letter)))
  expect(relay.mail).toHaveLength(7)
  expect(relay.sessions).toHaveLength(2)
  expect(relay.most).toBe(2)
})

test('a connection carries only so many messages, and is closed when nobody needs it', async () => {
  const { relay, pool } = await relayAnd({}, { messagesEach: 2, idleSeconds: 0.05 })
  for (const name of ['a', 'b', 'c']) await pool.send(to(name), letter)
  expect(relay.sessions).toHaveLength(2)
  await expect.poll(() => relay.open).toBe(0)
})

test('a kept connection that died is replaced, once', async () => {
  const { relay, pool } = await relayAnd()
  await pool.send(to('a'), letter)
  relay.dieAtNextCommand()
  await pool.send(to('b'), letter)
  expect(relay.mail).toHaveLength(2)
  expect(relay.sessions).toHaveLength(2)
  // The second one dies likewise, and so does its replacement.
  relay.dieAtNextCommand()
  relay.dieAtGreeting = true
  await expect(pool.send(to('c'), letter)).rejects.toMatchObject({ code: 0 })
  expect(relay.mail).toHaveLength(2)
})

test('a connection that is lost behind the final dot is not tried again', async () => {
  const { relay, pool } = await relayAnd({ dieAfterMessage: true })
  await expect(pool.send(to('a'), letter)).rejects.toMatchObject({ code: 0, moment: 'message' })
  expect(relay.mail).toHaveLength(1)
})

test('a server that says a byte now and then has a time limit all the same; closing ends what is under way', async () => {
  const slow = await relayAnd({ tarpit: true }, { messageSeconds: 0.3 })
  await expect(slow.pool.send(to('a'), letter)).rejects.toMatchObject({ text: 'not done within 0.3 s' })
  const long = await relayAnd({ tarpit: true })
  const sending = long.pool.send(to('a'), letter)
  await expect.poll(() => long.relay.open).toBe(1)
  long.pool.close()
  await expect(sending).rejects.toMatchObject({ text: 'closing' })
  await expect(long.pool.send(to('b'), letter)).rejects.toMatchObject({ text: 'closing' })
})
