import type { DeliveryFilterStatus, DeliveryWire } from '../calls/deliveries.ts'
import { classes } from '../ui/classes.ts'

export const DELIVERY_NAMES: Record<DeliveryFilterStatus, string> = {
  draft: 'Draft',
  pending: 'Waiting',
  claimed: 'Leaving',
  sent: 'Sent',
  delivered: 'Delivered',
  opened: 'Opened',
  clicked: 'Clicked',
  unsubscribed: 'Unsubscribed',
  bounced: 'Bounced',
  complained: 'Complained',
  failed: 'Failed',
  skipped: 'Skipped',
  ambiguous: 'Ambiguous',
}

const LOOKS: Record<DeliveryFilterStatus, string> = {
  draft: 'bg-hover text-soft',
  pending: 'bg-brass-wash text-brass-text',
  claimed: 'bg-brass-wash text-brass-text',
  sent: 'bg-hover text-ink',
  delivered: 'bg-good-wash text-good',
  opened: 'bg-good-wash text-good',
  clicked: 'bg-good-wash text-good',
  unsubscribed: 'bg-hover text-soft',
  bounced: 'bg-danger-wash text-danger',
  complained: 'bg-danger-wash text-danger',
  failed: 'bg-danger-wash text-danger',
  skipped: 'bg-hover text-soft',
  ambiguous: 'bg-brass-wash text-brass-text ring-1 ring-brass-line ring-inset',
}

/** The one word for it: what went wrong counts for more than what went well, and the last step for more than the first. */
function deliveryState(delivery: DeliveryWire): DeliveryFilterStatus {
  const { status, bounced_at, unsubscribed_at, clicked_at, opened_at } = delivery
  // Refused for good by the first server: it was never sent, and still the address has bounced.
  if (status === 'failed' && bounced_at !== null) return 'bounced'
  if (status !== 'sent' && status !== 'delivered') return status
  if (unsubscribed_at !== null) return 'unsubscribed'
  if (clicked_at !== null) return 'clicked'
  return opened_at === null ? status : 'opened'
}

export function DeliveryBadge({ delivery }: { delivery: DeliveryWire }) {
  const state = deliveryState(delivery)
  return (
    <span
      className={classes(
        'inline-flex h-5 shrink-0 items-center rounded-full px-2 text-small font-medium',
        LOOKS[state],
      )}
    >
      {DELIVERY_NAMES[state]}
    </span>
  )
}

const OURS: Record<string, string> = {
  unsubscribed: 'They had unsubscribed.',
  removed: 'They were removed from the audience.',
  cancelled: 'The campaign was cancelled first.',
  bounced: 'Their address had bounced.',
  complained: 'They had complained.',
  pending: 'They had not confirmed yet.',
}

/** Why it was not sent, as a sentence: our own reasons are single words in the ledger, servers speak for themselves. */
export function reasonInWords(reason: string | null): string | null {
  if (reason === null || reason === '') return null
  const suppressed = /^suppressed(?:: (.*))?$/s.exec(reason)
  if (suppressed) return `On the suppression list${suppressed[1] ? `: ${suppressed[1]}` : '.'}`
  return OURS[reason] ?? reason
}
