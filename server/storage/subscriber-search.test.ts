import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { eachEngine } from '../../test/engines.ts'
import { openDatabase } from './database.ts'
import { parseLocation } from './location.ts'
import type { Database } from './schema.ts'
import { foundByIndex, hasWords, isIndexed } from './subscriber-search.ts'
import { deferSearch, isSearchWaiting, settleSubscriberSearch } from './subscriber-search-index.ts'

eachEngine('subscribers that are indexed later', engine => {
  let db: Database
  beforeAll(async () => {
    db = await openDatabase(parseLocation(await engine.freshUrl()))
    await db.insertInto('workspaces').values({ id: 1, name: 'w', created_at: 1, updated_at: 1 }).execute()
  })
  afterAll(() => db.destroy())

  const add = (id: number, name: string) =>
    db
      .insertInto('subscribers')
      .values({
        id,
        workspace_id: 1,
        email: `${name}@example.com`,
        email_key: `${name}@example.com`,
        domain: 'example.com',
        first_name: null,
        last_name: null,
        search: `${name}@example.com`,
        status: 'subscribed',
        status_reason: null,
        status_at: null,
        fields: '{}',
        source: 'import',
        import_id: null,
        created_at: 1,
        updated_at: 1,
      })
      .execute()
  const rename = (id: number, name: string) =>
    db.updateTable('subscribers').set({ search: name }).where('id', '=', id).execute()

  async function found(word: string): Promise<number[]> {
    const { from, where, id } = foundByIndex(db, [word], [])
    const { rows } = await sql<{ id: number }>`
      select ${id} as id from ${from} where ${where} and ${hasWords([word])} order by id`.execute(db)
    return rows.map(row => row.id)
  }

  it('are found once, as they are by then; those beside them all the time', async () => {
    await add(1, 'anna')
    await deferSearch(db, [10, 11])
    await deferSearch(db, [12, 13, 14])
    for (const [id, name] of [
      [10, 'bertha'],
      [11, 'carla'],
      [12, 'dora'],
      [13, 'emma'],
      [14, 'frieda'],
    ] as const)
      await add(id, name)
    await add(15, 'gerda')
    expect(await isSearchWaiting(db)).toBe(engine.name === 'SQLite')
    expect(await isIndexed(db, ['dora'])).toBe(engine.name !== 'SQLite')
    await rename(11, 'caroline')
    await rename(1, 'anneliese')
    await db.deleteFrom('subscribers').where('id', 'in', [12]).execute()

    let portions = 0
    while (await settleSubscriberSearch(db, 2)) portions++
    expect(portions).toBe(engine.name === 'SQLite' ? 3 : 0)
    expect(await isIndexed(db, ['dora'])).toBe(true)
    expect(await isIndexed(db, ['do'])).toBe(false)
    expect(await found('bertha')).toEqual([10])
    expect(await found('carla')).toEqual([])
    expect(await found('caroline')).toEqual([11])
    expect(await found('dora')).toEqual([])
    expect(await found('anneliese')).toEqual([1])
    expect(await found('example')).toEqual([10, 13, 14, 15])

    // What follows is followed as ever.
    await rename(13, 'emily')
    await db.deleteFrom('subscribers').where('id', '=', 14).execute()
    expect(await found('emma')).toEqual([])
    expect(await found('emily')).toEqual([13])
    expect(await found('frieda')).toEqual([])
  })
})
