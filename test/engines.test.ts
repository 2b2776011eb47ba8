import { existsSync } from 'node:fs'
import { Client } from 'pg'
import { expect, it } from 'vitest'
import { eachEngine } from './engines.ts'

eachEngine('a fresh database', engine => {
  it('is a new one each time', async () => {
    const [one, other] = [await engine.freshUrl(), await engine.freshUrl()]
    expect(one).not.toBe(other)
    expect(one).toMatch(
      engine.name === 'SQLite' ? /^sqlite:\/.+\.db$/ : /^postgres:\/\/.+\/posthorn_[0-9a-f]+$/,
    )
  })

  it('comes with a data directory', () => {
    expect(existsSync(engine.freshDataDir())).toBe(true)
  })

  if (engine.name === 'SQLite') return

  it('answers, is empty, and sorts as people do', async () => {
    const client = new Client({ connectionString: await engine.freshUrl() })
    await client.connect()
    const tables = await client.query(`SELECT count(*)::int AS n FROM pg_tables WHERE schemaname = 'public'`)
    const sorted = await client.query(`SELECT w FROM (VALUES ('B'), ('a'), ('ä')) AS words(w) ORDER BY w`)
    await client.end()
    expect(tables.rows).toEqual([{ n: 0 }])
    expect(sorted.rows.map(row => row.w)).toEqual(['a', 'ä', 'B'])
  })
})
