import { sql, type SqlBool } from 'kysely'
import { storable } from '../../accounts/storable.ts'
import { givenRows, isOneOf } from '../../storage/bulk.ts'
import { claimable, holdAudience, keepStill } from '../../storage/claiming.ts'
import type { Database } from '../../storage/schema.ts'
import type { Operation } from '../../storage/writer-messages.ts'
import { isSuppressed } from '../campaigns/recipients.ts'
import { applyFeedback } from '../feedback/delivery-feedback.ts'
import type { Delivery } from './deliveries.ts'

/**
 * The ledger of a campaign: one row for each person, written before the first mail leaves. A row goes
 * `pending → claimed → sent | failed | skipped | ambiguous`, by the thousand, in the writing thread, and every step
 * succeeds only from the one before.
 */

export interface ClaimWish {
  /** Null: mails by themselves. */
  campaignId: number | null
  /** Of mails by themselves: only those for this service, or for none in particular. */
  emailServiceId: number
  node: number
  limit: number
  now: number
  /** Whether people must be subscribed: transactional mail goes to others too. */
  toSubscribersOnly: boolean
  /** Domains that take nothing now, and until when. */
  heldDomains: readonly (readonly [domain: string, until: number])[]
  /** How much the service may still be given, by span of time; each claim takes from it. */
  quotas: readonly Quota[]
}

export interface Quota {
  span: 'hour' | 'day'
  startedAt: number
  limit: number
}

/** Who gets it, and what their mail needs to be written. */
export interface Claimed {
  id: number
  subscriber_id: number | null
  /** Those before. */
  attempts: number
  email: string
  first_name: string | null
  last_name: string | null
  /** JSON. */
  fields: string | null
  /** Lower case. */
  domain: string
  /** Of a mail by itself: JSON of what was asked for. */
  content: string | null
  workspace_id: number
}

export interface Claim {
  rows: Claimed[]
  /** The quota that is used up. */
  exhausted: Quota['span'] | null
  /** Rows that were due: those claimed, left out, or held for their domain. */
  met: number
}

async function claim(db: Database, wish: ClaimWish): Promise<Claim> {
  const { allowed, exhausted } = await allowance(db, wish)
  if (allowed === 0) return { rows: [], exhausted, met: 0 }
  const ofCampaign =
    wish.campaignId === null
      ? sql<SqlBool>`deliveries.campaign_id is null and deliveries.email_service_id = ${wish.emailServiceId}`
      : sql<SqlBool>`deliveries.campaign_id = ${wish.campaignId}`
  // The status as a literal: the index holds only rows that are due.
  const due = db
    .selectFrom('deliveries')
    .select('deliveries.id')
    .where(ofCampaign)
    .where(sql<SqlBool>`deliveries.status = 'pending'`)
    .where('deliveries.next_at', '<=', wish.now)
    .orderBy('deliveries.next_at')
    .orderBy('deliveries.id')
    .limit(Math.min(allowed, wish.limit))
  const ids = (await claimable(db, due).execute()).map(({ id }) => id)
  if (ids.length === 0) return { rows: [], exhausted: null, met: 0 }
  const { rows } = await sql<Candidate>`
    select deliveries.id, deliveries.workspace_id, deliveries.subscriber_id, deliveries.attempts, deliveries.email,
      subscribers.first_name, subscribers.last_name, subscribers.fields, subscribers.status, subscribers.domain,
      case when ${isSuppressed} then 1 else 0 end as suppressed, transactional_mails.content
    from deliveries
    left join subscribers on subscribers.id = deliveries.subscriber_id
    left join transactional_mails on transactional_mails.delivery_id = deliveries.id
    where ${isOneOf(db, 'deliveries.id', ids)}
    order by deliveries.next_at, deliveries.id`.execute(db)
  const claimed: Claimed[] = []
  const skipped: [id: number, reason: string][] = []
  const held: [id: number, until: number][] = []
  const until = new Map(wish.heldDomains)
  for (const { status, suppressed, ...row } of rows) {
    const reason = leftOut(wish, status, suppressed === 1)
    const domain = row.domain ?? row.email.slice(row.email.lastIndexOf('@') + 1).toLowerCase()
    const heldUntil = until.get(domain)
    if (reason !== undefined) skipped.push([row.id, reason])
    else if (heldUntil !== undefined) held.push([row.id, heldUntil])
    else claimed.push({ ...row, domain })
  }
  if (claimed.length > 0) {
    await sql`update deliveries set status = 'claimed', claimed_by = ${wish.node}
      where ${isOneOf(
        db,
        'id',
        claimed.map(({ id }) => id),
      )}`.execute(db)
    await use(db, wish, claimed.length)
  }
  if (skipped.length > 0)
    await sql`update deliveries set status = 'skipped', reason = given.reason
      from ${givenRows(db, 'given', { id: 'bigint', reason: 'text' }, skipped)} where deliveries.id = given.id`.execute(
      db,
    )
  if (held.length > 0)
    await sql`update deliveries set next_at = given.until
      from ${givenRows(db, 'given', { id: 'bigint', until: 'bigint' }, held)} where deliveries.id = given.id`.execute(
      db,
    )
  return { rows: claimed, exhausted: null, met: rows.length }
}

interface Candidate extends Omit<Claimed, 'domain'> {
  status: string | null
  suppressed: number
  domain: string | null
}

/** People may have left since the audience was frozen. */
function leftOut(wish: ClaimWish, status: string | null, suppressed: boolean): string | undefined {
  if (suppressed) return 'suppressed'
  if (!wish.toSubscribersOnly || status === 'subscribed') return undefined
  return status ?? 'removed'
}

async function allowance(
  db: Database,
  { emailServiceId, limit, quotas }: ClaimWish,
): Promise<{ allowed: number; exhausted: Quota['span'] | null }> {
  let allowed = limit
  let exhausted: Quota['span'] | null = null
  for (const quota of quotas) {
    const row = await db
      .selectFrom('service_usage')
      .select('used')
      .where('email_service_id', '=', emailServiceId)
      .where('span', '=', quota.span)
      .where('started_at', '=', quota.startedAt)
      .executeTakeFirst()
    const left = Math.max(0, quota.limit - (row?.used ?? 0))
    if (left === 0) exhausted = quota.span
    allowed = Math.min(allowed, left)
  }
  return { allowed, exhausted }
}

/** @param count below zero: it was not used after all */
async function use(
  db: Database,
  { emailServiceId, quotas }: Pick<ClaimWish, 'emailServiceId' | 'quotas'>,
  count: number,
): Promise<void> {
  for (const { span, startedAt } of quotas)
    await sql`insert into service_usage (email_service_id, span, started_at, used)
      values (${emailServiceId}, ${span}, ${startedAt}, ${count})
      on conflict (email_service_id, span, started_at) do update set used = service_usage.used + excluded.used`.execute(
      db,
    )
}

/** What became of a claimed row. */
export interface Settled {
  id: number
  to: Exclude<Delivery['status'], 'draft' | 'claimed'>
  /** Hand-overs begun: 0 or 1. */
  begun: 0 | 1
  reason: string | null
  nextAt: number
  providerId: string | null
  /** Null: the campaign's own. */
  subject: string | null
  emailServiceId: number | null
  /** When it was sent. */
  sentAt: number | null
  /** What is kept of an attempt that did not end well. */
  event: { kind: 'deferred' | 'failed' | 'ambiguous'; at: number; detail: Record<string, unknown> } | null
  /** The answer means that there is no such address. */
  bounced: boolean
}

export interface Settlement {
  node: number
  rows: readonly Settled[]
  /** Of hand-overs that were not begun: their part of the quotas is given back. */
  unused: readonly { emailServiceId: number; quotas: readonly Quota[]; count: number }[]
}

/**
 * What this node says of rows that it holds; rows that were taken from it meanwhile stay as they are. Rows of a
 * cancelled campaign do not wait any more.
 */
async function settle(db: Database, { node, rows, unused }: Settlement): Promise<number[]> {
  await holdAudiencesOf(db, rows)
  await keepCampaignsOf(db, rows)
  await keepEvents(db, node, rows)
  await sql`
    update deliveries set
      status = case when given.status = 'pending' and exists (
        select 1 from campaigns where campaigns.id = deliveries.campaign_id and campaigns.status_id = 5
      ) then 'skipped' else given.status end,
      reason = case when given.status = 'pending' and exists (
        select 1 from campaigns where campaigns.id = deliveries.campaign_id and campaigns.status_id = 5
      ) then 'cancelled' else given.reason end,
      attempts = deliveries.attempts + given.begun,
      next_at = given.next_at,
      provider_id = given.provider_id,
      subject = coalesce(given.subject, deliveries.subject),
      email_service_id = coalesce(given.email_service_id, deliveries.email_service_id),
      sent_at = given.sent_at
    from ${givenRows(
      db,
      'given',
      {
        id: 'bigint',
        status: 'text',
        begun: 'bigint',
        reason: 'text',
        next_at: 'bigint',
        provider_id: 'text',
        subject: 'text',
        email_service_id: 'bigint',
        sent_at: 'bigint',
      },
      rows.map(row => [
        row.id,
        row.to,
        row.begun,
        row.reason,
        row.nextAt,
        row.providerId,
        row.subject,
        row.emailServiceId,
        row.sentAt,
      ]),
    )}
    where deliveries.id = given.id and ${isHeldBy(node)}`.execute(db)
  for (const { count, ...of } of unused) await use(db, of, -count)
  return bounce(db, rows)
}

/** Whoever changes subscribers takes their audience first: in another order two would lock each other out. */
async function holdAudiencesOf(db: Database, rows: readonly Settled[]): Promise<void> {
  const ids = rows.filter(({ bounced }) => bounced).map(({ id }) => id)
  if (ids.length === 0) return
  const workspaces = await db
    .selectFrom('deliveries')
    .select('workspace_id')
    .distinct()
    .where(isOneOf(db, 'id', ids))
    .orderBy('workspace_id')
    .execute()
  for (const { workspace_id } of workspaces) await holdAudience(db, workspace_id)
}

/**
 * Of rows that go back to wait. Two transactions do not see each other: without this, one that cancels the campaign at
 * the same time would pass over rows that are claimed to it, and they would wait in a cancelled campaign for ever.
 * Whoever changes deliveries and their campaign takes the campaign first.
 */
async function keepCampaignsOf(db: Database, rows: readonly Settled[]): Promise<void> {
  const waiting = rows.filter(({ to }) => to === 'pending').map(({ id }) => id)
  if (waiting.length === 0) return
  const campaigns = db
    .selectFrom('campaigns')
    .select('id')
    .where('id', 'in', query =>
      query
        .selectFrom('deliveries')
        .select('campaign_id')
        .where(isOneOf(db, 'deliveries.id', waiting)),
    )
    .orderBy('id')
  await keepStill(db, campaigns)
}

function isHeldBy(node: number) {
  return sql<SqlBool>`deliveries.claimed_by = ${node}
    and (deliveries.status = 'claimed' or deliveries.status = 'ambiguous' and deliveries.reason = ${GONE})`
}

async function keepEvents(db: Database, node: number, rows: readonly Settled[]): Promise<void> {
  const events = rows.flatMap(({ id, event }) =>
    event === null ? [] : [[id, event.kind, event.at, storable(JSON.stringify(event.detail))] as const],
  )
  if (events.length === 0) return
  await sql`insert into delivery_events (workspace_id, delivery_id, campaign_id, kind, at, source, detail)
    select deliveries.workspace_id, deliveries.id, deliveries.campaign_id, given.kind, given.at, 'hand-over', given.detail
    from ${givenRows(db, 'given', { id: 'bigint', kind: 'text', at: 'bigint', detail: 'text' }, events)}
    join deliveries on deliveries.id = given.id where ${isHeldBy(node)}`.execute(db)
}

/** An address that the very first server does not know is as dead as one that bounces later. @returns subscribers */
async function bounce(db: Database, rows: readonly Settled[]): Promise<number[]> {
  const stopped: number[] = []
  for (const { id, bounced, event } of rows) {
    if (!bounced || event === null) continue
    const delivery = await db.selectFrom('deliveries').selectAll().where('id', '=', id).executeTakeFirst()
    if (delivery === undefined || delivery.status !== 'failed') continue
    const { subscriberStopped, subscriberId } = await applyFeedback(db, delivery, {
      kind: 'bounced',
      permanent: true,
      at: event.at,
      source: 'hand-over',
      detail: event.detail,
    })
    if (subscriberStopped && subscriberId !== null) stopped.push(subscriberId)
  }
  return stopped
}

/** Why a row is ambiguous whose node fell silent: the one reason that the node itself, come back, may still correct. */
const GONE = 'the machine that was sending it is gone'

/** Rows a node holds, or held when it fell silent. */
export async function heldBy(
  db: Database,
  node: number,
): Promise<Pick<Delivery, 'id' | 'attempts' | 'campaign_id'>[]> {
  const { rows } = await sql<Pick<Delivery, 'id' | 'attempts' | 'campaign_id'>>`
    select id, attempts, campaign_id from deliveries where claimed_by = ${node} and status = 'claimed'
    union all
    select deliveries.id, deliveries.attempts, campaign_id from deliveries
      join campaigns on campaigns.id = campaign_id
      where campaigns.status_id in (3, 4) and deliveries.status = 'ambiguous'
      and deliveries.claimed_by = ${node} and deliveries.reason = ${GONE}`.execute(db)
  return rows
}

/** Of a node that is not coming back soon: nobody knows what it did with them. @returns how many there were */
export async function giveUpOn(trx: Database, node: number, now = Date.now()): Promise<number> {
  await sql`insert into delivery_events (workspace_id, delivery_id, campaign_id, kind, at, source, detail)
    select workspace_id, id, campaign_id, 'ambiguous', cast(${now} as bigint), 'hand-over', ${JSON.stringify({ text: GONE })}
    from deliveries where claimed_by = ${node} and status = 'claimed'`.execute(trx)
  const { numAffectedRows } = await sql`update deliveries set status = 'ambiguous', reason = ${GONE}
    where claimed_by = ${node} and status = 'claimed'`.execute(trx)
  return Number(numAffectedRows ?? 0n)
}

/** Those of this node's rows that must not be handed over any more, by subscriber. */
export async function leftMeanwhile(db: Database, node: number, since: number): Promise<number[]> {
  const { rows } = await sql<{ subscriber_id: number }>`
    select deliveries.subscriber_id from deliveries
    join subscribers on subscribers.id = deliveries.subscriber_id
    where deliveries.claimed_by = ${node} and deliveries.status = 'claimed' and deliveries.campaign_id is not null
      and (subscribers.status <> 'subscribed' or exists (
        select 1 from suppressions where suppressions.workspace_id = subscribers.workspace_id
        and suppressions.created_at >= ${since}
        and (suppressions.kind = 'address' and suppressions.value = subscribers.email_key
          or suppressions.kind = 'domain' and suppressions.value = subscribers.domain)))`.execute(db)
  return rows.map(row => row.subscriber_id)
}

export const operations: Record<string, Operation> = {
  claim: async (db, inputs) => {
    const results: Claim[] = []
    for (const { input } of inputs) results.push(await claim(db, input))
    return results
  },
  settle: async (db, inputs) => {
    const results: number[][] = []
    for (const { input } of inputs) results.push(await settle(db, input))
    return results
  },
}
