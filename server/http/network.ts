import { isIPv6 } from 'node:net'

/** What an address is counted by: of IPv6 the first 64 bits, everybody has all the others to themselves. */
export function networkOf(address: string): string {
  if (!isIPv6(address) || address.startsWith('::')) return address
  const [head = ''] = address.split('::')
  return head.split(':').slice(0, 4).join(':')
}
