// Kills the server with SIGKILL while 20 connections send, again and again, and counts what is there afterwards.
// With PostgreSQL only our process is killed; DATABASE_URL names an empty database, or a server of our own is made.
// With --campaign a campaign of 20,000 is killed while it is sent instead, and the server it is handed to misbehaves as well.
// Usage: node bench/kill.ts [--campaign] [--kills 100] [--engine sqlite|postgres] [--seed 1]
import { parseArgs } from 'node:util'
import { type CampaignKillCount, campaignKillRun, MISBEHAVIOUR } from '../test/campaign-kill-run.ts'
import { type Count, killRun } from '../test/kill-run.ts'
import { startPostgres } from '../test/postgres-server.ts'

const { values } = parseArgs({
  options: {
    campaign: { type: 'boolean', default: false },
    kills: { type: 'string', default: '100' },
    engine: { type: 'string', default: 'sqlite' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 32) },
  },
})
const postgres = values.engine === 'postgres' && !process.env.DATABASE_URL ? await startPostgres() : undefined
const databaseUrl = values.engine === 'postgres' ? (process.env.DATABASE_URL ?? postgres?.url) : undefined

console.log(`${values.engine}, ${values.kills} kills, seed ${values.seed}`)
const run = {
  kills: Number(values.kills),
  seed: Number(values.seed),
  options: { ...(databaseUrl && { databaseUrl }) },
}
try {
  if (values.campaign) {
    showCampaign(await campaignKillRun({ ...run, recipients: 20_000, modes: [{}, {}, {}, ...MISBEHAVIOUR] }))
  } else await killMail()
} finally {
  await postgres?.remove()
}

async function killMail(): Promise<void> {
  const count = await killRun({
    ...run,
    progress: (kills, answered) => {
      if (kills % 10 === 0) console.log(`  after ${kills} kills: ${answered} answered 250`)
    },
  })
  show(count)
}

function showCampaign({ kills, taken, ambiguous, ...found }: CampaignKillCount): void {
  console.log(`kills                ${kills}`)
  console.log(`mails taken          ${taken}`)
  console.log(`  lost               ${found.lost.length}`)
  console.log(`  twice              ${found.twice.length}`)
  console.log(`ambiguous, listed    ${ambiguous}`)
  for (const what of found.wrong) console.log(what)
  if (found.lost.length + found.twice.length + found.wrong.length > 0) process.exitCode = 1
}

function show(count: Count): void {
  console.log(`answered 250         ${count.answered}`)
  console.log(`  lost               ${count.lost.length}`)
  console.log(`  twice              ${count.twice.length}`)
  console.log(`  other bytes        ${count.altered.length}`)
  console.log(`cut off by a kill    ${count.unanswered}, of which kept ${count.keptUnanswered}`)
  const wrong = Object.entries(count).filter(([, found]) => Array.isArray(found) && found.length > 0)
  for (const [what, found] of wrong) console.log(`${what}: ${(found as string[]).slice(0, 20).join(', ')}`)
  if (wrong.length > 0) process.exitCode = 1
}
