import type { Secrets } from '../../accounts/secrets.ts'
import type { Database } from '../../storage/schema.ts'
import type { Quota } from '../deliveries/ledger.ts'
import { type EmailService, serviceSettings } from '../ways-out/email-services.ts'
import { limitsOf, type ServiceLimits, warmUpToday } from './limits.ts'
import type { ServiceHealth } from './service-health.ts'
import type { ServiceOrder } from './thread-messages.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** A limit that is used up, until the next hour or day begins. */
export interface Spent {
  span: Quota['span']
  until: number
  /** As they were then: with others it may be given more. */
  limits: string | null
}

const NONE_SPENT: ReadonlyMap<number, Spent> = new Map()

export interface KnownService {
  row: EmailService
  limits: ServiceLimits
  quotas: Quota[]
}

/** Email services as the dispatcher needs them: which one takes a campaign's mail now, and how much of it. */
export class ServiceBook {
  readonly #db: Database
  readonly #secrets: Secrets
  readonly #health: ServiceHealth

  constructor(db: Database, secrets: Secrets, health: ServiceHealth) {
    this.#db = db
    this.#secrets = secrets
    this.#health = health
  }

  async find(id: number, now: number): Promise<KnownService | undefined> {
    const row = await this.#db
      .selectFrom('email_services')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst()
    if (row === undefined) return undefined
    const limits = limitsOf(row.limits)
    return { row, limits, quotas: quotasOf(limits, now) }
  }

  /**
   * The service, or while it takes nothing the next that does.
   * @param spent services whose limits are used up, and until when
   * @returns undefined: none takes anything; `until` is when the first of them is looked at again
   */
  async inTurn(
    id: number,
    now: number,
    spent: ReadonlyMap<number, Spent> = NONE_SPENT,
  ): Promise<{ service: KnownService | undefined; until: number; reason: string }> {
    const met = new Set<number>()
    let until = Number.POSITIVE_INFINITY
    let reason = 'its email service is gone'
    for (let next: number | null = id; next !== null && !met.has(next); ) {
      met.add(next)
      const service = await this.find(next, now)
      if (service === undefined) break
      const { name, down_reason } = service.row
      const down = this.#health.downUntil(service.row, now)
      const known = spent.get(next)
      const used = known?.limits === service.row.limits ? known : undefined
      if (down === undefined && (used === undefined || used.until <= now))
        return { service, until: now, reason: '' }
      until = Math.min(until, Math.max(down ?? 0, used?.until ?? 0))
      reason =
        down === undefined
          ? `the limit per ${used?.span} of ${name} is used up`
          : `the email service ${name} takes nothing: ${down_reason ?? ''}`
      next = service.row.next_service_id
    }
    return { service: undefined, until, reason }
  }

  /** What the sending thread has to know of it. @param nodes at work, which share what it takes per second */
  orderOf({ row, limits }: KnownService, nodes: number): ServiceOrder {
    return {
      id: row.id,
      workspaceId: row.workspace_id,
      typeId: row.type_id,
      settings: serviceSettings(this.#secrets, row),
      perSecond: limits.per_second === undefined ? undefined : limits.per_second / nodes,
      domains: (limits.domains ?? []).map(({ domain, per_minute }) => ({
        domain,
        per_minute: per_minute / nodes,
      })),
    }
  }
}

function quotasOf(limits: ServiceLimits, now: number): Quota[] {
  const quotas: Quota[] = []
  if (limits.per_hour !== undefined)
    quotas.push({ span: 'hour', startedAt: Math.floor(now / HOUR) * HOUR, limit: limits.per_hour })
  const perDay = Math.min(limits.per_day ?? Infinity, warmUpToday(limits, now) ?? Infinity)
  if (perDay !== Infinity) quotas.push({ span: 'day', startedAt: Math.floor(now / DAY) * DAY, limit: perDay })
  return quotas
}

/** When a quota that is used up begins anew. */
export function quotaEnds({ span, startedAt }: Quota): number {
  return startedAt + (span === 'hour' ? HOUR : DAY)
}
