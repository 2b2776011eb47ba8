// Mail over HTTP is promised as much as mail over SMTP: what was answered 200 is there after a kill, once.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { call, listAll } from '../mailbox.ts'
import { type Posthorn, startPosthorn } from '../posthorn.ts'

let posthorn: Posthorn
beforeAll(async () => {
  posthorn = await startPosthorn({
    env: { POSTHORN_API_RATE_LIMIT: '0', POSTHORN_INBOX_MAX_MESSAGES: '0' },
  })
})
afterAll(() => posthorn.stop())

it('keeps every mail that was answered 200', async () => {
  const answered = new Map<number, string>()
  const send = async (path: string, body: object): Promise<unknown> => {
    const headers = { 'content-type': 'application/json' }
    const reply = await call(posthorn, path, { method: 'POST', headers, body: JSON.stringify(body) })
    return reply.json()
  }
  const mail = (subject: string) => ({
    from: { email: 'shop@example.com' },
    to: [{ email: 'ann@example.com' }],
    subject,
    text: 'x',
  })
  const sender = async (name: string) => {
    for (let n = 0; ; n++) {
      const subjects = Array.from({ length: 5 }, (_, i) => `${name}-${n}-${i}`)
      const one = (await send('/api/send/1', mail(subjects[0] ?? ''))) as { message_ids: string[] }
      answered.set(Number(one.message_ids[0]), subjects[0] ?? '')
      const many = subjects.slice(1).map(mail)
      const batch = (await send('/api/batch/1', { requests: many })) as {
        responses: { message_ids: string[] }[]
      }
      for (const [i, { message_ids }] of batch.responses.entries())
        answered.set(Number(message_ids[0]), subjects[i + 1] ?? '')
    }
  }
  const ended = Promise.allSettled(Array.from({ length: 6 }, (_, i) => sender(`s${i}`)))
  await expect.poll(() => answered.size, { timeout: 20_000, interval: 5 }).toBeGreaterThan(150)
  await posthorn.kill('SIGKILL')
  for (const { status } of await ended) expect(status).toBe('rejected')
  await posthorn.restart()
  const found = new Map((await listAll(posthorn)).map(({ id, subject }) => [id, subject]))
  const lost = [...answered].filter(([id, subject]) => found.get(id) !== subject)
  expect(lost).toEqual([])
  const subjects = [...found.values()].filter(subject => /^s\d-/.test(subject))
  expect(new Set(subjects).size).toBe(subjects.length)
})
