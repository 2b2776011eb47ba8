import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { get } from 'node:https'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'
import { freePorts } from './free-port.ts'

const MAIN = join(import.meta.dirname, '../server/main.ts')
const READY_WITHIN_MS = 45_000

/** What the first start makes, fixed so that tests can use it. */
export const ADMIN_API_TOKEN = '5f0c64c1a3be4b1ab1c8a7d49d2f6e30'
export const WORKSPACE_API_TOKEN = 'a81de4ab5c5f4b0f9bd1f4c2e6d7308b'
export const INBOX_USERNAME = '1f6cbd1e5d9c3a'
export const INBOX_PASSWORD = '9be3c0a7742d18'

export interface PosthornOptions {
  /** Default: SQLite in the data directory. */
  databaseUrl?: string
  /** Default: a new one, removed by `stop`. One that is given stays. */
  dataDir?: string
  /** More settings; `undefined` takes one away. */
  env?: Record<string, string | undefined>
  /** A program and its arguments that becomes the server, such as `nsenter …`. */
  within?: string[]
}

/** The real program in a process of its own, as `npm start` runs it. */
export interface Posthorn {
  readonly url: string
  readonly httpPort: number
  readonly smtpPort: number
  readonly pop3Port: number
  readonly dataDir: string
  /** The settings it runs with, for whoever starts a second process beside it. */
  readonly env: NodeJS.ProcessEnv
  /** Its process id now. */
  readonly pid: number
  /** All it has written to standard output and standard error since the first start. */
  output(): string
  /** Sends a signal, waits for the end, and gives the exit code (null when the signal itself ended it). */
  kill(signal: NodeJS.Signals): Promise<number | null>
  /** Starts it again on the same ports and data, after ending it with SIGTERM where it still runs. */
  restart(): Promise<void>
  /** Ends it and removes what it made. */
  stop(): Promise<void>
  /** Runs another command beside it, such as `run(['user', 'create', …])`. */
  run(
    args: string[],
    input?: string | Uint8Array,
  ): Promise<{ code: number | null; stdout: string; stderr: string }>
}

/** Resolves once it is ready and greets on its SMTP port. */
export async function startPosthorn(options: PosthornOptions = {}): Promise<Posthorn> {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-process-'))
  const dataDir = options.dataDir ?? join(folder, 'data')
  const [httpPort, smtpPort, pop3Port] = (await freePorts(3)) as [number, number, number]
  const env = {
    ...withoutSettings(process.env),
    POSTHORN_HTTP_PORT: String(httpPort),
    POSTHORN_SMTP_PORTS: String(smtpPort),
    POSTHORN_POP3_PORTS: String(pop3Port),
    POSTHORN_DATA_DIR: dataDir,
    POSTHORN_ADMIN_API_TOKEN: ADMIN_API_TOKEN,
    POSTHORN_WORKSPACE_API_TOKEN: WORKSPACE_API_TOKEN,
    POSTHORN_INBOX_CREDENTIALS: `${INBOX_USERNAME}:${INBOX_PASSWORD}`,
    ...(options.databaseUrl && { DATABASE_URL: options.databaseUrl }),
    ...options.env,
  }
  const url = `${options.env?.POSTHORN_HTTPS === 'on' ? 'https' : 'http'}://127.0.0.1:${httpPort}`
  let output = ''
  let child: ChildProcess
  const endWithUs = () => child.kill('SIGKILL')
  process.once('exit', endWithUs)

  const start = async () => {
    // In a folder of its own, so that no .env of the developer's is read.
    const [program = '', ...args] = [...(options.within ?? []), process.execPath, MAIN, 'serve']
    child = spawn(program, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
    child.stdout?.on('data', chunk => (output += String(chunk)))
    child.stderr?.on('data', chunk => (output += String(chunk)))
    const deadline = Date.now() + READY_WITHIN_MS
    while (!(await isReady(url, smtpPort))) {
      if (!isRunning(child)) throw new Error(`posthorn ended at its start:\n${output}`)
      if (Date.now() > deadline) {
        child.kill('SIGKILL')
        throw new Error(`posthorn was not ready within ${READY_WITHIN_MS} ms:\n${output}`)
      }
      await pause(20)
    }
  }
  const kill = async (signal: NodeJS.Signals) => {
    if (isRunning(child)) {
      const ended = once(child, 'close')
      child.kill(signal)
      await ended
    }
    return child.exitCode
  }

  await start()
  return {
    url,
    httpPort,
    smtpPort,
    pop3Port,
    dataDir,
    env,
    get pid() {
      return child.pid as number
    },
    output: () => output,
    kill,
    restart: async () => {
      await kill('SIGTERM')
      await start()
    },
    stop: async () => {
      await kill('SIGTERM')
      process.removeListener('exit', endWithUs)
      rmSync(folder, { recursive: true, force: true })
    },
    run: async (args, input = '') => {
      const command = spawn(process.execPath, [MAIN, ...args], { cwd: folder, env })
      // A command that ends without reading its input says why by its exit code, not by our EPIPE.
      command.stdin.on('error', () => {})
      command.stdin.end(input)
      const [stdout, stderr] = await Promise.all([
        text(command.stdout),
        text(command.stderr),
        once(command, 'close'),
      ])
      return { code: command.exitCode, stdout, stderr }
    },
  }
}

/** The environment less whatever would be a setting of ours. */
export function withoutSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(
      ([name]) => !/^(POSTHORN_|DATABASE_URL$|APP_URL$|LARAVEL_?MAIL_|SENDPORTAL_)/.test(name),
    ),
  )
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null
}

async function isReady(url: string, smtpPort: number): Promise<boolean> {
  try {
    return (await saysReady(`${url}/health/ready`)) && (await greets(smtpPort))
  } catch {
    return false
  }
}

async function saysReady(url: string): Promise<boolean> {
  const signal = AbortSignal.timeout(2_000)
  if (url.startsWith('http:')) return (await fetch(url, { signal })).ok
  return new Promise((resolve, reject) => {
    // Whose certificate it is does not matter here.
    get(url, { signal, rejectUnauthorized: false }, response =>
      resolve(response.resume().statusCode === 200),
    ).on('error', reject)
  })
}

function greets(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1')
    socket.setTimeout(2_000, () => socket.destroy())
    socket.once('data', data => {
      resolve(data.toString().startsWith('220'))
      socket.end('QUIT\r\n')
    })
    socket.once('error', () => resolve(false))
    socket.once('close', () => resolve(false))
  })
}
