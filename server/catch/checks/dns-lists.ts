import { NODATA, NOTFOUND, Resolver } from 'node:dns/promises'
import { BlockList, isIPv4, isIPv6 } from 'node:net'

/** A list of addresses in the DNS (RFC 5782). */
export interface DnsList {
  name: string
  zone: string
}

/** By list; undefined for one that did not answer. */
export type Listed = Map<DnsList, boolean | undefined>

const OUTSIDE_THE_NET = new BlockList()
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['224.0.0.0', 3],
] as const)
  OUTSIDE_THE_NET.addSubnet(network, bits, 'ipv4')
for (const [network, bits] of [
  ['::', 128],
  ['::1', 128],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  OUTSIDE_THE_NET.addSubnet(network, bits, 'ipv6')

/** The address as it is looked up; undefined if it is private, or none at all: no list knows such. */
export function publicAddress(address: string): string | undefined {
  const plain = address.replace(/^::ffff:(?=[\d.]+$)/i, '').replace(/%.*$/, '')
  if (isIPv4(plain)) return OUTSIDE_THE_NET.check(plain, 'ipv4') ? undefined : plain
  return isIPv6(plain) && !OUTSIDE_THE_NET.check(plain, 'ipv6') ? plain : undefined
}

const PATIENCE_MS = 2_000

export interface Asking {
  /** @param address one that publicAddress() gave */
  ask(address: string): Promise<Listed>
  /** Ends every question that is open. */
  cancel(): void
}

/** @param servers addresses to ask; none: those of the system */
export function dnsLists(
  lists: readonly DnsList[],
  servers: readonly string[],
  patienceMs = PATIENCE_MS,
): Asking {
  const resolver = new Resolver({ timeout: patienceMs, tries: 2 })
  if (servers.length > 0) resolver.setServers(servers)
  return {
    async ask(address) {
      const label = reversed(address)
      return new Map(
        await Promise.all(
          lists.map(async list => [list, await isListed(resolver, `${label}.${list.zone}`)] as const),
        ),
      )
    },
    cancel: () => resolver.cancel(),
  }
}

async function isListed(resolver: Resolver, name: string): Promise<boolean | undefined> {
  try {
    const answers = await resolver.resolve4(name)
    // RFC 5782 section 2.1: what is listed has addresses in 127.0.0.0/8. 127.255.255.0/24 is how lists say that
    // they do not answer this resolver; anything else is a name server that makes answers up.
    if (answers.some(answer => !answer.startsWith('127.') || answer.startsWith('127.255.255.')))
      return undefined
    return answers.length > 0
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return code === NOTFOUND || code === NODATA ? false : undefined
  }
}

/** RFC 5782 section 2.1, and section 2.4 for the nibbles of IPv6. */
function reversed(address: string): string {
  return isIPv4(address)
    ? address.split('.').toReversed().join('.')
    : [...nibbles(address)].toReversed().join('.')
}

function nibbles(address: string): string {
  // The last 32 bits may be written as an IPv4 address (RFC 4291, section 2.2).
  const plain = address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...octets: string[]) => {
    const [a = 0, b = 0, c = 0, d = 0] = octets.slice(0, 4).map(Number)
    return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`
  })
  const [before = [], after = []] = plain
    .split('::')
    .map(half => half.split(':').filter(group => group !== ''))
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0')
  return [...before, ...zeros, ...after].map(group => group.padStart(4, '0')).join('')
}
