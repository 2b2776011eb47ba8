import { at, textAt } from '../../ways-out/outside-json.ts'
import type { Feedback } from '../delivery-feedback.ts'
import { digestOf, hasPassword, rawOf, secondsAt, type WebhookProvider } from './webhook.ts'

/** What a block is about, where nothing will ever arrive. */
const FOR_GOOD = new Set([
  'blacklisted',
  'spam reporter',
  'domain',
  'relay/access denied',
  'typofix',
  'content',
  'error in template language',
  'spam',
  'content blocked',
  'policy issue',
  'mailjet',
  'duplicate in campaign',
])

/** The Event API of Mailjet: one event, or a list of them if the account groups them. It signs nothing. */
export const mailjet: WebhookProvider = {
  typeId: 5,
  unprocessed: 'OK',
  read({ json }, { now }) {
    return (Array.isArray(json) ? (json as unknown[]) : [json]).flatMap(event => {
      const told = eventIn(event)
      const providerId = textAt(event, 'MessageID')
      if (told === undefined || providerId === undefined) return []
      return [
        {
          providerId,
          recipient: textAt(event, 'email'),
          event: {
            ...told,
            at: secondsAt(event, 'time') ?? now,
            source: 'mailjet',
            eventKey: `mailjet:${digestOf(event)}`,
          },
        },
      ]
    })
  },
  isGenuine: hasPassword,
}

type Told = Omit<Feedback, 'at' | 'source' | 'eventKey'>

function eventIn(event: unknown): Told | undefined {
  const by = { ip: textAt(event, 'ip') ?? null, userAgent: textAt(event, 'agent') ?? null }
  const about = textAt(event, 'error_related_to')
  const error = textAt(event, 'error')
  const parts = [about, error, textAt(event, 'comment')].filter(Boolean)
  const text = parts.length > 0 ? { text: parts.join(': ') } : {}
  const bounced = (permanent: boolean): Told => ({
    kind: 'bounced',
    permanent,
    detail: { ...text, ...rawOf(event) },
  })
  switch (textAt(event, 'event')) {
    case 'sent': {
      const reply = textAt(event, 'smtp_reply')
      return { kind: 'delivered', detail: reply === undefined ? {} : { text: reply } }
    }
    case 'open':
      return { kind: 'opened', ...by }
    case 'click':
      return { kind: 'clicked', ...by, url: textAt(event, 'url') ?? null }
    case 'spam':
      return { kind: 'complained', detail: rawOf(event) }
    case 'unsub':
      return { kind: 'unsubscribed', ...by }
    case 'bounce':
      if (at(event, 'hard_bounce') === true) return bounced(true)
      // Tried again by Mailjet.
      return error === 'greylisted' ? { kind: 'deferred', detail: text } : bounced(false)
    case 'blocked':
      return bounced(FOR_GOOD.has((about ?? '').toLowerCase()))
    default:
      return undefined
  }
}
