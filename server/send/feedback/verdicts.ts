import { isbot } from 'isbot'
import { machineNetworkOf } from './machine-networks.ts'

/** Who is behind a request for our pixel or one of our links. */
export type Verdict = 'person' | 'privacy_proxy' | 'scanner'

export interface Judged {
  verdict: Verdict
  /** In words for people; of a person none. */
  reasons: string[]
}

export interface TrackedRequest {
  method: string
  /** User-Agent; empty: there was none. */
  agent: string
  ip: string
  /** Since the hand-over of the mail; null: nobody knows when that was. */
  sinceHandOverMs: number | null
  /** The browser says that nobody has asked for it yet (`Sec-Purpose: prefetch` and its elders). */
  isPrefetch: boolean
}

/** A mail server that looks at the mail before it takes it is that quick; nobody who reads is. */
const AT_ONCE_MS = 1_000

/**
 * What one request says of itself (contract, section 12); what several say together is said by `unmasked`. Privacy
 * proxies come before all others: to lists of robots they are robots, and their users have them fetch every picture.
 */
export function verdictOf(request: TrackedRequest): Judged {
  const { agent, ip } = request
  const proxy = proxyNamed(agent)
  if (proxy !== undefined) return { verdict: 'privacy_proxy', reasons: [`the agent of ${proxy}`] }
  const network = machineNetworkOf(ip)
  if (network?.is === 'privacy_proxy')
    return { verdict: 'privacy_proxy', reasons: [`the network of ${network.whose}`] }

  const reasons: string[] = []
  if (request.method === 'HEAD') reasons.push('a HEAD request')
  if (request.isPrefetch) reasons.push('fetched in advance')
  if (request.sinceHandOverMs !== null && request.sinceHandOverMs < AT_ONCE_MS)
    reasons.push('less than a second after the hand-over')
  if (agent === '') reasons.push('no agent')
  else if (isScanner(agent)) reasons.push('the agent of a robot')
  if (network?.is === 'scanner') reasons.push(`the network of ${network.whose}`)
  return { verdict: reasons.length === 0 ? 'person' : 'scanner', reasons }
}

/** Who fetches the pictures of a mail in place of its reader, by the agent. */
const PROXIES: [agent: RegExp, whose: string][] = [
  // Mail Privacy Protection says nothing more.
  [/^Mozilla\/5\.0$/, 'Apple Mail Privacy Protection'],
  [/GoogleImageProxy/i, "Gmail's image proxy"],
  // Fetches the pictures of mail that has just come in; the doubled Mozilla/5.0 is nobody else's.
  [/ Edge\/12\.246 (?:Mozilla\/5\.0|Gmail-content-sampling)$/, 'Gmail looking ahead'],
  [/YahooMailProxy|YahooCacheSystem/i, "Yahoo's image proxy"],
  [/OutlookMobileCloudService|^Outlook-(?:iOS|Android)/i, "Outlook's image proxy"],
]

function proxyNamed(agent: string): string | undefined {
  return PROXIES.find(([pattern]) => pattern.test(agent))?.[1]
}

/** Robots that lists of robots do not have. */
const SCANNERS =
  /barracuda|proofpoint|mimecast|cloudmark|fortimail|safelinks|url.?defense|ironport|trendmicro/i
/** Mail programs that lists of robots, which are made for web sites, take for robots. */
const MAIL_PROGRAMS =
  /^(?:Airmail|AppleExchangeWebServices|Canary|Claws Mail|eM Client|Evolution|FairEmail|K-9 Mail|Mail|MailMate|Mailspring|Postbox|Spark|SparkDesktop|Sylpheed|The Bat!)(?:[/ ]|$)/i

/** As long as the answers are few: agents are, and the pattern that is asked has some ten thousand characters. */
const known = new Map<string, boolean>()
const MOST_KNOWN = 5_000

function isScanner(agent: string): boolean {
  let answer = known.get(agent)
  if (answer === undefined) {
    answer = SCANNERS.test(agent) || (isbot(agent) && !MAIL_PROGRAMS.test(agent))
    if (known.size >= MOST_KNOWN) known.clear()
    known.set(agent, answer)
  }
  return answer
}
