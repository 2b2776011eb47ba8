import { afterAll, beforeAll, expect, it } from 'vitest'
import { eachEngine } from '../../test/engines.ts'
import { openSandbox, type Sandbox } from '../../test/sandbox.ts'
import { changeInbox, findInbox } from './inboxes.ts'
import { listMessages, markMessages } from './messages.ts'
import { cleanInbox, deleteInbox, deleteProject } from './removal.ts'
import { createRetention, type Retention } from './retention.ts'

const DAY = 86_400_000
const NOW = Date.UTC(2026, 10, 21)

eachEngine('what an inbox may no longer hold', engine => {
  let sandbox: Sandbox
  let retention: Retention
  let changes = 0
  beforeAll(async () => {
    sandbox = await openSandbox(engine)
    retention = createRetention({
      storage: sandbox.storage,
      changed: () => void changes++,
      onError: error => {
        throw error
      },
      now: () => NOW,
    })
  })
  afterAll(async () => {
    await retention.close()
    await sandbox.storage.close()
  })

  const arrival = { source: 'smtp', mail_from: '', rcpt_to: [], client_ip: '', helo: '', tls: null } as const
  const arrive = (inboxId: number, daysAgo: number, count = 1) =>
    Promise.all(
      Array.from({ length: count }, () =>
        sandbox.ingest(
          {
            inboxIds: [inboxId],
            arrival: { ...arrival, rcpt_to: [], login: null },
            receivedAt: NOW - daysAgo * DAY,
          },
          Buffer.from(`Subject: ${daysAgo} days\r\n\r\n`),
        ),
      ),
    )
  const subjects = async (inboxId: number) =>
    (await listMessages(sandbox.storage.read, inboxId, { limit: 50 })).map(message => message.subject)

  it('goes by age, more than a portion of it, and nothing younger or elsewhere', async () => {
    const [aged, other] = [await sandbox.newInbox(), await sandbox.newInbox()]
    await changeInbox(sandbox.storage.write, aged.id, { retention_days: 7 })
    await arrive(other.id, 30)
    // It came while the clock was ahead.
    await arrive(aged.id, -3)
    await arrive(aged.id, 8, 1_100)
    await arrive(aged.id, 6, 2)
    await arrive(aged.id, 0)
    expect(await retention.sweep()).toBe(1_100)
    expect(changes).toBe(1)
    expect(await subjects(aged.id)).toEqual(['0 days', '6 days', '6 days', '-3 days'])
    expect(await subjects(other.id)).toEqual(['30 days'])
    expect(await findInbox(sandbox.storage.read, aged.id)).toMatchObject({
      emails_count: 4,
      emails_unread_count: 4,
    })
    expect(await retention.sweep()).toBe(0)
    expect(changes).toBe(1)
  })

  it('goes by number, where a limit was lowered and nobody has deleted since', async () => {
    const inbox = await sandbox.newInbox()
    await arrive(inbox.id, 2, 1_300)
    await changeInbox(sandbox.storage.write, inbox.id, { max_size: 3 })
    // New mail does not wait for all of it to go.
    await arrive(inbox.id, 1)
    expect((await findInbox(sandbox.storage.read, inbox.id))?.emails_count).toBe(801)
    expect(await retention.sweep()).toBe(798)
    expect(await subjects(inbox.id)).toEqual(['1 days', '2 days', '2 days'])
  })

  it('is deleted and marked while mail comes in, without a word lost or anybody locked out', async () => {
    const inbox = await sandbox.newInbox(40)
    const flood = async (until: () => boolean) => {
      let kept = 0
      while (!until()) {
        const batch = await Promise.all(Array.from({ length: 20 }, () => arrive(inbox.id, 0)))
        kept += batch.flat().filter(each => each.messages.length > 0).length
      }
      return kept
    }
    let rounds = 0
    const mail = [flood(() => rounds >= 8), flood(() => rounds >= 8)]
    for (; rounds < 8; rounds++) {
      await markMessages(sandbox.storage.write, inbox.id, 'all', rounds % 2 === 0)
      await cleanInbox(sandbox.storage.write, inbox.id)
    }
    for (const kept of await Promise.all(mail)) expect(kept).toBeGreaterThan(0)
    const state = await findInbox(sandbox.storage.read, inbox.id)
    expect(await subjects(inbox.id)).toHaveLength(state?.emails_count ?? -1)

    let gone = false
    const more = flood(() => gone)
    await deleteInbox(sandbox.storage.write, inbox.id)
    gone = true
    await more
    expect(await findInbox(sandbox.storage.read, inbox.id)).toBeUndefined()
    expect(await subjects(inbox.id)).toEqual([])

    gone = false
    const others = await Promise.all([sandbox.newInbox(), sandbox.newInbox()])
    const rest = flood(() => gone)
    await deleteProject(sandbox.storage.write, sandbox.projectId)
    gone = true
    await rest
    for (const { id } of others) expect(await subjects(id)).toEqual([])
    expect(await sandbox.storage.read.selectFrom('inboxes').select('id').execute()).toEqual([])
    expect(await sandbox.storage.read.selectFrom('projects').select('id').execute()).toEqual([])
  })
})
