import { Link } from '@tanstack/react-router'
import type { CampaignSummaryWire } from '../../../server/send/api/campaigns-wire.ts'
import { count } from '../../ui/size.ts'
import { readableTime } from '../../ui/time.ts'
import { CampaignBadge } from '../campaigns/campaign-badge.tsx'
import { perSecond, settled, useProgress } from '../campaigns/progress.ts'
import { duration } from '../duration.ts'
import { partOf } from '../percent.ts'
import { ProgressBar } from '../progress-bar.tsx'

/** What is being sent now, asked each second how far it is. */
export function Running({ campaigns }: { campaigns: readonly CampaignSummaryWire[] }) {
  return (
    <section aria-label="Running now" className="overflow-hidden rounded-card border border-line">
      <h2 className="flex min-h-11 items-center border-b border-line px-4 font-semibold">Running now</h2>
      <ul>
        {campaigns.map(campaign => (
          <Row key={campaign.id} campaign={campaign} />
        ))}
      </ul>
    </section>
  )
}

function Row({ campaign }: { campaign: CampaignSummaryWire }) {
  const { status, totals, pause_reason, waits_for, per_second, time_left_seconds } = useProgress(campaign)
  const gone = settled(totals)
  const words =
    status === 'paused'
      ? pause_reason
      : status === 'queued'
        ? campaign.scheduled_at && `begins ${readableTime(campaign.scheduled_at)}`
        : (waits_for ??
          [
            per_second > 0 && perSecond(per_second),
            time_left_seconds !== null && `about ${duration(time_left_seconds)} left`,
          ]
            .filter(Boolean)
            .join(', '))
  return (
    <li className="relative flex flex-col gap-2 border-b border-line px-4 py-3 last:border-0 hover:bg-hover">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Link
          to="/campaigns/$campaignId"
          params={{ campaignId: campaign.id }}
          dir="auto"
          className="min-w-0 truncate text-left text-body font-medium before:absolute before:inset-0"
        >
          {campaign.name}
        </Link>
        <CampaignBadge status={status} scheduled={campaign.scheduled_at !== null} />
        <span className="ml-auto text-soft tabular-nums">
          {totals.total > 0 && `${count(gone)} of ${count(totals.total)}`}
        </span>
      </div>
      {totals.total > 0 && (
        <ProgressBar
          label={`Progress of ${campaign.name}`}
          share={partOf(gone, totals.total)}
          resting={status === 'paused'}
        />
      )}
      {words && (
        <span className={status === 'paused' ? 'text-danger' : 'text-small text-soft tabular-nums'}>
          {words}
        </span>
      )}
    </li>
  )
}
