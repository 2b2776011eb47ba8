import type { Storage } from '../../storage/database.ts'
import { sql } from 'kysely'
import type { CampaignTotals } from '../campaigns/campaign-totals.ts'
import { countReport, type Counted } from './report.ts'

/** A report that is looked at while its campaign is sent takes this part of the reading thread at most. */
const SHARE = 1 / 10
/** What took no longer is counted anew whenever something has happened. */
const CHEAP_MS = 250
const MOST_CAMPAIGNS = 50

interface Entry {
  /** What the campaign looked like when it was counted. */
  state: string
  counted: Promise<Counted>
  /** Not again before that. */
  until: number
}

/** Counts a campaign's ledger once for everybody who looks, and again only when something has happened to it. */
export class ReportCache {
  readonly #storage: Pick<Storage, 'read' | 'survey'>
  readonly #entries = new Map<number, Entry>()

  constructor(storage: Pick<Storage, 'read' | 'survey'>) {
    this.#storage = storage
  }

  async counted(campaignId: number, totals: CampaignTotals): Promise<Counted> {
    const state = await this.#stateOf(campaignId, totals)
    const known = this.#entries.get(campaignId)
    if (known !== undefined && (known.state === state || Date.now() < known.until)) return known.counted
    const entry: Entry = {
      state,
      counted: this.#count(campaignId, () => entry),
      until: Number.POSITIVE_INFINITY,
    }
    this.#entries.delete(campaignId)
    this.#entries.set(campaignId, entry)
    const [oldest] = this.#entries.keys()
    if (this.#entries.size > MOST_CAMPAIGNS && oldest !== undefined) this.#entries.delete(oldest)
    return entry.counted
  }

  async #count(campaignId: number, entry: () => Entry): Promise<Counted> {
    const begun = performance.now()
    try {
      const counted = await countReport(this.#storage, campaignId)
      const took = performance.now() - begun
      entry().until = took < CHEAP_MS ? 0 : Date.now() + took / SHARE
      return counted
    } catch (error) {
      this.#entries.delete(campaignId)
      throw error
    }
  }

  /** Soft bounces and deferrals move no totals: the last of each kind is found at the end of an index. */
  async #stateOf(campaignId: number, totals: CampaignTotals): Promise<string> {
    const last = async (kind: string) => {
      const { rows } = await sql<{ at: number | null }>`select max(at) as at from delivery_events
        where campaign_id = ${campaignId} and kind = ${kind}`.execute(this.#storage.read)
      return rows[0]?.at ?? null
    }
    return JSON.stringify([totals, await last('bounced'), await last('deferred')])
  }
}
