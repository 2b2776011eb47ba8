// Every test of something stored runs on both engines.
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { Client } from 'pg'
import { afterAll, describe, inject } from 'vitest'

export interface Engine {
  readonly name: 'SQLite' | 'PostgreSQL'
  /** The URL of a new, empty database: `sqlite:<path>` or `postgres://…`. Gone when the tests of this engine end. */
  freshUrl(): Promise<string>
  /** A new, empty data directory, likewise. */
  freshDataDir(): string
}

/** Runs the same tests once per engine. */
export function eachEngine(name: string, tests: (engine: Engine) => void): void {
  for (const make of [sqlite, postgres]) {
    const cleanUps: CleanUp[] = []
    const engine = make(cleanUps)
    describe(`${name} (${engine.name})`, () => {
      afterAll(async () => {
        for (const cleanUp of cleanUps.toReversed()) await cleanUp()
      })
      tests(engine)
    })
  }
}

type CleanUp = () => void | Promise<void>

function sqlite(cleanUps: CleanUp[]): Engine {
  const freshDataDir = () => temporaryFolder(cleanUps)
  return {
    name: 'SQLite',
    freshDataDir,
    freshUrl: async () => `sqlite:${join(freshDataDir(), 'posthorn.db')}`,
  }
}

function postgres(cleanUps: CleanUp[]): Engine {
  return {
    name: 'PostgreSQL',
    freshDataDir: () => temporaryFolder(cleanUps),
    freshUrl: async () => {
      const url = new URL(await clusterUrl())
      const name = `posthorn_${randomBytes(6).toString('hex')}`
      await run(url.href, `CREATE DATABASE ${name} TEMPLATE template0`)
      cleanUps.push(() => run(url.href, `DROP DATABASE ${name} WITH (FORCE)`))
      const fresh = new URL(url)
      fresh.pathname = name
      return fresh.href
    },
  }
}

function temporaryFolder(cleanUps: CleanUp[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-test-'))
  cleanUps.push(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** POSTHORN_TEST_POSTGRES gives a cluster from outside: `postgres://user:password@host/postgres`. */
async function clusterUrl(): Promise<string> {
  const answer = process.env.POSTHORN_TEST_POSTGRES ?? (await text(connect(inject('postgresDoor'))))
  if (!answer.startsWith('postgres')) throw new Error(answer)
  return answer
}

async function run(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
