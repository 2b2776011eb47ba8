import { useState } from 'react'
import type { OneSubscriberWire } from '../../../server/send/api/subscribers-wire.ts'
import { changeSubscriber } from '../../calls/subscribers.ts'
import { Button } from '../../ui/button.tsx'
import { confirmed } from '../../ui/dialogs.tsx'
import { exactTime, readableDay } from '../../ui/time.ts'
import { toast, toastFailure } from '../../ui/toasts.tsx'
import { REASONS, STATUS_MEANS, StatusBadge } from '../status.tsx'
import { Card } from './card.tsx'

/** Whether they get mail, since when, and why. */
export function StatusCard({ subscriber, change }: { subscriber: OneSubscriberWire; change: boolean }) {
  const { id, status, status_reason: reason, status_at: since, suppressed } = subscriber
  const [busy, setBusy] = useState(false)
  const subscribed = status === 'subscribed'

  const turn = async () => {
    const sure = subscribed || (await confirmed(questionFor(subscriber)))
    if (!sure) return
    setBusy(true)
    try {
      await changeSubscriber(id, { status: subscribed ? 'unsubscribed' : 'subscribed' })
      toast(subscribed ? 'Unsubscribed.' : 'Subscribed.')
    } catch (error) {
      toastFailure('Not changed.', error)
    } finally {
      setBusy(false)
    }
  }

  return (
    <Card
      title="Status"
      action={
        change && (
          <Button className="h-7" busy={busy} onClick={() => void turn()}>
            {subscribed ? 'Unsubscribe' : 'Subscribe'}
          </Button>
        )
      }
    >
      <div className="flex flex-col gap-2">
        <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <StatusBadge status={status} />
          {(reason || since) && (
            <span className="text-soft">
              {reason && REASONS[reason]}
              {since && (
                <>
                  {reason ? ', ' : 'since '}
                  <time dateTime={since} title={exactTime(since)}>
                    {readableDay(since)}
                  </time>
                </>
              )}
            </span>
          )}
        </div>
        <p className="text-soft">
          {subscribed && suppressed
            ? 'Would get campaigns, were the address not suppressed.'
            : STATUS_MEANS[status]}
        </p>
      </div>
    </Card>
  )
}

function questionFor({ email, status, status_reason: reason }: OneSubscriberWire) {
  const text =
    status === 'complained'
      ? 'They reported a mail of yours as spam. Subscribe them only if they asked you to.'
      : status === 'bounced'
        ? 'Their mail server refused for good. Subscribe them only if you know that the address works again.'
        : status === 'pending'
          ? 'They have not confirmed that the address is theirs. Subscribe them only if you know that they want your mail.'
          : reason === 'by_subscriber'
            ? 'They unsubscribed themselves. Subscribe them only if they asked you to.'
            : 'They get campaigns again.'
  return { title: `Subscribe ${email}?`, text, action: 'Subscribe' }
}
