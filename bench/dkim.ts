// What two signatures on each mail cost, beside the bare operations that they are made of, in the same run.
// Usage: node bench/dkim.ts [--quick] [--save]
import { createHash, createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { promisify } from 'node:util'
import { DkimSigner } from '../server/mail/dkim.ts'
import { readOptions } from './stand/options.ts'
import { Report } from './stand/report.ts'
import { median } from './stand/statistics.ts'

const options = readOptions()
const seconds = options.quick ? 0.05 : 2
const runs = options.quick ? 1 : 5
/** Under way at a time, as while a campaign is sent. */
const LANES = 16
const report = new Report('dkim')

const pem = { type: 'pkcs8', format: 'pem' } as const
const rsaPrivate = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export(pem).toString()
const ed25519Private = generateKeyPairSync('ed25519').privateKey.export(pem).toString()
const keys = { domain: 'news.example', selector: 'posthorn' }
const signInPool = promisify<string | null, Buffer, KeyObject, Buffer>(sign)
const rsa = createPrivateKey(rsaPrivate)
const ed25519 = createPrivateKey(ed25519Private)

const header = [
  'From: News <news@news.example>',
  'To: Ann Example <ann@example.com>',
  'Subject: All that was made since the last letter',
  'Date: Sun, 22 Nov 2026 10:00:00 +0000',
  'Message-ID: <12.345678.abcdefghij@news.example>',
  'List-Id: News <12.news.example>',
  'List-Unsubscribe: <https://news.example/subscriptions/unsubscribe/AAAAAAAAAAAAAAAAAAAA>,',
  ' <mailto:u-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@bounces.news.example>',
  'List-Unsubscribe-Post: List-Unsubscribe=One-Click',
  'Feedback-ID: 12:1:posthorn',
  'MIME-Version: 1.0',
  'Content-Type: multipart/alternative; boundary="b"',
  '',
  '',
].join('\r\n')
const line = '<p style=3D"margin:0">All that was made since the last letter, and what=\r\n'
const message = (bytes: number) =>
  Buffer.from(header + line.repeat(Math.ceil(bytes / line.length)).slice(0, bytes))
const digest = createHash('sha256').update('x').digest()
const data = Buffer.from(header)

report.say(
  `medians of ${runs} runs of ${seconds} s, ${LANES} under way at a time on ${availableParallelism()} cores`,
)
report.say('')
const bare = await rate(() =>
  Promise.all([signInPool('sha256', data, rsa), signInPool(null, digest, ed25519)]),
)
const rows = [row('bare RSA and Ed25519 operations', bare)]
for (const [name, chosen] of [
  ['signed with both', { rsaPrivate, ed25519Private }],
  ['signed with RSA alone', { rsaPrivate }],
  ['signed with Ed25519 alone', { ed25519Private }],
] as const) {
  const signer = new DkimSigner({ ...keys, ...chosen })
  for (const size of name === 'signed with both' ? [2_000, 20_000, 100_000] : [20_000]) {
    const mail = message(size)
    rows.push(row(`mail of ${size / 1000} kB ${name}`, await rate(() => signer.sign(mail))))
  }
}
report.table(['', 'a second', 'of bare', 'thread ms each'], rows)
report.end(options.save)

interface Rate {
  perSecond: number
  /** Processor time of this thread, which does everything else too. */
  threadMs: number
}

function row(name: string, { perSecond, threadMs }: Rate): string[] {
  const share = perSecond / bare.perSecond
  return [name, Math.round(perSecond).toLocaleString('en'), share.toFixed(2), threadMs.toFixed(3)]
}

async function rate(work: () => Promise<unknown>): Promise<Rate> {
  const measured: Rate[] = []
  for (let run = 0; run <= runs; run++) {
    const start = performance.now()
    const before = process.threadCpuUsage()
    let count = 0
    const lane = async () => {
      for (; performance.now() - start < seconds * 1000; count++) await work()
    }
    await Promise.all(Array.from({ length: LANES }, lane))
    const { user, system } = process.threadCpuUsage(before)
    const took = (performance.now() - start) / 1000
    measured.push({ perSecond: count / took, threadMs: (user + system) / 1000 / count })
  }
  const warm = measured.slice(1)
  return {
    perSecond: median(warm.map(({ perSecond }) => perSecond)),
    threadMs: median(warm.map(({ threadMs }) => threadMs)),
  }
}
