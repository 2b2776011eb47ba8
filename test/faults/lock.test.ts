import Database from 'better-sqlite3'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { noisyMail } from '../sample-mail.ts'
import { logged, readiness, Receipts } from '../mailbox.ts'
import { type Posthorn, startPosthorn } from '../posthorn.ts'
import { SmtpSender } from '../smtp-sender.ts'
import { refusedStart } from './refused-start.ts'

let posthorn: Posthorn
const receipts = new Receipts()
beforeAll(async () => {
  posthorn = await startPosthorn()
})
afterAll(() => posthorn?.stop())

/** Another program that holds the database file for itself. */
function locked(): { release(): void } {
  const other = new Database(join(posthorn.dataDir, 'posthorn.db'))
  other.exec('begin exclusive')
  return { release: () => other.close() }
}

async function send(sender: SmtpSender, name: string): Promise<string> {
  const bytes = noisyMail(name, 1_000)
  return receipts.note(name, bytes, await sender.sendOne(bytes))
}

it('refuses mail for now while another program holds the file, and takes it when that lets go', {
  timeout: 60_000,
}, async () => {
  const sender = await SmtpSender.connected(posthorn.smtpPort)
  expect(await send(sender, 'before')).toMatch(/^250/)
  const lock = locked()
  expect(await send(sender, 'meanwhile')).toBe('451 4.3.0 Error: storage is unavailable, try again later')
  expect((await readiness(posthorn)).status).toBe(503)
  expect(await receipts.missing(posthorn)).toEqual([])
  lock.release()
  expect(await send(sender, 'after')).toMatch(/^250/)
  expect((await readiness(posthorn)).status).toBe(200)
  expect(await receipts.missing(posthorn)).toEqual([])
  expect(logged(posthorn, 'mail is refused for now')).toMatchObject([{ reason: 'database is locked' }])
})

it('does not start on a file that stays locked, and says so in one line', { timeout: 60_000 }, async () => {
  await posthorn.kill('SIGTERM')
  const lock = locked()
  const { code, said } = await refusedStart({ POSTHORN_DATA_DIR: posthorn.dataDir })
  lock.release()
  expect(code).toBe(1)
  expect(said).toMatch(/^posthorn: the database: .*database is locked\n$/)
  await posthorn.restart()
  expect(await receipts.missing(posthorn)).toEqual([])
})
