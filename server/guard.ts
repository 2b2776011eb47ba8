import { type LookupAddress, promises as dns } from 'node:dns'
import { type IncomingHttpHeaders, type RequestOptions, request as plainRequest } from 'node:http'
import { request as tlsRequest } from 'node:https'
import { BlockList, isIP, isIPv4, type LookupFunction, type Socket } from 'node:net'
import type { KeptConnections, PinnedTo } from './kept-connections.ts'

/**
 * The one client for requests that a user can aim: at the machines beside this one, or at the service of a cloud
 * that hands out its keys, nobody aims through it.
 */

/** Where it may go besides the public internet: anywhere, nowhere, or these hosts and networks. */
export type PrivateTargets = 'allow' | 'deny' | readonly string[]

/** The target is none that may be asked; the message says which, and may be shown to whoever aimed. */
export class RefusedTarget extends Error {}

export interface GuardedRequest {
  method?: string
  headers?: Record<string, string>
  body?: string | Buffer
  /** For everything together, redirects too. */
  timeoutMs: number
  /** Of the reply's body; a longer one is an error. */
  maxBytes: number
  /** How many are followed; default none, and the reply then is the redirect itself. */
  redirects?: number
  /** Keeps connections for the next request that is given the same. Absent: one of its own for this. */
  connections?: KeptConnections
  /**
   * Asked once the connection stands and before the first byte is written; false: nothing is written. What goes wrong
   * earlier, and this, is NothingWritten. Of the first request, not of those after redirects.
   */
  ready?: () => Promise<boolean>
}

/** The request did not begin; the message says why. */
export class NothingWritten extends Error {}

interface GuardedReply {
  status: number
  headers: IncomingHttpHeaders
  body: Buffer
  /** Where it came from at last. */
  url: string
}

export interface Guard {
  /** @throws RefusedTarget, or Error of the network, of time or of size */
  fetch(url: string, request: GuardedRequest): Promise<GuardedReply>
  /**
   * The addresses of a host that may be connected to, for what is not HTTP. Connect to one of these and not to the
   * name: asked again, DNS may answer otherwise.
   * @throws RefusedTarget, or Error of the resolver
   */
  addressesOf(host: string): Promise<LookupAddress[]>
}

/** What is no public unicast address of IPv4 (IANA's special-purpose registry, RFC 6890, with multicast). */
const NOT_PUBLIC_4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
  // Public by number, but answers machines in Azure with what is theirs alone.
  '168.63.129.16/32',
]
/** The same within 2000::/3; whatever is outside is not public. */
const NOT_PUBLIC_6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']

const notPublic = networks([...NOT_PUBLIC_4, ...NOT_PUBLIC_6])
const global6 = networks(['2000::/3'])
/** Addresses of IPv6 that stand for one of IPv4: mapped (RFC 4291, section 2.5.5.2) and NAT64 (RFC 6052). */
const embedding = networks(['::ffff:0:0/96', '64:ff9b::/96'])

/** @param resolve asks DNS for all addresses; another one is for tests */
export function createGuard(
  targets: PrivateTargets,
  resolve: (host: string) => Promise<LookupAddress[]> = host => dns.lookup(host, { all: true }),
): Guard {
  const hosts = new Set<string>()
  const ranges: string[] = []
  if (typeof targets !== 'string')
    for (const target of targets) {
      if (isIP(target.split('/')[0] ?? '') === 0) hosts.add(target.toLowerCase())
      else ranges.push(target)
    }
  const allowed = networks(ranges)

  const mayReach = (host: string, address: string) =>
    targets === 'allow' || hosts.has(host) || within(allowed, address) || isPublic(address)

  const addressesOf = async (name: string) => {
    const host = name.toLowerCase().replaceAll(/^\[|\]$/g, '')
    const found = isIP(host) === 0 ? await resolve(host) : [{ address: host, family: isIP(host) }]
    const fit = found.filter(({ address }) => mayReach(host, address))
    if (fit.length === 0)
      throw new RefusedTarget(`${host} is at a private address, which is not allowed here`)
    return fit
  }

  async function begin(url: URL, request: GuardedRequest, signal: AbortSignal, begun: Begun) {
    try {
      const { connections } = request
      const addresses = await (connections === undefined
        ? addressesOf(url.hostname)
        : connections.addressesOf(url.hostname, addressesOf))
      return await ask(url, addresses, request, signal, begun)
    } catch (error) {
      if (begun.isWritten) throw error
      const { message } = error as Error
      throw new NothingWritten(message, { cause: error })
    }
  }

  return {
    addressesOf,
    async fetch(target, { redirects = 0, ready, ...given }) {
      const signal = AbortSignal.timeout(given.timeoutMs)
      const begun = { ready, isWritten: ready === undefined }
      let url = webUrl(target)
      let request = given
      for (let followed = 0; ; followed++) {
        const reply = await begin(url, request, signal, begun)
        const { location } = reply.headers
        if (reply.status < 300 || reply.status > 399 || location === undefined || redirects === 0)
          return { ...reply, url: url.href }
        if (followed === redirects) throw new Error(`more than ${redirects} redirects`)
        const next = webUrl(new URL(location, url).href)
        request = redirected(request, reply.status, next.origin === url.origin)
        url = next
      }
    },
  }
}

function webUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:')
    throw new RefusedTarget('only http and https addresses can be asked')
  return url
}

/** RFC 9110, section 15.4: only 307 and 308 keep the method. What was meant for one origin is not told to another. */
function redirected(request: GuardedRequest, status: number, sameOrigin: boolean): GuardedRequest {
  const { body, method = 'GET', headers = {}, ...rest } = request
  const kept = sameOrigin ? headers : {}
  if (status === 307 || status === 308)
    return sameOrigin && body !== undefined
      ? { ...rest, method, headers: kept, body }
      : { ...rest, method, headers: kept }
  const bodiless = Object.entries(kept).filter(([name]) => !name.toLowerCase().startsWith('content-'))
  return { ...rest, method: method === 'HEAD' ? 'HEAD' : 'GET', headers: Object.fromEntries(bodiless) }
}

interface Begun {
  ready: GuardedRequest['ready']
  isWritten: boolean
}

function ask(
  url: URL,
  addresses: LookupAddress[],
  { method = 'GET', headers = {}, body, maxBytes, connections }: GuardedRequest,
  signal: AbortSignal,
  begun: Begun,
): Promise<Omit<GuardedReply, 'url'>> {
  return new Promise((resolve, reject) => {
    const isTls = url.protocol === 'https:'
    const options: RequestOptions & PinnedTo = {
      method,
      signal,
      headers: {
        'accept-encoding': 'identity',
        'user-agent': 'Posthorn',
        ...(body !== undefined && { 'content-length': String(Buffer.byteLength(body)) }),
        ...headers,
      },
      // A connection of its own: none that was opened for somebody else's check.
      agent: connections?.agent(isTls) ?? false,
      lookup: pinned(addresses),
      pinnedTo: addresses.map(({ address }) => address).join(),
    }
    const request = (isTls ? tlsRequest : plainRequest)(url, options, response => {
      const chunks: Buffer[] = []
      let size = 0
      response.on('data', (chunk: Buffer) => {
        size += chunk.length
        if (size <= maxBytes) return chunks.push(chunk)
        reject(new Error(`the reply is longer than ${maxBytes} bytes`))
        return request.destroy()
      })
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks),
        }),
      )
      response.on('error', reject)
    })
    request.on('error', reject)
    if (begun.isWritten || begun.ready === undefined) return void request.end(body)
    const { ready } = begun
    const stands = async () => {
      const goOn = await ready()
      if (request.destroyed) return
      if (!goOn) return void request.destroy(new Error('it was not wanted any more'))
      begun.isWritten = true
      request.end(body)
    }
    request.on('socket', (socket: Socket) => {
      if (request.reusedSocket) stands().catch(reject)
      else socket.once(isTls ? 'secureConnect' : 'connect', () => void stands().catch(reject))
    })
  })
}

/** Whatever name is asked for, the addresses that were checked. */
function pinned(addresses: LookupAddress[]): LookupFunction {
  return (_host, { all }, done) => {
    const [first] = addresses
    if (all === true) done(null, addresses)
    else done(null, first?.address ?? '', first?.family ?? 4)
  }
}

function isPublic(address: string): boolean {
  const four = ipv4Of(address)
  if (four !== undefined) return !notPublic.check(four)
  return global6.check(address, 'ipv6') && !notPublic.check(address, 'ipv6')
}

function within(list: BlockList, address: string): boolean {
  const four = ipv4Of(address)
  return four === undefined ? list.check(address, 'ipv6') : list.check(four)
}

function ipv4Of(address: string): string | undefined {
  if (isIPv4(address)) return address
  if (!embedding.check(address, 'ipv6')) return undefined
  // The parser of URLs writes every spelling in one way: the last two groups, in hexadecimal.
  const canonical = new URL(`http://[${address.replace(/%.*/, '')}]`).hostname.slice(1, -1)
  const [high = '0', low = '0'] = canonical.split(':').slice(-2)
  const number = ((Number.parseInt(high || '0', 16) << 16) | Number.parseInt(low || '0', 16)) >>> 0
  return [24, 16, 8, 0].map(shift => (number >>> shift) & 255).join('.')
}

/** @param ranges addresses, or networks as `10.0.0.0/8` */
function networks(ranges: readonly string[]): BlockList {
  const list = new BlockList()
  for (const range of ranges) {
    const [address = '', bits] = range.split('/')
    const family = isIPv4(address) ? 'ipv4' : 'ipv6'
    if (bits === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(bits), family)
  }
  return list
}
