import { BADNAME, NODATA, NOTFOUND, Resolver } from 'node:dns/promises'

/** What DNS says about a name: nothing if there is no such name. Each rejects if no name server answers. */
export interface DnsRecords {
  /** Each record joined (RFC 7208 section 3.3 has the usual way). */
  txt(name: string): Promise<string[]>
  /** The most preferred first. A null MX (RFC 7505) is ''. */
  mx(name: string): Promise<string[]>
  /** IPv4 and IPv6. */
  addresses(name: string): Promise<string[]>
  /** PTR. */
  namesOf(address: string): Promise<string[]>
}

const PATIENCE_MS = 2_000

/** @param servers addresses to ask, each twice; none: those of the system */
export function dnsRecords(servers: readonly string[], patienceMs = PATIENCE_MS): DnsRecords {
  const resolver = new Resolver({ timeout: patienceMs, maxTimeout: patienceMs, tries: 2 })
  if (servers.length > 0) resolver.setServers(servers)
  return {
    txt: async name => (await orNone(resolver.resolveTxt(name))).map(strings => strings.join('')),
    async mx(name) {
      const found = await orNone(resolver.resolveMx(name))
      return found.toSorted((a, b) => a.priority - b.priority).map(({ exchange }) => exchange)
    },
    addresses: async name =>
      (await Promise.all([orNone(resolver.resolve4(name)), orNone(resolver.resolve6(name))])).flat(),
    namesOf: address => orNone(resolver.reverse(address)),
  }
}

async function orNone<T>(answer: Promise<T[]>): Promise<T[]> {
  try {
    return await answer
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === NOTFOUND || code === NODATA || code === BADNAME) return []
    throw error
  }
}
