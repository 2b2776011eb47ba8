import { expect, it } from 'vitest'
import { campaignKillRun } from './campaign-kill-run.ts'
import { eachEngine } from './engines.ts'

// POSTHORN_KILL_SEED picks other moments, POSTHORN_CAMPAIGN_SIZE the audience; bench/kill.ts kills more often.
const seed = Number(process.env.POSTHORN_KILL_SEED ?? 20261122)
const recipients = Number(process.env.POSTHORN_CAMPAIGN_SIZE ?? 20_000)
const KILLS = 3
/** Connections to the sink: at each kill so many hand-overs at most are begun and not answered. */
const CONNECTIONS = 50

eachEngine('a campaign that is killed', engine => {
  const options = async () =>
    engine.name === 'PostgreSQL' ? { databaseUrl: await engine.freshUrl() } : {}

  it(`loses nobody and writes to nobody twice, with ${KILLS} kills`, { timeout: 240_000 }, async () => {
    const count = await campaignKillRun({ recipients, kills: KILLS, seed, options: await options() })
    expect(count).toMatchObject({ lost: [], twice: [], wrong: [] })
    expect(count.ambiguous).toBeLessThanOrEqual(count.kills * CONNECTIONS)
  })
})
