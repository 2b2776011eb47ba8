import { afterAll, beforeAll, expect, it } from 'vitest'
import { eachEngine } from '../../test/engines.ts'
import { openSandbox, type Sandbox } from '../../test/sandbox.ts'
import { attachmentsOf } from './attachments.ts'
import { findInbox } from './inboxes.ts'
import { findByHead, findByText, findMessage, listMessages, markMessages } from './messages.ts'
import { rawMessage } from './raw.ts'
import { settleSearch } from '../storage/search-index.ts'
import { cleanInbox, deleteInbox, deleteMessages } from './removal.ts'

const mail = (subject: string, text = 'Hello', to = 'Ann <ann@example.com>') =>
  `From: Shop <app@shop.test>\r\nTo: ${to}\r\nSubject: ${subject}\r\n\r\n${text}\r\n`

eachEngine('keeping messages', engine => {
  let sandbox: Sandbox
  beforeAll(async () => {
    sandbox = await openSandbox(engine)
  })
  afterAll(() => sandbox.storage.close())

  it('gives the bytes back exactly, small and large, compressible or not', async () => {
    const noise = Buffer.from(Array.from({ length: 20_000 }, (_, i) => (i * 7919 + (i >> 3)) & 255))
    for (const raw of [
      Buffer.alloc(0),
      Buffer.from('x'),
      Buffer.from(mail('a', 'b'.repeat(50_000))),
      noise,
    ]) {
      const id = await sandbox.keep(raw)
      expect((await rawMessage(sandbox.storage.read, id))?.equals(raw)).toBe(true)
    }
  })

  it('moves the counters with the messages', async () => {
    const inbox = await sandbox.newInbox()
    const state = async () => {
      const { emails_count, emails_unread_count } = (await findInbox(sandbox.storage.read, inbox.id)) ?? inbox
      return [emails_count, emails_unread_count]
    }
    const ids = await Promise.all([1, 2, 3, 4].map(n => sandbox.keep(mail(`n${n}`), inbox.id)))
    expect(await state()).toEqual([4, 4])
    await markMessages(sandbox.storage.write, inbox.id, ids.slice(0, 2), true)
    await markMessages(sandbox.storage.write, inbox.id, ids.slice(0, 1), true)
    expect(await state()).toEqual([4, 2])
    await deleteMessages(sandbox.storage.write, inbox.id, ids.slice(1, 3))
    expect(await state()).toEqual([2, 1])
    await markMessages(sandbox.storage.write, inbox.id, 'all', true)
    expect(await state()).toEqual([2, 0])
    await cleanInbox(sandbox.storage.write, inbox.id)
    expect(await state()).toEqual([0, 0])
    expect(await rawMessage(sandbox.storage.read, ids[3] ?? 0)).toBeUndefined()
    expect((await findInbox(sandbox.storage.read, inbox.id))?.sent_messages_count).toBe(4)
  })

  it('lets the oldest out first when the inbox is full', async () => {
    const inbox = await sandbox.newInbox(3)
    for (const n of [1, 2]) await sandbox.keep(mail(`n${n}`), inbox.id)
    await Promise.all([3, 4, 5].map(n => sandbox.keep(mail(`n${n}`), inbox.id)))
    const kept = await listMessages(sandbox.storage.read, inbox.id, { limit: 10 })
    expect(kept.map(message => message.subject)).toEqual(['n5', 'n4', 'n3'])
    expect((await findInbox(sandbox.storage.read, inbox.id))?.emails_count).toBe(3)
  })

  it('keeps nothing for an inbox that is gone, and says so', async () => {
    const inbox = await sandbox.newInbox()
    const id = await sandbox.keep(mail('x'), inbox.id)
    await deleteInbox(sandbox.storage.write, inbox.id)
    expect(await sandbox.keep(mail('y'), inbox.id)).toBe(0)
    expect(await rawMessage(sandbox.storage.read, id)).toBeUndefined()
  })

  it('puts one copy into each inbox named', async () => {
    const [one, two] = [await sandbox.newInbox(), await sandbox.newInbox()]
    const arrival = {
      source: 'api',
      mail_from: '',
      rcpt_to: [],
      client_ip: '',
      helo: '',
      tls: null,
      login: null,
    } as const
    const kept = await sandbox.ingest(
      { inboxIds: [one.id, two.id], arrival: { ...arrival, rcpt_to: [] }, receivedAt: Date.now() },
      Buffer.from(mail('both')),
    )
    expect(kept.messages.map(message => message.inboxId)).toEqual([one.id, two.id])
    for (const { id, inboxId } of kept.messages)
      expect((await findMessage(sandbox.storage.read, inboxId, id))?.subject).toBe('both')
  })

  it('pages newest first by key, forward and back, and skips by offset', async () => {
    const inbox = await sandbox.newInbox()
    const ids: number[] = []
    for (let n = 0; n < 12; n++) ids.push(await sandbox.keep(mail(`n${n}`), inbox.id))
    const page = async (options: object) =>
      (await listMessages(sandbox.storage.read, inbox.id, { limit: 5, ...options })).map(message =>
        ids.indexOf(message.id),
      )
    expect(await page({})).toEqual([11, 10, 9, 8, 7])
    expect(await page({ before: ids[7] })).toEqual([6, 5, 4, 3, 2])
    expect(await page({ offset: 10 })).toEqual([1, 0])
    expect(await page({ after: ids[9] })).toEqual([11, 10])
    await markMessages(sandbox.storage.write, inbox.id, ids.slice(1), true)
    expect(await page({ unread: true })).toEqual([0])
  })

  it('finds a substring of subject and recipients, in this inbox only', async () => {
    const [inbox, other] = [await sandbox.newInbox(), await sandbox.newInbox()]
    await sandbox.keep(mail('Your 100% order_42 is Ready', 'text', 'Zoë Müller <zoe@example.com>'), inbox.id)
    await sandbox.keep(mail('Your 100 orders 42'), inbox.id)
    await sandbox.keep(mail('Your 100% order_42 is Ready'), other.id)
    const found = async (text: string) =>
      (await findByHead(sandbox.storage.read, inbox.id, text, { limit: 10 })).map(message =>
        message.subject.slice(0, 10),
      )
    expect(await found('READY')).toEqual(['Your 100% '])
    expect(await found('100%')).toEqual(['Your 100% '])
    expect(await found('r_4')).toEqual(['Your 100% '])
    expect(await found('müll')).toEqual(['Your 100% '])
    expect(await found('zoe@')).toEqual(['Your 100% '])
    expect(await found('our 100')).toEqual(['Your 100 o', 'Your 100% '])
    expect(await found('"; drop')).toEqual([])
    const newest = await findByHead(sandbox.storage.read, inbox.id, 'your', { limit: 1 })
    const older = await findByHead(sandbox.storage.read, inbox.id, 'your', {
      limit: 9,
      before: newest[0]?.id,
    })
    expect(older.map(message => message.subject.slice(0, 10))).toEqual(['Your 100% '])
  })

  it.each(['no', 'note', 'words about note'])('finds what is unread alone, by "%s"', async text => {
    const inbox = await sandbox.newInbox()
    const ids: number[] = []
    const keep = async (n: number) => ids.push(await sandbox.keep(mail(`note ${n}`, 'words about'), inbox.id))
    for (const n of [0, 1, 2]) await keep(n)
    // Half of them in the index, half still waiting for it.
    await settleSearch(sandbox.storage.write, 100)
    for (const n of [3, 4, 5]) await keep(n)
    await markMessages(sandbox.storage.write, inbox.id, [ids[1] ?? 0, ids[4] ?? 0], true)
    const found = async (page: object) =>
      (await findByText(sandbox.storage.read, inbox.id, text, { unread: true, limit: 9, ...page })).map(
        ({ id }) => ids.indexOf(id),
      )
    expect(await found({})).toEqual([5, 3, 2, 0])
    expect(await found({ limit: 2 })).toEqual([5, 3])
    expect(await found({ before: ids[3] })).toEqual([2, 0])
    expect(await found({ after: ids[2] })).toEqual([5, 3])
    expect(await found({ unread: false, after: ids[3] })).toEqual([5, 4])
  })

  it('finds words of the text, the last one unfinished, and forgets what was deleted', async () => {
    const inbox = await sandbox.newInbox()
    const id = await sandbox.keep(mail('Receipt', 'Your café table is reserved for Tuesday'), inbox.id)
    await sandbox.keep(mail('Other', 'Nothing of the kind'), inbox.id)
    const found = async (text: string) =>
      (await findByText(sandbox.storage.read, inbox.id, text, { limit: 10 })).map(message => message.subject)
    expect(await found('cafe reserv')).toEqual(['Receipt'])
    expect(await found('CAFÉ')).toEqual(['Receipt'])
    expect(await found('ceip')).toEqual(['Receipt'])
    expect(await found('reserved for nobody')).toEqual([])
    await deleteMessages(sandbox.storage.write, inbox.id, [id])
    expect(await found('cafe')).toEqual([])
  })

  it('keeps the attachments of a message beside it', async () => {
    const raw =
      'From: a@b.test\r\nTo: c@d.test\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n' +
      '--x\r\nContent-Type: text/plain\r\n\r\nHi\r\n' +
      '--x\r\nContent-Type: text/csv; name=a.csv\r\nContent-Disposition: attachment; filename=a.csv\r\nContent-Transfer-Encoding: base64\r\n\r\nYSxi\r\n--x--\r\n'
    const id = await sandbox.keep(raw)
    expect(await attachmentsOf(sandbox.storage.read, id)).toMatchObject([
      {
        filename: 'a.csv',
        attachment_type: 'attachment',
        content_type: 'text/csv',
        transfer_encoding: 'base64',
        size: 3,
      },
    ])
  })

  it('keeps what is no mail at all: NUL bytes, lone surrogates, nothing', async () => {
    for (const raw of ['\0\0\0', 'Subject: a\0b =?utf-16?b?2AA=?=\r\n\r\n\0', '', '\r\n'.repeat(10)]) {
      const id = await sandbox.keep(raw, sandbox.inbox.id, { helo: 'nul\0 \ud800', mail_from: '\0' })
      expect((await rawMessage(sandbox.storage.read, id))?.toString()).toBe(raw)
    }
  })
})
