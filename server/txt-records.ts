import { NODATA, NOTFOUND, Resolver } from 'node:dns/promises'

/**
 * The TXT records of a name, each joined (RFC 7208 section 3.3 has the usual way); none if there is no such name.
 * Rejects if no name server answers.
 * @param servers addresses to ask; none: those of the system
 */
export function txtLookup(servers: readonly string[]): (name: string) => Promise<string[]> {
  const resolver = new Resolver({ timeout: 2_000, tries: 2 })
  if (servers.length > 0) resolver.setServers(servers)
  return async name => {
    try {
      return (await resolver.resolveTxt(name)).map(strings => strings.join(''))
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === NOTFOUND || code === NODATA) return []
      throw error
    }
  }
}
