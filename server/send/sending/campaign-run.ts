import { sql } from 'kysely'
import type { Log } from '../../log.ts'
import type { Storage } from '../../storage/database.ts'
import { move, pauseCampaign, stateOf } from '../campaigns/campaign-states.ts'
import { type CampaignStanding, STANDING } from '../campaigns/campaigns.ts'
import { freezeAudience } from '../campaigns/freezing.ts'
import { nextOpening, type SendWindow } from '../campaigns/send-window.ts'
import type { Claim, Claimed, ClaimWish } from '../deliveries/ledger.ts'
import { prepareProgram } from './campaign-program.ts'
import { quotaEnds, type KnownService, type ServiceBook, type Spent } from './service-book.ts'
import type { SendingSettings } from './sending-settings.ts'
import type { SendingWorker } from './sending-worker.ts'
import type { Ended } from './thread-messages.ts'

/**
 * The claim window: so many rows of a campaign are claimed and not settled at most. After a loss of power they are
 * ambiguous, so it is small; at 20,000 mails a second it is the work of a tenth of one.
 */
const WINDOW = 2_000
const MOST_AT_ONCE = 500
const FIRST = 100
const FEWEST = 10
/** A portion that is through in this time may be larger, one that takes so long is smaller the next time. */
const QUICK_MS = 500
const SLOW_MS = 2_000
const LOOK_AGAIN_MS = 1_000
/** Below that many hand-overs a rate says nothing (contract, section 12). */
const ENOUGH = 100

export interface RunParts {
  storage: Storage
  log: Log
  book: ServiceBook
  prepare: (campaignId: number) => ReturnType<typeof prepareProgram>
  worker(): Promise<SendingWorker>
  claim(wish: ClaimWish): Promise<Claim>
  heldDomains(serviceId: number): ClaimWish['heldDomains']
  isOnTrial(service: KnownService['row']): boolean
  settingsOf(workspaceId: number): Promise<SendingSettings>
}

/** One campaign being sent by this process: it claims, as fast as the sending thread ends, until nothing is left. */
export class CampaignRun {
  readonly id: number
  readonly #parts: RunParts
  #outstanding = 0
  #portion = FIRST
  readonly #spent = new Map<number, Spent>()
  #claimedAt = 0
  /** Node and service that know the campaign already. */
  #told: SendingWorker | undefined
  #turning = false
  #again = false
  #isOver = false
  #notBefore = 0
  #waitsFor: string | null = null
  #counts: { at: number; count: number }[] = []
  #baseline: { handled: number; failed: number; complained: number } | undefined

  constructor(id: number, parts: RunParts) {
    this.id = id
    this.#parts = parts
  }

  /** Nothing is left here: it is sent, paused, cancelled, or others do the rest. */
  get isOver(): boolean {
    return this.#isOver && this.#outstanding === 0
  }

  get waitsFor(): string | null {
    return this.#waitsFor
  }

  get perSecond(): number {
    const now = performance.now()
    const recent = this.#counts.filter(({ at }) => at > now - 10_000)
    const since = Math.max(1_000, now - (recent[0]?.at ?? now))
    return recent.reduce((sum, { count }) => sum + count, 0) / (since / 1000)
  }

  /** Something changed, or may have. @param urgently whatever it waits for */
  async look(urgently = false): Promise<void> {
    if (urgently) this.#notBefore = 0
    if (this.#isOver || Date.now() < this.#notBefore) return
    if (this.#turning) {
      this.#again = true
      return
    }
    this.#turning = true
    try {
      do {
        this.#again = false
        await this.#turn()
      } while (this.#again && !this.#isOver)
    } catch (error) {
      // The storage is in trouble, or a template cannot be read: nothing is lost, and the next look tries again.
      this.#parts.log.error('a campaign could not go on', { campaign: this.id, error })
      this.#wait(Date.now() + LOOK_AGAIN_MS, 'the storage is in trouble')
    } finally {
      this.#turning = false
    }
  }

  /** The thread that held its rows is gone; they are recovered. */
  lost(): void {
    this.#outstanding = 0
    void this.look(true)
  }

  /** Rows of it have ended, and the database knows. */
  ended(rows: readonly Ended[]): void {
    this.#outstanding -= rows.length
    this.#learnPace()
    const count = rows.filter(row => row.begun).length
    const now = performance.now()
    if (count > 0) this.#counts.push({ at: now, count })
    while ((this.#counts[0]?.at ?? now) < now - 10_000) this.#counts.shift()
    void this.look()
  }

  async #turn(): Promise<void> {
    const { storage, worker, prepare } = this.#parts
    const campaign = await this.#campaign()
    if (campaign === undefined) return
    if (campaign.frozen_at === null) {
      this.#waitsFor = 'the audience is being put together'
      if ((await freezeAudience(storage, campaign)) === 'left') return this.#wait(Date.now() + LOOK_AGAIN_MS)
      this.#again = true
      return
    }
    const opens = windowOf(campaign)
    if (opens !== undefined && opens > Date.now())
      return this.#wait(
        Math.min(opens, Date.now() + 60_000),
        `its window opens ${new Date(opens).toISOString()}`,
      )
    const thread = await worker()
    if (this.#told !== thread) {
      const prepared = await prepare(this.id)
      if ('faults' in prepared)
        return this.#pause(`The mail cannot be written: ${prepared.faults.join('; ')}`)
      thread.post({ do: 'program', campaignId: this.id, subject: campaign.subject, ...prepared })
      this.#told = thread
    }
    if (await this.#judge(campaign)) return
    await this.#feed(campaign, thread)
  }

  async #campaign(): Promise<CampaignStanding | undefined> {
    const campaign = await this.#parts.storage.read
      .selectFrom('campaigns')
      .select(STANDING)
      .where('id', '=', this.id)
      .executeTakeFirst()
    if (campaign !== undefined && stateOf(campaign) === 'sending') return campaign
    await this.#stop()
    return undefined
  }

  async #feed(campaign: CampaignStanding, thread: SendingWorker): Promise<void> {
    const { book, claim, heldDomains, isOnTrial } = this.#parts
    if (campaign.email_service_id === null) return this.#pause('It has no email service')
    while (!this.#isOver) {
      const now = Date.now()
      const { service, until, reason } = await book.inTurn(campaign.email_service_id, now, this.#spent)
      if (service === undefined) {
        // With the last of a limit the last mail may have gone.
        if ((await this.#nextDue()) === null) return this.#nothingDue(campaign)
        if (until === Number.POSITIVE_INFINITY) return this.#pause('Its email service was deleted')
        return this.#wait(Math.min(until, now + LOOK_AGAIN_MS), reason)
      }
      const limit = this.#share(service, isOnTrial(service.row))
      if (limit <= 0) return
      thread.post({ do: 'service', service: book.orderOf(service, thread.nodes) })
      const claimedAt = performance.now()
      const { rows, exhausted, met } = await claim({
        campaignId: this.id,
        emailServiceId: service.row.id,
        node: thread.node,
        limit,
        now,
        toSubscribersOnly: true,
        heldDomains: heldDomains(service.row.id),
        quotas: service.quotas,
      })
      if (exhausted !== null) {
        const ends = service.quotas.filter(({ span }) => span === exhausted).map(quotaEnds)
        const { id, limits } = service.row
        this.#spent.set(id, { span: exhausted, until: Math.max(...ends), limits })
        continue
      }
      if (rows.length > 0) this.#hand(thread, service, rows, claimedAt)
      if (met === 0) return this.#nothingDue(campaign)
    }
  }

  #hand(thread: SendingWorker, { row }: KnownService, rows: Claimed[], claimedAt: number): void {
    this.#outstanding += rows.length
    this.#claimedAt = claimedAt
    this.#waitsFor = null
    thread.hand({ emailServiceId: row.id, campaignId: this.id, rows, claimedAt, setting: undefined })
  }

  /** How many may be claimed now: what a service takes in a second or so, and no more than the window. */
  #share({ limits }: KnownService, onTrial: boolean): number {
    if (onTrial) return this.#outstanding === 0 ? 1 : 0
    const portion = Math.ceil(Math.min(this.#portion, limits.per_second ?? MOST_AT_ONCE))
    const most = portion === MOST_AT_ONCE ? WINDOW : 2 * portion
    return this.#outstanding + portion > most ? 0 : portion
  }

  #learnPace(): void {
    const took = performance.now() - this.#claimedAt
    if (took < QUICK_MS) this.#portion = Math.min(MOST_AT_ONCE, this.#portion * 2)
    else if (took > SLOW_MS) this.#portion = Math.max(FEWEST, Math.ceil(this.#portion / 2))
  }

  async #nothingDue(campaign: CampaignStanding): Promise<void> {
    if (this.#outstanding > 0) return
    const { storage } = this.#parts
    const next = await this.#nextDue()
    const { claimed } = await storage.write
      .selectFrom('campaign_totals')
      .select('claimed')
      .where('campaign_id', '=', this.id)
      .executeTakeFirstOrThrow()
    const now = Date.now()
    if (next !== null)
      return this.#wait(
        Math.min(next, now + LOOK_AGAIN_MS),
        next > now ? `the next attempt is due ${new Date(next).toISOString()}` : null,
      )
    if (claimed > 0) return this.#wait(now + LOOK_AGAIN_MS, 'other nodes hold the rest')
    const sent = await storage.write.transaction().execute(async trx => {
      const left = await sql`select 1 from deliveries where campaign_id = ${this.id}
        and (status = 'pending' or status = 'claimed') limit 1`.execute(trx)
      if (left.rows.length > 0) return undefined
      return move(trx, campaign, 'finish', { finished_at: now, sent_at: campaign.sent_at ?? now }, now)
    })
    if (sent === undefined) {
      this.#again = true
      return
    }
    await this.#stop()
  }

  /** When the first of those that wait may go; null: nobody waits. */
  async #nextDue(): Promise<number | null> {
    const { rows } = await sql<{ next: number | null }>`
      select min(next_at) as next from deliveries
      where campaign_id = ${this.id} and status = 'pending'`.execute(this.#parts.storage.write)
    return rows[0]?.next ?? null
  }

  /** Pauses a campaign that does more harm than good. @returns whether it did */
  async #judge(campaign: CampaignStanding): Promise<boolean> {
    const totals = await this.#parts.storage.read
      .selectFrom('campaign_totals')
      .select(['sent', 'failed', 'complained'])
      .where('campaign_id', '=', this.id)
      .executeTakeFirst()
    if (totals === undefined) return false
    const present = {
      handled: totals.sent + totals.failed,
      failed: totals.failed,
      complained: totals.complained,
    }
    // Whoever let it go on knew what had been until then.
    this.#baseline ??= present
    const handled = present.handled - this.#baseline.handled
    if (handled < ENOUGH) return false
    const settings = await this.#parts.settingsOf(campaign.workspace_id)
    const percent = (part: number) => `${((part / handled) * 100).toFixed(1)} %`
    const failed = present.failed - this.#baseline.failed
    const complained = present.complained - this.#baseline.complained
    if (failed / handled > settings.pause_failure_rate)
      await this.#pause(
        `${failed} of ${handled} were refused for good (${percent(failed)}): look at the reasons before more is sent`,
      )
    else if (complained / handled > settings.pause_complaint_rate)
      await this.#pause(
        `${complained} of ${handled} complained about it (${percent(complained)}): is everybody expecting this mail?`,
      )
    else return false
    return true
  }

  async #pause(reason: string): Promise<void> {
    await pauseCampaign(this.#parts.storage.write, { id: this.id }, reason).catch(() => {})
    this.#parts.log.warn('a campaign was paused', { campaign: this.id, reason })
    await this.#stop()
  }

  async #stop(): Promise<void> {
    this.#isOver = true
    this.#waitsFor = null
    await this.#told?.stop([], [this.id], performance.now())
  }

  #wait(until: number, what: string | null = null): void {
    this.#notBefore = until
    this.#waitsFor = what
  }
}

function windowOf({ send_window }: CampaignStanding): number | undefined {
  if (send_window === null) return undefined
  return nextOpening(JSON.parse(send_window) as SendWindow, Date.now())
}
