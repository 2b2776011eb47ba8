import { afterAll, beforeAll, expect, it } from 'vitest'
import { eachEngine } from '../../../test/engines.ts'
import { createWorkspace } from '../../accounts/workspaces.ts'
import { createLog } from '../../log.ts'
import { insertRows } from '../../storage/bulk.ts'
import { openStorage, type Storage } from '../../storage/database.ts'
import { StorageFault } from '../../storage/faults.ts'
import { parseLocation } from '../../storage/location.ts'
import { createAudienceJobRunner } from './audience-job-runner.ts'
import { type AudienceJob, cancelJob, createJob, jobById, selectionOf } from './audience-jobs.ts'
import type { BulkAction } from './bulk-actions.ts'
import { createField } from './custom-fields.ts'
import type { SubscriberFilter } from './subscriber-filter.ts'
import { audienceCounts, createSubscriber, subscriberRow } from './subscribers.ts'
import { createTag, type Tag } from './tags.ts'

const MANY = 2_600
const NOBODY = { userId: null }

eachEngine('jobs on an audience', engine => {
  let storage: Storage
  let ours: number
  let theirs: number
  let tag: Tag
  const log = createLog({ level: 'silent', human: false, write: () => {} })

  beforeAll(async () => {
    storage = await openStorage(
      parseLocation(await engine.freshUrl()),
      new URL('data:text/javascript,export const operations = {}'),
      error => {
        throw error
      },
    )
    ours = (await createWorkspace(storage.write, 'Ours')).id
    theirs = (await createWorkspace(storage.write, 'Theirs')).id
    tag = await createTag(storage.write, ours, 'chosen')
    await createField(storage.write, ours, { label: 'Age', kind: 'number' })
    const row = (workspaceId: number, at: number) =>
      subscriberRow(
        workspaceId,
        {
          email: `p${at}@example.com`,
          source: 'import',
          fields: { age: at },
          ...(at % 5 === 0 && { status: 'unsubscribed', status_reason: REASONS[at % 3] ?? null }),
        },
        1_000,
      )
    await storage.write.transaction().execute(async trx => {
      await insertRows(
        trx,
        'subscribers',
        Array.from({ length: MANY }, (_, at) => row(ours, at)),
      )
      await insertRows(
        trx,
        'subscribers',
        Array.from({ length: 10 }, (_, at) => row(theirs, at)),
      )
    })
  })
  afterAll(() => storage.close())

  const REASONS = ['by_admin', 'by_subscriber', null] as const

  async function begin(
    asked: { ids: number[] } | SubscriberFilter,
    action: BulkAction,
  ): Promise<AudienceJob> {
    return createJob(storage.write, ours, await selectionOf(storage, ours, asked), action, NOBODY)
  }

  async function run(
    job: AudienceJob,
    at: Pick<Storage, 'read' | 'survey' | 'write'> = storage,
  ): Promise<AudienceJob> {
    const runner = createAudienceJobRunner(at, log)
    runner.start()
    await runner.begin(job)
    await expect
      .poll(async () => (await jobById(storage.read, ours, job.id)).status, { timeout: 30_000 })
      .not.toBe('running')
    await runner.close()
    return jobById(storage.read, ours, job.id)
  }

  /** The storage of a process that dies in the middle of the nth transaction after this. */
  function dyingIn(transactions: number): Pick<Storage, 'read' | 'survey' | 'write'> {
    let left = transactions
    const transaction = () => {
      const builder = storage.write.transaction()
      const execute = builder.execute.bind(builder)
      builder.execute = work =>
        execute(async trx => {
          const result = await work(trx)
          if (--left === 0) throw new StorageFault('unreachable', 'the process died', 'TEST')
          return result
        })
      return builder
    }
    const write = new Proxy(storage.write, {
      get(db, name) {
        const member: unknown = Reflect.get(db, name, db)
        if (name === 'transaction') return transaction
        return typeof member === 'function' ? member.bind(db) : member
      },
    })
    return { read: storage.read, survey: storage.survey, write }
  }

  const count = async (
    table: 'subscribers' | 'subscriber_tags' | 'subscriber_events',
    workspaceId = ours,
  ) => {
    const { n } = await storage.read
      .selectFrom(table)
      .select(({ fn }) => fn.countAll<number>().as('n'))
      .$if(table === 'subscribers', query => query.where('workspace_id' as never, '=', workspaceId as never))
      .executeTakeFirstOrThrow()
    return Number(n)
  }

  it('go on exactly where they were when a process dies, and leave alone who came later', async () => {
    const job = await begin({ search: 'example' }, { kind: 'tag', tag_ids: [tag.id] })
    expect(job.total_count).toBe(MANY)
    const late = await createSubscriber(storage.write, ours, { email: 'late@example.com', source: 'api' })

    const dying = createAudienceJobRunner(dyingIn(3), log)
    dying.start()
    await expect
      .poll(async () => (await jobById(storage.read, ours, job.id)).done_count, { timeout: 30_000 })
      .toBe(1_024)
    await dying.close()
    // Nobody else touches it until the lease has run out.
    const early = createAudienceJobRunner(storage, log)
    early.start()
    await early.close()
    const { status, done_count, leased_until } = await jobById(storage.read, ours, job.id)
    expect([status, done_count]).toEqual(['running', 1_024])
    expect(leased_until).toBeGreaterThan(0)
    await storage.write
      .updateTable('audience_jobs')
      .set({ leased_until: 1 })
      .where('id', '=', job.id)
      .execute()

    // Two at once, as two processes would.
    const other = createAudienceJobRunner(storage, log)
    other.start()
    const ended = await run(job)
    await other.close()
    expect(ended).toMatchObject({ status: 'done', done_count: MANY, error: null })
    expect(await count('subscriber_tags')).toBe(MANY)
    expect(await count('subscriber_events')).toBe(MANY)
    const doubled = await storage.read
      .selectFrom('subscriber_events')
      .select('subscriber_id')
      .groupBy('subscriber_id')
      .having(({ fn }) => fn.countAll(), '>', 1)
      .execute()
    expect(doubled).toEqual([])
    const { subscribers_count } = await storage.read
      .selectFrom('tags')
      .selectAll()
      .where('id', '=', tag.id)
      .executeTakeFirstOrThrow()
    expect(subscribers_count).toBe(MANY)
    await storage.write.deleteFrom('subscribers').where('id', '=', late.id).execute()
  })

  it('meet everybody once though the filter finds them no more when they are done with', async () => {
    const untag = await run(await begin({ tag_id: tag.id }, { kind: 'untag', tag_ids: [tag.id] }))
    expect(untag).toMatchObject({ status: 'done', done_count: MANY })
    expect(await count('subscriber_tags')).toBe(0)

    const subscribed = (await audienceCounts(storage.read, ours)).subscribed
    const unsubscribe = await run(await begin({ status: 'subscribed' }, { kind: 'unsubscribe' }))
    expect(unsubscribe).toMatchObject({ status: 'done', done_count: subscribed, total_count: subscribed })
    expect(await audienceCounts(storage.read, ours)).toMatchObject({ subscribed: 0, unsubscribed: MANY })

    // Only those whom an admin unsubscribed, now or before.
    const chosen = MANY / 5 - Math.ceil(MANY / 15)
    await run(await begin({}, { kind: 'resubscribe', even_by_subscriber: false }))
    expect(await audienceCounts(storage.read, ours)).toMatchObject({ unsubscribed: chosen })
    await run(await begin({}, { kind: 'resubscribe', even_by_subscriber: true }))
    expect(await audienceCounts(storage.read, ours)).toMatchObject({ subscribed: MANY, unsubscribed: 0 })
    const reasons = await storage.read
      .selectFrom('subscribers')
      .select('status_reason')
      .distinct()
      .where('workspace_id', '=', ours)
      .execute()
    expect(reasons).toEqual([{ status_reason: null }])
  })

  it('stop when they are cancelled, and pass over ids of others and of nobody', async () => {
    const cancelled = await begin({}, { kind: 'tag', tag_ids: [tag.id] })
    await cancelJob(storage.write, cancelled)
    expect(await run(cancelled)).toMatchObject({ status: 'cancelled', done_count: 0 })
    expect(await count('subscriber_tags')).toBe(0)

    const foreign = await storage.read
      .selectFrom('subscribers')
      .select('id')
      .where('workspace_id', '=', theirs)
      .execute()
    const mine = await storage.read
      .selectFrom('subscribers')
      .select('id')
      .where('workspace_id', '=', ours)
      .orderBy('id')
      .limit(3)
      .execute()
    const ids = [...foreign, ...mine, ...mine].map(({ id }) => id)
    const few = await run(await begin({ ids: [...ids, 999_999] }, { kind: 'tag', tag_ids: [tag.id] }))
    expect(few).toMatchObject({ status: 'done', done_count: 14 })
    expect(await count('subscriber_tags')).toBe(3)
    await expect(jobById(storage.read, theirs, few.id)).rejects.toThrow(
      expect.objectContaining({ kind: 'absent' }),
    )
  })

  it('take the values of a deleted field away, and its key is free then', async () => {
    const job = await begin({}, { kind: 'delete_field', key: 'age' })
    await storage.write.deleteFrom('custom_fields').where('workspace_id', '=', ours).execute()
    const again = { label: 'Age', key: 'age', kind: 'date' } as const
    await expect(createField(storage.write, ours, again)).rejects.toThrow(
      expect.objectContaining({ fields: { key: ['has already been taken'] } }),
    )
    expect(await run(job)).toMatchObject({ status: 'done', done_count: MANY })
    const kept = await storage.read
      .selectFrom('subscribers')
      .select(['workspace_id', 'fields'])
      .distinct()
      .where('workspace_id', '=', ours)
      .execute()
    expect(kept).toEqual([{ workspace_id: ours, fields: '{}' }])
    expect((await createField(storage.write, ours, again)).kind).toBe('date')
  })

  it('delete with everything that hangs on a person, and end when what they ask for is gone', async () => {
    const gone = await begin({ tag_id: tag.id }, { kind: 'delete' })
    const odd = await createTag(storage.write, ours, 'odd')
    const lost = await begin({ tag_id: odd.id }, { kind: 'delete' })
    await storage.write.deleteFrom('tags').where('id', '=', odd.id).execute()
    expect(await run(gone)).toMatchObject({ status: 'done', done_count: 3 })
    // Nobody has it, so there is nobody to look for.
    expect((await run(lost)).status).toMatch(/done|failed/)
    const all = await run(await begin({}, { kind: 'delete' }))
    expect(all).toMatchObject({ status: 'done', done_count: MANY - 3 })
    expect(await count('subscribers')).toBe(0)
    expect(await count('subscriber_tags')).toBe(0)
    expect(await count('subscriber_events')).toBe(0)
    expect(await count('subscribers', theirs)).toBe(10)
    expect(await audienceCounts(storage.read, ours)).toEqual({
      subscribed: 0,
      unsubscribed: 0,
      pending: 0,
      bounced: 0,
      complained: 0,
    })
  })
})
