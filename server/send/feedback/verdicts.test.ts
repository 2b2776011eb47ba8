import { expect, it } from 'vitest'
import { unmasked, type Visit } from './unmasking.ts'
import { type TrackedRequest, verdictOf } from './verdicts.ts'

const FIREFOX = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:121.0) Gecko/20100101 Firefox/121.0'
const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148'
const OUTLOOK =
  'Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 10.0; Trident/7.0; Microsoft Outlook 16.0.4266; ms-office; MSOffice 16)'
const BROWSER = {
  method: 'GET',
  agent: FIREFOX,
  ip: '203.0.113.7',
  sinceHandOverMs: 8_000,
  isPrefetch: false,
}

// Contract, section 12: verdict on opens and clicks.
it.each<[string, Partial<TrackedRequest>, 'person' | 'privacy_proxy' | 'scanner']>([
  ['a browser some seconds after delivery', {}, 'person'],
  ['a browser a second after delivery', { sinceHandOverMs: 1_000 }, 'person'],
  ['a browser when nobody knows when it was handed over', { sinceHandOverMs: null }, 'person'],
  ['a telephone', { agent: IPHONE, ip: '2001:db8::7' }, 'person'],
  ['Outlook on a desk', { agent: OUTLOOK }, 'person'],
  [
    'Thunderbird',
    { agent: 'Mozilla/5.0 (X11; Linux x86_64; rv:115.0) Gecko/20100101 Thunderbird/115.3.1' },
    'person',
  ],
  ['a mail program that lists call a robot', { agent: 'Airmail/5' }, 'person'],
  ['HEAD', { method: 'HEAD' }, 'scanner'],
  ['less than a second', { sinceHandOverMs: 999 }, 'scanner'],
  ['before the hand-over was answered', { sinceHandOverMs: -40 }, 'scanner'],
  ['no agent', { agent: '' }, 'scanner'],
  ['a tool', { agent: 'curl/8.5.0' }, 'scanner'],
  ['a library', { agent: 'python-requests/2.31' }, 'scanner'],
  ['a preview in a chat', { agent: 'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)' }, 'scanner'],
  ['a browser without a window', { agent: FIREFOX.replace('Firefox', 'HeadlessChrome') }, 'scanner'],
  ['a scanner that says so', { agent: 'Mozilla/5.0 (compatible; Barracuda Sentinel (EE))' }, 'scanner'],
  ['a robot of Mail.RU', { agent: 'Mozilla/5.0 (compatible; Linux x86_64; Mail.RU_Bot/2.0)' }, 'scanner'],
  ['fetched in advance', { isPrefetch: true }, 'scanner'],
  ["Microsoft's network", { ip: '40.94.87.3' }, 'scanner'],
  ["Barracuda's network", { ip: '::ffff:209.222.82.5' }, 'scanner'],
  ["Apple's privacy protection", { agent: 'Mozilla/5.0', sinceHandOverMs: 20 }, 'privacy_proxy'],
  ["Apple's network", { ip: '17.58.63.1' }, 'privacy_proxy'],
  [
    "Gmail's image proxy",
    { agent: 'Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)' },
    'privacy_proxy',
  ],
  [
    'Gmail looking ahead',
    {
      agent:
        'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/42.0.2311.135 Safari/537.36 Edge/12.246 Mozilla/5.0',
    },
    'privacy_proxy',
  ],
  [
    "Yahoo's image proxy",
    { agent: 'YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html' },
    'privacy_proxy',
  ],
  ["Outlook's image proxy", { agent: 'OutlookMobileCloudService-Autodetect/1.0.0' }, 'privacy_proxy'],
  ['no address at all', { ip: 'unknown' }, 'person'],
])('section 12: %s', (_, given, verdict) => {
  const judged = verdictOf({ ...BROWSER, ...given })
  expect(judged.verdict).toBe(verdict)
  expect(judged.reasons.length > 0).toBe(verdict !== 'person')
})

const click = (seconds: number, link: number | null, more: Partial<Visit> = {}): Visit => ({
  kind: 'clicked',
  at: seconds * 1000,
  link,
  hidden: link === null,
  agent: FIREFOX,
  ip: '203.0.113.7',
  verdict: 'person',
  plausible: more.verdict === undefined,
  ...more,
})
const open = (seconds: number, more: Partial<Visit> = {}) =>
  click(seconds, null, { kind: 'opened', hidden: false, ...more })

it('section 12: whoever fetches every link within seconds, or touches the hidden one, was a scanner all along', () => {
  const places = (visits: Visit[], links: number) => [...unmasked(visits, links).keys()]
  expect(places([click(1, 1), click(3, 2), click(5, 3)], 3)).toEqual([0, 1, 2])
  // In any order, and what else it did within the minute.
  expect(places([click(80, 2), click(79, 1), click(30, 1), click(10, 1)], 2)).toEqual([0, 1, 2])
  expect(places([click(1, 1), click(30, 2), click(60, 3)], 3)).toEqual([])
  expect(places([click(1, 1), click(2, 1), click(3, 1)], 1)).toEqual([])
  expect(places([click(1, 1), click(2, 1), click(3, 1)], 2)).toEqual([])
  expect(
    places(
      Array.from({ length: 8 }, (_, i) => click(i / 10, i)),
      40,
    ),
  ).toHaveLength(8)
  // What says that it is a robot says nothing of those beside it.
  expect(places([click(1, 1), click(2, 2, { verdict: 'scanner' })], 2)).toEqual([])
  const scanner = { verdict: 'scanner' as const }
  expect(places([click(10, 1), click(60, null, scanner), click(119, 2), click(121, 2)], 5)).toEqual([0, 2])
  // The owner of the mail opens it while their scanner is still at it.
  const elsewhere = { ip: '198.51.100.1' }
  expect(places([open(10), open(10, elsewhere), click(12, null, scanner)], 5)).toEqual([0])
  expect(unmasked([click(1, 1), click(2, null, scanner)], 5).get(0)).toEqual(['touched the hidden link'])
})
