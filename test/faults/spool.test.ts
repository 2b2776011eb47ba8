import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { noisyMail } from '../sample-mail.ts'
import { logged, Receipts } from '../mailbox.ts'
import { type Posthorn, startPosthorn } from '../posthorn.ts'
import { SmtpSender } from '../smtp-sender.ts'

const SMALL = 1_000
const SPILLED = 300_000

let posthorn: Posthorn
let spool: string
beforeAll(async () => {
  posthorn = await startPosthorn()
  spool = join(posthorn.dataDir, 'spool')
})
afterAll(() => posthorn?.stop())

it('refuses for now what does not fit into memory while the spool cannot be written, and takes the rest', async () => {
  const receipts = new Receipts()
  const sender = await SmtpSender.connected(posthorn.smtpPort)
  const send = async (name: string, size: number, way: 'in turn' | 'BDAT' = 'in turn') => {
    const bytes = noisyMail(name, size)
    return receipts.note(name, bytes, await sender.sendOne(bytes, way))
  }
  expect(await send('before', SPILLED)).toMatch(/^250/)

  rmSync(spool, { recursive: true })
  expect(await send('gone', SPILLED)).toBe('452 4.3.1 Insufficient system storage')
  expect(await send('gone, in chunks', SPILLED, 'BDAT')).toBe('452 4.3.1 Insufficient system storage')
  expect(await send('small while gone', SMALL)).toMatch(/^250/)

  writeFileSync(spool, '')
  expect(await send('a file', SPILLED)).toBe('452 4.3.1 Insufficient system storage')
  expect(await send('small beside a file', SMALL)).toMatch(/^250/)
  rmSync(spool)

  mkdirSync(spool)
  expect(await send('after', SPILLED)).toMatch(/^250/)
  expect(await receipts.missing(posthorn)).toEqual([])
  const said = logged(posthorn, 'mail is refused for now')
  expect(said.map(line => line.code)).toEqual(['ENOENT', 'ENOTDIR'])
  for (const { reason } of said) expect(reason).toContain(spool)
})
