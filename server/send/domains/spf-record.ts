import type { DomainDns } from './domain-dns.ts'
import type { DomainRecord, Finding } from './domain-records.ts'

/** RFC 7208, section 4.6.4: whoever needs more gets a permanent error. */
const MOST_LOOKUPS = 10

const WHO = 'the servers that mail leaves from, or the include that your email service names, must be in it'

/**
 * Whether the return path's domain says in one valid record who may send. Which servers those are is known to its
 * owner alone: that is left to the advice.
 */
export async function checkSpf(dns: DomainDns, { host, value }: DomainRecord): Promise<Finding> {
  const found = (await dns.txt(host)).filter(isSpf)
  const [record] = found
  if (record === undefined)
    return { state: 'missing', found, advice: `Set a TXT record as ${value} at ${host}; ${WHO}.` }
  const walk = new SpfWalk(dns)
  const fault = await walk.faultOf(host, found)
  if (fault !== null) return { state: 'wrong', found, advice: `${fault}; ${WHO}.` }
  return {
    state: 'ok',
    found,
    advice: `It is valid and needs ${walk.lookups} of ${MOST_LOOKUPS} lookups; ${WHO}.`,
  }
}

/** RFC 7208, section 4.5. */
function isSpf(record: string): boolean {
  return /^v=spf1(?: |$)/i.test(record)
}

class SpfWalk {
  lookups = 0
  readonly #dns: DomainDns

  constructor(dns: DomainDns) {
    this.#dns = dns
  }

  /** @returns why it is refused as a whole (RFC 7208, section 2.6.7); null: it is not */
  async faultOf(name: string, records: readonly string[]): Promise<string | null> {
    const [record] = records
    if (record === undefined) return `${name} has no SPF record but is named in one`
    if (records.length > 1) return `${name} has ${records.length} SPF records: merge them into one`
    const terms = record.split(/ +/).slice(1).filter(Boolean)
    const endsItself = terms.some(term => /^[+?~-]?all$/i.test(term))
    for (const term of terms) {
      const [, sign = '', mechanism = '', rest = ''] = /^([+?~-]?)([a-z][\w.-]*)(.*)$/i.exec(term) ?? []
      const fault = await this.#faultOfTerm(name, term, sign, mechanism.toLowerCase(), rest, endsItself)
      if (fault === 'end') return null
      if (fault !== null) return fault
    }
    return null
  }

  async #faultOfTerm(
    name: string,
    term: string,
    sign: string,
    mechanism: string,
    rest: string,
    endsItself: boolean,
  ): Promise<string | null> {
    if (mechanism === 'all' && rest === '')
      return sign === '' || sign === '+' ? `With ${term} ${name} lets everybody send` : 'end'
    if (rest.startsWith('=')) {
      // Section 6.1: behind an `all` it is never reached. Other modifiers cost nothing (section 6).
      if (mechanism !== 'redirect' || endsItself) return null
      return this.#follow(rest.slice(1))
    }
    switch (mechanism) {
      case 'ip4':
      case 'ip6':
        return rest.startsWith(':') ? null : `${name} has ${term}, which is no address`
      case 'include':
        return this.#follow(rest.slice(1))
      case 'a':
      case 'mx':
      case 'ptr':
      case 'exists':
        return this.#count()
      default:
        return `${name} has ${term}, which SPF does not know`
    }
  }

  async #follow(target: string): Promise<string | null> {
    const fault = this.#count()
    // What a macro stands for is only known when a mail comes (section 7).
    if (fault !== null || target.includes('%')) return fault
    return this.faultOf(target, (await this.#dns.txt(target)).filter(isSpf))
  }

  #count(): string | null {
    this.lookups++
    return this.lookups > MOST_LOOKUPS
      ? `It needs more than ${MOST_LOOKUPS} lookups, so nobody takes it`
      : null
  }
}
