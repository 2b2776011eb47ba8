import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { eachEngine } from '../../test/engines.ts'
import { openStorage, type Storage } from './database.ts'
import { parseLocation } from './location.ts'

const operations = new URL('./writer.test-operations.ts', import.meta.url)

eachEngine('the writing thread', engine => {
  let storage: Storage
  const crashes: Error[] = []
  beforeAll(async () => {
    storage = await openStorage(parseLocation(await engine.freshUrl()), operations, error =>
      crashes.push(error),
    )
  })
  afterAll(() => storage.close())

  const value = async (key: string) =>
    (await storage.read.selectFrom('settings').select('value').where('key', '=', key).executeTakeFirst())
      ?.value

  it('commits what was asked before it answers', async () => {
    await storage.write.insertInto('settings').values({ key: 'a', value: '1' }).execute()
    expect(await value('a')).toBe('1')
  })

  it('gives the bytes of each job to that job, whatever came before it', async () => {
    const jobs = ['one', '', 'three', 'ünïcode'].map(text => storage.perform('echo', text, Buffer.from(text)))
    expect(await Promise.all(jobs)).toEqual(['one one', ' ', 'three three', 'ünïcode ünïcode'])
  })

  it('refuses one job of a batch and keeps the others', async () => {
    const names = ['b1', 'b2', 'b1', 'b3']
    const answers = await Promise.allSettled(names.map(name => storage.perform('put', name)))
    expect(answers.map(answer => answer.status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled'])
    expect((answers[2] as PromiseRejectedResult).reason).toMatchObject({ kind: 'duplicate' })
    expect(await Promise.all(['b1', 'b2', 'b3'].map(value))).toEqual(['put', 'put', 'put'])
  })

  it('says duplicate for a unique value that is taken, by a plain statement too', async () => {
    await storage.write.insertInto('settings').values({ key: 'c', value: '' }).execute()
    const again = storage.write.insertInto('settings').values({ key: 'c', value: '' }).execute()
    await expect(again).rejects.toMatchObject({ kind: 'duplicate' })
  })

  it('keeps a transaction apart from everybody else, and takes all of it back', async () => {
    const transaction = storage.write.transaction().execute(async trx => {
      await trx.insertInto('settings').values({ key: 'd', value: 'inside' }).execute()
      await new Promise(setImmediate)
      const inside = await trx.selectFrom('settings').select('value').where('key', '=', 'd').execute()
      expect(inside).toHaveLength(1)
      expect(await value('d')).toBeUndefined()
      throw new Error('changed my mind')
    })
    const beside = storage.perform('put', 'beside')
    await expect(transaction).rejects.toThrow('changed my mind')
    await beside
    expect(await value('d')).toBeUndefined()
    expect(await value('beside')).toBe('put')
  })

  it('runs two transactions one after the other', async () => {
    await storage.write.insertInto('settings').values({ key: 'n', value: '0' }).execute()
    const add = () =>
      storage.write.transaction().execute(async trx => {
        const row = await trx
          .selectFrom('settings')
          .select('value')
          .where('key', '=', 'n')
          .$if(engine.name === 'PostgreSQL', query => query.forUpdate())
          .executeTakeFirstOrThrow()
        await trx
          .updateTable('settings')
          .set({ value: `${Number(row.value) + 1}` })
          .where('key', '=', 'n')
          .execute()
      })
    await Promise.all(Array.from({ length: 10 }, add))
    expect(await value('n')).toBe('10')
  })

  // With PostgreSQL such a transaction does not pass through the writing thread.
  if (engine.name === 'SQLite')
    it('says why a commit failed, not that it cannot be taken back', async () => {
      const transaction = storage.write.transaction().execute(async trx => {
        await sql`pragma defer_foreign_keys = on`.execute(trx)
        await trx
          .insertInto('projects')
          .values({ workspace_id: 0, owner_id: 0, name: 'x', ext_id: 'y', created_at: 0, updated_at: 0 })
          .execute()
      })
      await expect(transaction).rejects.toMatchObject({ code: 'SQLITE_CONSTRAINT_FOREIGNKEY' })
    })

  it('tells that something was written', async () => {
    const heard = new Promise<void>(resolve => {
      const stop = storage.onWrite(() => {
        stop()
        resolve()
      })
    })
    await storage.write
      .insertInto('projects')
      .values({
        workspace_id: await someWorkspace(storage),
        owner_id: 1,
        name: 'x',
        ext_id: 'x',
        created_at: 0,
        updated_at: 0,
      })
      .execute()
      .catch(() => {})
    await storage.write.updateTable('projects').set({ name: 'y' }).execute()
    await heard
  })

  it('starts again after a crash, having answered nobody 250', async () => {
    await expect(storage.perform('crash', null)).rejects.toMatchObject({ kind: 'unreachable' })
    await storage.perform('put', 'after the crash')
    expect(await value('after the crash')).toBe('put')
    expect(crashes.map(error => error.message)).toEqual(['planted'])
  })
})

async function someWorkspace(storage: Storage): Promise<number> {
  const row = await storage.write
    .insertInto('workspaces')
    .values({ name: 'w', created_at: 0, updated_at: 0 })
    .returning('id')
    .executeTakeFirstOrThrow()
  return row.id
}
