import type { CampaignProgress } from '../../calls/campaigns.ts'
import { count, counted } from '../../ui/size.ts'
import { duration } from '../duration.ts'
import { percentSettled, perSecond } from './progress.ts'
import { SendingBar } from './sending-bar.tsx'

/** How much has left, how fast, how long it will take, and what it waits for. */
export function HowFar({ progress }: { progress: CampaignProgress }) {
  const { status, totals, per_second, time_left_seconds, waits_for } = progress
  const freezing = totals.total === 0
  return (
    <section aria-label="Progress" className="flex flex-col gap-3 rounded-card border border-line p-5">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <p className="flex items-baseline gap-2 tabular-nums">
          <span className="text-display font-semibold">{count(totals.sent)}</span>{' '}
          <span className="text-soft">out of {count(totals.total)} sent</span>
        </p>
        <p className="text-soft tabular-nums">
          {status === 'sending' && !freezing
            ? [
                per_second > 0 ? perSecond(per_second) : null,
                time_left_seconds === null ? null : `about ${duration(time_left_seconds)} left`,
              ]
                .filter(Boolean)
                .join(' · ')
            : status === 'freezing'
              ? 'Preparing …'
              : totals.draft > 0
                ? `${counted(totals.draft, 'draft')} left`
                : `${percentSettled(totals)} %`}
        </p>
      </div>
      <SendingBar totals={totals} resting={status !== 'sending' && status !== 'sent'} />
      {waits_for && (
        <p className="text-soft">
          <span className="font-medium text-ink">Waits for: </span>
          {waits_for}
        </p>
      )}
    </section>
  )
}
