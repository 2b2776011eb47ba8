import { createHash } from 'node:crypto'
import type { Secrets } from '../../accounts/secrets.ts'
import type { Log } from '../../log.ts'
import type { Envelope, Reply } from '../../mail/smtp/door.ts'
import { holdAudience } from '../../storage/claiming.ts'
import type { Storage } from '../../storage/database.ts'
import type { Delivery } from '../deliveries/deliveries.ts'
import { TEST_TOKEN } from '../mails/mail-pages.ts'
import type { Sending } from '../sending/sending.ts'
import { type AbuseReport, abuseReportIn, isComplaint } from './arf.ts'
import { isHardBounce } from './bounce-rules.ts'
import { applyFeedback, type Feedback, holdDeliveries } from './delivery-feedback.ts'
import { type DeliveryReport, deliveryReportIn } from './dsn.ts'
import { DELIVERY_KEY, idOfToken, urlSignature } from './public-token.ts'
import { ReceivedReport } from './received-report.ts'
import { unsubscribe } from './unsubscribe.ts'

interface Parts {
  storage: Pick<Storage, 'read' | 'write'>
  secrets: Secrets
  log: Log
  /** Lower case. */
  bounceDomain: string
  sending: Pick<Sending, 'stop'>
}

/** What the SMTP door asks about mail to the bounce domain. */
interface BounceMail {
  takes(forwardPath: string): boolean
  refuses(forwardPath: string): Reply | undefined
  /** @throws StorageFault: nothing has happened then */
  message(envelope: Pick<Envelope, 'recipients'>, bytes: Buffer): Promise<Reply>
}

const DONE: Reply = { code: 250, text: '2.0.0 Ok: processed' }
const NOBODY: Reply = { code: 550, text: '5.1.1 Error: no such address here' }
const NO_REPORT: Reply = { code: 550, text: '5.6.0 Error: this address takes reports about our mail only' }

/** What may be mailed besides the addresses in our mails (RFC 2142, sections 4 and 5): reports of mail providers. */
const REPORTS_TO = /^(?:postmaster|abuse|fbl|feedback|complaints?|bounces?)$/i
/** `b-` is the reverse path of a mail, `u-` its List-Unsubscribe; lower case may have become upper case on the way. */
const OF_DELIVERY = /^([bu])-([0-9a-f]{30})$/i
const OF_TEST = new RegExp(`^[bu]-${TEST_TOKEN}$`, 'i')

interface Box {
  /** `bounce` and `leave`: of one delivery; `reports`: of whichever the report names; `test`: of a mail that was none. */
  is: 'bounce' | 'leave' | 'reports' | 'test'
  deliveryId: number
}

/** Bounces, complaints and unsubscribes that come as mail: in the database before they are answered 250. */
export function createBounceMail({ storage, secrets, log, bounceDomain, sending }: Parts): BounceMail {
  const key = secrets.key(DELIVERY_KEY)

  const isHere = (path: string) => path.slice(path.lastIndexOf('@') + 1).toLowerCase() === bounceDomain

  function boxOf(path: string): Box | undefined {
    const localPart = path.slice(0, path.lastIndexOf('@'))
    if (REPORTS_TO.test(localPart)) return { is: 'reports', deliveryId: 0 }
    if (OF_TEST.test(localPart)) return { is: 'test', deliveryId: 0 }
    const [, kind = '', hex = ''] = OF_DELIVERY.exec(localPart) ?? []
    const deliveryId = idOfToken(key, Buffer.from(hex, 'hex').toString('base64url'))
    return deliveryId === undefined
      ? undefined
      : { is: kind.toLowerCase() === 'u' ? 'leave' : 'bounce', deliveryId }
  }

  /** Which delivery a report is about that came to no address of one: what it returns of our mail tells. */
  function deliveryNamedIn(wire: string): number | undefined {
    for (const [, hex = ''] of wire.matchAll(/\bb-([0-9a-f]{30})@/gi)) {
      const id = idOfToken(key, Buffer.from(hex, 'hex').toString('base64url'))
      if (id !== undefined) return id
    }
    for (const [, id = '', mark] of wire.matchAll(/<\d{1,15}\.(\d{1,15})\.([\w-]{10})@/g))
      if (urlSignature(key, 'message-id', id).slice(0, 10) === mark) return Number(id)
    return undefined
  }

  async function take(box: Box, report: ReceivedReport, bytes: Buffer): Promise<Reply> {
    if (box.is === 'test') return DONE
    const id = box.deliveryId || deliveryNamedIn(report.wire())
    const delivery = id === undefined ? undefined : await deliveryById(id)
    // Of a mail whose campaign or subscriber is gone: nobody is waiting for that.
    if (delivery === undefined) return box.is === 'reports' && id === undefined ? NO_REPORT : DONE
    if (box.is === 'leave') {
      await unsubscribe({ storage, sending }, delivery, 'mail')
      return DONE
    }
    const event = eventOf(report, delivery, bytes)
    if (event === undefined && box.is === 'reports') return NO_REPORT
    if (event === undefined) log.debug('mail to a reverse path was no report', { delivery: delivery.id })
    else if (event !== NO_NEWS) await apply(delivery, event)
    return DONE
  }

  function deliveryById(id: number): Promise<Delivery | undefined> {
    return storage.read.selectFrom('deliveries').selectAll().where('id', '=', id).executeTakeFirst()
  }

  async function apply({ id, workspace_id: workspaceId }: Delivery, event: Feedback): Promise<void> {
    const applied = await storage.write.transaction().execute(async trx => {
      await holdAudience(trx, workspaceId)
      const delivery = (await holdDeliveries(trx, [id])).get(id)
      return delivery && applyFeedback(trx, delivery, event)
    })
    if (applied?.subscriberStopped && applied.subscriberId !== null)
      await sending.stop({ subscriberIds: [applied.subscriberId] })
  }

  return {
    takes: isHere,
    refuses: path => (boxOf(path) === undefined ? NOBODY : undefined),
    async message({ recipients }, bytes) {
      const report = new ReceivedReport(bytes)
      const replies: Reply[] = []
      for (const { forwardPath } of recipients) {
        const box = boxOf(forwardPath)
        replies.push(box === undefined ? NOBODY : await take(box, report, bytes))
      }
      // There is one answer for all of them; a no would say that nothing came of it.
      return replies.find(reply => reply === DONE) ?? replies[0] ?? NOBODY
    },
  }
}

/** A report by which nothing changes. */
const NO_NEWS = 'no news'

/**
 * What a mail to the reverse path of a delivery says of it. Undefined: it is no report, as the replies of people and of
 * their absence (RFC 3834); by Auto-Submitted these cannot be told from the bounces of Postfix and Exim.
 */
function eventOf(
  report: ReceivedReport,
  { id }: Delivery,
  bytes: Buffer,
): Feedback | typeof NO_NEWS | undefined {
  const abuse = abuseReportIn(report)
  if (abuse !== undefined) return isComplaint(abuse) ? complaint(abuse, keyOf(id, report, bytes)) : NO_NEWS
  const found = deliveryReportIn(report)
  return found && deliveryEvent(found, keyOf(id, report, bytes))
}

function complaint({ type, reporter }: AbuseReport, eventKey: string): Feedback {
  return {
    kind: 'complained',
    at: Date.now(),
    source: 'arf',
    eventKey: `arf:${eventKey}`,
    detail: { type, reporter },
  }
}

function deliveryEvent(
  { action, status, diagnostic }: DeliveryReport,
  eventKey: string,
): Feedback | typeof NO_NEWS {
  // Relayed to where nobody reports, or expanded into a list: neither arrived nor lost.
  if (action === 'relayed' || action === 'expanded') return NO_NEWS
  const event = { at: Date.now(), source: 'dsn', eventKey: `dsn:${eventKey}`, detail: { status, diagnostic } }
  if (action === 'delivered') return { ...event, kind: 'delivered' }
  if (action === 'delayed') return { ...event, kind: 'deferred' }
  return { ...event, kind: 'bounced', permanent: isHardBounce(status, diagnostic) }
}

/** A report that is sent again, because our 250 was lost, is told again. */
function keyOf(deliveryId: number, report: ReceivedReport, bytes: Buffer): string {
  const of = report.header('message-id') || bytes
  return `${deliveryId}:${createHash('sha256').update(of).digest('base64url').slice(0, 22)}`
}
