/**
 * Hard or soft: whether a bounce says that there is no such mailbox and will be none. Only then is the address written to
 * no more; anything else (full, blocked, too large, a policy, our own fault) may pass, and five in a row are needed
 * (sending-settings.ts). Codes: RFC 3463 and the registry of RFC 5248.
 */

/** Class 5 only: RFC 3463 says of 1.1, 1.2 and 1.3 that they are for permanent failures. */
const DEAD = new Set([
  // RFC 3463, section 3.2: no such mailbox, no such system, no address, moved without saying where.
  '5.1.1',
  '5.1.2',
  '5.1.3',
  '5.1.6',
  // RFC 7505, section 4.2: the domain says (null MX) that it takes no mail.
  '5.1.10',
  // RFC 3463, section 3.3: the mailbox is disabled.
  '5.2.1',
  // Exchange Online: the domain is not in the DNS.
  '5.4.310',
])

/** Codes that say no more than that something is wrong; then the text beside them decides. */
const VAGUE = /^5\.(?:\d\.0|4\.1|4\.4)$/

/**
 * What servers write instead of a code, and the code that they mean. The first that fits counts. Every repetition has an
 * end: the text may be anybody's, and long.
 */
const PHRASES: [text: RegExp, status: string][] = [
  [
    /over ?quota|quota exceeded|exceed\w{0,5} (?:\w{1,20} )?quota|(?:mailbox|inbox|storage)\W{1,5}(?:is |size )?(?:\w{1,20} )?(?:full|exceed)|out of storage/i,
    '5.2.2',
  ],
  [
    /(?:unknown|no such|invalid|nonexistent|non-existent|not a valid) (?:user|recipient|mailbox|address|account|local)/i,
    '5.1.1',
  ],
  [
    /(?:user|recipient|mailbox|address|account)(?: \S{1,100})? (?:is )?(?:unknown|not found|not known|invalid|(?:does not|doesn'?t|do not) exist|not exist)/i,
    '5.1.1',
  ],
  [/no mailbox (?:here )?by that name|RecipientNotFound|that you tried to reach does not exist/i, '5.1.1'],
  // Exchange Online, where it knows which recipients there are (Directory Based Edge Blocking).
  [/Recipient address rejected: Access denied/i, '5.1.1'],
  [
    /(?:host|domain)(?: name)?(?: \S{1,100})? (?:is )?(?:unknown|not found|(?:does not|doesn'?t) exist)|(?:no such|unknown) (?:host|domain)|NXDOMAIN/i,
    '5.1.2',
  ],
  [
    /(?:mailbox|account|user|address)(?: \S{1,100})? (?:is |has been )?(?:disabled|inactive|suspended|deactivated|closed)/i,
    '5.2.1',
  ],
  [/blocked|blacklist|blocklist|block list|spam|unsolicited|reputation|policy|DMARC|\bSPF\b/i, '5.7.1'],
  [/too (?:large|big)|size (?:limit|exceed)/i, '5.3.4'],
]

/** @param status RFC 3463, as `5.1.1`; null: none was given */
export function isHardBounce(status: string | null, text: string): boolean {
  if (status !== null && !VAGUE.test(status)) return DEAD.has(status)
  return DEAD.has(PHRASES.find(([pattern]) => pattern.test(text))?.[1] ?? '')
}

/** A code in a text for people; null: there is none, nor words that mean one. */
export function statusIn(text: string): string | null {
  const [, enhanced] = /(?<![\d.])([45]\.\d{1,3}\.\d{1,3})(?![\d]|\.\d)/.exec(text) ?? []
  if (enhanced !== undefined) return enhanced
  const meant = PHRASES.find(([pattern]) => pattern.test(text))?.[1]
  if (meant !== undefined) return meant
  // RFC 5321, section 4.2.1: the first digit is all that is sure.
  const [, code] = /(?<![\d.])([45])[0-5]\d(?=[ \-:#])/.exec(text) ?? []
  return code === undefined ? null : `${code}.0.0`
}
