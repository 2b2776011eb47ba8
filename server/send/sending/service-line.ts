import type { Claimed } from '../deliveries/ledger.ts'
import type { Gate, Outcome, OutgoingMail, WayOut } from '../ways-out/way-out.ts'
import { DomainPace } from './domain-pace.ts'
import type { Ended, ServiceOrder } from './thread-messages.ts'
import { TokenBucket } from './token-bucket.ts'

/** One mail to be written and handed over. */
export interface Job {
  row: Claimed
  campaignId: number | null
  /** When, by the main thread's clock. */
  claimedAt: number
  /** Writes it; `subject` is null if it is that of all. @throws Error with the reason, for people, if that cannot be done */
  render(takes: WayOut['takes']): Promise<{ mail: OutgoingMail; subject: string | null }>
}

interface Tools {
  wayOut: WayOut
  now(): number
  scale: number
  /** Whether a mail may still be handed over; asked before it is written, and by the gate again. */
  mayGo(job: Job): boolean
  gateOf(job: Job): { gate: Gate; begun(): boolean }
  ended(
    job: Job,
    ending: Omit<Ended, 'id' | 'campaignId' | 'emailServiceId' | 'attempts' | 'domain' | 'at'>,
  ): void
}

const NOTHING_SAID = { code: 0, enhanced: null, text: '' }

/** In a row, with nothing sent between them: then the service is taken to be down. */
const TROUBLES = 5

/** The mails that wait for one email service: as many at once as it takes, at its pace, urgent ones first. */
export class ServiceLine {
  readonly #tools: Tools
  readonly #urgent = new Queue<Job>()
  readonly #normal = new Queue<Job>()
  readonly #pace: TokenBucket | undefined
  readonly #domains: DomainPace
  #busy = 0
  #troubles = 0
  #timer: NodeJS.Timeout | undefined

  constructor({ perSecond, domains }: Pick<ServiceOrder, 'perSecond' | 'domains'>, tools: Tools) {
    this.#tools = tools
    this.#pace = perSecond === undefined ? undefined : new TokenBucket(perSecond, tools.now())
    this.#domains = new DomainPace(domains, tools.scale)
  }

  add(jobs: readonly Job[]): void {
    for (const job of jobs) (job.campaignId === null ? this.#urgent : this.#normal).push(job)
    this.#pump()
  }

  /** Begun, or waiting. */
  get size(): number {
    return this.#busy + this.#urgent.size + this.#normal.size
  }

  /** Gives back what waits. @param which undefined: everything */
  drop(which?: (job: Job) => boolean): void {
    for (const queue of [this.#urgent, this.#normal])
      for (const job of queue.take(which ?? (() => true))) this.#giveBack(job)
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#tools.wayOut.close()
  }

  #pump(): void {
    const { wayOut, now, mayGo } = this.#tools
    while (this.#busy < wayOut.capacity) {
      const queue = this.#urgent.size > 0 ? this.#urgent : this.#normal
      const job = queue.first()
      if (job === undefined) return
      if (!mayGo(job)) {
        queue.shift()
        this.#giveBack(job)
        continue
      }
      const held = this.#domains.hold(job.row.domain, now())
      if (held > 0) {
        queue.shift()
        this.#end(job, { is: 'held', waitMs: Math.ceil(held) })
        continue
      }
      if (this.#pace !== undefined && !this.#pace.take(now())) {
        this.#timer ??= setTimeout(() => {
          this.#timer = undefined
          this.#pump()
        }, this.#pace.peek(now()))
        return
      }
      queue.shift()
      this.#domains.take(job.row.domain, now())
      this.#busy++
      void this.#send(job)
    }
  }

  async #send(job: Job): Promise<void> {
    const { wayOut, gateOf, ended } = this.#tools
    const { gate, begun } = gateOf(job)
    let written: Awaited<ReturnType<Job['render']>>
    try {
      written = await job.render(wayOut.takes)
    } catch (error) {
      this.#end(job, {
        is: 'unfit',
        answer: { ...NOTHING_SAID, text: error instanceof Error ? error.message : String(error) },
      })
      this.#free()
      return
    }
    const outcome = await wayOut.send(written.mail, gate)
    this.#learn(job, outcome)
    ended(job, {
      is: outcome.is,
      scope: outcome.is === 'deferred' ? outcome.scope : null,
      begun: begun(),
      answer: outcome.is === 'stopped' ? NOTHING_SAID : outcome.answer,
      providerId: outcome.is === 'sent' ? outcome.providerId : null,
      subject: written.subject,
      waitMs: Math.ceil(('answer' in outcome && outcome.answer.retryAfterMs) || 0),
    })
    this.#free()
  }

  #free(): void {
    this.#busy--
    this.#pump()
  }

  #learn(job: Job, outcome: Outcome): void {
    const { domain } = job.row
    if (outcome.is === 'sent' || outcome.is === 'refused') {
      this.#troubles = 0
      this.#domains.took(domain)
    }
    if (outcome.is !== 'deferred') return
    if (outcome.scope === 'domain') this.#domains.deferred(domain, this.#tools.now())
    // Everybody's trouble: whoever waits here would only meet it too. The dispatcher tries again, or goes elsewhere.
    if (outcome.scope === 'service' && ++this.#troubles >= TROUBLES) this.drop()
  }

  #giveBack(job: Job): void {
    this.#end(job, { is: 'stopped', waitMs: 0 })
  }

  #end(job: Job, what: Pick<Ended, 'is'> & Partial<Ended>): void {
    this.#tools.ended(job, {
      scope: null,
      begun: false,
      answer: NOTHING_SAID,
      providerId: null,
      subject: null,
      waitMs: 0,
      ...what,
    })
  }
}

/** First in, first out, without moving what waits. */
class Queue<T> {
  #items: T[] = []
  #from = 0

  get size(): number {
    return this.#items.length - this.#from
  }

  push(item: T): void {
    this.#items.push(item)
  }

  first(): T | undefined {
    return this.#items[this.#from]
  }

  shift(): void {
    this.#from++
    if (this.#from < 1000 || this.#from * 2 < this.#items.length) return
    this.#items = this.#items.slice(this.#from)
    this.#from = 0
  }

  /** Takes out those that fit. */
  take(fits: (item: T) => boolean): T[] {
    const all = this.#items.slice(this.#from)
    this.#items = all.filter(item => !fits(item))
    this.#from = 0
    return all.filter(fits)
  }
}
