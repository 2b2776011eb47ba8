// How fast our SMTP server takes messages and throws them away, beside smtp-sink, which is C and does the same.
// Needs Debian's package postfix for smtp-source and smtp-sink; its daemon is not started.
// Usage: node bench/smtp-receive.ts [messages per run, default 40000] [runs, default 5]
import { type ChildProcess, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { QUEUED } from '../server/mail/smtp/replies.ts'
import { SmtpServer } from '../server/mail/smtp/server.ts'

const SOURCE = '/usr/sbin/smtp-source'
const SINK = '/usr/sbin/smtp-sink'
const BYTES = 5120

interface Contestant {
  name: string
  port: number
  process: ChildProcess
}

async function receive(port: number): Promise<void> {
  const server = new SmtpServer<never>({
    hostname: 'bench.test',
    maxMessageSize: 26_214_400,
    spillDirectory: join(tmpdir(), 'posthorn-bench-spill'),
    door: {
      login: () => undefined,
      sender: () => undefined,
      recipient: () => undefined,
      content: () => undefined,
      message: () => QUEUED,
    },
    onError: error => console.error(error),
  })
  await server.listen('127.0.0.1', [port])
  process.send?.('listening')
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return address !== null && typeof address === 'object' ? address.port : 0
}

/** Seconds of processor time so far, from proc(5); a tick is 10 ms on Linux. */
function cpuSeconds(pid: number | undefined): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / 100
}

async function run(
  contestant: Contestant,
  connections: number,
  messages: number,
): Promise<{ rate: number; cpu: number }> {
  const before = cpuSeconds(contestant.process.pid)
  const start = performance.now()
  const source = spawn(
    SOURCE,
    [
      '-d',
      '-N',
      '-l',
      `${BYTES}`,
      '-m',
      `${messages}`,
      '-s',
      `${connections}`,
      '-f',
      'a@example.com',
      '-t',
      'b@example.com',
      `127.0.0.1:${contestant.port}`,
    ],
    { stdio: 'inherit' },
  )
  const [code] = await once(source, 'exit')
  if (code !== 0) throw new Error(`smtp-source ended with ${code}`)
  const seconds = (performance.now() - start) / 1000
  return { rate: messages / seconds, cpu: ((cpuSeconds(contestant.process.pid) - before) / messages) * 1000 }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

async function compare(messages: number, runs: number): Promise<void> {
  const ourPort = await freePort()
  const ours = fork(import.meta.filename, ['receive', `${ourPort}`])
  await once(ours, 'message')
  const sinkPort = await freePort()
  // smtp-sink refuses to be root
  const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : []
  const sink = spawn(SINK, [...user, `127.0.0.1:${sinkPort}`, '1000'], { stdio: 'ignore' })
  await new Promise(done => setTimeout(done, 500))
  const contestants: Contestant[] = [
    { name: 'smtp-sink', port: sinkPort, process: sink },
    { name: 'posthorn', port: ourPort, process: ours },
  ]
  try {
    for (const contestant of contestants) await run(contestant, 50, messages)
    console.log(`${messages} messages of ${BYTES} bytes, median of ${runs} runs`)
    for (const connections of [1, 10, 50]) {
      const results = contestants.map(() => ({ rates: [] as number[], cpus: [] as number[] }))
      for (let round = 0; round < runs; round++) {
        for (const [at, contestant] of contestants.entries()) {
          const { rate, cpu } = await run(
            contestant,
            connections,
            connections === 1 ? Math.ceil(messages / 4) : messages,
          )
          results[at]?.rates.push(rate)
          results[at]?.cpus.push(cpu)
        }
      }
      const sinkRate = median(results[0]?.rates ?? [])
      for (const [at, { name }] of contestants.entries()) {
        const rate = median(results[at]?.rates ?? [])
        console.log(
          `${String(connections).padStart(3)} connections  ${name.padEnd(10)} ${rate.toFixed(0).padStart(6)} messages/s` +
            `  ×${(rate / sinkRate).toFixed(2)}  ${median(results[at]?.cpus ?? []).toFixed(3)} CPU-s per 1000`,
        )
      }
    }
    const rss = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${ours.pid}/status`, 'utf8'))?.[1]
    console.log(`posthorn resident after it all: ${Math.round(Number(rss) / 1024)} MB`)
  } finally {
    ours.kill()
    sink.kill()
  }
}

if (process.argv[2] === 'receive') await receive(Number(process.argv[3]))
else if (!existsSync(SOURCE) || !existsSync(SINK)) {
  console.error('bench/smtp-receive needs smtp-source and smtp-sink: apt-get install postfix')
  process.exitCode = 1
} else await compare(Number(process.argv[2] ?? 40_000), Number(process.argv[3] ?? 5))
