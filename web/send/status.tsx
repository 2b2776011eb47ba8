import type { SubscriberStatus, SubscriberWire } from '../../server/send/api/subscribers-wire.ts'
import { classes } from '../ui/classes.ts'

export const STATUS_NAMES: Record<SubscriberStatus, string> = {
  subscribed: 'Subscribed',
  unsubscribed: 'Unsubscribed',
  pending: 'Pending',
  bounced: 'Bounced',
  complained: 'Complained',
}

/** What follows from it for the one who sends. */
export const STATUS_MEANS: Record<SubscriberStatus, string> = {
  subscribed: 'Gets the campaigns meant for them.',
  unsubscribed: 'Gets no campaigns until they subscribe again.',
  pending: 'Has not confirmed yet. Gets no campaigns until then.',
  bounced: 'Their mail server refused for good. Nothing is sent.',
  complained: 'Reported a mail as spam. Nothing is sent.',
}

export const REASONS: Record<NonNullable<SubscriberWire['status_reason']>, string> = {
  bounce: 'after a bounce',
  complaint: 'after a complaint',
  by_admin: 'by someone of your team',
  by_subscriber: 'by themselves',
}

const LOOKS: Record<SubscriberStatus, string> = {
  subscribed: 'bg-good-wash text-good',
  unsubscribed: 'bg-hover text-soft',
  pending: 'bg-brass-wash text-brass-text',
  bounced: 'bg-danger-wash text-danger',
  complained: 'bg-danger-wash text-danger',
}

export function StatusBadge({ status }: { status: SubscriberStatus }) {
  return (
    <span
      className={classes(
        'inline-flex h-5 shrink-0 items-center rounded-full px-2 text-small font-medium',
        LOOKS[status],
      )}
    >
      {STATUS_NAMES[status]}
    </span>
  )
}
