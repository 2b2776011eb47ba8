import Database from 'better-sqlite3'
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { noisyMail } from '../sample-mail.ts'
import { call, listAll, logged, readiness, Receipts } from '../mailbox.ts'
import { type Posthorn, startPosthorn } from '../posthorn.ts'
import { SmtpSender } from '../smtp-sender.ts'
import { refusedStart } from './refused-start.ts'

const PAGE = 4096
/** Each lies on pages of its own. */
const SIZE = 100_000

let posthorn: Posthorn
let file: string
let receipts: Receipts
beforeAll(async () => {
  posthorn = await startPosthorn({ env: { POSTHORN_API_RATE_LIMIT: '0' } })
  file = join(posthorn.dataDir, 'posthorn.db')
})
afterAll(() => posthorn?.stop())

async function send(name: string): Promise<string> {
  const sender = await SmtpSender.connected(posthorn.smtpPort)
  const bytes = noisyMail(name, SIZE)
  return receipts.note(name, bytes, await sender.sendOne(bytes))
}

/** So that what is in the file counts, and not what the log beside it has. */
function emptyLog(): void {
  const other = new Database(file)
  other.pragma('wal_checkpoint(TRUNCATE)')
  other.close()
}

/**
 * Search entries go into the index a moment after the 250: that last write is waited for, or it would fill the
 * log, and the writer's cache, once more.
 */
async function settled(): Promise<void> {
  const other = new Database(file, { readonly: true })
  const waiting = other.prepare('select count(*) from search_pending').pluck()
  while (waiting.get() !== 0) await pause(5)
  other.close()
}

/** Overwrites the page that holds the middle of a message; gives the way to mend it. */
function damageMessage(name: string): () => void {
  emptyLog()
  const at = readFileSync(file).indexOf(noisyMail(name, SIZE).subarray(SIZE / 2, SIZE / 2 + 32))
  expect(at).toBeGreaterThan(0)
  return overwrite(Math.floor(at / PAGE) * PAGE, PAGE)
}

function overwrite(from: number, length: number): () => void {
  const before = readFileSync(file).subarray(from, from + length)
  write(Buffer.alloc(length, 0xa5), from)
  return () => write(before, from)
}

function write(bytes: Buffer, at: number): void {
  const handle = openSync(file, 'r+')
  writeSync(handle, bytes, 0, bytes.length, at)
  closeSync(handle)
}

async function unreadable(): Promise<string[]> {
  const names: string[] = []
  for (const { id, subject } of await listAll(posthorn)) {
    const reply = await call(posthorn, `/api/v1/inboxes/1/messages/${id}/body.eml`)
    await reply.arrayBuffer()
    if (reply.status !== 200) names.push(`${subject}: ${reply.status}`)
  }
  return names
}

it.each(['while it runs', 'while it is stopped'])('a damaged page costs one message, %s', async when => {
  receipts = new Receipts()
  for (const part of ['a', 'b', 'c']) expect(await send(`${when} ${part}`)).toMatch(/^250/)
  const running = when === 'while it runs'
  if (running) await settled()
  else await posthorn.kill('SIGTERM')
  const mend = damageMessage(`${when} b`)
  if (!running) await posthorn.restart()

  expect(await unreadable()).toEqual([`${when} b: 503`])
  const [line] = logged(posthorn, 'A request could not be served').slice(-1)
  expect(line?.reason).toMatch(/damaged|malformed/)
  expect(await send(`${when} d`)).toMatch(/^250/)
  expect(await receipts.missing(posthorn).catch(() => 'all but b')).toBe('all but b')
  mend()
  expect(await receipts.missing(posthorn)).toEqual([])
})

it('bytes that changed on the disk are not given out as what was received', async () => {
  receipts = new Receipts()
  expect(await send('one bit')).toMatch(/^250/)
  await settled()
  emptyLog()
  const at = readFileSync(file).indexOf(noisyMail('one bit', SIZE).subarray(SIZE / 2, SIZE / 2 + 32))
  const was = readFileSync(file).subarray(at, at + 1)
  write(Buffer.from([(was[0] ?? 0) ^ 1]), at)
  expect(await unreadable()).toEqual(['one bit: 503'])
  write(was, at)
  expect(await receipts.missing(posthorn)).toEqual([])
})

it('refuses mail while the file cannot be read at all, is not ready, and goes on when it is mended', async () => {
  receipts = new Receipts()
  expect(await send('before')).toMatch(/^250/)
  await settled()
  emptyLog()
  const mend = overwrite(0, PAGE)
  const other = new Database(file)
  expect(() => other.pragma('user_version')).toThrow()
  other.close()
  expect(await send('meanwhile')).toMatch(/^451 4\.3\.0 /)
  expect((await readiness(posthorn)).status).toBe(503)
  expect(logged(posthorn, 'mail is refused for now')).toHaveLength(1)
  mend()
  expect(await send('after')).toMatch(/^250/)
  expect((await readiness(posthorn)).status).toBe(200)
  expect(await receipts.missing(posthorn)).toEqual([])
  await posthorn.kill('SIGKILL')
  await posthorn.restart()
  expect(await receipts.missing(posthorn)).toEqual([])
})

it('does not start on a file whose tables are damaged, and says so in one line', async () => {
  await posthorn.kill('SIGTERM')
  const mend = overwrite(PAGE, 20 * PAGE)
  const { code, said } = await refusedStart({ POSTHORN_DATA_DIR: posthorn.dataDir })
  mend()
  expect(code).toBe(1)
  expect(said).toMatch(/^posthorn: the database: .*malformed\n$/)
  await posthorn.restart()
  expect(await receipts.missing(posthorn)).toEqual([])
})
