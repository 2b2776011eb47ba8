import { timingSafeEqual } from 'node:crypto'
import type { Storage } from '../../storage/database.ts'
import type { Database } from '../../storage/schema.ts'
import { urlSignature } from './public-token.ts'

/** 43 bytes of GIF89a: one pixel, transparent. */
export const PIXEL = Buffer.from('R0lGODlhAQABAIAAAAAAAAAAACH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==', 'base64')

/** Of the link in every tracked mail that nobody sees. */
export const HIDDEN_LINK = 0

const MOST_DELIVERIES = 100_000
const MOST_CAMPAIGNS = 500
/** A campaign that was deleted is then forgotten; that links are added to one hardly ever happens. */
const REMEMBERED_MS = 60_000

/** Where the links of campaigns lead, remembered: a link that many people follow costs no query. */
export class LinkTargets {
  readonly #read: Database
  readonly #campaigns = new Map<number, number>()
  readonly #links = new Map<number, { until: number; targets: Map<number, string | undefined> }>()

  constructor({ read }: Pick<Storage, 'read'>) {
    this.#read = read
  }

  /** Undefined: the delivery is gone, or its campaign has no such link, or it leads nowhere we send anybody. */
  async of(deliveryId: number, number: number): Promise<string | undefined> {
    const campaignId = this.#campaigns.get(deliveryId) ?? (await this.#campaignOf(deliveryId))
    if (campaignId === undefined) return undefined
    const known = this.#links.get(campaignId)
    const targets = known && known.until > Date.now() ? known.targets : await this.#targetsOf(campaignId)
    return targets.get(number)
  }

  async #campaignOf(deliveryId: number): Promise<number | undefined> {
    const delivery = await this.#read
      .selectFrom('deliveries')
      .select('campaign_id')
      .where('id', '=', deliveryId)
      .executeTakeFirst()
    const campaignId = delivery?.campaign_id ?? undefined
    if (this.#campaigns.size >= MOST_DELIVERIES) this.#campaigns.clear()
    if (campaignId !== undefined) this.#campaigns.set(deliveryId, campaignId)
    return campaignId
  }

  async #targetsOf(campaignId: number): Promise<Map<number, string | undefined>> {
    const links = await this.#read
      .selectFrom('campaign_links')
      .select(['number', 'url'])
      .where('campaign_id', '=', campaignId)
      .execute()
    const targets = new Map(links.map(({ number, url }) => [number, targetOf(url)]))
    if (this.#links.size >= MOST_CAMPAIGNS) this.#links.clear()
    this.#links.set(campaignId, { until: Date.now() + REMEMBERED_MS, targets })
    return targets
  }
}

/**
 * What a signed link leads to.
 * @param given as the query has it: base64url of the URL, and its signature
 * @returns undefined: forged, or nowhere we send anybody
 */
export function signedTarget(
  key: Buffer,
  token: string,
  { u, s }: { u: string; s: string },
): string | undefined {
  const url = Buffer.from(u, 'base64url').toString()
  const [right, given] = [Buffer.from(urlSignature(key, token, url)), Buffer.from(s)]
  return right.length === given.length && timingSafeEqual(right, given) ? targetOf(url) : undefined
}

/** As it may stand in a Location; undefined: no page of the web, or merge tags still stand in it. */
function targetOf(url: string): string | undefined {
  if (!/^https?:\/\//i.test(url) || /\{[{%]/.test(url) || !URL.canParse(url)) return undefined
  // Written as it was wherever it can be: some servers tell %7E from ~.
  return /^[\x21-\x7e]+$/.test(url) ? url : new URL(url).href
}
