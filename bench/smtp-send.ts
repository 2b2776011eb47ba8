// How fast the SMTP way out hands finished mails of 4 KB to a server that throws them away, beside nodemailer's pool with the
// same bytes: no rendering, no ledger, one thread. The server is a process of its own and takes its part of the machine.
// Usage: node bench/smtp-send.ts [--quick] [--save]
import { createTransport } from 'nodemailer'
import { createGuard } from '../server/guard.ts'
import { openWayOut } from '../server/send/ways-out/open-way-out.ts'
import { type SinkProcess, startSinkProcess } from '../test/smtp-sink-process.ts'
import { shopMail } from './stand/mails.ts'
import { readOptions } from './stand/options.ts'
import { Report } from './stand/report.ts'
import { median } from './stand/statistics.ts'

const CONNECTIONS = 50

const options = readOptions()
const seconds = options.quick ? 0.1 : 3
const runs = options.quick ? 1 : 5
const mails = Array.from({ length: 64 }, (_, index) => shopMail(index, 14))
const from = 'news@shop.test'

interface Contestant {
  name: string
  /** Under way at once. */
  depth: number
  /** @throws Error if it was not taken */
  send(bytes: Buffer, to: string): Promise<void>
  close(): void
}

const sink = await startSinkProcess()
const report = new Report('smtp-send')
report.say(
  `mails of about ${Math.round(mails.reduce((sum, { length }) => sum + length, 0) / mails.length)} bytes, ` +
    `${CONNECTIONS} connections, medians of ${runs} runs of ${seconds} s in turn`,
)
report.say('')
const contestants = [ours(sink), nodemailer(sink)]
const measured = contestants.map(() => ({ rates: [] as number[], costs: [] as number[] }))
for (const contestant of contestants) await run(contestant)
for (let round = 0; round < runs; round++)
  for (const [at, contestant] of contestants.entries()) {
    const { rate, cost } = await run(contestant)
    measured[at]?.rates.push(rate)
    measured[at]?.costs.push(cost)
  }
const theirs = median(measured[1]?.rates ?? [])
report.table(
  ['hand-over', 'mails/s', 'CPU-s per 1000', 'beside nodemailer'],
  contestants.map(({ name }, at) => {
    const rate = median(measured[at]?.rates ?? [])
    return [
      name,
      Math.round(rate).toLocaleString('en'),
      median(measured[at]?.costs ?? []).toFixed(3),
      `×${(rate / theirs).toFixed(1)}`,
    ]
  }),
)
report.end(options.save)
for (const contestant of contestants) contestant.close()
await sink.stop()

function ours({ port }: SinkProcess): Contestant {
  const way = openWayOut(
    { id: 1, typeId: 6, settings: { host: '127.0.0.1', port, connections: CONNECTIONS } },
    {
      guard: createGuard('allow'),
      deliver: () => Promise.resolve(null),
      dataDir: '',
      heloName: 'bench.test',
      timeoutScale: 1,
    },
  )
  // As the journal does it: all gates of a turn of the event loop open together.
  let gates: (() => void)[] = []
  const open = () => {
    const waiting = gates
    gates = []
    for (const pass of waiting) pass()
  }
  const gate = () =>
    new Promise<boolean>(resolve => {
      if (gates.push(() => resolve(true)) === 1) setImmediate(open)
    })
  return {
    name: 'Posthorn',
    depth: way.capacity,
    async send(bytes, to) {
      const mail = { reversePath: from, forwardPath: to, idempotencyKey: to, bytes, parts: undefined }
      const outcome = await way.send(mail, gate)
      if (outcome.is !== 'sent') throw new Error(`a mail was ${outcome.is}`)
    },
    close: () => way.close(),
  }
}

function nodemailer({ port }: SinkProcess): Contestant {
  const transport = createTransport({
    host: '127.0.0.1',
    port,
    pool: true,
    maxConnections: CONNECTIONS,
    maxMessages: Infinity,
    ignoreTLS: true,
  })
  return {
    name: 'nodemailer, finished bytes',
    depth: 2 * CONNECTIONS,
    async send(raw, to) {
      await transport.sendMail({ envelope: { from, to }, raw })
    },
    close: () => transport.close(),
  }
}

async function run({ depth, send }: Contestant): Promise<{ rate: number; cost: number }> {
  let sent = 0
  const begun = performance.now()
  const until = begun + seconds * 1000
  const before = process.cpuUsage()
  await Promise.all(
    Array.from({ length: depth }, async () => {
      while (performance.now() < until) {
        const number = sent++
        await send(mails[number % mails.length] ?? Buffer.alloc(0), `person${number}@example.org`)
      }
    }),
  )
  const { user, system } = process.cpuUsage(before)
  return { rate: (sent / (performance.now() - begun)) * 1000, cost: (user + system) / 1000 / sent }
}
