import { sql } from 'kysely'
import type { Storage } from '../../storage/database.ts'
import type { Arrival } from '../arrival.ts'
import { type Message, moveCounters } from '../messages.ts'
import { type Asking, type DnsList, dnsLists, type Listed, publicAddress } from './dns-lists.ts'
import { findReports } from './message-reports.ts'

/** The lists that answered. */
export interface BlacklistsReport {
  domain: string
  ip: string
  lists: { name: string; zone: string; listed: boolean }[]
}

/** Undefined: never asked, because the address is private or nobody wanted to know. */
export type BlacklistsState = BlacklistsReport | 'pending' | 'error' | undefined

type Row = Pick<Message, 'id' | 'inbox_id' | 'from_email' | 'arrival'>

/** Messages that may wait; beyond that they are looked up when somebody looks at them. */
const MOST_WAITING = 10_000
const AT_A_TIME = 200

/** The same programs send again and again from the same few addresses. */
const REMEMBER_MS = 10 * 60_000
const MOST_REMEMBERED = 1_000

/** So long it is told that no list has answered. */
const FAILED_MS = 60_000

/**
 * Asks lists in the DNS about the address every message came from, in the background: nobody who sends waits for
 * it. What they said is kept with the message.
 */
export class Blacklists {
  readonly #storage: Storage
  readonly #changed: () => void
  readonly #lists: Asking
  readonly #addresses = new Map<string, { until: number; listed: Promise<Listed> }>()
  readonly #waiting = new Map<number, PromiseWithResolvers<void>>()
  readonly #failed = new Map<number, number>()
  #working: Promise<void> | undefined
  #closed = false

  /** @param changed called when reports were stored, for those who watch */
  constructor(
    storage: Storage,
    lists: readonly DnsList[],
    nameServers: readonly string[],
    changed: () => void,
  ) {
    this.#storage = storage
    this.#changed = changed
    this.#lists = dnsLists(lists, nameServers)
  }

  /** To be called with every message that was stored. */
  arrived(ids: readonly number[]): void {
    for (const id of ids) if (this.#waiting.size < MOST_WAITING) void this.#enqueue(id)
  }

  /** As it is known now; starts nothing. */
  async states(messages: readonly Row[]): Promise<Map<number, BlacklistsState>> {
    const reports = await findReports(
      this.#storage.read,
      messages.map(({ id }) => id),
      'blacklists',
    )
    return new Map(
      messages.map(row => [row.id, (reports.get(row.id) as BlacklistsReport) ?? this.#stateOf(row)]),
    )
  }

  /** Asks now, if it is not known yet, or was asked in vain. */
  async look(message: Row): Promise<BlacklistsState> {
    const known = (await this.states([message])).get(message.id)
    if (typeof known === 'object' || addressOf(message) === undefined) return known
    await this.#enqueue(message.id)
    return (await this.states([message])).get(message.id)
  }

  /** Lets go of what waits. */
  async close(): Promise<void> {
    this.#closed = true
    this.#lists.cancel()
    await this.#working
  }

  #stateOf(row: Row): 'pending' | 'error' | undefined {
    if (addressOf(row) === undefined) return undefined
    if (this.#waiting.has(row.id)) return 'pending'
    return (this.#failed.get(row.id) ?? 0) > Date.now() ? 'error' : undefined
  }

  #enqueue(id: number): Promise<void> {
    const known = this.#waiting.get(id)
    if (known) return known.promise
    const waiter = Promise.withResolvers<void>()
    this.#waiting.set(id, waiter)
    this.#working ??= this.#work().finally(() => (this.#working = undefined))
    return waiter.promise
  }

  async #work(): Promise<void> {
    // What is stored in the same turn is looked up together.
    await Promise.resolve()
    while (this.#waiting.size > 0) {
      const ids = [...this.#waiting.keys()].slice(0, AT_A_TIME)
      if (!this.#closed) await this.#lookUp(ids).catch(() => this.#fail(ids))
      for (const id of ids) {
        this.#waiting.get(id)?.resolve()
        this.#waiting.delete(id)
      }
      this.#changed()
    }
  }

  async #lookUp(ids: number[]): Promise<void> {
    const rows = await this.#storage.read
      .selectFrom('messages')
      .select(['id', 'inbox_id', 'from_email', 'arrival'])
      .where('id', 'in', ids)
      .execute()
    const asked = rows.filter(row => addressOf(row) !== undefined)
    const reports = await Promise.all(asked.map(row => this.#reportOn(row)))
    const done = asked.map((row, i) => ({ row, report: reports[i] }))
    this.#fail(done.filter(({ report }) => report === undefined).map(({ row }) => row.id))
    for (const [inboxId, some] of Map.groupBy(done, ({ row }) => row.inbox_id))
      await this.#keep(inboxId, some)
  }

  /** Undefined if no list answered. */
  async #reportOn(row: Row): Promise<BlacklistsReport | undefined> {
    const ip = addressOf(row) ?? ''
    const listed = await this.#listed(ip)
    const lists = [...listed].flatMap(([{ name, zone }, is]) =>
      is === undefined ? [] : [{ name, zone, listed: is }],
    )
    if (lists.length > 0) return { domain: domainOf(row.from_email), ip, lists }
    this.#addresses.delete(ip)
    return undefined
  }

  #listed(ip: string): Promise<Listed> {
    const known = this.#addresses.get(ip)
    if (known && known.until > Date.now()) return known.listed
    if (this.#addresses.size >= MOST_REMEMBERED) this.#addresses.clear()
    const listed = this.#lists.ask(ip)
    this.#addresses.set(ip, { until: Date.now() + REMEMBER_MS, listed })
    return listed
  }

  #fail(ids: readonly number[]): void {
    if (this.#failed.size > MOST_WAITING) this.#failed.clear()
    for (const id of ids) this.#failed.set(id, Date.now() + FAILED_MS)
  }

  /**
   * With what became of the questions goes a new version of each message and of the inbox: both are shown with it.
   * Not in one transaction: whoever deletes or stores meanwhile holds the same rows, in one order or the other.
   */
  async #keep(inboxId: number, done: { row: Row; report: BlacklistsReport | undefined }[]): Promise<void> {
    const now = Date.now()
    await this.#storage.write.transaction().execute(async trx => {
      const there = await trx
        .updateTable('messages')
        .set({ updated_at: sql`case when updated_at < ${now} then ${now} else updated_at + 1 end` })
        .where(
          'id',
          'in',
          done.map(({ row }) => row.id),
        )
        .returning('id')
        .execute()
      const left = new Set(there.map(({ id }) => id))
      const rows = done
        .filter(({ row, report }) => report !== undefined && left.has(row.id))
        .map(({ row, report }) => ({
          message_id: row.id,
          kind: 'blacklists' as const,
          report: JSON.stringify(report),
          created_at: now,
        }))
      if (rows.length > 0)
        await trx
          .insertInto('message_reports')
          .values(rows)
          .onConflict(conflict => conflict.columns(['message_id', 'kind']).doNothing())
          .execute()
    })
    await moveCounters(this.#storage.write, inboxId, 0, 0)
  }
}

/** Where it came from, if lists may know of it. */
export function addressOf({ arrival }: Pick<Row, 'arrival'>): string | undefined {
  const { source, client_ip } = JSON.parse(arrival) as Arrival
  return source === 'smtp' ? publicAddress(client_ip) : undefined
}

function domainOf(email: string): string {
  return email.slice(email.lastIndexOf('@') + 1)
}
