import type { Caller } from '../../accounts/caller.ts'
import { Problem } from '../../problem.ts'
import { inboxInReach, reachKey, reachOf } from '../access.ts'
import { findByHead, listMessages, type Message } from '../messages.ts'
import { ByteBounded } from './byte-bounded.ts'
import { type Json, jsonOf } from '../../http/json.ts'
import type { MessageJson } from './message-json.ts'
import { queried, queriedNumber } from './parameters.ts'
import type { Sandbox } from './sandbox.ts'

const PER_PAGE = 30
const REMEMBERED_BYTES = 32 << 20

/** What a list was asked for (contract, section 8.3). */
export interface ListQuery {
  search: string
  page: number
  lastId: number | undefined
}

export function listQuery(query: unknown): ListQuery {
  return {
    search: queried(query, 'search') ?? '',
    page: queriedNumber(query, 'page') || 1,
    lastId: queriedNumber(query, 'last_id'),
  }
}

interface Known {
  json: Json
  /** Of the inbox. */
  version: number
  /** Of the whole storage. */
  stamp: number | undefined
}

/**
 * Pages of the list as finished JSON. While nothing was written anywhere, a page is true without a query; when
 * something was, the inbox's version tells whether it concerns this page.
 */
export class MessageLists {
  readonly #storage: Sandbox['storage']
  readonly #json: MessageJson
  readonly #underWay = new Map<string, { stamp: number | undefined; json: Promise<Json> }>()
  readonly #pages = new ByteBounded<Known>(REMEMBERED_BYTES, ({ json }) => json.bytes.length + 300)

  constructor(storage: Sandbox['storage'], json: MessageJson) {
    this.#storage = storage
    this.#json = json
  }

  /** The page if it is surely true still; costs no query. */
  stillTrue(caller: Caller, inboxId: number, query: ListQuery): Json | undefined {
    const stamp = this.#storage.stamp()
    if (stamp === undefined) return undefined
    const known = this.#pages.get(keyOf(caller, inboxId, query))
    return known?.stamp === stamp ? known.json : undefined
  }

  /** @throws Problem `absent` if the caller has no such inbox */
  page(caller: Caller, inboxId: number, query: ListQuery): Promise<Json> {
    const key = keyOf(caller, inboxId, query)
    const stamp = this.#storage.stamp()
    // Many ask at the moment of a change. What was begun under the same stamp is true for all of them.
    const begun = this.#underWay.get(key)
    if (begun !== undefined && begun.stamp === stamp && stamp !== undefined) return begun.json
    const json = this.#read(key, stamp, caller, inboxId, query).finally(() => {
      if (this.#underWay.get(key)?.json === json) this.#underWay.delete(key)
    })
    this.#underWay.set(key, { stamp, json })
    return json
  }

  async #read(
    key: string,
    stamp: number | undefined,
    caller: Caller,
    inboxId: number,
    query: ListQuery,
  ): Promise<Json> {
    // Stamp and version are taken before the messages are read: a page can only be newer than it claims to be.
    const inbox = await inboxInReach(this.#storage.read, reachOf(caller), inboxId)
    if (inbox === undefined) throw new Problem('absent')
    const known = this.#pages.get(key)
    if (known?.version === inbox.version) {
      known.stamp = stamp
      return known.json
    }
    const messages = await this.#messages(inboxId, query)
    const texts = await this.#json.of(messages, caller.user.timezone)
    const json = jsonOf(`[${texts.join(',')}]`)
    this.#pages.set(key, { json, version: inbox.version, stamp })
    return json
  }

  async #messages(inboxId: number, { search, page, lastId }: ListQuery): Promise<Message[]> {
    const window = {
      limit: PER_PAGE,
      before: lastId,
      offset: lastId === undefined ? (page - 1) * PER_PAGE : 0,
    }
    // No stored text holds NUL, and not every engine takes it for one.
    if (window.offset > Number.MAX_SAFE_INTEGER || search.includes('\0')) return []
    return search === ''
      ? listMessages(this.#storage.read, inboxId, window)
      : findByHead(this.#storage.read, inboxId, search, window)
  }
}

function keyOf(caller: Caller, inboxId: number, { search, page, lastId }: ListQuery): string {
  return `${reachKey(reachOf(caller))} ${inboxId} ${caller.user.timezone} ${lastId ?? `p${page}`} ${search}`
}
