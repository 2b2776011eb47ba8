import type { Settled } from '../deliveries/ledger.ts'
import type { Answer } from '../ways-out/way-out.ts'
import { isHardBounce } from '../feedback/bounce-rules.ts'
import { MOST_ATTEMPTS, waitAfter } from './retry-scale.ts'
import type { Ended } from './thread-messages.ts'

export interface EndingRules {
  /** Of retries. */
  scale: number
  /** Campaigns whose ambiguous mails are sent again. */
  retrying: ReadonlySet<number>
}

/** What the ledger is told of how the work at a row ended. */
export function settlementOf(ended: Ended, { scale, retrying }: EndingRules): Settled {
  const { id, at, answer, begun } = ended
  const row: Settled = {
    id,
    to: 'pending',
    begun: begun ? 1 : 0,
    reason: null,
    nextAt: 0,
    providerId: ended.providerId,
    subject: ended.subject,
    emailServiceId: ended.emailServiceId,
    sentAt: null,
    event: null,
    bounced: false,
  }
  const reason = wordsOf(answer)
  const event = (kind: NonNullable<Settled['event']>['kind']) => ({
    kind,
    at,
    detail: { code: answer.code, enhanced: answer.enhanced, text: answer.text, attempt: ended.attempts + 1 },
  })
  switch (ended.is) {
    case 'sent':
      return { ...row, to: 'sent', sentAt: at }
    case 'refused':
      return {
        ...row,
        to: 'failed',
        reason,
        event: event('failed'),
        bounced: isHardBounce(answer.enhanced, answer.text),
      }
    case 'unfit':
      return { ...row, to: 'failed', reason: answer.text, event: event('failed') }
    case 'stopped':
      return { ...row, subject: null, emailServiceId: null }
    case 'held':
      return { ...row, nextAt: at + ended.waitMs, reason: `${ended.domain} takes no more for a while` }
    case 'ambiguous':
      return ended.campaignId !== null && retrying.has(ended.campaignId)
        ? { ...row, nextAt: at, reason, event: event('ambiguous') }
        : { ...row, to: 'ambiguous', reason, event: event('ambiguous') }
    case 'deferred': {
      // That the service is in trouble says nothing about the mail: it is not one of its attempts.
      if (ended.scope === 'service')
        return { ...row, begun: 0, reason, nextAt: at + Math.max(ended.waitMs, 1000 * scale) }
      const attempts = ended.attempts + 1
      if (attempts >= MOST_ATTEMPTS)
        return {
          ...row,
          begun: 1,
          to: 'failed',
          reason: `given up after a day: ${reason}`,
          event: event('failed'),
        }
      return {
        ...row,
        begun: 1,
        reason,
        nextAt: at + Math.max(waitAfter(attempts, scale), ended.waitMs),
        event: event('deferred'),
      }
    }
  }
}

function wordsOf({ code, enhanced, text }: Answer): string {
  return [code === 0 ? '' : code, enhanced ?? '', text].filter(part => part !== '').join(' ')
}
