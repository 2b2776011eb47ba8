import { sql } from 'kysely'
import { hold } from '../../storage/claiming.ts'
import { givenRows, isOneOf } from '../../storage/bulk.ts'
import type { Storage } from '../../storage/database.ts'
import type { Database } from '../../storage/schema.ts'
import type { Operation } from '../../storage/writer-messages.ts'
import { everybodyOf } from '../audience/audience-scan.ts'
import { CAMPAIGN_STATUS, type CampaignStanding, recipientsOf, STANDING } from './campaigns.ts'
import {
  addReceipts,
  type AudienceReceipt,
  countRecipients,
  isSuppressed,
  meantFor,
  NOBODY,
  receiptOf,
  type StatusCount,
} from './recipients.ts'
import { instantOf, localOf } from './send-window.ts'

/** Ids that are read at once, by the reading thread, and rows that are written at once: some 15 ms each. */
const READ_AT_ONCE = 20_000
const WRITE_AT_ONCE = 2_000

/** Custom fields that hold somebody's time zone, by IANA's name. */
const ZONE_FIELDS = ['time_zone', 'timezone'] as const

interface Portion {
  campaignId: number
  /** The last one that was looked at before. */
  after: number
  ids: number[]
  now: number
}

/** `left`: it is paused, cancelled, or another process does it. */
type Frozen = 'frozen' | 'left'

/**
 * Writes the audience into the ledger, one row for each person, before the first mail leaves. In portions, so that
 * nobody waits for it; begun again it goes on behind the last one.
 */
export async function freezeAudience(storage: Storage, campaign: CampaignStanding): Promise<Frozen> {
  const recipients = (await recipientsOf(storage.read, [campaign.id])).get(campaign.id) ?? {
    tags: [],
    segments: [],
  }
  const now = Date.now()
  const meant = await meantFor(storage.read, campaign, recipients, now)
  for (let after = campaign.frozen_through ?? 0; ; ) {
    const { rows } = await sql<{ id: number }>`
      select id from subscribers where ${await everybodyOf(storage.read, campaign.workspace_id)}
      and subscribers.id > ${after} and ${meant} order by id limit ${READ_AT_ONCE}`.execute(storage.survey)
    for (let from = 0; from < rows.length; from += WRITE_AT_ONCE) {
      const ids = rows.slice(from, from + WRITE_AT_ONCE).map(({ id }) => id)
      const written = await storage.perform<boolean>('freeze_portion', {
        campaignId: campaign.id,
        after,
        ids,
        now,
      } satisfies Portion)
      if (!written) return 'left'
      after = ids.at(-1) ?? after
    }
    if (rows.length === READ_AT_ONCE) continue
    const { duplicates } = await countRecipients(storage, campaign, recipients, now)
    return endFreeze(storage.write, campaign, after, duplicates)
  }
}

async function endFreeze(
  db: Database,
  { id }: CampaignStanding,
  through: number,
  duplicates: number,
): Promise<Frozen> {
  return db.transaction().execute(async trx => {
    const row = trx.selectFrom('campaigns').select(['receipt', 'frozen_through']).where('id', '=', id)
    await hold(trx, row)
    const found = await row.where('frozen_at', 'is', null).executeTakeFirst()
    if (found === undefined || (found.frozen_through ?? 0) !== through) return 'left'
    const receipt = { ...readReceipt(found.receipt), duplicates }
    await trx
      .updateTable('campaigns')
      .set({ frozen_at: Date.now(), frozen_through: through, receipt: JSON.stringify(receipt) })
      .where('id', '=', id)
      .execute()
    return 'frozen'
  })
}

export function readReceipt(text: string | null): AudienceReceipt {
  return text === null ? NOBODY : JSON.parse(text)
}

/** In the writing thread. @returns whether it was done */
async function freezePortion(db: Database, { campaignId, after, ids, now }: Portion): Promise<boolean> {
  const row = db.selectFrom('campaigns').select(STANDING).where('id', '=', campaignId)
  await hold(db, row)
  const campaign = await row.executeTakeFirst()
  if (
    campaign === undefined ||
    campaign.status_id !== CAMPAIGN_STATUS.sending ||
    campaign.paused_at !== null ||
    campaign.frozen_at !== null ||
    (campaign.frozen_through ?? 0) !== after
  )
    return false
  const those = isOneOf(db, 'subscribers.id', ids)
  const { rows } = await sql<StatusCount>`
    select subscribers.status, case when ${isSuppressed} then 1 else 0 end as suppressed, count(*) as count
    from subscribers where ${those} group by 1, 2`.execute(db)
  await insertRowsOf(db, campaign, ids, now)
  const before = after === 0 ? NOBODY : readReceipt(campaign.receipt)
  await db
    .updateTable('campaigns')
    .set({
      frozen_through: ids.at(-1) ?? after,
      receipt: JSON.stringify(addReceipts(before, receiptOf(rows))),
    })
    .where('id', '=', campaignId)
    .execute()
  return true
}

async function insertRowsOf(
  db: Database,
  campaign: CampaignStanding,
  ids: number[],
  now: number,
): Promise<void> {
  const status = campaign.save_as_draft === 1 ? 'draft' : 'pending'
  const due =
    campaign.in_recipient_zone === 1
      ? givenRows(db, 'due', { id: 'bigint', at: 'bigint' }, await momentsOf(db, campaign, ids))
      : givenRows(
          db,
          'due',
          { id: 'bigint', at: 'bigint' },
          ids.map(id => [id, 0]),
        )
  // Whoever has a row has it: an audience that is frozen again adds those who came since.
  await sql`
    insert into deliveries (workspace_id, campaign_id, subscriber_id, email, status, next_at, created_at)
    select subscribers.workspace_id, cast(${campaign.id} as bigint), subscribers.id, subscribers.email,
      ${sql.lit(status)}, due.at, cast(${now} as bigint)
    from ${due} join subscribers on subscribers.id = due.id
    where subscribers.status = 'subscribed' and not ${isSuppressed}
    order by subscribers.id
    on conflict (campaign_id, subscriber_id) do nothing`.execute(db)
}

/** For each person the instant at which their clocks show what those of the campaign's zone show at its schedule. */
async function momentsOf(
  db: Database,
  campaign: CampaignStanding,
  ids: number[],
): Promise<[number, number][]> {
  const wall = localOf(campaign.scheduled_at ?? Date.now(), campaign.schedule_zone)
  const { rows } = await sql<{ id: number; zone: string | null }>`
    select id, coalesce(${sql.join(
      ZONE_FIELDS.map(key => sql`fields ->> ${sql.lit(key)}`),
    )}) as zone from subscribers where ${isOneOf(db, 'subscribers.id', ids)}`.execute(db)
  return rows.map(({ id, zone }) => [id, instantOf(wall, zone ?? campaign.schedule_zone)])
}

/** Clocks in the easternmost zone are fourteen hours ahead of UTC: the first recipients are due so much earlier. */
const FIRST_ZONE_MS = 14 * 3_600_000

/** When a queued campaign begins; what was queued for no time begins at once. */
export function beginsAt(
  campaign: Pick<
    CampaignStanding,
    'scheduled_at' | 'queued_at' | 'undo_until' | 'in_recipient_zone' | 'schedule_zone'
  >,
): number {
  const { scheduled_at, queued_at, undo_until, in_recipient_zone, schedule_zone } = campaign
  const scheduled =
    scheduled_at === null
      ? 0
      : in_recipient_zone === 1
        ? localOf(scheduled_at, schedule_zone) - FIRST_ZONE_MS
        : scheduled_at
  return Math.max(scheduled, queued_at ?? 0, undo_until ?? 0)
}

export const operations: Record<string, Operation> = {
  freeze_portion: async (db, inputs) => {
    const results: boolean[] = []
    for (const { input } of inputs) results.push(await freezePortion(db, input))
    return results
  },
}
