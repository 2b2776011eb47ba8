// What the report of a campaign that went to a million people asks of the database, on SQLite: each question by itself, on
// the reading thread, beside the bare count of the campaign's rows.
// Usage: node bench/report.ts [--quick] [--save]
import { sql } from 'kysely'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { totalsOfOne } from '../server/send/campaigns/campaign-totals.ts'
import { bouncesOf } from '../server/send/reports/bounces.ts'
import { growthOf, sentCounts } from '../server/send/reports/dashboard.ts'
import { countByDomain } from '../server/send/reports/domains.ts'
import { linksOf } from '../server/send/reports/links.ts'
import { overTime } from '../server/send/reports/over-time.ts'
import { recipientsCsv } from '../server/send/reports/recipients-csv.ts'
import { averageSeconds, countReport } from '../server/send/reports/report.ts'
import { openStorage } from '../server/storage/database.ts'
import { parseLocation } from '../server/storage/location.ts'
import { readOptions } from './stand/options.ts'
import { Report } from './stand/report.ts'
import { sentCampaign } from './stand/sent-campaign.ts'
import { median, quantile } from './stand/statistics.ts'

const options = readOptions()
const SIZE = options.quick ? 2_000 : 1_000_000
const ROUNDS = options.quick ? 1 : 7
const report = new Report('report')

const folder = mkdtempSync(join(tmpdir(), 'posthorn-bench-'))
const storage = await openStorage(
  parseLocation(`sqlite:${join(folder, 'posthorn.db')}`),
  new URL('../server/operations.ts', import.meta.url),
  console.error,
)
try {
  const { workspaceId, campaignId } = await sentCampaign(storage, SIZE)
  const questions: [name: string, ask: () => Promise<unknown>][] = [
    ['totals', () => totalsOfOne(storage.read, campaignId)],
    ['links', () => linksOf(storage.read, campaignId)],
    ['bounces by reason', () => bouncesOf(storage, campaignId)],
    ['average time to open', () => averageSeconds(storage, campaignId, 'opened_at')],
    ['average time to click', () => averageSeconds(storage, campaignId, 'clicked_at')],
    ['by domain', () => countByDomain(storage, campaignId)],
    ['all that is counted', () => countReport(storage, campaignId)],
    ['opened over 48 hours', () => overTime(storage, campaignId, 'opened', 48)],
    ['clicked over time', () => overTime(storage, campaignId, 'clicked', null)],
    ['delivered over time', () => overTime(storage, campaignId, 'delivered', null)],
    ['dashboard: mails of 30 days', () => sentCounts(storage, workspaceId)],
    ['dashboard: growth', () => growthOf(storage, workspaceId)],
  ]
  report.say(`SQLite, a campaign with ${SIZE} deliveries in 4,001 domains; ${ROUNDS} of each`)
  report.say('')
  const bare = await times(() =>
    sql`select count(*) from deliveries where +campaign_id = ${campaignId}`.execute(storage.survey),
  )
  const rows = [line('the walk over the ledger, counting', bare)]
  for (const [name, ask] of questions) rows.push(line(name, await times(ask)))
  report.table(['', 'median ms', 'slowest ms', 'of the walk'], rows)
  let lines = 0
  const begun = performance.now()
  const campaign = { id: campaignId, from_email: 'news@example.com' }
  for await (const text of recipientsCsv(storage, Buffer.alloc(32), campaign))
    lines += text.split('\n').length - 1
  const seconds = (performance.now() - begun) / 1000
  report.say(`export: ${lines} lines, ${Math.round(lines / seconds).toLocaleString('en')} a second`)

  function line(name: string, took: number[]): string[] {
    const middle = median(took)
    return [name, middle.toFixed(1), quantile(took, 1).toFixed(1), (middle / median(bare)).toFixed(2)]
  }
} finally {
  await storage.close()
  rmSync(folder, { recursive: true, force: true })
}
report.end(options.save)

async function times(ask: () => Promise<unknown>): Promise<number[]> {
  const took: number[] = []
  // The first one starts the thread.
  for (let round = 0; round <= ROUNDS; round++) {
    const begun = performance.now()
    await ask()
    took.push(performance.now() - begun)
  }
  return took.slice(1)
}
