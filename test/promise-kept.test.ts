import { expect, it } from 'vitest'
import { eachEngine } from './engines.ts'
import { killRun } from './kill-run.ts'

// POSTHORN_KILL_SEED picks other messages and other moments; bench/kill.ts kills more often.
const seed = Number(process.env.POSTHORN_KILL_SEED ?? 20261121)
const KILLS = 5

eachEngine('what was answered 250', engine => {
  it(`is there once, byte for byte, after ${KILLS} kills`, { timeout: 120_000 }, async () => {
    const databaseUrl = engine.name === 'PostgreSQL' ? await engine.freshUrl() : undefined
    const count = await killRun({ kills: KILLS, seed, options: { ...(databaseUrl && { databaseUrl }) } })
    expect(count).toMatchObject({
      lost: [],
      twice: [],
      altered: [],
      refused: [],
      spooled: [],
      miscounted: [],
    })
    expect(count.answered).toBeGreaterThan(KILLS)
  })
})
