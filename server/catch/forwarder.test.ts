import { afterAll, beforeAll, expect, it } from 'vitest'
import { eachEngine } from '../../test/engines.ts'
import { type SandboxApi, startSandboxApi } from '../../test/sandbox-api.ts'
import { createLog } from '../log.ts'
import { Forwarder } from './forwarder.ts'
import { createRule } from './forward-rules.ts'
import { confirmTarget, ensureTarget } from './forward-targets.ts'
import type { WayOut } from './way-out.ts'

eachEngine('the forwarder', engine => {
  let api: SandboxApi
  const lines: string[] = []
  const log = createLog({ level: 'warn', human: false, write: line => lines.push(line) })
  const wayOut: WayOut = {
    configured: true,
    domain: 'forward.test',
    name: 'Posthorn Forward',
    wake: () => {},
    systemMail: async () => true,
    txt: async () => [],
  }
  const letter = (to: string) => `To: ${to}\r\n\r\nhello\r\n`
  const start = (copiesPerHour?: number): Forwarder =>
    new Forwarder({ storage: api.storage, wayOut, log, ...(copiesPerHour && { copiesPerHour }) })
  const copies = () => api.storage.read.selectFrom('outgoing').select('forward_path').orderBy('id').execute()

  beforeAll(async () => {
    // Its own forwarder has no relay; those of these tests stand in for other nodes.
    api = await startSandboxApi(engine)
    const { workspaceId, storage, inbox } = api
    await confirmTarget(storage.write, await ensureTarget(storage.write, workspaceId, 'domain', 'x.test'))
    await createRule(storage.write, workspaceId, inbox.id, {
      forward_type: 'domain',
      forward_value: 'x.test',
    })
  })
  afterAll(() => api.close())

  async function keepUnasked(count: number): Promise<void> {
    for (let i = 0; i < count; i++)
      await api.storage.perform(
        'keep',
        {
          inboxIds: [api.inbox.id],
          arrival: {
            source: 'import',
            mail_from: '',
            rcpt_to: [],
            client_ip: '',
            helo: '',
            tls: null,
            login: null,
          },
          receivedAt: Date.now(),
        },
        Buffer.from(letter(`n${i}@x.test`)),
      )
  }

  it('asks about all that was kept while nobody looked, once, also where several look at the same time', async () => {
    await keepUnasked(120)
    const nodes = [start(), start(), start()]
    await expect.poll(copies).toHaveLength(120)
    for (const node of nodes) await node.close()
    expect(new Set((await copies()).map(copy => copy.forward_path)).size).toBe(120)
    const inbox = await api.storage.read
      .selectFrom('inboxes')
      .select('forwarded_messages_count')
      .executeTakeFirst()
    expect(inbox?.forwarded_messages_count).toBe(120)
  })

  it('holds an inbox that forwards too much, and goes on with it later', async () => {
    await keepUnasked(3)
    const held = start(120)
    await expect.poll(() => lines.join('')).toMatch(/forwards too much; the rest waits/)
    await held.close()
    expect(await copies()).toHaveLength(120)
    await api.storage.write.updateTable('outgoing').set({ created_at: 0 }).execute()
    const later = start(120)
    await expect.poll(copies).toHaveLength(123)
    await later.close()
  })
})
