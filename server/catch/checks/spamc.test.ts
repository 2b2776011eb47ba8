import { afterAll, beforeAll, expect, it } from 'vitest'
import { type FakeSpamd, say, spamdReply, startFakeSpamd } from '../../../test/fake-spamd.ts'
import { startSpamd } from '../../../test/spamd.ts'
import { pingSpamd, type Spamd, spamReport } from './spamc.ts'

const GTUBE = 'XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X'
const mail = (text: string) =>
  Buffer.from(
    `From: Ann <ann@example.com>\r\nTo: Bob <bob@example.com>\r\nSubject: Hello\r\nDate: Sat, 21 Nov 2026 10:00:00 +0000\r\n` +
      `Message-ID: <1@example.com>\r\n\r\n${text}`,
  )

let real: Spamd & { stop(): Promise<void> }
let fake: FakeSpamd
beforeAll(async () => {
  ;[real, fake] = await Promise.all([startSpamd(), startFakeSpamd()])
})
afterAll(() => Promise.all([real.stop(), fake.stop()]))

it('asks a real spamd, also about a message whose last line has no end', async () => {
  const [spam, ham] = await Promise.all([
    spamReport(real, mail(GTUBE)),
    spamReport(real, mail('Good morning, Bob.')),
  ])
  expect(spam).toMatchObject({ version: '1.1', code: 0, message: 'EX_OK', threshold: 5 })
  expect(spam.score).toBeGreaterThan(999)
  expect(spam.rules).toContainEqual({
    points: '1000',
    name: 'GTUBE',
    description: 'BODY: Generic Test for Unsolicited Bulk Email',
  })
  expect(ham.score).toBeLessThan(5)
  expect(ham.rules.map(({ name }) => name)).toContain('NO_RELAYS')
  const points = ham.rules.reduce((sum, rule) => sum + Number(rule.points), 0)
  expect(points).toBeCloseTo(ham.score, 0)
})

it('reads the table of rules, with what goes on in the next line', async () => {
  fake.behave(say(spamdReply()))
  expect((await spamReport(fake, mail('x'))).rules).toEqual([
    { points: '-0.0', name: 'NO_RELAYS', description: 'Informational: message was not relayed via SMTP' },
    {
      points: '1.7',
      name: 'HTML_IMAGE_ONLY_04',
      description: 'BODY: HTML: images with 0-400 bytes of words',
    },
    {
      points: '0.1',
      name: 'URIBL_EXAMPLE',
      description: 'Contains an URL listed in a block list. See https://example.com/why [URIs: example.com]',
    },
    { points: '1000', name: 'GTUBE', description: 'BODY: Generic Test for Unsolicited Bulk Email' },
  ])
})

it.each<[fault: string, how: Parameters<FakeSpamd['behave']>[0], reason: RegExp]>([
  ['closes at once', socket => socket.end(), /no spamd/],
  ['breaks off', socket => socket.resetAndDestroy(), /cannot be reached \(ECONNRESET\)/],
  ['stops halfway', say(spamdReply().slice(0, -200)), /not whole/],
  ['sends no verdict', say('SPAMD/1.1 0 EX_OK\r\n\r\n'), /not whole/],
  ['says that it failed', say('SPAMD/1.0 76 Bad header line: x\r\n'), /spamd answered Bad/],
  ['is something else', say('220 mail.example.com ESMTP\r\n'), /no spamd/],
  ['is random', say('\0\xff'.repeat(5000)), /no spamd/],
  ['never ends', socket => void socket.write('x'.repeat(2 << 20)), /no spamd/],
  ['hangs', () => {}, /did not answer within 0.3 s/],
])('makes nothing up when spamd %s', async (_, how, reason) => {
  fake.behave(how)
  await expect(spamReport(fake, mail('x'), 300)).rejects.toThrow(reason)
})

it('does not send what is too large, and finds out whether anybody is there', async () => {
  await expect(spamReport(fake, Buffer.alloc(3 << 20))).rejects.toThrow('over 2 MB')
  await expect(pingSpamd(real)).resolves.toBeUndefined()
  await expect(pingSpamd({ host: '127.0.0.1', port: 1 })).rejects.toThrow('ECONNREFUSED')
  fake.behave(say('HTTP/1.1 400 Bad Request\r\n\r\n'))
  await expect(pingSpamd(fake)).rejects.toThrow('no spamd')
})
