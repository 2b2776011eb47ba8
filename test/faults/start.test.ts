// What keeps the server from starting is one line, and an exit code that is not 0.
import { chownSync, chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openDatabase } from '../../server/storage/database.ts'
import { parseLocation } from '../../server/storage/location.ts'
import { eachEngine } from '../engines.ts'
import { refusedStart } from './refused-start.ts'

const folder = () => mkdtempSync(join(tmpdir(), 'posthorn-start-'))

async function takenPort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return String((server.address() as { port: number }).port)
}

it.each(['SMTP', 'POP3'])('a taken %s port', async door => {
  const port = await takenPort()
  const { code, said } = await refusedStart({ [`POSTHORN_${door}_PORTS`]: port })
  expect({ code, said }).toEqual({
    code: 1,
    said: `posthorn: port ${port} for ${door} is taken by another program\n`,
  })
})

it('a taken HTTP port', async () => {
  const port = await takenPort()
  const { code, said } = await refusedStart({ POSTHORN_HTTP_PORT: port })
  expect({ code, said }).toEqual({
    code: 1,
    said: `posthorn: port ${port} for the web is taken by another program\n`,
  })
})

describe('a wrong setting', () => {
  it.each([
    ['POSTHORN_HOST', 'everywhere'],
    ['POSTHORN_HTTP_PORT', 'http'],
    ['POSTHORN_SMTP_PORTS', '25,70000'],
    ['POSTHORN_PUBLIC_URL', 'mail.example.com'],
    ['DATABASE_URL', 'mysql://localhost/posthorn'],
    ['POSTHORN_ADMIN_EMAIL', 'nobody'],
    ['POSTHORN_ADMIN_PASSWORD', 'short'],
    ['POSTHORN_ADMIN_API_TOKEN', 'short'],
    ['POSTHORN_WORKSPACE_API_TOKEN', 'with spaces in it, and long enough'],
    ['POSTHORN_INBOX_CREDENTIALS', 'nocolon'],
    ['POSTHORN_SMTP_ANONYMOUS', 'yes'],
    ['POSTHORN_SANDBOX_DOMAIN', 'no domain'],
    ['POSTHORN_API_RATE_LIMIT', '150'],
    ['POSTHORN_SMTP_RATE_LIMIT', '1/0'],
    ['POSTHORN_SMTP_IDLE_TIMEOUT', '-1'],
    ['POSTHORN_MAX_MESSAGE_SIZE', '25 MB'],
    ['POSTHORN_INBOX_MAX_MESSAGES', 'many'],
    ['POSTHORN_TLS_CERT', '/nowhere/tls.crt'],
    ['POSTHORN_HTTPS', 'perhaps'],
    ['POSTHORN_SECRET_KEY', 'short'],
    ['POSTHORN_MAX_BODY_SIZE', '0'],
    ['POSTHORN_LOG', 'loud'],
  ])('%s', async (name, value) => {
    const { code, said } = await refusedStart({ [name]: value })
    expect(code).toBe(78)
    expect(said).toMatch(new RegExp(`^posthorn: ${name} .+\n$`))
  })
})

describe('a data directory', () => {
  it('below a file', async () => {
    const file = join(folder(), 'file')
    writeFileSync(file, '')
    const { code, said } = await refusedStart({ POSTHORN_DATA_DIR: join(file, 'data') })
    expect({ code, said }).toEqual({
      code: 1,
      said: `posthorn: POSTHORN_DATA_DIR: ${join(file, 'data')} is no directory\n`,
    })
  })

  it('that may not be written', async () => {
    const dataDir = folder()
    const { code, said } = await refusedStart({ POSTHORN_DATA_DIR: dataDir }, forbidden(dataDir))
    expect(code).toBe(1)
    expect(said).toMatch(new RegExp(`^posthorn: .*${dataDir}.*no permission to write it\n$`))
  })

  it('that may not be made', async () => {
    const parent = folder()
    const within = forbidden(parent)
    const dataDir = join(parent, 'data')
    const { code, said } = await refusedStart({ POSTHORN_DATA_DIR: dataDir }, within)
    expect({ code, said }).toEqual({ code: 1, said: `posthorn: no permission to write ${dataDir}\n` })
  })
})

/** Root may write everywhere: so it gives that up, and the folder belongs to somebody else. */
function forbidden(path: string): string[] {
  chmodSync(path, 0o555)
  if (process.getuid?.() !== 0) return []
  chownSync(path, 65_534, 65_534)
  return ['setpriv', '--bounding-set=-dac_override,-fowner,-chown']
}

describe('a database file', () => {
  it('that is none', async () => {
    const dataDir = folder()
    writeFileSync(join(dataDir, 'posthorn.db'), randomBytes(50_000))
    const { code, said } = await refusedStart({ POSTHORN_DATA_DIR: dataDir })
    expect({ code, said }).toEqual({
      code: 1,
      said: `posthorn: the database: ${dataDir}/posthorn.db: file is not a database\n`,
    })
  })

  it('that is a folder', async () => {
    const dataDir = folder()
    mkdirSync(join(dataDir, 'posthorn.db'))
    const { code, said } = await refusedStart({ POSTHORN_DATA_DIR: dataDir })
    expect(code).toBe(1)
    expect(said).toBe(`posthorn: the database: ${dataDir}/posthorn.db: unable to open database file\n`)
  })
})

eachEngine('a database of a newer version', engine => {
  it('is left alone', async () => {
    const dataDir = engine.freshDataDir()
    const url = engine.name === 'SQLite' ? `sqlite:${join(dataDir, 'posthorn.db')}` : await engine.freshUrl()
    const db = await openDatabase(parseLocation(url))
    await sql`insert into kysely_migration (name, timestamp) values ('999-newer', '2999-01-01')`.execute(db)
    await db.destroy()
    const { code, said } = await refusedStart({
      POSTHORN_DATA_DIR: dataDir,
      ...(engine.name === 'PostgreSQL' && { DATABASE_URL: url }),
    })
    expect({ code, said }).toEqual({
      code: 1,
      said: 'posthorn: the database: the database was written by a newer Posthorn than this one\n',
    })
  })
})
