// Kills the server with SIGKILL while 20 connections send, again and again, and counts what is there afterwards.
// With PostgreSQL only our process is killed; DATABASE_URL names an empty database, or a server of our own is made.
// Usage: node bench/kill.ts [--kills 100] [--engine sqlite|postgres] [--seed 1]
import { parseArgs } from 'node:util'
import { type Count, killRun } from '../test/kill-run.ts'
import { startPostgres } from '../test/postgres-server.ts'

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '100' },
    engine: { type: 'string', default: 'sqlite' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 32) },
  },
})
const postgres = values.engine === 'postgres' && !process.env.DATABASE_URL ? await startPostgres() : undefined
const databaseUrl = values.engine === 'postgres' ? (process.env.DATABASE_URL ?? postgres?.url) : undefined

console.log(`${values.engine}, ${values.kills} kills, seed ${values.seed}`)
try {
  const count = await killRun({
    kills: Number(values.kills),
    seed: Number(values.seed),
    options: { ...(databaseUrl && { databaseUrl }) },
    progress: (kills, answered) => {
      if (kills % 10 === 0) console.log(`  after ${kills} kills: ${answered} answered 250`)
    },
  })
  show(count)
} finally {
  await postgres?.remove()
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
