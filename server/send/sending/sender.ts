import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Secrets } from '../../accounts/secrets.ts'
import type { PrivateTargets } from '../../guard.ts'
import type { Log } from '../../log.ts'
import type { Storage } from '../../storage/database.ts'
import { move } from '../campaigns/campaign-states.ts'
import { type Campaign, CAMPAIGN_STATUS, type CampaignStanding, STANDING } from '../campaigns/campaigns.ts'
import { beginsAt } from '../campaigns/freezing.ts'
import { type Claim, type ClaimWish, leftMeanwhile, type Settlement } from '../deliveries/ledger.ts'
import type { ProgramSetting } from '../mails/program.ts'
import type { Compiler } from '../templates/compiler.ts'
import type { OutgoingMail, Outcome } from '../ways-out/way-out.ts'
import { prepareProgram } from './campaign-program.ts'
import { CampaignRun, type RunParts } from './campaign-run.ts'
import { settlementOf } from './endings.ts'
import { LetterRun } from './letter-run.ts'
import { forgetNodes } from './nodes.ts'
import { recover } from './recovery.ts'
import type { CampaignProgress, Gathered, Sending } from './sending.ts'
import { retryingAmbiguous, sendingSettings } from './sending-settings.ts'
import { type DeliverToInbox, SendingWorker } from './sending-worker.ts'
import { ServiceBook } from './service-book.ts'
import { ServiceHealth } from './service-health.ts'
import type { Ended } from './thread-messages.ts'

const TICK_MS = 500
const RECOVER_MS = 10_000
/** On other nodes an unsubscribe counts after one second at the latest: this is how often they look. */
const WATCH_MS = 400
/** A campaign that was due so long ago, while nothing ran, is not sent before somebody says so. */
const OVERDUE_MS = 3_600_000
const GRACE_MS = 30_000
/** The thread holds some 30 MB, which nobody misses while nothing is sent. */
const IDLE_MS = 60_000

export interface SenderParts {
  storage: Storage
  secrets: Secrets
  log: Log
  compiler: Compiler
  dataDir: string
  privateTargets: PrivateTargets
  heloName: string
  /** Of all waits between attempts; 1, tests wait less. */
  retryScale: number
  gather(campaign: Campaign): Promise<Gathered>
  /** What mails by themselves of a workspace are made with. */
  letterSetting(workspaceId: number): Promise<ProgramSetting>
  deliver: DeliverToInbox
  /** Where providers are that are not where theirs are, by type: for tests. */
  providersAt?: Readonly<Record<number, string>>
}

/**
 * The dispatcher: the one loop that sends. It begins what is due, keeps a run for each campaign under way, takes up what
 * killed processes left behind, and settles what the sending thread reports.
 */
export class Sender implements Sending {
  readonly #parts: SenderParts
  readonly #health: ServiceHealth
  readonly #book: ServiceBook
  readonly #runs = new Map<number, CampaignRun>()
  readonly #letters: LetterRun
  readonly #heldDomains = new Map<number, Map<string, number>>()
  readonly #started = Date.now()
  #worker: Promise<SendingWorker> | undefined
  #own = new Set<number>()
  #timers: NodeJS.Timeout[] = []
  #looking: Promise<void> | undefined
  #lookAgain = false
  #recovering: Promise<void> | undefined
  readonly #claiming = new Set<Promise<Claim>>()
  #closing = false
  #busyAt = performance.now()
  /** Stops of the last minutes, for a thread that is started after them. */
  #stops: { at: number; subscriberIds: readonly number[]; campaignIds: readonly number[] }[] = []

  constructor(parts: SenderParts) {
    this.#parts = parts
    this.#health = new ServiceHealth(parts.storage.write, parts.retryScale)
    this.#book = new ServiceBook(parts.storage.read, parts.secrets, this.#health)
    this.#letters = new LetterRun(this.#runParts(), parts.letterSetting)
  }

  /** Begins to look for work by itself. */
  start(): void {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 })
    this.#timers = [
      setInterval(() => this.wake(), TICK_MS),
      setInterval(() => void this.#recover(), RECOVER_MS),
      setInterval(() => void this.#watch(), WATCH_MS),
    ]
    for (const timer of this.#timers) timer.unref()
    void this.#recover().then(() => this.wake())
  }

  wake(): void {
    if (this.#closing) return
    if (this.#looking !== undefined) {
      this.#lookAgain = true
      return
    }
    this.#looking = this.#look()
      .catch(error => this.#parts.log.warn('campaigns could not be looked for', { error }))
      .finally(() => {
        this.#looking = undefined
        if (!this.#lookAgain) return
        this.#lookAgain = false
        this.wake()
      })
  }

  async stop({
    subscriberIds = [],
    campaignIds = [],
  }: {
    subscriberIds?: readonly number[]
    campaignIds?: readonly number[]
  }): Promise<void> {
    if (subscriberIds.length === 0 && campaignIds.length === 0) return
    const at = performance.now()
    this.#stops = this.#stops.filter(stop => stop.at > at - 600_000)
    this.#stops.push({ at, subscriberIds, campaignIds })
    const worker = await this.#worker
    await worker?.stop(subscriberIds, campaignIds, at)
  }

  progressOf(campaignId: number): CampaignProgress {
    const run = this.#runs.get(campaignId)
    return { perSecond: run?.perSecond ?? 0, waitsFor: run?.waitsFor ?? null }
  }

  async handOver(emailServiceId: number, mail: OutgoingMail): Promise<Outcome> {
    const service = await this.#book.find(emailServiceId, Date.now())
    if (service === undefined)
      return {
        is: 'refused',
        answer: { code: 0, enhanced: null, text: 'there is no such email service any more' },
      }
    const worker = await this.#working()
    return worker.handOver(this.#book.orderOf(service, worker.nodes), mail)
  }

  /** Nothing more is claimed; answers to what was begun are waited for. */
  async close(): Promise<void> {
    this.#closing = true
    for (const timer of this.#timers) clearInterval(timer)
    await this.#looking
    await this.#recovering
    // What is being claimed at this moment is still handed to the thread, which gives it back.
    await Promise.allSettled(this.#claiming)
    await new Promise(setImmediate)
    const worker = await this.#worker?.catch(() => undefined)
    await worker?.close(GRACE_MS)
  }

  get #folder(): string {
    return join(this.#parts.dataDir, 'sending')
  }

  async #look(): Promise<void> {
    const { storage } = this.#parts
    const now = Date.now()
    const rows = await storage.read
      .selectFrom('campaigns')
      .select(STANDING)
      .where('status_id', 'in', [CAMPAIGN_STATUS.queued, CAMPAIGN_STATUS.sending])
      .execute()
    for (const campaign of rows)
      if (campaign.status_id === CAMPAIGN_STATUS.queued) await this.#begin(campaign, now)
      else if (campaign.paused_at === null) this.#run(campaign.id)
    const atWork = new Set(rows.filter(({ paused_at }) => paused_at === null).map(({ id }) => id))
    for (const [id, run] of this.#runs) {
      if (run.isOver) {
        this.#runs.delete(id)
        void this.#forget(id)
      } else void run.look(!atWork.has(id))
    }
    await this.#letters.look()
    this.#rest()
  }

  async #begin(campaign: CampaignStanding, now: number): Promise<void> {
    const due = beginsAt(campaign)
    if (due > now) return
    const { write } = this.#parts.storage
    // It was due while nothing ran here: what was right to say then may be wrong now.
    if (due < this.#started && due < now - OVERDUE_MS) {
      const reason = `It was due ${new Date(due).toISOString()}, while nothing was running. Send it now?`
      await move(write, campaign, 'hold', { paused_at: now, pause_reason: reason }, now)
      return
    }
    if ((await move(write, campaign, 'begin', {}, now)) !== undefined) this.#run(campaign.id)
  }

  #run(id: number): void {
    const known = this.#runs.get(id)
    if (known !== undefined && !known.isOver) return
    this.#runs.set(id, new CampaignRun(id, this.#runParts()))
  }

  #runParts(): RunParts {
    const { storage, log, compiler, gather } = this.#parts
    return {
      storage,
      log,
      book: this.#book,
      prepare: async id => {
        const campaign = await storage.read
          .selectFrom('campaigns')
          .selectAll()
          .where('id', '=', id)
          .executeTakeFirstOrThrow()
        const prepared = await prepareProgram({ storage, compiler, gather }, campaign)
        // A compiler that is being closed finds fault with everything.
        if (this.#closing) throw new Error('the server is stopping')
        return prepared
      },
      worker: () => this.#working(),
      claim: wish => this.#claim(wish),
      heldDomains: serviceId => this.#held(serviceId),
      isOnTrial: row => this.#health.isOnTrial(row),
      settingsOf: workspaceId => sendingSettings(storage.read, workspaceId),
    }
  }

  async #claim(wish: ClaimWish): Promise<Claim> {
    if (this.#closing) return { rows: [], exhausted: null, met: 0 }
    this.#busyAt = performance.now()
    const claiming = this.#parts.storage.perform<Claim>('claim', wish)
    this.#claiming.add(claiming)
    try {
      return await claiming
    } finally {
      this.#claiming.delete(claiming)
    }
  }

  #held(serviceId: number): ClaimWish['heldDomains'] {
    const held = this.#heldDomains.get(serviceId)
    if (held === undefined) return []
    const now = Date.now()
    for (const [domain, until] of held) if (until <= now) held.delete(domain)
    return [...held]
  }

  #working(): Promise<SendingWorker> {
    this.#worker ??= this.#startWorker()
    this.#worker.catch(() => {
      this.#worker = undefined
    })
    return this.#worker
  }

  async #startWorker(): Promise<SendingWorker> {
    const { storage, dataDir, privateTargets, heloName, retryScale, deliver, log, providersAt } = this.#parts
    const worker = await SendingWorker.start({
      storage,
      data: {
        folder: this.#folder,
        dataDir,
        privateTargets,
        heloName,
        scale: retryScale,
        ...(providersAt && { providersAt }),
      },
      deliver,
      settle: (node, rows) => this.#settle(node, rows),
      onTrouble: message => log.error('sending is in trouble', { reason: message }),
      onCrash: (node, error) => this.#crashed(node, error),
      own: this.#own,
    })
    for (const { subscriberIds, campaignIds, at } of this.#stops)
      void worker.stop(subscriberIds, campaignIds, at)
    return worker
  }

  #crashed(node: number, error: unknown): void {
    this.#parts.log.error('the sending thread stopped and is started again', { error })
    this.#own.delete(node)
    this.#worker = undefined
    if (this.#closing) return
    // What it held is recovered as if the process had been killed.
    void this.#afterCrash()
  }

  async #afterCrash(): Promise<void> {
    await this.#recover()
    for (const run of this.#runs.values()) run.lost()
    this.#letters.lost()
    this.wake()
  }

  async #forget(campaignId: number): Promise<void> {
    const worker = await this.#worker
    worker?.post({ do: 'forget', campaignId })
  }

  /** Until it is done: what was handed over has to be known. */
  async #settle(node: number, ended: Ended[]): Promise<void> {
    const { storage, retryScale, log } = this.#parts
    this.#busyAt = performance.now()
    const ambiguous = ended.filter(({ is }) => is === 'ambiguous').map(one => one.campaignId)
    const rules = { scale: retryScale, retrying: await retryingAmbiguous(storage.read, ambiguous) }
    const settlement: Settlement = {
      node,
      rows: ended.map(one => settlementOf(one, rules)),
      unused: await this.#unused(ended),
    }
    for (let tries = 1; ; tries++)
      try {
        const stopped = await storage.perform<number[]>('settle', settlement)
        if (stopped.length > 0) void this.stop({ subscriberIds: stopped })
        break
      } catch (error) {
        if (tries === 1) log.error('what was sent could not be written down, it is tried again', { error })
        if (this.#closing && tries > 20) throw error
        await pause(Math.min(5_000, 100 * tries))
      }
    await this.#health.learn(ended, Date.now()).catch(() => {})
    this.#learnHeld(ended)
    const byCampaign = new Map<number | null, Ended[]>()
    for (const one of ended) {
      const rows = byCampaign.get(one.campaignId)
      if (rows === undefined) byCampaign.set(one.campaignId, [one])
      else rows.push(one)
    }
    for (const [id, rows] of byCampaign)
      if (id === null) this.#letters.ended(rows)
      else this.#runs.get(id)?.ended(rows)
  }

  /** A hand-over that was not begun has used nothing of the quotas. */
  async #unused(ended: readonly Ended[]): Promise<Settlement['unused']> {
    const counts = new Map<number, number>()
    for (const { begun, emailServiceId } of ended)
      if (!begun) counts.set(emailServiceId, (counts.get(emailServiceId) ?? 0) + 1)
    const unused: {
      emailServiceId: number
      quotas: Settlement['unused'][number]['quotas']
      count: number
    }[] = []
    for (const [emailServiceId, count] of counts) {
      const service = await this.#book.find(emailServiceId, Date.now())
      if (service !== undefined && service.quotas.length > 0)
        unused.push({ emailServiceId, quotas: service.quotas, count })
    }
    return unused
  }

  #learnHeld(ended: readonly Ended[]): void {
    for (const { is, emailServiceId, domain, at, waitMs } of ended) {
      if (is !== 'held') continue
      let held = this.#heldDomains.get(emailServiceId)
      if (held === undefined) this.#heldDomains.set(emailServiceId, (held = new Map()))
      held.set(domain, at + waitMs)
    }
  }

  #recover(): Promise<void> {
    this.#recovering ??= this.#recoverOnce()
      .catch(error => this.#parts.log.warn('what was left behind could not be looked for', { error }))
      .finally(() => {
        this.#recovering = undefined
      })
    return this.#recovering
  }

  async #recoverOnce(): Promise<void> {
    const { storage, retryScale, log } = this.#parts
    await forgetNodes(storage.write)
    const recovered = await recover({ storage, folder: this.#folder, scale: retryScale }, this.#own)
    if (recovered.again + recovered.ambiguous + recovered.known > 0)
      log.warn('mail that was being sent when a process ended was taken up', { ...recovered })
  }

  /** People who left, wherever they did: other nodes are asked for nothing, the rows held here are looked at. */
  async #watch(): Promise<void> {
    const worker = await this.#worker
    if (worker === undefined || this.#closing) return
    const began = performance.now()
    try {
      const left = await leftMeanwhile(this.#parts.storage.read, worker.node, Date.now() - 600_000)
      if (left.length > 0) await worker.stop(left, [], began)
    } catch {
      // The storage is in trouble: then nothing is claimed either.
    }
  }

  #rest(): void {
    if (this.#runs.size > 0 || this.#letters.isBusy || this.#worker === undefined) return
    if (performance.now() < this.#busyAt + IDLE_MS) return
    const worker = this.#worker
    this.#worker = undefined
    void this.#dismiss(worker)
  }

  async #dismiss(worker: Promise<SendingWorker>): Promise<void> {
    const started = await worker
    await started.close(GRACE_MS)
    this.#own.delete(started.node)
  }
}
