import type { RegisteredCors } from '../../http/cors.ts'
import type { Storage } from '../../storage/database.ts'
import type { Caller } from '../caller.ts'
import { corsDomainIsKnown } from '../cors-domains.ts'

/**
 * Pages on a domain that a user registered may call with that user's token: with any scheme, on any port, not on its
 * sub-domains (contract, section 10.4). A page that has the browser's cookie alone never may.
 */
export function registeredOrigins({ read }: Pick<Storage, 'read'>): RegisteredCors {
  return {
    async known(origin) {
      const domain = domainOf(origin)
      return domain !== undefined && corsDomainIsKnown(read, domain)
    },
    allowed(origin, identity) {
      const { via, user } = identity as Caller
      const domain = domainOf(origin)
      return via !== 'session' && domain !== undefined && corsDomainIsKnown(read, domain, user.id)
    },
  }
}

/** Undefined for `null`, which sandboxed frames and local files send. */
function domainOf(origin: string): string | undefined {
  const host = URL.canParse(origin) ? new URL(origin).hostname : ''
  return host === '' ? undefined : host.toLowerCase()
}
