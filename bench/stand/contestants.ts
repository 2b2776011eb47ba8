import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { freePorts } from '../../test/free-port.ts'
import { startPostgres } from '../../test/postgres-server.ts'
import { type Posthorn, startPosthorn } from '../../test/posthorn.ts'
import { cpuSeconds, residentMegabytes } from './processor.ts'
import { SINK } from './smtp-source.ts'

// However the benchmark ends, what it has started ends with it: its listeners of `exit` see to that.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1))

/** A server that takes mail, running. */
export interface Contestant {
  readonly name: string
  readonly smtpPort: number
  /** The server with all that works for it. */
  cpuSeconds(): number
  residentMegabytes(): number
  readonly posthorn?: Posthorn
  stop(): Promise<unknown>
}

/** Throws everything away: what the wire and two cores can do. */
export async function startSink(): Promise<Contestant> {
  const [port = 0] = await freePorts(1)
  // It refuses to be root.
  const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : []
  return started('smtp-sink', port, SINK, [...user, `127.0.0.1:${port}`, '1000'])
}

/** @param settings on top of: nothing is thrown out of the inbox, and the log tells of trouble only */
export async function startOurs(
  name: string,
  settings: Record<string, string> = {},
): Promise<Contestant & { posthorn: Posthorn }> {
  const posthorn = await startPosthorn({
    env: {
      POSTHORN_INBOX_MAX_MESSAGES: '0',
      POSTHORN_API_RATE_LIMIT: '0',
      POSTHORN_LOG: 'warn',
      ...settings,
    },
  })
  return {
    name,
    smtpPort: posthorn.smtpPort,
    cpuSeconds: () => cpuSeconds(posthorn.pid),
    residentMegabytes: () => residentMegabytes(posthorn.pid),
    posthorn,
    stop: () => posthorn.stop(),
  }
}

/** On a cluster that syncs, as one would be run. */
export async function startOursOnPostgres(
  name: string,
  settings: Record<string, string> = {},
): Promise<Contestant & { posthorn: Posthorn }> {
  const cluster = await startPostgres(true)
  const ours = await startOurs(name, { ...settings, DATABASE_URL: cluster.url })
  return {
    ...ours,
    cpuSeconds: () => ours.cpuSeconds() + cpuSeconds(cluster.pid),
    residentMegabytes: () => ours.residentMegabytes() + residentMegabytes(cluster.pid),
    async stop() {
      await ours.stop()
      await cluster.remove()
    },
  }
}

const MAILDEV = '3.0.0'
const MAILDEV_FOLDER = join(import.meta.dirname, '../../.tools/bench')
const MAILDEV_PROGRAM = join(MAILDEV_FOLDER, 'node_modules/maildev/dist/bin/maildev.js')

export async function startMailDev(): Promise<Contestant> {
  const [smtpPort = 0, httpPort = 0] = await freePorts(2)
  const [file = '', ...args] = await mailDev(smtpPort, httpPort)
  return started(`MailDev ${MAILDEV}`, smtpPort, file, args)
}

/** The command that starts it, in memory, as it is without options; installed when first asked for, apart from our packages. */
export async function mailDev(smtpPort: number, httpPort: number): Promise<string[]> {
  await installMailDev()
  const flags = `--smtp ${smtpPort} --web ${httpPort} --ip 127.0.0.1 --web-ip 127.0.0.1 --silent`
  return [process.execPath, MAILDEV_PROGRAM, ...flags.split(' ')]
}

async function installMailDev(): Promise<void> {
  if (existsSync(MAILDEV_PROGRAM)) return
  mkdirSync(MAILDEV_FOLDER, { recursive: true })
  const wanted = {
    private: true,
    dependencies: { maildev: MAILDEV },
    // As in our own lock file, so that what it needs can be had wherever we can be installed.
    overrides: { mailparser: '3.9.31' },
  }
  writeFileSync(join(MAILDEV_FOLDER, 'package.json'), JSON.stringify(wanted))
  const flags = ['--no-package-lock', '--no-audit', '--no-fund', '--ignore-scripts', '--silent']
  const npm = spawn('npm', ['install', '--prefix', MAILDEV_FOLDER, ...flags], { stdio: ['ignore', 2, 2] })
  const [code] = await once(npm, 'exit')
  if (code !== 0) throw new Error('MailDev could not be installed')
}

async function started(name: string, port: number, file: string, args: string[]): Promise<Contestant> {
  const child = spawn(file, args, { stdio: 'ignore' })
  const orphan = () => child.kill('SIGKILL')
  process.once('exit', orphan)
  const pid = child.pid
  if (pid === undefined) throw new Error(`${name} does not start`)
  await untilGreeted(port)
  return {
    name,
    smtpPort: port,
    cpuSeconds: () => cpuSeconds(pid),
    residentMegabytes: () => residentMegabytes(pid),
    async stop() {
      process.off('exit', orphan)
      const gone = once(child, 'exit')
      child.kill()
      await gone
    },
  }
}

/** Resolves with the milliseconds it took until somebody said 220. */
export async function untilGreeted(port: number, begun = performance.now()): Promise<number> {
  for (const deadline = begun + 30_000; performance.now() < deadline; await pause(2)) {
    const greeted = await new Promise<boolean>(resolve => {
      const socket = connect(port, '127.0.0.1')
      socket.once('data', data => {
        resolve(data.toString('latin1').startsWith('220'))
        socket.end('QUIT\r\n')
      })
      socket.once('error', () => resolve(false))
    })
    if (greeted) return performance.now() - begun
  }
  throw new Error(`nobody greets on port ${port}`)
}
