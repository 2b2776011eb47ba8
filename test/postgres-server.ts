// A PostgreSQL server of our own, which can be stopped and started again.
import { execFileSync, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Client } from 'pg'
import { freePorts } from './free-port.ts'

// The keeper lives until its input closes, which a killed test run cannot prevent: no server stays behind.
// With ICU's collation as most servers have one: text order must not be taken for byte order.
const KEEPER = `
  folder=$1 bin=$2 port=$3 durable=$4
  make="$bin/initdb -D $folder/data -U postgres -A trust -E UTF8 --no-sync --no-instructions"
  $make --locale=C.UTF-8 --locale-provider=icu --icu-locale=en-US ||
    { rm -rf "$folder/data"; $make --locale=C; }
  serve() {
    "$bin/postgres" -D "$folder/data" -k "$folder" -p "$port" -c listen_addresses=127.0.0.1 \\
      -c fsync=$durable -c full_page_writes=$durable -c max_connections=200 &
    server=$!
  }
  serve
  while read -r order; do
    case $order in
      stop) kill -INT $server; wait $server; echo stopped ;;
      start) serve ;;
    esac
  done
  kill -QUIT $server
  wait $server
  rm -rf "$folder"
`

export interface PostgresServer {
  /** Of its database `postgres`, for its superuser. */
  readonly url: string
  /** Of the process that started it. */
  readonly pid: number
  /** Ends it, and with it every connection; the data stay. */
  stop(): Promise<void>
  /** On the same port; resolves when it takes connections. */
  start(): Promise<void>
  /** Ends it for good. */
  remove(): Promise<void>
}

/**
 * @param durable whether what it has committed survives a loss of power; tests do without
 * @throws Error with its log if it does not start
 */
export async function startPostgres(durable = false): Promise<PostgresServer> {
  const home = mkdtempSync(join(tmpdir(), 'posthorn-postgres-'))
  const [port] = await freePorts(1)
  const owner = databaseUser()
  if (owner) chownSync(home, owner.uid, owner.gid)
  // Detached: Ctrl-C is for the tests, which may still need their database to end well.
  const keeper = spawn(
    'sh',
    ['-c', KEEPER, 'keeper', home, programs(), String(port), durable ? 'on' : 'off'],
    {
      ...owner,
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    },
  )
  let log = ''
  keeper.stdout.on('data', chunk => (log += String(chunk)))
  keeper.stderr.on('data', chunk => (log += String(chunk)))
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`
  const ready = async () => {
    if (!(await answers(url, keeper))) throw new Error(`PostgreSQL did not start:\n${log}`)
  }
  await ready()
  return {
    url,
    pid: keeper.pid as number,
    async stop() {
      const stopped = new Promise<void>(resolve => {
        keeper.stdout.on('data', chunk => {
          if (String(chunk).includes('stopped\n')) resolve()
        })
      })
      keeper.stdin.write('stop\n')
      await stopped
    },
    async start() {
      keeper.stdin.write('start\n')
      await ready()
    },
    async remove() {
      if (keeper.exitCode !== null) return
      keeper.stdin.end()
      await once(keeper, 'exit')
    },
  }
}

/** False if the keeper ended before the server took a connection. */
async function answers(url: string, keeper: ChildProcess): Promise<boolean> {
  while (keeper.exitCode === null) {
    const client = new Client({ connectionString: url })
    try {
      await client.connect()
      await client.end()
      return true
    } catch {
      await pause(50)
    }
  }
  return false
}

// PostgreSQL refuses to run as root.
function databaseUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const [uid, gid] = ['-u', '-g'].map(flag => Number(execFileSync('id', [flag, 'postgres'])))
  return { uid, gid } as { uid: number; gid: number }
}

// Debian keeps these off PATH, one folder per version: the newest.
function programs(): string {
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian) ? readdirSync(debian).toSorted((a, b) => Number(b) - Number(a)) : []
  const folders = [
    ...versions.map(version => join(debian, version, 'bin')),
    ...(process.env.PATH ?? '').split(delimiter),
  ]
  const found = folders.find(path => existsSync(join(path, 'initdb')))
  if (!found) throw new Error('initdb was not found: install PostgreSQL')
  return found
}
