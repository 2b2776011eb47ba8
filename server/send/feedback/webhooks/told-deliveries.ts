import type { Secrets } from '../../../accounts/secrets.ts'
import { storable } from '../../../accounts/storable.ts'
import type { Database } from '../../../storage/schema.ts'
import { emailKey } from '../../audience/subscribers.ts'
import type { Delivery } from '../../deliveries/deliveries.ts'
import { deliveryIdIn } from '../../deliveries/message-id.ts'
import { type EmailService, serviceSettings } from '../../ways-out/email-services.ts'
import { DELIVERY_KEY } from '../public-token.ts'
import type { Telling } from './webhook.ts'

/** Of the service's type, whose post it says it is. */
export interface ToldBy {
  typeId: number
  /** Named by the address that was posted to; undefined: any of the type. */
  serviceId: number | undefined
}

type Found = Pick<
  Delivery,
  'id' | 'workspace_id' | 'campaign_id' | 'email_service_id' | 'provider_id' | 'email'
>

interface Matched {
  telling: Telling
  delivery: Found
}

const COLUMNS = ['id', 'workspace_id', 'campaign_id', 'email_service_id', 'provider_id', 'email'] as const
const PORTION = 200

/**
 * The delivery of each telling: by our own Message-ID, which tells it from all others, also before the provider's id is
 * written down here; else by that id.
 * @param isTrusted whether the service may tell that
 * @returns and those of which nobody knows what they are about
 */
export async function toldDeliveries(
  db: Database,
  secrets: Secrets,
  by: ToldBy,
  tellings: readonly Telling[],
  isTrusted: (service: EmailService, webhookKey: string | null) => boolean,
): Promise<{ matched: Matched[]; unknown: Telling[] }> {
  const byId = new Map<number, Found>()
  for (let from = 0; from < tellings.length; from += PORTION) {
    const portion = tellings.slice(from, from + PORTION)
    const found = [...(await ofProvider(db, by, portion)), ...(await ofMessageIds(db, secrets, portion))]
    for (const delivery of found) byId.set(delivery.id, delivery)
  }
  const found = [...byId.values()]
  const trusted = await trustedServices(db, secrets, by, found, isTrusted)
  const byProviderId = Map.groupBy(found, ({ provider_id }) => provider_id ?? '')
  const key = secrets.key(DELIVERY_KEY)

  const matched: Matched[] = []
  const unknown: Telling[] = []
  for (const telling of tellings) {
    const { providerId, messageId } = telling
    const named = (providerId === '' ? undefined : byProviderId.get(providerId)) ?? []
    const own = byId.get((messageId !== undefined && deliveryIdIn(key, messageId)) || 0)
    const candidates = own === undefined ? named : [own]
    // One that is being handed over belongs to no service yet.
    const isEarly = by.serviceId === undefined && own !== undefined && own.email_service_id === null
    if (candidates.length === 0 || isEarly) {
      unknown.push(telling)
      continue
    }
    const delivery = theOne(
      candidates.filter(one => trusted(one)),
      telling,
    )
    if (delivery !== undefined) matched.push({ telling, delivery })
  }
  return { matched, unknown }
}

/** Some providers count from one, each installation by itself: of several it is the one that went to that address. */
function theOne(candidates: readonly Found[], { recipient }: Telling): Found | undefined {
  if (candidates.length < 2) return candidates[0]
  const theirs = candidates.filter(({ email }) => emailKey(email) === emailKey(recipient ?? ''))
  return theirs.length === 1 ? theirs[0] : undefined
}

function ofProvider(db: Database, by: ToldBy, tellings: readonly Telling[]): Promise<Found[]> {
  const ids = [...new Set(tellings.map(({ providerId }) => storable(providerId)))].filter(Boolean)
  if (ids.length === 0) return Promise.resolve([])
  return db
    .selectFrom('deliveries')
    .select(COLUMNS)
    .where('provider_id', 'in', ids)
    .where(({ eb, selectFrom }) =>
      by.serviceId === undefined
        ? eb(
            'email_service_id',
            'in',
            selectFrom('email_services').select('email_services.id').where('type_id', '=', by.typeId),
          )
        : eb('email_service_id', '=', by.serviceId),
    )
    .execute()
}

function ofMessageIds(db: Database, secrets: Secrets, tellings: readonly Telling[]): Promise<Found[]> {
  const key = secrets.key(DELIVERY_KEY)
  const ids = tellings.flatMap(({ messageId }) =>
    messageId === undefined ? [] : (deliveryIdIn(key, messageId) ?? []),
  )
  if (ids.length === 0) return Promise.resolve([])
  return db.selectFrom('deliveries').select(COLUMNS).where('id', 'in', ids).execute()
}

/** Whether what was told of a delivery was told by the service that it left through. */
async function trustedServices(
  db: Database,
  secrets: Secrets,
  { typeId, serviceId }: ToldBy,
  found: readonly Found[],
  isTrusted: (service: EmailService, webhookKey: string | null) => boolean,
): Promise<(delivery: Found) => boolean> {
  const ids = new Set(found.flatMap(({ email_service_id }) => email_service_id ?? []))
  if (serviceId !== undefined) ids.add(serviceId)
  const services =
    ids.size === 0
      ? []
      : await db
          .selectFrom('email_services')
          .selectAll()
          .where('id', 'in', [...ids])
          .execute()
  const trusted = new Map(
    services.map(service => {
      if (service.type_id !== typeId || (serviceId !== undefined && service.id !== serviceId))
        return [service.id, undefined]
      const key = serviceSettings(secrets, service).webhook_key ?? null
      return [service.id, isTrusted(service, key === null ? null : String(key)) ? service : undefined]
    }),
  )
  return ({ email_service_id, workspace_id }) =>
    trusted.get(email_service_id ?? serviceId ?? 0)?.workspace_id === workspace_id
}
