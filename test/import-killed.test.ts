import { expect, it } from 'vitest'
import { eachEngine } from './engines.ts'
import { importKillRun } from './import-kill-run.ts'

// POSTHORN_KILL_SEED picks other moments, POSTHORN_IMPORT_ROWS the size; bench/import.ts --kill kills more often.
const seed = Number(process.env.POSTHORN_KILL_SEED ?? 20261121)
const rows = Number(process.env.POSTHORN_IMPORT_ROWS ?? 20_000)
const KILLS = 3

eachEngine('an import that is killed', engine => {
  it(`has every row once after ${KILLS} kills`, { timeout: 180_000 }, async () => {
    const databaseUrl = engine.name === 'PostgreSQL' ? await engine.freshUrl() : undefined
    const count = await importKillRun({
      rows,
      kills: KILLS,
      seed,
      options: { ...(databaseUrl && { databaseUrl }) },
    })
    expect(count.wrong).toEqual([])
    expect(count.kills).toBeGreaterThan(0)
  })
})
