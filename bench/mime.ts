// How fast a mail is digested at ingest, beside postal-mime and mailparser, on the same 5 KB messages.
// Usage: node bench/mime.ts [seconds per contestant, default 3]
import { simpleParser } from 'mailparser'
import PostalMime from 'postal-mime'
import { digest } from '../server/mail/digest.ts'

const seconds = Number(process.argv[2] ?? 3)

const sentence =
  'Grüße aus der Werkstatt: the invoice for your order is attached, see https://example.com/orders/4711. '

function quotedPrintable(text: string): string {
  const encoded = [...Buffer.from(text)]
    .map(byte =>
      byte === 0x3d || byte > 126
        ? `=${byte.toString(16).toUpperCase().padStart(2, '0')}`
        : String.fromCharCode(byte),
    )
    .join('')
  return encoded.replace(/.{72}(?=[^\r\n])/g, line => (/=.?$/.test(line) ? line : `${line}=\r\n`))
}

function sample(index: number): Buffer {
  const boundary = `----=_Part_${index}_${index * 7919}.1763644800000`
  const html = `<!DOCTYPE html><html><head><style>p{color:#123456;font-family:Arial}</style></head><body>${`<p class="line">${sentence}</p>\r\n`.repeat(18)}</body></html>`
  return Buffer.from(
    [
      `Received: from app${index}.example.com (app${index}.example.com [192.0.2.${index % 250}]) by mx.example.com with ESMTPS`,
      '\tid 4XyZ012345; Fri, 20 Nov 2026 14:05:00 +0000 (UTC)',
      `Date: Fri, 20 Nov 2026 15:05:${String(index % 60).padStart(2, '0')} +0100`,
      'From: =?UTF-8?Q?J=C3=B6rg_M=C3=BCller?= <joerg@example.com>',
      `To: "Customer, ${index}" <customer${index}@example.org>, second@example.org`,
      'Reply-To: support@example.com',
      `Subject: =?UTF-8?Q?Ihre_Bestellung_=E2=82=AC_${index}?= confirmed`,
      `Message-ID: <${index}.${index * 31}@example.com>`,
      'MIME-Version: 1.0',
      `Content-Type: multipart/alternative; boundary="${boundary}"`,
      'X-Mailer: Example Shop 4.2',
      'List-Unsubscribe: <https://example.com/u/1>, <mailto:u@example.com>',
      '',
      `--${boundary}`,
      'Content-Type: text/plain; charset=utf-8',
      'Content-Transfer-Encoding: quoted-printable',
      '',
      quotedPrintable(`${sentence}\r\n`.repeat(13)),
      `--${boundary}`,
      'Content-Type: text/html; charset=utf-8',
      'Content-Transfer-Encoding: quoted-printable',
      '',
      quotedPrintable(html),
      `--${boundary}--`,
      '',
    ].join('\r\n'),
  )
}

const samples = Array.from({ length: 200 }, (_, index) => sample(index))
const bytes = samples.reduce((sum, message) => sum + message.length, 0) / samples.length

async function measure(work: (raw: Buffer) => unknown): Promise<{ rate: number; cpu: number }> {
  let stop = performance.now() + 500
  for (let i = 0; performance.now() < stop; i++) await work(samples[i % samples.length] ?? Buffer.alloc(0))
  let count = 0
  const cpu = process.cpuUsage()
  const start = performance.now()
  stop = start + seconds * 1000
  while (performance.now() < stop) {
    for (const message of samples) {
      const result = work(message)
      if (result instanceof Promise) await result
    }
    count += samples.length
  }
  const elapsed = (performance.now() - start) / 1000
  const { user, system } = process.cpuUsage(cpu)
  return { rate: count / elapsed, cpu: (user + system) / 1e6 / (count / 1000) }
}

console.log(
  `multipart/alternative, ${Math.round(bytes)} bytes, ${seconds} s each, one thread, Node ${process.versions.node}`,
)
console.log('                        messages/s   CPU-s per 1000   CPU beside digest')
const own = await measure(raw => digest(raw))
for (const [name, result] of [
  ['posthorn digest', own],
  ['postal-mime', await measure(raw => PostalMime.parse(raw, { forceRfc822Attachments: true }))],
  ['mailparser', await measure(raw => simpleParser(raw))],
] as const) {
  const ratio = name === 'posthorn digest' ? '' : (result.cpu / own.cpu).toFixed(1)
  console.log(
    `${name.padEnd(20)} ${Math.round(result.rate).toLocaleString('en').padStart(13)} ${result.cpu.toFixed(4).padStart(16)} ${ratio.padStart(12)}`,
  )
}
