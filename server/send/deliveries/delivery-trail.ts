import type { Database } from '../../storage/schema.ts'
import type { Delivery } from './deliveries.ts'
import { type DeliveryEvent, eventsOfDelivery } from './delivery-events.ts'

type StepKind = 'created' | 'waiting' | 'claimed' | 'sent' | 'skipped' | DeliveryEvent['kind']

/** One thing that happened to a delivery, in a sentence for people. */
export interface TrailStep {
  /** Null: nobody noted when. */
  at: number | null
  kind: StepKind
  text: string
  /** What the sentence leaves out. */
  detail: Record<string, unknown>
}

/** Why somebody did or did not get a mail: from the list of recipients to what came back last. */
export async function trailOf(db: Database, delivery: Delivery): Promise<TrailStep[]> {
  const { id, campaign_id, email_service_id, claimed_by } = delivery
  const names = await namesOf(db, { campaign_id, email_service_id, claimed_by })
  const events = (await eventsOfDelivery(db, id)).map(happened)
  const [attempts, later] = [events.filter(isAttempt), events.filter(each => !isAttempt(each))]
  return [
    {
      at: delivery.created_at,
      kind: 'created',
      text:
        campaign_id === null
          ? 'A program asked for this mail.'
          : `Put on the list of recipients of the campaign “${names.campaign}”.`,
      detail: {},
    },
    ...(claimed_by === null
      ? []
      : [step('claimed', `Taken from the list by ${names.node ?? 'a server that is gone'}.`)]),
    ...attempts,
    ...standing(delivery, names.service, attempts),
    ...later,
  ]
}

/** Told of while it was being handed over; everything else is told later. */
function isAttempt({ kind }: TrailStep): boolean {
  return kind === 'deferred' || kind === 'failed' || kind === 'ambiguous'
}

interface Names {
  campaign: string
  service: string
  node: string | undefined
}

async function namesOf(
  db: Database,
  ids: Pick<Delivery, 'campaign_id' | 'email_service_id' | 'claimed_by'>,
): Promise<Names> {
  const nameIn = async (table: 'campaigns' | 'email_services' | 'sending_nodes', id: number | null) =>
    id === null
      ? undefined
      : (await db.selectFrom(table).select('name').where('id', '=', id).executeTakeFirst())?.name
  const service = await nameIn('email_services', ids.email_service_id)
  return {
    campaign: (await nameIn('campaigns', ids.campaign_id)) ?? '',
    service: service === undefined ? 'the email service' : `the email service “${service}”`,
    node: await nameIn('sending_nodes', ids.claimed_by),
  }
}

/** Where it stands, as far as its status says. */
function standing(delivery: Delivery, service: string, attempts: readonly TrailStep[]): TrailStep[] {
  const { status, reason, sent_at, provider_id, next_at } = delivery
  switch (status) {
    case 'draft':
      return [step('waiting', 'Kept as a draft until somebody sends it.')]
    case 'pending':
      return [
        next_at === 0
          ? step('waiting', 'Waits to be sent.')
          : step('waiting', 'Waits for its time to be sent, or to be tried again.', {
              not_before: new Date(next_at).toISOString(),
            }),
      ]
    case 'claimed':
      return [step('waiting', `Is being handed over to ${service} at this moment.`)]
    case 'sent':
      return [
        {
          at: sent_at,
          kind: 'sent',
          text: `Handed over to ${service}, which took it.`,
          detail: {
            ...(provider_id !== null && { provider_id }),
            ...(reason !== null && { answer: reason }),
          },
        },
      ]
    case 'failed':
      return isTold(attempts, 'failed') ? [] : [step('failed', sentence('Given up', reason))]
    case 'skipped':
      return [step('skipped', whySkipped(reason))]
    case 'ambiguous':
      return isTold(attempts, 'ambiguous') ? [] : [step('ambiguous', sentence(NOBODY_KNOWS, reason))]
  }
}

const NOBODY_KNOWS =
  'Handed over, but no answer came: nobody knows whether it arrived. The log of the mail server may, by the Message-ID'

function isTold(attempts: readonly TrailStep[], kind: StepKind): boolean {
  return attempts.at(-1)?.kind === kind
}

/** In words for people: why somebody whose delivery this is was left out. */
export function whySkipped(reason: string | null): string {
  const [word = '', evidence] = (reason ?? '').split(': ', 2)
  switch (word) {
    case 'unsubscribed':
      return 'Left out: they had unsubscribed.'
    case 'suppressed':
      return evidence === undefined
        ? 'Left out: the address is on the suppression list.'
        : `Left out: the address is on the suppression list (${evidence}).`
    case 'removed':
      return 'Left out: they were removed from the subscribers.'
    case 'cancelled':
      return 'Left out: the campaign was cancelled before their turn came.'
    case 'bounced':
      return 'Left out: mail to the address had bounced.'
    case 'complained':
      return 'Left out: they had reported mail as spam.'
    case 'pending':
      return 'Left out: they had not confirmed that they want mail.'
    default:
      return sentence('Left out', reason)
  }
}

function happened(event: DeliveryEvent): TrailStep {
  const { kind, at, url, ip, user_agent, source, verdict } = event
  const detail: Record<string, unknown> = {
    ...JSON.parse(event.detail),
    source,
    ...(verdict !== null && { verdict }),
    ...(url !== null && { url }),
    ...(ip !== null && { ip }),
    ...(user_agent !== null && { user_agent }),
  }
  const said = wordsIn(detail)
  const text = () => {
    switch (kind) {
      case 'delivered':
        return sentence('Delivered to their mail server', said)
      case 'opened':
        return `Opened ${BY[verdict ?? 'person']}.`
      case 'clicked':
        return `A link was clicked ${BY[verdict ?? 'person']}.`
      case 'bounced':
        return sentence(detail.permanent === true ? 'Came back, for good' : 'Came back, for now', said)
      case 'deferred':
        return sentence('Not taken for now', said)
      case 'failed':
        return sentence('Refused', said)
      case 'ambiguous':
        return sentence(NOBODY_KNOWS, said)
      case 'complained':
        return 'They reported it as spam.'
      case 'unsubscribed':
        return 'They unsubscribed by it.'
      case 'resubscribed':
        return 'They subscribed again by it.'
    }
  }
  return { at, kind, text: text(), detail }
}

const BY = {
  person: 'by a person',
  privacy_proxy: 'by a privacy proxy, which says nothing about the person',
  scanner: 'by a scanner, not by a person',
} as const

/** What a server or a provider said. */
function wordsIn(detail: Record<string, unknown>): string | null {
  const said = detail.text ?? detail.diagnostic ?? detail.reason
  return typeof said === 'string' && said !== '' ? said : null
}

function sentence(beginning: string, said: string | null): string {
  return said === null || said === '' ? `${beginning}.` : `${beginning}: “${said}”`
}

function step(kind: StepKind, text: string, detail: Record<string, unknown> = {}): TrailStep {
  return { at: null, kind, text, detail }
}
