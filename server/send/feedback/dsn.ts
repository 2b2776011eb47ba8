import { statusIn } from './bounce-rules.ts'
import type { Fields, ReceivedReport } from './received-report.ts'

/** What became of a mail on the way, as another mail system reports it. */
export interface DeliveryReport {
  /** RFC 3464, section 2.3.3. Only `failed` is a bounce. */
  action: 'failed' | 'delayed' | 'delivered' | 'relayed' | 'expanded'
  /** RFC 3463; null: nobody says. */
  status: string | null
  /** In the server's words. */
  diagnostic: string
}

const ACTIONS = ['failed', 'delayed', 'delivered', 'relayed', 'expanded'] as const
const MAX_DIAGNOSTIC = 500

/** Undefined: it is none, neither by the standard nor by its looks. */
export function deliveryReportIn(report: ReceivedReport): DeliveryReport | undefined {
  const blocks = report.blocks('message/delivery-status', 'message/global-delivery-status')
  return (blocks && standardReport(blocks, report)) ?? looseReport(report)
}

/**
 * RFC 3464: a block for the message, then one for each recipient. Ours went to one person, so the gravest counts:
 * whoever forwards to two and loses one of them reports both.
 */
function standardReport(blocks: readonly Fields[], report: ReceivedReport): DeliveryReport | undefined {
  const found = blocks.flatMap(block => {
    const action = ACTIONS.find(each => each === block.get('action')?.toLowerCase().split(/[ (]/)[0])
    if (action === undefined) return []
    const diagnostic = oneLine(withoutType(block.get('diagnostic-code') ?? ''))
    // Gateways write 5.0.0 and leave the code to the diagnostic.
    const given = /([245]\.\d{1,3}\.\d{1,3})/.exec(block.get('status') ?? '')?.[1] ?? null
    const status = given === null || given.endsWith('.0.0') ? (statusIn(diagnostic) ?? given) : given
    return [{ action, status, diagnostic }]
  })
  const gravest = found.toSorted((a, b) => ACTIONS.indexOf(a.action) - ACTIONS.indexOf(b.action))[0]
  if (gravest?.action !== 'failed' || (gravest.status !== null && gravest.diagnostic !== '')) return gravest
  const text = report.text()
  return {
    ...gravest,
    status: gravest.status ?? statusIn(text),
    diagnostic: gravest.diagnostic || wordsIn(text),
  }
}

/** Type of the diagnostic, as `smtp;` (RFC 3464, section 2.3.6). */
function withoutType(text: string): string {
  return text.replace(/^[\w-]+\s*;\s*/, '')
}

/** Who writes bounces in words: qmail, old Exchange, and many others by these. */
const BOUNCER = /mailer-daemon|postmaster|mail delivery (?:sub)?system|qmail-send/i
const BOUNCED =
  /undeliver|returned mail|mail returned|failure notice|delivery (?:status|fail)|mail delivery|not delivered|non-?delivery|unzustellbar|non remis|no se (?:puede|ha podido) entregar/i
const DELAYED =
  /delay|warning: could not send|still (?:trying|being)|will (?:be )?re-?tr(?:y|ied)|verz(?:ö|oe)ger/i

/** Undefined: it does not look like a bounce. */
function looseReport(report: ReceivedReport): DeliveryReport | undefined {
  const subject = report.header('subject')
  const text = report.text()
  const isQmail = /^Hi\. This is the (?:\S+ )?(?:program|deliver program) at/m.test(text)
  if (!BOUNCED.test(subject) && !DELAYED.test(subject) && !isQmail) return undefined
  if (!BOUNCER.test(report.header('from')) && !isQmail) return undefined
  const isDelay = DELAYED.test(subject) && !/undeliver|failure/i.test(subject)
  return { action: isDelay ? 'delayed' : 'failed', status: statusIn(text), diagnostic: wordsIn(text) }
}

/** The line that says why, as far as one can be told. */
function wordsIn(text: string): string {
  const lines = text.split('\n').map(oneLine).filter(Boolean)
  return lines.find(line => statusIn(line) !== null) ?? lines[0]?.slice(0, MAX_DIAGNOSTIC) ?? ''
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, MAX_DIAGNOSTIC)
}
