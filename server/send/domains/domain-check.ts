import { checkDmarc } from './dmarc-record.ts'
import type { DomainDns } from './domain-dns.ts'
import {
  type DomainRecord,
  type DomainSetting,
  type Finding,
  type Findings,
  isPublicName,
} from './domain-records.ts'
import { checkSpf } from './spf-record.ts'
import { readTagList } from './tag-list.ts'

/** Of what is found: anybody may have put anything there. */
const MOST_SHOWN = 20
const MOST_TEXT = 2_000

/** What DNS says of each record, all asked at once. Never rejects: what did not answer is `unknown`. */
export async function checkDomain(
  dns: DomainDns,
  domain: string,
  records: readonly DomainRecord[],
  setting: DomainSetting,
): Promise<Findings> {
  return Promise.all(
    records.map(async record => {
      const { purpose, host } = record
      try {
        const { state, found, advice } = await judged(dns, domain, record, setting)
        const shown = found.slice(0, MOST_SHOWN).map(text => text.slice(0, MOST_TEXT))
        return { purpose, host, state, found: shown, advice }
      } catch {
        const advice = `No name server answered about ${host}: check again in a moment.`
        return { purpose, host, state: 'unknown', found: [], advice }
      }
    }),
  )
}

function judged(
  dns: DomainDns,
  domain: string,
  record: DomainRecord,
  { smtpHost, bounceDomain }: DomainSetting,
): Promise<Finding> {
  switch (record.purpose) {
    case 'dkim_rsa':
    case 'dkim_ed25519':
      return checkDkim(dns, record)
    case 'spf':
      return checkSpf(dns, record)
    case 'dmarc':
      return checkDmarc(dns, record, domain, bounceDomain)
    case 'return_path':
      return checkReturnPath(dns, record, smtpHost)
    case 'ptr':
      return checkPtr(dns, smtpHost)
  }
}

async function checkDkim(dns: DomainDns, { host, value }: DomainRecord): Promise<Finding> {
  const found = await dns.txt(host)
  const [record] = found
  if (record === undefined) return { state: 'missing', found, advice: `Set this TXT record at ${host}.` }
  // RFC 6376, section 3.6.2.2: which of them is taken is undefined.
  if (found.length > 1)
    return { state: 'wrong', found, advice: `There are ${found.length} records at ${host}: leave only ours.` }
  const wanted = readTagList(value)
  const tags = readTagList(record)
  const wrong = (why: string): Finding => ({ state: 'wrong', found, advice: `${why}: set it as shown.` })
  if (tags === undefined || (tags.get('v') ?? 'DKIM1') !== 'DKIM1') return wrong('This is no DKIM record')
  if (tags.get('p') === '') return wrong('This record says that the key is revoked')
  if (tags.get('p') !== wanted?.get('p')) return wrong('This is another key')
  // Section 3.6.1: without k= it is RSA.
  if ((tags.get('k') ?? 'rsa') !== wanted?.get('k'))
    return wrong('The key is there, but k= names another kind')
  if (!allows(tags.get('h'), 'sha256')) return wrong('h= does not allow sha256')
  if (!allows(tags.get('s'), 'email')) return wrong('s= does not allow email')
  if (tags.get('t')?.split(':').includes('y') === true)
    return { state: 'ok', found, advice: 'It is valid; take t=y away, with which some take it for a test.' }
  return { state: 'ok', found, advice: 'Nothing is to be done.' }
}

/** A list with colons between, where an absent one and `*` are everything. */
function allows(list: string | undefined, wish: string): boolean {
  return list === undefined || list.split(':').some(each => each === wish || each === '*')
}

async function checkReturnPath(dns: DomainDns, { host }: DomainRecord, smtpHost: string): Promise<Finding> {
  const found = await dns.mx(host)
  // RFC 5321, section 5.1: without one the name itself stands for it.
  const exchanges = found.length === 0 ? [host] : found
  if (exchanges.some(exchange => exchange.toLowerCase() === smtpHost.toLowerCase()))
    return { state: 'ok', found, advice: 'Bounces come here.' }
  const ours = await dns.addresses(smtpHost)
  const theirs = (await Promise.all(exchanges.map(each => (each === '' ? [] : dns.addresses(each))))).flat()
  if (theirs.some(address => ours.includes(address)))
    return { state: 'ok', found, advice: 'Bounces come here.' }
  if (found.length === 0)
    return {
      state: 'missing',
      found,
      advice: `Set an MX record at ${host} that names ${smtpHost}, or bounces are lost.`,
    }
  return {
    state: 'wrong',
    found,
    advice: `Bounces go elsewhere: let the MX record at ${host} name ${smtpHost}, and only that.`,
  }
}

/** Forward-confirmed: the address has a name, and that name has the address. */
async function checkPtr(dns: DomainDns, smtpHost: string): Promise<Finding> {
  if (!isPublicName(smtpHost))
    return {
      state: 'unknown',
      found: [],
      advice: `${smtpHost} is no public name: set POSTHORN_SMTP_HOST to that of the host which mail leaves from.`,
    }
  const addresses = await dns.addresses(smtpHost)
  if (addresses.length === 0)
    return {
      state: 'missing',
      found: [],
      advice: `${smtpHost} has no address: set an A or AAAA record for it.`,
    }
  const found: string[] = []
  const nameless: string[] = []
  const unconfirmed: string[] = []
  for (const address of addresses) {
    const names = await dns.namesOf(address)
    found.push(...names.map(name => `${address} ${name}`))
    const back = await Promise.all(names.map(name => dns.addresses(name)))
    if (names.length === 0) nameless.push(address)
    else if (!back.flat().includes(address)) unconfirmed.push(address)
  }
  if (nameless.length > 0)
    return {
      state: 'missing',
      found,
      advice: `Ask whoever gave you ${nameless.join(', ')} for a PTR record that names ${smtpHost}.`,
    }
  if (unconfirmed.length > 0)
    return {
      state: 'wrong',
      found,
      advice: `The name of ${unconfirmed.join(', ')} does not lead back to it: let its PTR record name ${smtpHost}.`,
    }
  return {
    state: 'ok',
    found,
    advice: 'Nothing is to be done, if mail leaves from this host and not through an email service.',
  }
}
