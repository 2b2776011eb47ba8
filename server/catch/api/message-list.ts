import type { Caller } from '../../accounts/caller.ts'
import { Problem } from '../../problem.ts'
import { inboxesInReach, type ReachedInbox, reachKey, reachOf } from '../access.ts'
import { findByHead, listMessages, type Message } from '../messages.ts'
import { ByteBounded } from './byte-bounded.ts'
import { type Json, jsonOf } from '../../http/json.ts'
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

/** Which list: an inbox, and the workspace it must be in if the path names one. */
interface Listed {
  inboxId: number
  workspaceId?: number | undefined
}

/** One text for each message, in their order. */
type Render = (messages: Message[], timezone: string, inbox: ReachedInbox) => Promise<string[]>

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
  readonly #render: Render
  readonly #underWay = new Map<string, { stamp: number | undefined; json: Promise<Json> }>()
  readonly #pages = new ByteBounded<Known>(REMEMBERED_BYTES, ({ json }) => json.bytes.length + 300)

  constructor(storage: Sandbox['storage'], render: Render) {
    this.#storage = storage
    this.#render = render
  }

  /** The page if it is surely true still; costs no query. */
  stillTrue(caller: Caller, listed: Listed, query: ListQuery): Json | undefined {
    const stamp = this.#storage.stamp()
    if (stamp === undefined) return undefined
    const known = this.#pages.get(keyOf(caller, listed, query))
    return known?.stamp === stamp ? known.json : undefined
  }

  /** @throws Problem `absent` if the caller has no such inbox */
  page(caller: Caller, listed: Listed, query: ListQuery): Promise<Json> {
    const key = keyOf(caller, listed, query)
    const stamp = this.#storage.stamp()
    // Many ask at the moment of a change. What was begun under the same stamp is true for all of them.
    const begun = this.#underWay.get(key)
    if (begun !== undefined && begun.stamp === stamp && stamp !== undefined) return begun.json
    const json = this.#read(key, stamp, caller, listed, query).finally(() => {
      if (this.#underWay.get(key)?.json === json) this.#underWay.delete(key)
    })
    this.#underWay.set(key, { stamp, json })
    return json
  }

  async #read(
    key: string,
    stamp: number | undefined,
    caller: Caller,
    { inboxId, workspaceId }: Listed,
    query: ListQuery,
  ): Promise<Json> {
    // Stamp and version are taken before the messages are read: a page can only be newer than it claims to be.
    const [inbox] = await inboxesInReach(this.#storage.read, reachOf(caller), {
      inboxId,
      ...(workspaceId !== undefined && { workspaceId }),
    })
    if (inbox === undefined) throw new Problem('absent')
    const known = this.#pages.get(key)
    if (known?.version === inbox.version) {
      known.stamp = stamp
      return known.json
    }
    const messages = await this.#messages(inboxId, query)
    const texts = await this.#render(messages, caller.user.timezone, inbox)
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

function keyOf(
  caller: Caller,
  { inboxId, workspaceId = 0 }: Listed,
  { search, page, lastId }: ListQuery,
): string {
  return `${reachKey(reachOf(caller))} ${workspaceId} ${inboxId} ${caller.user.timezone} ${lastId ?? `p${page}`} ${search}`
}
