import { afterAll, expect, it } from 'vitest'
import { eachEngine } from '../../test/engines.ts'
import { openDatabase, openStorage, type Storage } from './database.ts'
import { parseLocation } from './location.ts'
import type { Database } from './schema.ts'

eachEngine('the stamp', engine => {
  let storage: Storage
  let other: Database
  afterAll(async () => {
    await other.destroy()
    await storage.close()
  })

  const write = (db: Database, value: string) =>
    db
      .insertInto('settings')
      .values({ key: 'stamp', value })
      .onConflict(conflict => conflict.column('key').doUpdateSet({ value }))
      .execute()

  it('moves with every write, by this process or another, and with nothing else', async () => {
    const location = parseLocation(await engine.freshUrl())
    storage = await openStorage(
      location,
      new URL('data:text/javascript,export const operations = {}'),
      error => {
        throw error
      },
    )
    other = await openDatabase(location)
    const seen = new Set([storage.stamp()])
    for (let i = 0; i < 20; i++) {
      await write(i % 2 === 0 ? storage.write : other, String(i))
      const now = storage.stamp()
      if (engine.name === 'PostgreSQL') {
        expect(now).toBeUndefined()
        continue
      }
      expect(seen).not.toContain(now)
      seen.add(now)
      await storage.read.selectFrom('settings').selectAll().execute()
      expect(storage.stamp()).toBe(now)
    }
  })
})
