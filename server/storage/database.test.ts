import { existsSync } from 'node:fs'
import { expect, it } from 'vitest'
import { eachEngine } from '../../test/engines.ts'
import { openStorage } from './database.ts'
import { parseLocation } from './location.ts'

const operations = new URL('./writer.test-operations.ts', import.meta.url)

eachEngine('closing the storage', engine => {
  it('leaves everything in the file itself, so that a copy of it is a backup', async () => {
    const location = parseLocation(await engine.freshUrl())
    const storage = await openStorage(location, operations, error => {
      throw error
    })
    await storage.perform('put', 'a')
    await storage.read.selectFrom('settings').selectAll().execute()
    await storage.close()
    const log = location.engine === 'sqlite' ? `${location.file}-wal` : ''
    expect(existsSync(log)).toBe(false)
  })

  it('ends also while the writing thread is down', async () => {
    const storage = await openStorage(parseLocation(await engine.freshUrl()), operations, () => {})
    await expect(storage.perform('crash', null)).rejects.toMatchObject({ kind: 'unreachable' })
    await storage.close()
  })
})
