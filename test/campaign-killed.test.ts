import { expect, it } from 'vitest'
import { campaignKillRun, MISBEHAVIOUR } from './campaign-kill-run.ts'
import { eachEngine } from './engines.ts'

// POSTHORN_KILL_SEED picks other moments, POSTHORN_CAMPAIGN_SIZE the audience; bench/kill.ts kills more often.
const seed = Number(process.env.POSTHORN_KILL_SEED ?? 20261122)
const recipients = Number(process.env.POSTHORN_CAMPAIGN_SIZE ?? 20_000)
const KILLS = 3
/** Connections to the sink: at each kill so many hand-overs at most are begun and not answered. */
const CONNECTIONS = 50

const SOME = 2_000
const SHARED = 8_000

eachEngine('a campaign that is killed', engine => {
  const options = async () => (engine.name === 'PostgreSQL' ? { databaseUrl: await engine.freshUrl() } : {})

  it(`loses nobody and writes to nobody twice, with ${KILLS} kills`, { timeout: 240_000 }, async () => {
    const count = await campaignKillRun({ recipients, kills: KILLS, seed, options: await options() })
    expect(count).toMatchObject({ lost: [], twice: [], wrong: [] })
    expect(count.ambiguous).toBeLessThanOrEqual(count.kills * CONNECTIONS)
  })

  it('nor when the server it hands over to fails in every way', { timeout: 240_000 }, async () => {
    const count = await campaignKillRun({
      recipients: SOME,
      kills: MISBEHAVIOUR.length,
      seed,
      modes: MISBEHAVIOUR,
      options: await options(),
    })
    expect(count).toMatchObject({ lost: [], twice: [], wrong: [] })
  })

  it('writes twice only to those it lists, where it is told to retry', { timeout: 240_000 }, async () => {
    const count = await campaignKillRun({
      recipients: SOME,
      kills: 2,
      seed,
      modes: [{ dieAfterDot: 0.01 }],
      ambiguous: 'retry',
      options: await options(),
    })
    expect(count).toMatchObject({ lost: [], unlisted: [], wrong: [] })
    expect(count.twice.length).toBeLessThanOrEqual(count.ambiguous)
  })

  it('leaves no doubt when it is told to end', { timeout: 240_000 }, async () => {
    const count = await campaignKillRun({
      recipients: SOME,
      kills: 2,
      seed,
      signal: 'SIGTERM',
      options: await options(),
    })
    expect(count).toMatchObject({ lost: [], twice: [], wrong: [], ambiguous: 0 })
  })

  if (engine.name === 'PostgreSQL')
    it('shares the work with another process, and holds the same', { timeout: 240_000 }, async () => {
      const count = await campaignKillRun({
        recipients: SHARED,
        kills: KILLS,
        seed,
        nodes: 2,
        options: await options(),
      })
      expect(count).toMatchObject({ lost: [], twice: [], wrong: [] })
      expect(count.ambiguous).toBeLessThanOrEqual(count.kills * CONNECTIONS)
    })
})
