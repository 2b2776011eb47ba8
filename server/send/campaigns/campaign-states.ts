import { sql } from 'kysely'
import { Problem } from '../../problem.ts'
import { hold } from '../../storage/claiming.ts'
import type { Database } from '../../storage/schema.ts'
import type { Delivery } from '../deliveries/deliveries.ts'
import { sendingSettings } from '../sending/sending-settings.ts'
import { type Campaign, CAMPAIGN_STATUS, STATUS_NAMES } from './campaigns.ts'

/** Contract, section 5.1, and `paused`, which to SendPortal is still sending. */
export type CampaignState = 'draft' | 'queued' | 'sending' | 'paused' | 'sent' | 'cancelled'

export function stateOf({ status_id, paused_at }: Pick<Campaign, 'status_id' | 'paused_at'>): CampaignState {
  if (status_id === CAMPAIGN_STATUS.sending && paused_at !== null) return 'paused'
  return (
    (Object.keys(CAMPAIGN_STATUS) as (keyof typeof CAMPAIGN_STATUS)[]).find(
      name => CAMPAIGN_STATUS[name] === status_id,
    ) ?? 'draft'
  )
}

/** Every change of state there is: what may be done from where, and where it leads. */
const TRANSITIONS = {
  queue: { from: ['draft'], to: 'queued' },
  undo: { from: ['queued'], to: 'draft' },
  begin: { from: ['queued'], to: 'sending' },
  pause: { from: ['sending'], to: 'paused' },
  /** It was due long ago, while nothing ran: somebody is asked first. */
  hold: { from: ['queued'], to: 'paused' },
  resume: { from: ['paused'], to: 'sending' },
  finish: { from: ['sending'], to: 'sent' },
  /** There is more to be sent: failed ones, late ones, drafts, ambiguous ones. */
  reopen: { from: ['sent', 'sending', 'paused'], to: 'sending' },
  cancel: { from: ['queued', 'sending', 'paused', 'sent'], to: 'cancelled' },
} as const satisfies Record<string, { from: readonly CampaignState[]; to: CampaignState }>

type Act = keyof typeof TRANSITIONS

function mayDo(campaign: Pick<Campaign, 'status_id' | 'paused_at'>, act: Act): boolean {
  return (TRANSITIONS[act].from as readonly CampaignState[]).includes(stateOf(campaign))
}

type Moments = Partial<
  Pick<
    Campaign,
    | 'scheduled_at'
    | 'queued_at'
    | 'undo_until'
    | 'paused_at'
    | 'pause_reason'
    | 'finished_at'
    | 'frozen_at'
    | 'frozen_through'
    | 'sent_at'
  >
>

/** One statement that succeeds only from an allowed state. @returns undefined: it is in another one by now */
export function move(
  trx: Database,
  { id }: Pick<Campaign, 'id'>,
  act: Act,
  set: Moments,
  now: number,
): Promise<Campaign | undefined> {
  const { from, to } = TRANSITIONS[act]
  const states = from as readonly CampaignState[]
  return trx
    .updateTable('campaigns')
    .set({
      ...set,
      status_id: to === 'paused' ? CAMPAIGN_STATUS.sending : CAMPAIGN_STATUS[to],
      updated_at: now,
    })
    .where('id', '=', id)
    .where(({ eb, or, and }) =>
      or(
        states.map(state =>
          state === 'paused'
            ? and([eb('status_id', '=', CAMPAIGN_STATUS.sending), eb('paused_at', 'is not', null)])
            : state === 'sending'
              ? and([eb('status_id', '=', CAMPAIGN_STATUS.sending), eb('paused_at', 'is', null)])
              : eb('status_id', '=', CAMPAIGN_STATUS[state]),
        ),
      ),
    )
    .returningAll()
    .executeTakeFirst()
}

/** @throws Problem `invalid` with SendPortal's text: it is no draft */
export async function queueCampaign(
  trx: Database,
  campaign: Campaign,
  { now = Date.now(), scheduledAt }: { now?: number; scheduledAt?: number | null } = {},
): Promise<Campaign> {
  const { undo_seconds } = await sendingSettings(trx, campaign.workspace_id)
  const queued = await move(
    trx,
    campaign,
    'queue',
    {
      queued_at: now,
      undo_until: undo_seconds === 0 ? null : now + undo_seconds * 1000,
      ...(scheduledAt !== undefined && { scheduled_at: scheduledAt }),
    },
    now,
  )
  return queued ?? refuse('status_id', 'The campaign must have a status of draft to be dispatched')
}

/** Back to a draft, as long as nothing of it was begun. @throws Problem `conflict`: too late */
export async function undoSend(trx: Database, campaign: Campaign, now = Date.now()): Promise<Campaign> {
  const draft = await move(trx, campaign, 'undo', { queued_at: null, undo_until: null }, now)
  if (draft === undefined) throw new Problem('conflict', 'It is too late: the campaign is being sent')
  return draft
}

/** @param reason in words for people; null: somebody did it */
export async function pauseCampaign(
  trx: Database,
  campaign: Pick<Campaign, 'id'>,
  reason: string | null,
  now = Date.now(),
): Promise<Campaign> {
  const paused = await move(trx, campaign, 'pause', { paused_at: now, pause_reason: reason }, now)
  if (paused === undefined) throw new Problem('conflict', 'Only a campaign that is being sent can be paused')
  return paused
}

export async function resumeCampaign(
  trx: Database,
  campaign: Pick<Campaign, 'id'>,
  now = Date.now(),
): Promise<Campaign> {
  const resumed = await move(trx, campaign, 'resume', { paused_at: null, pause_reason: null }, now)
  if (resumed === undefined) throw new Problem('conflict', 'The campaign is not paused')
  return resumed
}

export interface Cancelled {
  campaign: Campaign
  /** SendPortal's words about what that meant. */
  message: string
}

/**
 * Nobody who has not got it gets it. Drafts are deleted, others that wait are kept as skipped.
 * @throws Problem `invalid` with SendPortal's texts (contract, section 5.2)
 */
export async function cancelCampaign(
  trx: Database,
  campaign: Pick<Campaign, 'id'>,
  now = Date.now(),
): Promise<Cancelled> {
  await hold(trx, trx.selectFrom('campaigns').select('id').where('id', '=', campaign.id))
  const before = await trx
    .selectFrom('campaigns')
    .innerJoin('campaign_totals', 'campaign_totals.campaign_id', 'campaigns.id')
    .select(['status_id', 'save_as_draft', 'paused_at', 'frozen_at', 'draft', 'sent', 'total'])
    .where('campaigns.id', '=', campaign.id)
    .executeTakeFirst()
  if (before === undefined) throw new Problem('absent')
  const state = stateOf(before)
  if (!mayDo(before, 'cancel') || (state === 'sent' && before.draft === 0))
    return refuse('campaignStatus', `${STATUS_NAMES[before.status_id]} campaigns cannot be cancelled.`)
  if (before.save_as_draft === 1 && state !== 'queued' && before.frozen_at === null)
    return refuse(
      'campaignStatus',
      'Campaigns that save draft messages cannot be cancelled until all drafts have been created.',
    )
  const cancelled = await move(trx, campaign, 'cancel', { finished_at: now, paused_at: null }, now)
  if (cancelled === undefined) throw new Problem('conflict', 'The campaign has just changed, look again')
  await skipWaiting(trx, campaign.id)
  await trx
    .deleteFrom('deliveries')
    .where('campaign_id', '=', campaign.id)
    .where(sql<boolean>`status = 'draft'`)
    .execute()
  const message =
    state === 'queued'
      ? 'The queued campaign was cancelled successfully.'
      : before.save_as_draft === 1
        ? 'The campaign was cancelled and any remaining draft messages were deleted.'
        : `The campaign was cancelled whilst being processed (~${before.sent}/${before.total} dispatched).`
  return { campaign: cancelled, message }
}

/** Those that are claimed follow when whoever holds them gives them back. */
async function skipWaiting(trx: Database, campaignId: number): Promise<void> {
  await sql`update deliveries set status = 'skipped', reason = 'cancelled'
    where campaign_id = ${campaignId} and status = 'pending'`.execute(trx)
}

/** Sends again what was refused, or never made. @returns how many */
export async function retryFailed(
  trx: Database,
  campaign: Pick<Campaign, 'id'>,
  now = Date.now(),
): Promise<number> {
  await holdCampaigns(trx, [campaign.id])
  // What bounced for good would only bounce again, and harm the sender's name.
  const { numAffectedRows } = await sql`
    update deliveries set status = 'pending', reason = null, next_at = 0, attempts = 0
    where campaign_id = ${campaign.id} and status = 'failed' and bounced_at is null`.execute(trx)
  const count = Number(numAffectedRows ?? 0n)
  if (count > 0) await reopen(trx, campaign, {}, now)
  return count
}

/** To those who fit it now and did not when the audience was frozen. */
export function resendToLater(
  trx: Database,
  campaign: Pick<Campaign, 'id'>,
  now = Date.now(),
): Promise<Campaign> {
  return reopen(trx, campaign, { frozen_at: null, frozen_through: null }, now)
}

/** @throws Problem `conflict`: it is not ambiguous (any more) */
export async function resolveAmbiguous(
  trx: Database,
  delivery: Pick<Delivery, 'id' | 'campaign_id'>,
  as: 'sent' | 'retry',
  now = Date.now(),
): Promise<Delivery> {
  if (delivery.campaign_id !== null) await holdCampaigns(trx, [delivery.campaign_id])
  const resolved = await trx
    .updateTable('deliveries')
    .set(as === 'sent' ? { status: 'sent', sent_at: now } : { status: 'pending', next_at: 0 })
    .where('id', '=', delivery.id)
    .where('status', '=', 'ambiguous')
    .returningAll()
    .executeTakeFirst()
  if (resolved === undefined) throw new Problem('conflict', 'It is known by now what became of this message')
  if (as === 'retry' && delivery.campaign_id !== null)
    await reopen(trx, { id: delivery.campaign_id }, {}, now)
  return resolved
}

/** Which drafts: these, or all of a campaign. */
export type Drafts = { ids: readonly number[] } | { campaignId: number }

/** Sends messages that were kept as drafts. @returns how many there were */
export async function sendDrafts(
  trx: Database,
  workspaceId: number,
  which: Drafts,
  now = Date.now(),
): Promise<number> {
  const { rows } = await sql<{ campaign_id: number }>`
    select distinct campaign_id from deliveries
    where campaign_id is not null and ${drafts(workspaceId, which)}`.execute(trx)
  const campaigns = rows.map(row => row.campaign_id)
  await holdCampaigns(trx, campaigns)
  const { numAffectedRows } = await sql`
    update deliveries set status = 'pending', next_at = 0 where ${drafts(workspaceId, which)}`.execute(trx)
  for (const id of campaigns) await reopen(trx, { id }, {}, now)
  return Number(numAffectedRows ?? 0n)
}

/** Before their deliveries are changed: whatever changes both takes the campaign first. */
async function holdCampaigns(trx: Database, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return
  await hold(trx, trx.selectFrom('campaigns').select('id').where('id', 'in', ids).orderBy('id'))
}

/** @returns how many there were */
export async function deleteDrafts(trx: Database, workspaceId: number, which: Drafts): Promise<number> {
  const { numAffectedRows } = await sql`delete from deliveries where ${drafts(workspaceId, which)}`.execute(
    trx,
  )
  return Number(numAffectedRows ?? 0n)
}

function drafts(workspaceId: number, which: Drafts) {
  const those =
    'ids' in which
      ? which.ids.length === 0
        ? sql<boolean>`1 = 0`
        : sql<boolean>`id in (${sql.join(which.ids)})`
      : sql<boolean>`campaign_id = ${which.campaignId}`
  return sql<boolean>`workspace_id = ${workspaceId} and status = 'draft' and ${those}`
}

/** A campaign that somebody has paused stays so. */
async function reopen(
  trx: Database,
  campaign: Pick<Campaign, 'id'>,
  set: Moments,
  now: number,
): Promise<Campaign> {
  const opened = await move(trx, campaign, 'reopen', { ...set, finished_at: null }, now)
  if (opened === undefined)
    throw new Problem('conflict', 'Only a campaign that was sent, or is being sent, can send more')
  return opened
}

function refuse(field: string, message: string): never {
  throw new Problem('invalid', '', { fields: { [field]: [message] } })
}
