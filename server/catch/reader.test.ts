import { afterAll, expect, it } from 'vitest'
import { MessageReader } from './reader.ts'

const reader = new MessageReader()
afterAll(() => reader.close())

const mail = (size: number) =>
  Buffer.from(
    'Subject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n<b>Grüße</b>\r\n' +
      `--b\r\n\r\n${'text '.repeat(size / 5)}\r\n--b--\r\n`,
  )
const all = { headers: true, html: true, text: true, part: '2' }
const options = { remote: false, parts: {} }

it('reads small and big messages alike', async () => {
  const small = await reader.read(mail(100), all)
  const big = await reader.read(mail(3_000_000), all)
  expect(big.headers).toEqual(small.headers)
  expect(big.headers).toHaveLength(2)
  expect(big.html).toBe(small.html)
  expect([small.part?.length, big.part?.length]).toEqual([100, 3_000_000])
})

it('leaves the bytes it is given as they are', async () => {
  const raw = mail(3_000_000)
  const before = Buffer.from(raw)
  await Promise.all([reader.read(raw, all), reader.preview(raw, options)])
  expect(raw.equals(before)).toBe(true)
})

it('keeps answers and questions together', async () => {
  const numbers = Array.from({ length: 20 }, (_, i) => i)
  const previews = await Promise.all(
    numbers.map(n => reader.preview(Buffer.from(`Content-Type: text/html\r\n\r\n<i>${n}</i>`), options)),
  )
  expect(previews.map(preview => Buffer.from(preview?.html ?? []).toString())).toEqual(
    numbers.map(n => `<i>${n}</i>`),
  )
})

it('has no preview of a message without HTML', async () => {
  expect(await reader.preview(Buffer.from('Subject: x\r\n\r\ny'), options)).toBeUndefined()
})

it('gives up what takes too long, and goes on', async () => {
  // Shorter than a thread takes to start.
  const hurried = new MessageReader(1)
  const asked = [hurried.preview(mail(10), options), hurried.read(mail(3_000_000), all)]
  const said = await Promise.allSettled(asked)
  expect(said).toMatchObject([
    { status: 'rejected', reason: { kind: 'unavailable' } },
    { status: 'rejected', reason: { kind: 'unavailable' } },
  ])
  expect((await hurried.read(mail(10), { html: true })).html).toContain('Grüße')
  await hurried.close()
})

it('refuses what waits when it is closed', async () => {
  const closing = new MessageReader()
  const asked = Promise.allSettled([closing.preview(mail(10), options), closing.preview(mail(10), options)])
  await closing.close()
  expect((await asked).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
})
