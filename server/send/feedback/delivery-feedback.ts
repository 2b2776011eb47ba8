import { sql, type UpdateObject } from 'kysely'
import { hold } from '../../storage/claiming.ts'
import type { Database, Tables } from '../../storage/schema.ts'
import type { Delivery } from '../deliveries/deliveries.ts'
import { type DeliveryEvent, recordDeliveryEvent } from '../deliveries/delivery-events.ts'
import { countLinkClick, linkOfUrl } from './clicked-links.ts'
import { bouncedSoftly, resubscribed, type Stopped, stopSubscriber } from './feedback-consequences.ts'

/** Something that happened to a mail after it was handed over, whoever tells of it. */
export interface Feedback {
  kind: DeliveryEvent['kind']
  at: number
  /** Of opens and clicks; absent: a person. */
  verdict?: DeliveryEvent['verdict']
  url?: string | null
  /** In `campaign_links`, where that is known; else it is looked for by the URL. */
  linkId?: number | null
  ip?: string | null
  userAgent?: string | null
  source: string
  /** With the source: `sendgrid:evt-1`. Absent: it is told once. */
  eventKey?: string | null
  detail?: Record<string, unknown>
  /** Of `bounced`: there is no such mailbox, and there will be none. */
  permanent?: boolean
}

export interface Applied extends Stopped {
  /** False: it was told before, or it is one that never counts. */
  isNew: boolean
}

/** As our own pages: those who leave have not clicked for the sender. */
const NEVER_COUNTS = /\/(?:subscriptions\/(?:unsubscribe|subscribe|preferences)|webview)\//
/** The link that nobody sees. */
const HIDDEN = /\/t\/c\/[\w-]{20}\/0(?:$|[?#])/

/** A provider that tracks although it is told not to tells of the very open that our pixel has seen. */
const SAME_MS = 10_000

/**
 * The one way in for what comes back (contract, section 5.5). What was told before changes nothing, and the order does
 * not matter. A transaction in which anything but opens and clicks is applied begins with `holdAudience`; one that
 * applies several events holds their deliveries (`holdDeliveries`) next. After its commit, if `subscriberStopped`:
 * `sending.stop({ subscriberIds: [subscriberId] })`.
 */
export async function applyFeedback(
  trx: Database,
  delivery: Delivery,
  event: Feedback,
  now = Date.now(),
): Promise<Applied> {
  const nothing = { isNew: false, subscriberStopped: false, subscriberId: null }
  // Clocks of others run ahead.
  const at = Math.max(0, Math.min(event.at, now))
  const isTracking = event.kind === 'opened' || event.kind === 'clicked'
  const told = HIDDEN.test(event.url ?? '') ? 'scanner' : (event.verdict ?? 'person')
  const verdict = isTracking ? told : null
  if (event.kind === 'clicked' && NEVER_COUNTS.test(event.url ?? '')) return nothing
  const linkId =
    event.kind === 'clicked' ? (event.linkId ?? (await linkOfUrl(trx, delivery, event.url ?? ''))) : null
  if (isTracking && !OURS.has(event.source) && (await wasSeenByUs(trx, delivery, event.kind, linkId, at)))
    return nothing
  const isNew = await recordDeliveryEvent(trx, {
    workspaceId: delivery.workspace_id,
    deliveryId: delivery.id,
    campaignId: delivery.campaign_id,
    kind: event.kind,
    at,
    verdict,
    linkId,
    url: event.url ?? null,
    ip: event.ip ?? null,
    userAgent: event.userAgent ?? null,
    source: event.source,
    eventKey: event.eventKey ?? null,
    detail: { ...event.detail, ...(event.kind === 'bounced' && { permanent: event.permanent === true }) },
  })
  if (!isNew) return nothing

  const forGood =
    event.kind === 'bounced' && (event.permanent === true || (await bouncedSoftly(trx, delivery)))
  const moved = momentsOf(event.kind, verdict, at, forGood)
  if (moved !== undefined)
    await trx.updateTable('deliveries').set(moved).where('id', '=', delivery.id).execute()
  if (linkId !== null) await countLinkClick(trx, delivery.id, linkId, verdict)
  if (event.kind === 'resubscribed') await resubscribed(trx, delivery, now)
  const { kind } = event
  if (kind === 'complained' || kind === 'unsubscribed' || (kind === 'bounced' && forGood))
    return { isNew, ...(await stopSubscriber(trx, delivery, kind, evidenceOf(event), now)) }
  return { ...nothing, isNew }
}

/** Sources that see opens and clicks on our own doorstep. */
const OURS = new Set(['pixel', 'link'])

async function wasSeenByUs(
  trx: Database,
  { id }: Delivery,
  kind: DeliveryEvent['kind'],
  linkId: number | null,
  at: number,
): Promise<boolean> {
  const seen = await trx
    .selectFrom('delivery_events')
    .select('id')
    .where('delivery_id', '=', id)
    .where('kind', '=', kind)
    .where('source', 'in', [...OURS])
    .where('at', '>=', at - SAME_MS)
    .where('at', '<=', at + SAME_MS)
    .$if(linkId !== null, query => query.where('link_id', '=', linkId))
    .limit(1)
    .executeTakeFirst()
  return seen !== undefined
}

type Moments = UpdateObject<Tables, 'deliveries'>

/** Computed from the row as it is when it is written: two events of one mail may be on their way at once. */
function momentsOf(
  kind: DeliveryEvent['kind'],
  verdict: DeliveryEvent['verdict'],
  at: number,
  forGood: boolean,
): Moments | undefined {
  const ifEmpty = (column: keyof Delivery) => sql<number>`coalesce(${sql.ref(column)}, ${at})`
  const earliest = (column: keyof Delivery) =>
    sql<number>`case when ${sql.ref(column)} <= ${at} then ${sql.ref(column)} else ${at} end`
  switch (kind) {
    case 'delivered':
      return { delivered_at: ifEmpty('delivered_at') }
    case 'opened':
      return verdict === 'person'
        ? { opened_at: earliest('opened_at'), open_count: sql<number>`open_count + 1` }
        : { machine_opened_at: earliest('machine_opened_at') }
    case 'clicked':
      if (verdict !== 'person') return { machine_clicked_at: earliest('machine_clicked_at') }
      return {
        clicked_at: earliest('clicked_at'),
        click_count: sql<number>`click_count + 1`,
        // Whoever clicks has read it, with pictures off.
        opened_at: ifEmpty('opened_at'),
        open_count: sql<number>`open_count + case when opened_at is null then 1 else 0 end`,
      }
    case 'bounced':
      return forGood ? { bounced_at: ifEmpty('bounced_at') } : undefined
    case 'complained':
      return { complained_at: ifEmpty('complained_at'), unsubscribed_at: ifEmpty('unsubscribed_at') }
    case 'unsubscribed':
      return { unsubscribed_at: ifEmpty('unsubscribed_at') }
    case 'resubscribed':
      return { unsubscribed_at: null }
    default:
      return undefined
  }
}

/** What is remembered beside a suppressed address. */
function evidenceOf({ source, detail = {} }: Feedback): string {
  const said = detail.text ?? detail.reason ?? detail.diagnostic
  return typeof said === 'string' && said !== '' ? `${source}: ${said}` : source
}

/**
 * The deliveries as they are, which nobody else changes until the transaction ends. In the order of their ids: two
 * transactions that met each other's rows the other way round would lock each other out.
 * @param ids at most some hundred
 */
export async function holdDeliveries(trx: Database, ids: readonly number[]): Promise<Map<number, Delivery>> {
  if (ids.length === 0) return new Map()
  await hold(
    trx,
    trx
      .selectFrom('deliveries')
      .select('id')
      .where('id', 'in', [...ids])
      .orderBy('id'),
  )
  const held = await trx
    .selectFrom('deliveries')
    .selectAll()
    .where('id', 'in', [...ids])
    .execute()
  return new Map(held.map(delivery => [delivery.id, delivery]))
}
