import { sql } from 'kysely'
import type { Database } from '../../storage/schema.ts'
import type { EmailService } from '../ways-out/email-services.ts'
import { waitAfter } from './retry-scale.ts'
import type { Ended } from './thread-messages.ts'

/** In a row, with nothing taken between them. */
const TROUBLES = 5

interface State {
  troubles: number
  /** Looks at it since it went down that found it so still. */
  failures: number
  until: number
  /** Its row says so too. */
  isTold: boolean
}

/**
 * Which email services take mail. One that is down is asked again on the scale of retries, with a single mail, and holds
 * nobody else up meanwhile. All nodes are told through its row.
 */
export class ServiceHealth {
  readonly #db: Database
  readonly #scale: number
  readonly #states = new Map<number, State>()
  /** Whose rows say that they are up. */
  readonly #fine = new Set<number>()

  constructor(db: Database, scale: number) {
    this.#db = db
    this.#scale = scale
  }

  /** Until when it takes nothing; undefined: it does. @param service its row, for what other nodes know */
  downUntil(service: Pick<EmailService, 'id' | 'down_until'>, now: number): number | undefined {
    const state = this.#states.get(service.id)
    // Somebody has changed its settings: what was learned of the old ones is worth nothing.
    if (state?.isTold && service.down_until === null) this.#states.delete(service.id)
    const until = Math.max(this.#states.get(service.id)?.until ?? 0, service.down_until ?? 0)
    return until > now ? until : undefined
  }

  /** Whether it was down, and the next mail only shows whether it still is. */
  isOnTrial({ id, down_since }: Pick<EmailService, 'id' | 'down_since'>): boolean {
    if (down_since !== null) this.#fine.delete(id)
    return (this.#states.get(id)?.failures ?? 0) > 0 || down_since !== null
  }

  /** Learns from what became of mails. */
  async learn(ended: readonly Ended[], now: number): Promise<void> {
    for (const one of ended) {
      const id = one.emailServiceId
      const state = this.#states.get(id)
      if (one.is === 'sent' || one.is === 'refused' || (one.is === 'deferred' && one.scope !== 'service')) {
        if (state === undefined && this.#fine.has(id)) continue
        this.#states.delete(id)
        await this.#tellUp(id)
      } else if (one.is === 'deferred') await this.#trouble(id, one, now)
    }
  }

  async #trouble(id: number, { answer }: Ended, now: number): Promise<void> {
    const state = this.#states.get(id) ?? { troubles: 0, failures: 0, until: 0, isTold: false }
    this.#states.set(id, state)
    if (state.until > now) return
    // On trial one is enough.
    if (++state.troubles < TROUBLES && state.failures === 0 && answer.retryAfterMs === undefined) return
    state.troubles = 0
    state.failures++
    state.isTold = false
    this.#fine.delete(id)
    state.until = now + Math.max(answer.retryAfterMs ?? 0, waitAfter(state.failures, this.#scale))
    await sql`update email_services set down_since = coalesce(down_since, ${now}), down_until = ${state.until},
      down_reason = ${answer.text} where id = ${id}`.execute(this.#db)
    state.isTold = true
  }

  async #tellUp(id: number): Promise<void> {
    await sql`update email_services set down_since = null, down_until = null, down_reason = null
      where id = ${id} and down_since is not null`.execute(this.#db)
    this.#fine.add(id)
  }
}
