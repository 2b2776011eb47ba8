import { sql } from 'kysely'
import { givenRows, insertRows } from '../../storage/bulk.ts'
import type { Database } from '../../storage/schema.ts'
import type { Operation } from '../../storage/writer-messages.ts'
import type { Delivery } from '../deliveries/deliveries.ts'
import { holdDeliveries } from './delivery-feedback.ts'
import type { TrackedEvent } from './event-buffer.ts'
import { ALL_FETCHED, BETRAYED_MS, HIDDEN_TOUCHED, unmasked, type Visit } from './unmasking.ts'
import { type Judged, verdictOf } from './verdicts.ts'

/** This module is loaded by the writing thread (see storage/writer-thread.ts), which finds its work here. */
export const operations: Record<string, Operation> = {
  keep_tracking: async (db, inputs) => {
    const kept: number[] = []
    for (const { input } of inputs) kept.push(await keepTracking(db, input as TrackedEvent[]))
    return kept
  },
}

/** An open or click that is kept already, or about to be. */
interface Event extends Visit {
  /** Undefined: it is new. */
  id: number | undefined
  linkId: number | null
  url: string | null
  detail: { reasons?: string[] }
  source: string
}

/** How much the counters of one link move. */
interface Moved {
  clicks: number
  clicked: number
  machine_clicks: number
}

/**
 * Many opens and clicks at once, with the outcome that `applyFeedback` has for each of them. Here the verdicts are given,
 * where all that is known of a delivery is at hand.
 * @param tracked at most some hundred
 * @returns how many were kept: those of deliveries that are gone are not
 */
async function keepTracking(db: Database, tracked: readonly TrackedEvent[]): Promise<number> {
  const byDelivery = Map.groupBy(tracked, ({ deliveryId }) => deliveryId)
  const ids = [...byDelivery.keys()].toSorted((a, b) => a - b)
  const deliveries = await holdDeliveries(db, ids)
  if (deliveries.size === 0) return 0
  const links = await linksOf(db, [...deliveries.values()])
  const known = await knownEvents(db, [...deliveries.keys()], Math.min(...tracked.map(({ at }) => at)))

  const fresh: [Delivery, Event][] = []
  const changed: Event[] = []
  const rows: Pick<Delivery, 'id' | (typeof COLUMNS)[number]>[] = []
  const moved = new Map<number, Moved>()
  for (const delivery of deliveries.values()) {
    const ofCampaign = links.get(delivery.campaign_id ?? 0) ?? new Map<number, Link>()
    const before = known.get(delivery.id) ?? []
    const came = (byDelivery.get(delivery.id) ?? [])
      .toSorted((a, b) => a.at - b.at)
      .map(event => eventOf(event, delivery, ofCampaign))
    const after = [...before.map(event => ({ ...event })), ...came]
    for (const [place, reasons] of unmasked(after, ofCampaign.size)) takeBack(after[place] as Event, reasons)
    const takenBack = after.slice(0, before.length).filter((event, i) => event.verdict !== before[i]?.verdict)
    rows.push(
      takenBack.length === 0
        ? counted(delivery, came)
        : counted({ ...delivery, ...NOTHING }, [...(await earlier(db, delivery.id, takenBack)), ...came]),
    )
    count(moved, before, -1)
    count(moved, after, 1)
    changed.push(...takenBack)
    for (const event of came) fresh.push([delivery, event])
  }

  await insertRows(
    db,
    'delivery_events',
    fresh.map(([delivery, event]) => rowOf(delivery, event)),
  )
  for (const { id, verdict, detail } of changed)
    await db
      .updateTable('delivery_events')
      .set({ verdict, detail: JSON.stringify(detail) })
      .where('id', '=', id as number)
      .execute()
  await writeDeliveries(db, rows)
  for (const [id, by] of [...moved].toSorted(([a], [b]) => a - b))
    if (by.clicks !== 0 || by.clicked !== 0 || by.machine_clicks !== 0)
      await db
        .updateTable('campaign_links')
        .set({
          clicks: sql`clicks + ${by.clicks}`,
          clicked: sql`clicked + ${by.clicked}`,
          machine_clicks: sql`machine_clicks + ${by.machine_clicks}`,
        })
        .where('id', '=', id)
        .execute()
  return fresh.length
}

interface Link {
  id: number
  url: string
}

/** Links by number, by campaign. */
async function linksOf(
  db: Database,
  deliveries: readonly Delivery[],
): Promise<Map<number, Map<number, Link>>> {
  const campaignIds = new Set(deliveries.flatMap(({ campaign_id: id }) => (id === null ? [] : [id])))
  const found = new Map<number, Map<number, Link>>()
  if (campaignIds.size === 0) return found
  const rows = await db
    .selectFrom('campaign_links')
    .select(['id', 'campaign_id', 'number', 'url'])
    .where('campaign_id', 'in', [...campaignIds])
    .execute()
  for (const { campaign_id, number, ...link } of rows) {
    const of = found.get(campaign_id) ?? new Map<number, Link>()
    found.set(campaign_id, of.set(number, link))
  }
  return found
}

/** What is asked of what was kept before: who was there a moment ago, and which links people have clicked at all. */
async function knownEvents(
  db: Database,
  deliveryIds: readonly number[],
  since: number,
): Promise<Map<number, Event[]>> {
  const rows = await eventsQuery(db)
    .select('delivery_id')
    .where('delivery_id', 'in', [...deliveryIds])
    .where(({ eb, or, and }) =>
      or([
        eb('at', '>=', since - 2 * BETRAYED_MS),
        and([eb('kind', '=', 'clicked'), eb('verdict', '=', 'person')]),
      ]),
    )
    .execute()
  const found = new Map<number, Event[]>()
  for (const { delivery_id: id, ...row } of rows) found.set(id, [...(found.get(id) ?? []), storedEvent(row)])
  return found
}

function eventsQuery(db: Database) {
  return db
    .selectFrom('delivery_events')
    .select(['id', 'kind', 'at', 'verdict', 'link_id', 'url', 'ip', 'user_agent', 'detail', 'source'])
    .where('kind', 'in', ['opened', 'clicked'])
    .orderBy('id')
}

type Stored = Awaited<ReturnType<ReturnType<typeof eventsQuery>['execute']>>[number]

function storedEvent(row: Stored): Event {
  const detail = JSON.parse(row.detail) as Event['detail']
  const [reason] = detail.reasons ?? []
  const isUnmasked = reason === HIDDEN_TOUCHED || reason === ALL_FETCHED
  return {
    id: row.id,
    kind: row.kind as Visit['kind'],
    at: row.at,
    link: row.link_id,
    hidden: isUnmasked && row.kind === 'clicked' && row.link_id === null && row.url === null,
    agent: row.user_agent ?? '',
    ip: row.ip ?? '',
    verdict: row.verdict ?? 'person',
    plausible: row.verdict === 'person' || isUnmasked,
    linkId: row.link_id,
    url: row.url,
    detail,
    source: row.source,
  }
}

function eventOf(event: TrackedEvent, delivery: Delivery, links: Map<number, Link>): Event {
  const isClick = event.kind === 'clicked'
  const hidden = isClick && event.number === 0
  const link = isClick ? links.get(event.number) : undefined
  const { verdict, reasons }: Judged = hidden
    ? { verdict: 'scanner', reasons: [HIDDEN_TOUCHED] }
    : verdictOf({ ...event, sinceHandOverMs: sinceHandOver(delivery, event.at) })
  return {
    id: undefined,
    kind: event.kind,
    at: event.at,
    link: link?.id ?? null,
    hidden,
    agent: event.agent,
    ip: event.ip,
    verdict,
    plausible: verdict === 'person',
    detail: { reasons },
    linkId: link?.id ?? null,
    url: event.url ?? link?.url ?? null,
    source: isClick ? 'link' : 'pixel',
  }
}

function takeBack(event: Event, reasons: string[]): void {
  event.verdict = 'scanner'
  event.detail = { ...event.detail, reasons }
}

/** A mail that is claimed is being handed over at this moment, or was: only the confirmation is not here yet. */
function sinceHandOver({ sent_at: sentAt, status }: Delivery, at: number): number | null {
  if (sentAt !== null) return at - sentAt
  return status === 'claimed' ? 0 : null
}

/** All that happened before, by what is known of it now. */
async function earlier(db: Database, deliveryId: number, takenBack: readonly Event[]): Promise<Event[]> {
  const rows = await eventsQuery(db).where('delivery_id', '=', deliveryId).execute()
  const now = new Map(takenBack.map(event => [event.id, event]))
  return rows.map(row => now.get(row.id) ?? storedEvent(row))
}

const COLUMNS = [
  'opened_at',
  'machine_opened_at',
  'clicked_at',
  'machine_clicked_at',
  'open_count',
  'click_count',
] as const
const NOTHING = {
  opened_at: null,
  machine_opened_at: null,
  clicked_at: null,
  machine_clicked_at: null,
  open_count: 0,
  click_count: 0,
}

/** As `momentsOf` in delivery-feedback.ts; a test holds them together. */
function counted(from: Delivery, events: readonly Event[]): Delivery {
  const now = { ...from }
  for (const { kind, verdict, at } of events)
    if (verdict !== 'person')
      if (kind === 'opened') now.machine_opened_at = earliest(at, now.machine_opened_at)
      else now.machine_clicked_at = earliest(at, now.machine_clicked_at)
    else if (kind === 'opened') {
      now.opened_at = earliest(at, now.opened_at)
      now.open_count++
    } else {
      now.clicked_at = earliest(at, now.clicked_at)
      now.click_count++
      if (now.opened_at === null) {
        now.opened_at = at
        now.open_count++
      }
    }
  return now
}

function earliest(at: number, known: number | null): number {
  return Math.min(at, known ?? at)
}

/** Adds the clicks to what the links move by, or takes them away. */
function count(moved: Map<number, Moved>, events: readonly Event[], by: 1 | -1): void {
  const people = new Set<number>()
  for (const { kind, linkId, verdict } of events) {
    if (kind !== 'clicked' || linkId === null) continue
    const of = moved.get(linkId) ?? { clicks: 0, clicked: 0, machine_clicks: 0 }
    moved.set(linkId, of)
    if (verdict !== 'person') of.machine_clicks += by
    else {
      of.clicks += by
      if (!people.has(linkId)) of.clicked += by
      people.add(linkId)
    }
  }
}

function rowOf(delivery: Delivery, event: Event) {
  return {
    workspace_id: delivery.workspace_id,
    delivery_id: delivery.id,
    campaign_id: delivery.campaign_id,
    kind: event.kind,
    at: event.at,
    verdict: event.verdict,
    link_id: event.linkId,
    url: event.url?.slice(0, 1_000) ?? null,
    ip: event.ip,
    user_agent: event.agent,
    source: event.source,
    event_key: null,
    detail: JSON.stringify(event.detail),
  }
}

async function writeDeliveries(
  db: Database,
  rows: readonly Pick<Delivery, 'id' | (typeof COLUMNS)[number]>[],
): Promise<void> {
  const names = ['id' as const, ...COLUMNS]
  const set = sql.join(COLUMNS.map(name => sql`${sql.ref(name)} = ${sql.ref(`given.${name}`)}`))
  const given = givenRows(
    db,
    'given',
    Object.fromEntries(names.map(name => [name, 'bigint' as const])),
    rows.map(row => names.map(name => row[name])),
  )
  await sql`update deliveries set ${set} from ${given} where deliveries.id = given.id`.execute(db)
}
