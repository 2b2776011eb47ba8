import type { DomainDns } from './domain-dns.ts'
import type { DomainRecord, Finding } from './domain-records.ts'
import { readTagList } from './tag-list.ts'

const POLICIES = ['none', 'quarantine', 'reject']

/**
 * Whether the domain, or one above it, has a policy, and what of our mail passes it.
 * @param bounceDomain '': the return path is the sender
 */
export async function checkDmarc(
  dns: DomainDns,
  { host, value }: DomainRecord,
  domain: string,
  bounceDomain: string,
): Promise<Finding> {
  const { at, records, organization } = await policyOf(dns, domain)
  const [record] = records
  if (record === undefined)
    return {
      state: 'missing',
      found: [],
      advice: `Set a TXT record as ${value} at ${host}: the great mailbox providers refuse bulk mail without one.`,
    }
  // RFC 7489, section 6.6.3: then it is as if there were none.
  if (records.length > 1)
    return {
      state: 'wrong',
      found: records,
      advice: `There are ${records.length} records at ${at}: leave one.`,
    }
  const tags = readTagList(record)
  const policy = (at === host ? undefined : tags?.get('sp')?.toLowerCase()) ?? tags?.get('p')?.toLowerCase()
  if (tags === undefined || policy === undefined || !POLICIES.includes(policy))
    return {
      state: 'wrong',
      found: records,
      advice: `The record at ${at} has no valid policy: it must be as ${value}.`,
    }
  const advice = [
    policy === 'none'
      ? 'It is valid; once the reports show that all your mail passes, p=quarantine keeps others from using your name'
      : `It is valid, and mail that does not pass meets ${policy}`,
  ]
  if (tags.get('adkim')?.toLowerCase() === 's')
    advice.push(`with adkim=s the signature counts for senders at exactly ${domain} only`)
  const strict = tags.get('aspf')?.toLowerCase() === 's'
  if (bounceDomain !== '' && !isAligned(domain, bounceDomain, strict, organization))
    advice.push(
      `SPF does not count, for the return path at ${bounceDomain} is another domain, so all rests on DKIM`,
    )
  return { state: 'ok', found: records, advice: `${advice.join('; ')}.` }
}

/** Names that are asked at most, as those who receive mail do. */
const MOST_NAMES = 8

/**
 * The records of the domain itself, or of its organization: the highest name that has some. Top-level domains are not
 * asked.
 */
async function policyOf(
  dns: DomainDns,
  domain: string,
): Promise<{ at: string; records: string[]; organization: string }> {
  const labels = domain.split('.')
  const above = labels.slice(1, -1).map((_, at) => labels.slice(at + 1).join('.'))
  const names = [domain, ...above.slice(1 - MOST_NAMES)]
  const all = await Promise.all(
    names.map(async name => {
      const found = await dns.txt(`_dmarc.${name}`)
      return { name, records: found.filter(record => /^v\s*=\s*DMARC1\s*(?:;|$)/.test(record)) }
    }),
  )
  const those = all.filter(({ records }) => records.length > 0)
  const highest = those.at(-1)
  const chosen = those[0]?.name === domain ? those[0] : highest
  return {
    at: chosen === undefined ? '' : `_dmarc.${chosen.name}`,
    records: chosen?.records ?? [],
    organization: highest?.name ?? domain,
  }
}

/** RFC 7489, section 3.1.2. Relaxed, both belong to one organization. */
function isAligned(domain: string, bounceDomain: string, strict: boolean, organization: string): boolean {
  if (strict || domain === bounceDomain) return domain === bounceDomain
  return isWithin(bounceDomain, organization) || isWithin(domain, bounceDomain)
}

function isWithin(name: string, above: string): boolean {
  return name === above || name.endsWith(`.${above}`)
}
