import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { eachEngine } from '../../test/engines.ts'
import { type FakeRelay, type FakeRelayOptions, startFakeRelay } from '../../test/fake-relay.ts'
import { createLog } from '../log.ts'
import { openStorage, type Storage } from '../storage/database.ts'
import { parseLocation } from '../storage/location.ts'
import {
  claimDue,
  countQueued,
  enqueue,
  historyOf,
  type NewOutgoing,
  retry,
  settle,
  sweep,
} from './outgoing.ts'
import { Relay } from './relay.ts'
import { relayServer } from './relay-url.ts'

const MINUTE = 60_000
const DAY = 1440 * MINUTE
const INBOX = 7

eachEngine('the queue of outgoing mail', engine => {
  let storage: Storage
  const lines: string[] = []
  const log = createLog({ level: 'warn', human: false, write: line => lines.push(line) })

  beforeAll(async () => {
    storage = await openStorage(
      parseLocation(await engine.freshUrl()),
      new URL('../catch/keep.ts', import.meta.url),
      error => lines.push(String(error)),
    )
  })
  afterAll(() => storage.close())

  const put = async (name: string, now?: number): Promise<number> => {
    const mail: NewOutgoing = {
      kind: 'forward',
      workspaceId: 1,
      inboxId: INBOX,
      messageId: 1,
      reversePath: 'us@example.com',
      forwardPath: `${name}@example.com`,
      subject: name,
      bytes: Buffer.from(`Subject: ${name}\r\n\r\n.\r\nbody\xff\r\n`, 'latin1'),
    }
    await enqueue(storage.write, [mail], now)
    return (await historyOf(storage.read, INBOX, { limit: 1 }))[0]?.id ?? 0
  }
  const entry = async (id: number) => (await historyOf(storage.read, INBOX, { before: id + 1, limit: 1 }))[0]
  const fakeRelay = async (options: FakeRelayOptions = {}): Promise<FakeRelay> => {
    const relay = await startFakeRelay(options)
    onTestFinished(() => relay.close())
    return relay
  }
  const start = (url: string): Relay => {
    const server = relayServer(url)
    const relay = new Relay({ storage, server, heloName: 'posthorn.test', log, ended: () => {} })
    onTestFinished(() => relay.close(0))
    return relay
  }
  const at = ({ port }: FakeRelay, query = '') => `smtp://relay:secret@localhost:${port}${query}`
  const over = () => expect.poll(() => countQueued(storage.read), { timeout: 10_000 }).toBe(0)

  it('goes out once each, however many nodes send, byte for byte, a few at a time', async () => {
    const outside = await fakeRelay()
    const names = Array.from({ length: 60 }, (_, i) => `n${i}`)
    for (const name of names) await put(name)
    start(at(outside))
    start(at(outside))
    await over()
    expect(outside.mail.map(mail => mail.to[0]).toSorted()).toEqual(
      names.map(name => `${name}@example.com`).toSorted(),
    )
    expect(outside.mail[0]?.bytes.toString('latin1')).toMatch(/^Subject: n\d+\r\n\r\n\.\r\nbody\xff\r\n$/)
    expect(outside.most).toBeLessThanOrEqual(10)
    expect((await historyOf(storage.read, INBOX, { limit: 1 }))[0]).toMatchObject({
      status: 'sent',
      attempts: 1,
      reply: '250 taken',
      has_bytes: 0,
    })
  })

  it('waits for a relay that is away, wants another login, or cannot prove who it is', async () => {
    const outside = await fakeRelay()
    const wrongs: [string, RegExp][] = [
      ['smtp://localhost:1', /ECONNREFUSED/],
      [at(outside).replace('secret', 'wrong'), /^AUTH: 535/],
      [at(outside, '?starttls=required'), /^STARTTLS: self-signed/],
      [at(await fakeRelay({ plain: true }), '?starttls=required'), /^STARTTLS: 50\d/],
      [at(await fakeRelay({ secure: true })).replace('smtp:', 'smtps:'), /^connect: self-signed/],
    ]
    for (const [url, says] of wrongs) {
      const id = await put('waits')
      const relay = start(url)
      await expect
        .poll(() => entry(id))
        .toMatchObject({ status: 'queued', reply: expect.stringMatching(says) })
      const waiting = await entry(id)
      expect((waiting?.next_at ?? 0) - (waiting?.updated_at ?? 0)).toBeLessThanOrEqual(36_000)
      await relay.close(0)
      await storage.write.deleteFrom('outgoing').where('id', '=', id).execute()
    }
    expect(outside.mail).toEqual([])
    expect(lines.join('')).toMatch(/the relay takes no mail now/)
    expect(lines.join('')).not.toMatch(/secret|wrong"/)
  })

  it('lets go of what a process held that was killed, and believes it no more', async () => {
    const outside = await fakeRelay()
    const id = await put('held')
    const [lost] = await claimDue(storage.write, 10, 300)
    expect(lost?.id).toBe(id)
    expect(await claimDue(storage.write, 10, 300)).toEqual([])
    start(at(outside))
    await over()
    if (lost) await settle(storage.write, lost, { status: 'failed', reply: 'too late' })
    expect(await entry(id)).toMatchObject({ status: 'sent', attempts: 2 })
  })

  it('is sent again when nobody knows whether it was taken', async () => {
    const outside = await fakeRelay({ dieAfterMessage: true })
    const id = await put('unknown')
    const relay = start(at(outside))
    await expect.poll(() => entry(id)).toMatchObject({ status: 'queued', leased_until: null, attempts: 1 })
    expect(outside.mail).toHaveLength(1)
    await relay.close(0)
    await storage.write.deleteFrom('outgoing').where('id', '=', id).execute()
  })

  it('is left for the next start when the server stops while it is on its way', async () => {
    const slow = await fakeRelay({ tarpit: true })
    const id = await put('stopped')
    const relay = start(at(slow))
    await expect.poll(() => slow.open).toBe(1)
    await relay.close(0.05)
    expect(await entry(id)).toMatchObject({ status: 'queued', reply: 'the server was stopped meanwhile' })
    start(at(await fakeRelay()))
    await over()
    expect(await entry(id)).toMatchObject({ status: 'sent' })
  })

  it('has failed after two days, is kept for a retry by hand for three more, and is forgotten after fourteen', async () => {
    const now = Date.now()
    const id = await put('old', now - 2 * DAY - MINUTE)
    const [mail] = await claimDue(storage.write, 1, MINUTE, now)
    expect(mail?.id).toBe(id)
    const outcome = { status: 'queued', reply: '451 later\0', retryInMs: MINUTE } as const
    expect(mail && (await settle(storage.write, mail, outcome, now))).toBe('failed')
    expect(await entry(id)).toMatchObject({ status: 'failed', reply: '451 later', has_bytes: 1 })
    expect(await retry(storage.write, INBOX + 1, id)).toBeUndefined()
    expect(await retry(storage.write, INBOX, id, now)).toMatchObject({ status: 'queued', attempts: 0 })
    const [again] = await claimDue(storage.write, 1, MINUTE, now)
    if (again) await settle(storage.write, again, { status: 'failed', reply: '550 no' }, now)
    await sweep(storage.write, now + 3 * DAY + 1)
    expect(await entry(id)).toMatchObject({ has_bytes: 0 })
    expect(await retry(storage.write, INBOX, id)).toBeUndefined()
    await sweep(storage.write, now + 14 * DAY + 1)
    expect((await entry(id))?.id).not.toBe(id)
  })
})
