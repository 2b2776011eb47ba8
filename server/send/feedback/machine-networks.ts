import { BlockList, isIPv4, isIPv6 } from 'node:net'

interface MachineNetwork {
  is: 'privacy_proxy' | 'scanner'
  whose: string
}

/**
 * Networks that nobody reads mail from, as their owners publish them: those of services that check mail for many
 * firms. The offices of these firms are elsewhere.
 */
const NETWORKS: [MachineNetwork, ...networks: string[]][] = [
  // Assigned to Apple as a whole; Mail Privacy Protection fetches from there where no relay stands between.
  [{ is: 'privacy_proxy', whose: 'Apple' }, '17.0.0.0/8', '2620:149::/32'],
  // google-proxy-66-249-….google.com: pictures for Gmail, and Safe Browsing.
  [{ is: 'privacy_proxy', whose: 'Google' }, '66.249.80.0/20'],
  // SPF of ess.barracudanetworks.com.
  [{ is: 'scanner', whose: 'Barracuda' }, '64.235.144.0/20', '209.222.80.0/21'],
  // SPF of pphosted.com.
  [{ is: 'scanner', whose: 'Proofpoint' }, '67.231.144.0/20', '148.163.128.0/19'],
  // SPF of Mimecast in the US and the EU.
  [{ is: 'scanner', whose: 'Mimecast' }, '207.211.30.0/23', '205.139.110.0/23', '146.101.78.0/24'],
  // Exchange Online Protection, from the published endpoints of Microsoft 365, and Safe Links beside it.
  [
    { is: 'scanner', whose: 'Microsoft Defender' },
    '40.92.0.0/15',
    '40.94.0.0/16',
    '40.107.0.0/16',
    '52.100.0.0/14',
    '104.47.0.0/17',
    '2a01:111:f400::/48',
    '2a01:111:f403::/48',
  ],
]

const lists = NETWORKS.map(([network, ...of]) => {
  const list = new BlockList()
  for (const each of of) {
    const [address = '', bits] = each.split('/')
    list.addSubnet(address, Number(bits), isIPv4(address) ? 'ipv4' : 'ipv6')
  }
  return { network, list }
})

/** Undefined: people may be there. */
export function machineNetworkOf(ip: string): MachineNetwork | undefined {
  // RFC 4291, section 2.5.5.2: how a socket for both kinds writes IPv4.
  const address = ip.replace(/^::ffff:(?=\d+\.)/i, '')
  const family = isIPv4(address) ? 'ipv4' : isIPv6(address) ? 'ipv6' : undefined
  if (family === undefined) return undefined
  return lists.find(({ list }) => list.check(address, family))?.network
}
