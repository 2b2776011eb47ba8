import { expect, it, test } from 'vitest'
import { randomFrom } from '../../../test/random.ts'
import { ReplyReader } from './reply-reader.ts'

const REPLIES: [line: string, code: number, enhanced: string | undefined, text: string][] = [
  ['250 2.0.0 Ok: queued as 4Xy\r\n', 250, '2.0.0', 'Ok: queued as 4Xy'],
  ['354 Go ahead\r\n', 354, undefined, 'Go ahead'],
  ['250\r\n', 250, undefined, ''],
  ['250 \n', 250, undefined, ''],
  ['550 5.1.1\r\n', 550, '5.1.1', ''],
  ['550-5.7.26 No\r\n550-5.7.26 sender\r\n550 5.7.26 policy\r\n', 550, '5.7.26', 'No\nsender\npolicy'],
  ['451-come back\r\n451 4.7.1 later\r\n', 451, undefined, 'come back\n4.7.1 later'],
  ['550 4.1.1 of another class\r\n', 550, undefined, '4.1.1 of another class'],
  ['554 5.x no code\r\n', 554, undefined, '5.x no code'],
  ['250 grüße\r\n', 250, undefined, 'grüße'],
]

test('replies are read alike, however they are cut', () => {
  const random = randomFrom(1)
  const all = Buffer.from(REPLIES.map(([line]) => line).join(''))
  for (let round = 0; round < 300; round++) {
    const reader = new ReplyReader()
    const seen: unknown[] = []
    for (let at = 0; at < all.length; ) {
      const to = Math.min(all.length, at + 1 + random(round < 150 ? 4 : 60))
      reader.push(all.subarray(at, to))
      at = to
      for (let code = reader.next(); code !== 0; code = reader.next()) seen.push([code, reader.reply()])
    }
    expect(seen).toEqual(REPLIES.map(([, code, enhanced, text]) => [code, { code, enhanced, text }]))
  }
})

it.each(['HTTP/1.1 400 Bad Request\r\n', '\r\n', '150 no\r\n', '2500 ok\r\n', '25\r\n', '250-a\r\nb\r\n'])(
  '%j is no SMTP',
  line => {
    const reader = new ReplyReader()
    reader.push(Buffer.from(line))
    expect(reader.next()).toBe(-1)
  },
)

test('a reply without an end is none', () => {
  const reader = new ReplyReader()
  const part = Buffer.from('250-more\r\n'.repeat(1000))
  let code = 0
  let parts = 0
  for (; code === 0; parts++) {
    reader.push(part)
    code = reader.next()
  }
  expect([code, parts]).toEqual([-1, 7])
})
