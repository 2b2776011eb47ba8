// One PostgreSQL for a whole test run, made when the first test asks for it and gone when the run is.
import { execFileSync, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import type { Server } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Client } from 'pg'
import type { TestProject } from 'vitest/node'
import { freePorts } from './free-port.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** A socket that answers with the cluster's URL, or with nothing when it could not be started. */
    postgresDoor: string
  }
}

// The keeper lives until its input closes, which a killed test run cannot prevent: no cluster stays behind.
// With ICU's collation as most servers have one: text order must not be taken for byte order.
const KEEPER = `
  folder=$1 bin=$2 port=$3
  make="$bin/initdb -D $folder/data -U postgres -A trust -E UTF8 --no-sync --no-instructions"
  $make --locale=C.UTF-8 --locale-provider=icu --icu-locale=en-US ||
    { rm -rf "$folder/data"; $make --locale=C; }
  "$bin/postgres" -D "$folder/data" -k "$folder" -p "$port" -c listen_addresses=127.0.0.1 \\
    -c fsync=off -c full_page_writes=off -c max_connections=200 &
  server=$!
  cat
  kill -QUIT $server
  wait $server
  rm -rf "$folder"
`

let door: Server | undefined
let keeper: ChildProcess | undefined
let folder: string | undefined

export async function setup(project: TestProject): Promise<void> {
  folder = mkdtempSync(join(tmpdir(), 'posthorn-postgres-'))
  const path = join(folder, 'door')
  let url: Promise<string> | undefined
  door = createServer(socket => {
    url ??= startCluster(folder as string)
    url.then(
      text => socket.end(text),
      (error: unknown) => socket.end(`failed: ${String(error)}`),
    )
  }).listen(path)
  await once(door, 'listening')
  project.provide('postgresDoor', path)
}

export async function teardown(): Promise<void> {
  door?.close()
  if (keeper?.exitCode === null) {
    keeper.stdin?.end()
    await once(keeper, 'exit')
  }
  if (folder) rmSync(folder, { recursive: true, force: true })
}

async function startCluster(home: string): Promise<string> {
  const [port] = await freePorts(1)
  const owner = databaseUser()
  if (owner) chownSync(home, owner.uid, owner.gid)
  // Detached: Ctrl-C is for the tests, which may still need their database to end well.
  keeper = spawn('sh', ['-c', KEEPER, 'keeper', home, programs(), String(port)], {
    ...owner,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let log = ''
  keeper.stdout?.on('data', chunk => (log += String(chunk)))
  keeper.stderr?.on('data', chunk => (log += String(chunk)))

  const url = `postgres://postgres@127.0.0.1:${port}/postgres`
  while (keeper.exitCode === null) {
    const client = new Client({ connectionString: url })
    try {
      await client.connect()
      await client.end()
      return url
    } catch {
      await pause(50)
    }
  }
  throw new Error(`PostgreSQL did not start:\n${log}`)
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
