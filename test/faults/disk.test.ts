import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { call, logged, readiness, Receipts } from '../mailbox.ts'
import { type Posthorn, startPosthorn } from '../posthorn.ts'
import { noisyMail } from '../sample-mail.ts'
import { SmtpSender } from '../smtp-sender.ts'
import { refusedStart } from './refused-start.ts'
import { smallDisk } from './small-disk.ts'

const NO_LIMIT = { POSTHORN_API_RATE_LIMIT: '0' }
const MESSAGE = 100_000
const SPILLED = 300_000

const disk = await smallDisk()
if (!disk) console.warn('NOT TESTED: nothing can be mounted here, so no disk can be filled')

describe.runIf(disk)('a full disk', () => {
  let posthorn: Posthorn
  const receipts = new Receipts()
  beforeAll(async () => {
    posthorn = await startPosthorn({
      dataDir: disk?.folder ?? '',
      within: disk?.within ?? [],
      env: NO_LIMIT,
    })
  })
  afterAll(async () => {
    await posthorn?.stop()
    disk?.remove()
  })

  /** What the log holds is in its place by now, perhaps, and the log has room that is used again. */
  let keptInTheLog = 0
  async function sendUntilRefused(sender: SmtpSender, name: string): Promise<void> {
    let reply = ''
    for (let i = 0; i < 50 && !reply.startsWith('452'); i++) {
      reply = await send(sender, receipts, `${name} ${i}`, MESSAGE)
      if (reply.startsWith('250')) keptInTheLog++
    }
    expect(reply).toMatch(/^452/)
  }

  it('refuses mail for now, says so once, is not ready, and serves what it has', async () => {
    const sender = await SmtpSender.connected(posthorn.smtpPort)
    expect(await send(sender, receipts, 'before', MESSAGE)).toMatch(/^250/)
    disk?.fill()
    await sendUntilRefused(sender, 'last')
    for (let i = 0; i < 5; i++)
      for (const size of [MESSAGE, SPILLED])
        expect(await send(sender, receipts, `full ${i} ${size}`, size)).toBe(
          '452 4.3.1 Insufficient system storage',
        )
    expect(await readiness(posthorn)).toMatchObject({ status: 503, checks: { disk: expect.any(String) } })
    expect(await receipts.missing(posthorn)).toEqual([])
    const codes = logged(posthorn, 'mail is refused for now').map(line => line.code)
    expect(codes.toSorted()).toEqual(['ENOSPC', 'SQLITE_FULL'])
  })

  it('takes mail again once there is room, without being started again', async () => {
    disk?.free()
    const sender = await SmtpSender.connected(posthorn.smtpPort)
    for (const size of [MESSAGE, SPILLED])
      expect(await send(sender, receipts, `room again ${size}`, size)).toMatch(/^250/)
    expect(await readiness(posthorn)).toMatchObject({ status: 200 })
  })

  it('has lost nothing when it is killed while the disk is full', async () => {
    disk?.fill()
    const sender = await SmtpSender.connected(posthorn.smtpPort)
    await sendUntilRefused(sender, 'full again')
    await posthorn.kill('SIGKILL')
    disk?.free()
    await posthorn.restart()
    expect(await receipts.missing(posthorn)).toEqual([])
    expect(receipts.count).toBe(3 + keptInTheLog)
  })
})

describe.runIf(disk)('a disk that is full at the first start', () => {
  it('is one line', async () => {
    const full = await smallDisk()
    full?.fill()
    const { code, said } = await refusedStart(
      { POSTHORN_DATA_DIR: join(full?.folder ?? '', 'new') },
      full?.within,
    )
    full?.remove()
    expect(code).toBe(1)
    expect(said).toMatch(/^posthorn: .*(full|ENOSPC).*\n$/)
  })
})

// As a quota does it: the system refuses to let the file grow (EFBIG), with room on the disk.
describe.runIf(hasPrlimit())('a file that may not grow', () => {
  let posthorn: Posthorn
  const receipts = new Receipts()
  beforeAll(async () => {
    posthorn = await startPosthorn({ env: NO_LIMIT })
  })
  afterAll(() => posthorn?.stop())

  it('refuses mail for now, is not ready, and takes mail again when it may grow', async () => {
    const sender = await SmtpSender.connected(posthorn.smtpPort)
    expect(await send(sender, receipts, 'before', MESSAGE)).toMatch(/^250/)
    limit(posthorn, 4096)
    for (let i = 0; i < 5; i++)
      expect(await send(sender, receipts, `limited ${i}`, MESSAGE)).toBe(
        '451 4.3.0 Error: storage is unavailable, try again later',
      )
    expect(await readiness(posthorn)).toMatchObject({ status: 503, checks: { storage: 'disk I/O error' } })
    expect(logged(posthorn, 'mail is refused for now')).toHaveLength(1)
    const change = await call(posthorn, '/api/v1/inboxes/1/all_read', { method: 'PATCH' })
    expect(change.status).toBe(503)
    expect(logged(posthorn, 'A request could not be served')).toMatchObject([{ reason: 'disk I/O error' }])
    limit(posthorn, 'unlimited')
    expect(await send(sender, receipts, 'after', MESSAGE)).toMatch(/^250/)
    expect(await readiness(posthorn)).toMatchObject({ status: 200 })
    expect(await receipts.missing(posthorn)).toEqual([])
    await posthorn.kill('SIGKILL')
    await posthorn.restart()
    expect(await receipts.missing(posthorn)).toEqual([])
  })
})

async function send(sender: SmtpSender, receipts: Receipts, name: string, size: number): Promise<string> {
  const bytes = noisyMail(name, size)
  return receipts.note(name, bytes, await sender.sendOne(bytes))
}

function limit(posthorn: Posthorn, bytes: number | 'unlimited'): void {
  execFileSync('prlimit', [`--pid=${posthorn.pid}`, `--fsize=${bytes}:unlimited`])
}

function hasPrlimit(): boolean {
  try {
    execFileSync('prlimit', ['--version'])
    return true
  } catch {
    console.warn('NOT TESTED: without prlimit no file can be kept from growing')
    return false
  }
}
