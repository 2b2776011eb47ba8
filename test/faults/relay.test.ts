// The relay is in trouble, and then the server is: nobody who sends notices, and no forward is lost.
import { expect, onTestFinished, test } from 'vitest'
import { submit } from '../../server/mail/smtp/client.ts'
import { startFakeTxt } from '../fake-txt.ts'
import { startFakeRelay } from '../fake-relay.ts'
import { ADMIN_API_TOKEN, INBOX_PASSWORD, INBOX_USERNAME, startPosthorn } from '../posthorn.ts'

const MESSAGES = 30

test('killed between 250 and the relay, which says nothing: every message is forwarded after the next start', async () => {
  const dns = await startFakeTxt()
  onTestFinished(() => dns.close())
  const silent = await startFakeRelay({ tarpit: true })
  const posthorn = await startPosthorn({
    env: {
      POSTHORN_RELAY_URL: `smtp://relay:secret@localhost:${silent.port}`,
      POSTHORN_DNS: dns.address,
    },
  })
  onTestFinished(() => posthorn.stop())
  const call = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(posthorn.url + path, {
      method,
      headers: { 'api-token': ADMIN_API_TOKEN, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    expect(response.status, path).toBe(200)
    return (await response.json()) as unknown
  }
  const [inbox] = (await call('GET', '/api/v1/inboxes')) as { id: number }[]
  const own = `/api/posthorn/inboxes/${inbox?.id}`
  const { target } = (await call('POST', `${own}/forward_targets`, {
    kind: 'domain',
    value: 'team.test',
  })) as { target: { id: number; record: { value: string } } }
  dns.txt.set('team.test', [target.record.value])
  await call('POST', `${own}/forward_targets/${target.id}/check`)
  await call('POST', `/api/v1/inboxes/${inbox?.id}/forward_rules`, {
    forward_rule: { forward_type: 'domain', forward_value: 'team.test' },
  })

  const keep = (n: number) =>
    submit(
      {
        host: '127.0.0.1',
        port: posthorn.smtpPort,
        heloName: 'app.test',
        auth: { username: INBOX_USERNAME, password: INBOX_PASSWORD },
      },
      { reversePath: 'app@example.com', forwardPaths: ['x@example.com'] },
      Buffer.from(`To: n${n}@team.test\r\nSubject: ${n}\r\n\r\nhello\r\n`),
    )
  await Promise.all(Array.from({ length: MESSAGES - 1 }, (_, n) => keep(n)))
  await expect.poll(() => silent.open, { timeout: 5_000 }).toBe(5)
  // Every connection to the relay hangs. Mail comes in, pages are answered.
  await keep(MESSAGES - 1)
  await call('GET', `${own}/outgoing`)
  await posthorn.kill('SIGKILL')
  await silent.close()

  const relay = await startFakeRelay({ port: silent.port })
  onTestFinished(() => relay.close())
  await posthorn.restart()
  // What the killed process had in hand is let go after twenty seconds.
  const arrived = () => new Set(relay.mail.flatMap(mail => mail.to)).size
  await expect.poll(arrived, { timeout: 40_000, interval: 200 }).toBe(MESSAGES)
  expect(relay.mail).toHaveLength(MESSAGES)
  const metrics = async () => (await fetch(`${posthorn.url}/metrics`)).text()
  await expect.poll(metrics).toMatch(/posthorn_relay_attempts_total\{result="sent"\} 30\n/)
}, 90_000)
