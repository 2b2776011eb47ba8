import { sql } from 'kysely'
import type { Storage } from '../../storage/database.ts'
import type { Database } from '../../storage/schema.ts'
import { everybodyOf } from '../audience/audience-scan.ts'
import { type CampaignRow, CAMPAIGN_COLUMNS } from '../campaigns/campaign-list.ts'
import { CAMPAIGN_STATUS } from '../campaigns/campaigns.ts'

const DAY = 86_400_000
const DAYS = 30
const MOST_RUNNING = 20
const RECENT = 10

/** Queued, being sent or paused, newest first. */
export function runningCampaigns(db: Database, workspaceId: number): Promise<CampaignRow[]> {
  return (
    db
      .selectFrom('campaigns')
      .select(CAMPAIGN_COLUMNS)
      .where('workspace_id', '=', workspaceId)
      // As literals: the index holds only those at work.
      .where(sql<boolean>`status_id in (2, 3)`)
      .orderBy('id', 'desc')
      .limit(MOST_RUNNING)
      .execute()
  )
}

export function sentCampaigns(db: Database, workspaceId: number): Promise<CampaignRow[]> {
  return db
    .selectFrom('campaigns')
    .select(CAMPAIGN_COLUMNS)
    .where('workspace_id', '=', workspaceId)
    .where('status_id', '=', CAMPAIGN_STATUS.sent)
    .orderBy('id', 'desc')
    .limit(RECENT)
    .execute()
}

export interface SentCounts {
  campaigns30d: number
  mails30d: number
  /** Since midnight, UTC. */
  mailsToday: number
}

export async function sentCounts(
  { read, survey }: Pick<Storage, 'read' | 'survey'>,
  workspaceId: number,
  now = Date.now(),
): Promise<SentCounts> {
  const since = now - DAYS * DAY
  const midnight = now - (now % DAY)
  const { campaigns } = await read
    .selectFrom('campaigns')
    .select(({ fn }) => fn.countAll<number>().as('campaigns'))
    .where('workspace_id', '=', workspaceId)
    .where('sent_at', '>=', since)
    .executeTakeFirstOrThrow()
  const { rows } = await sql<{ mails: number; today: number | null }>`
    select count(*) as mails, sum(case when sent_at >= ${midnight} then 1 else 0 end) as today from deliveries
    where workspace_id = ${workspaceId} and sent_at >= ${Math.min(since, midnight)}`.execute(survey)
  return {
    campaigns30d: Number(campaigns),
    mails30d: Number(rows[0]?.mails ?? 0),
    mailsToday: Number(rows[0]?.today ?? 0),
  }
}

export interface GrowthDay {
  /** As `2026-11-22`, UTC. */
  day: string
  subscribed: number
  unsubscribed: number
}

/** Who came and who left on each of the last days, today last. Those who came back count on the day they first came. */
export async function growthOf(
  { read, survey }: Pick<Storage, 'read' | 'survey'>,
  workspaceId: number,
  now = Date.now(),
): Promise<GrowthDay[]> {
  const today = Math.floor(now / DAY)
  const first = today - DAYS + 1
  const everybody = await everybodyOf(read, workspaceId)
  const came = await byDay(survey, sql`created_at`, sql`${everybody} and created_at >= ${first * DAY}`)
  const left = await byDay(
    survey,
    sql`status_at`,
    sql`workspace_id = ${workspaceId} and status in ('unsubscribed', 'bounced', 'complained')
      and status_at >= ${first * DAY}`,
  )
  return Array.from({ length: DAYS }, (_, i) => ({
    day: new Date((first + i) * DAY).toISOString().slice(0, 10),
    subscribed: came.get(first + i) ?? 0,
    unsubscribed: left.get(first + i) ?? 0,
  }))
}

async function byDay(
  survey: Database,
  at: ReturnType<typeof sql>,
  where: ReturnType<typeof sql>,
): Promise<Map<number, number>> {
  const { rows } = await sql<{ day: number; count: number }>`
    select ${at} / ${sql.lit(DAY)} as day, count(*) as count from subscribers where ${where} group by 1`.execute(
    survey,
  )
  return new Map(rows.map(({ day, count }) => [Number(day), Number(count)]))
}
