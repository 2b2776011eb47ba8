// From the start of the process to the first 220 and to readiness, with everything set up and started before; beside
// it MailDev to its first 220.
// Usage: node bench/start.ts [--quick] [--save]
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { freePorts } from '../test/free-port.ts'
import { mailDev, untilGreeted } from './stand/contestants.ts'
import { readOptions } from './stand/options.ts'
import { cpuSeconds, residentMegabytes } from './stand/processor.ts'
import { Report } from './stand/report.ts'
import { median } from './stand/statistics.ts'

const options = readOptions()
const runs = options.quick ? 1 : 11
const settle = options.quick ? 0 : 2000
const ROOT = join(import.meta.dirname, '..')

interface Start {
  name: string
  smtpPort: number
  httpPort: number
  /** Where success means that it is ready. */
  ready: string
  command: string[]
  env?: Record<string, string>
}

interface Started {
  greeted: number
  ready: number
  cpu: number
  memory: number
}

async function start({ smtpPort, httpPort, ready, command, env }: Start, cwd: string): Promise<Started> {
  const [file = '', ...args] = command
  const begun = performance.now()
  const child = spawn(file, args, { cwd, env: { ...process.env, ...env }, stdio: 'ignore' })
  const orphan = () => child.kill('SIGKILL')
  process.once('exit', orphan)
  const greeted = await untilGreeted(smtpPort, begun)
  const whenReady = await untilReady(`http://127.0.0.1:${httpPort}${ready}`, begun)
  await pause(settle)
  const pid = child.pid ?? 0
  const started = { greeted, ready: whenReady, cpu: cpuSeconds(pid), memory: residentMegabytes(pid) }
  process.off('exit', orphan)
  await ended(child)
  return started
}

async function untilReady(url: string, begun: number): Promise<number> {
  for (const deadline = begun + 30_000; performance.now() < deadline; await pause(2))
    try {
      if ((await fetch(url)).ok) return performance.now() - begun
    } catch {
      // Nobody listens yet.
    }
  throw new Error(`${url} is never ready`)
}

async function ended(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit')
  child.kill()
  await gone
}

const report = new Report('start')
const folder = mkdtempSync(join(tmpdir(), 'posthorn-bench-'))
try {
  const [smtpPort = 0, httpPort = 0, theirSmtp = 0, theirHttp = 0] = await freePorts(4)
  const env = {
    POSTHORN_SMTP_PORTS: String(smtpPort),
    POSTHORN_POP3_PORTS: '',
    POSTHORN_HTTP_PORT: String(httpPort),
    POSTHORN_DATA_DIR: join(folder, 'data'),
  }
  const ours = { smtpPort, httpPort, ready: '/health/ready', env }
  const starts: Start[] = [
    {
      ...ours,
      name: 'Posthorn',
      command: [process.execPath, join(ROOT, 'server/main.ts'), 'serve'],
    },
    {
      ...ours,
      name: 'Posthorn through its bootstrap, as npm start',
      command: [process.execPath, join(ROOT, 'scripts/bootstrap.mjs'), 'start'],
    },
  ]
  if (!options.quick)
    starts.push({
      name: 'MailDev',
      smtpPort: theirSmtp,
      httpPort: theirHttp,
      ready: '/api/healthz',
      command: await mailDev(theirSmtp, theirHttp),
    })
  const all = starts.map(() => [] as Started[])
  // Once to make what is made once.
  for (const each of starts) await start(each, folder)
  for (let run = 0; run < runs; run++)
    for (const [at, each] of starts.entries()) all[at]?.push(await start(each, folder))
  const of = (at: number, figure: keyof Started) => median(all[at]?.map(started => started[figure]) ?? [])
  report.say(`medians of ${runs} warm starts; memory and processor time ${settle / 1000} s after readiness`)
  report.table(
    ['', 'ms to 220', 'ms to ready', 'CPU-s', 'MB resident'],
    starts.map(({ name }, at) => [
      name,
      of(at, 'greeted').toFixed(0),
      of(at, 'ready').toFixed(0),
      of(at, 'cpu').toFixed(2),
      of(at, 'memory').toFixed(0),
    ]),
  )
  report.end(options.save)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
