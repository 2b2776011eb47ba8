// One PostgreSQL for a whole test run, made when the first test asks for it and gone when the run is.
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import type { Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { type PostgresServer, startPostgres } from './postgres-server.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** A socket that answers with the cluster's URL, or with nothing when it could not be started. */
    postgresDoor: string
  }
}

let door: Server | undefined
let cluster: Promise<PostgresServer> | undefined
let folder: string | undefined

export async function setup(project: TestProject): Promise<void> {
  folder = mkdtempSync(join(tmpdir(), 'posthorn-postgres-door-'))
  const path = join(folder, 'door')
  door = createServer(socket => {
    cluster ??= startPostgres()
    cluster.then(
      ({ url }) => socket.end(url),
      (error: unknown) => socket.end(`failed: ${String(error)}`),
    )
  }).listen(path)
  await once(door, 'listening')
  project.provide('postgresDoor', path)
}

export async function teardown(): Promise<void> {
  door?.close()
  await (await cluster?.catch(() => undefined))?.remove()
  if (folder) rmSync(folder, { recursive: true, force: true })
}
