import type { LookupAddress } from 'node:dns'
import { Agent as PlainAgent } from 'node:http'
import { Agent as TlsAgent } from 'node:https'

/** Idle connections are let go of sooner than servers usually do, so that a request seldom meets a closing one. */
const IDLE_MS = 3_000
/** How long an answer of DNS is good for those who keep connections. */
const RESOLVED_MS = 30_000

/** Of a request's options: the addresses that were checked. */
export interface PinnedTo {
  pinnedTo?: string
}

/** Connections that outlive a request. Only requests to the same checked addresses share one. */
export class KeptConnections {
  readonly #plain = keyedByAddress(new PlainAgent({ keepAlive: true, timeout: IDLE_MS }))
  readonly #tls = keyedByAddress(new TlsAgent({ keepAlive: true, timeout: IDLE_MS }))
  readonly #resolved = new Map<string, { addresses: Promise<LookupAddress[]>; until: number }>()

  agent(isTls: boolean): PlainAgent {
    return isTls ? this.#tls : this.#plain
  }

  /** As `resolve` says, which is not asked for every request. */
  addressesOf(
    host: string,
    resolve: (host: string) => Promise<LookupAddress[]>,
    now = Date.now(),
  ): Promise<LookupAddress[]> {
    const known = this.#resolved.get(host)
    if (known !== undefined && known.until > now) return known.addresses
    const addresses = resolve(host)
    this.#resolved.set(host, { addresses, until: now + RESOLVED_MS })
    addresses.catch(() => this.#resolved.delete(host))
    return addresses
  }

  close(): void {
    this.#plain.destroy()
    this.#tls.destroy()
  }
}

function keyedByAddress<T extends PlainAgent>(agent: T): T {
  const usual = agent.getName.bind(agent)
  agent.getName = options => `${usual(options)}:${(options as PinnedTo | undefined)?.pinnedTo ?? ''}`
  return agent
}
