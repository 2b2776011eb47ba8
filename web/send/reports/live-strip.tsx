import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Pause, Radio } from 'lucide-react'
import { progressQuery } from '../../calls/campaigns.ts'
import { isMoving, type ReportWire } from '../../calls/reports.ts'
import { buttonClasses } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { count } from '../../ui/size.ts'
import { perSecond, settled } from '../campaigns/progress.ts'
import { duration } from '../duration.ts'
import { ProgressBar } from '../progress-bar.tsx'
import { partOf } from '../percent.ts'

/** That it is still being sent: how far, how fast, what it waits for. */
export function LiveStrip({ report }: { report: ReportWire }) {
  const { campaign } = report
  const { data } = useQuery({
    ...progressQuery(campaign.id),
    refetchInterval: ({ state }) => (isMoving(state.data?.status ?? campaign.status) ? 1000 : false),
  })
  const totals = data?.totals ?? report.totals
  const status = data?.status ?? campaign.status
  const paused = status === 'paused'
  const gone = settled(totals)
  const Icon = paused ? Pause : Radio
  const words = [
    data && data.per_second > 0 && perSecond(data.per_second),
    data?.time_left_seconds != null && `about ${duration(data.time_left_seconds)} left`,
  ].filter(Boolean)
  return (
    <section
      aria-label="Sending"
      className={classes(
        'flex flex-col gap-2 rounded-card border p-4',
        paused ? 'border-danger bg-danger-wash' : 'border-brass-line bg-brass-wash',
      )}
    >
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Icon
          size={16}
          className={classes('shrink-0', paused ? 'text-danger' : 'animate-breathe text-brass-text')}
          aria-hidden
        />
        <span className="font-semibold tabular-nums">
          {status === 'queued'
            ? 'Begins in a moment'
            : status === 'freezing'
              ? 'Making the list of recipients'
              : totals.total === 0
                ? 'Paused'
                : `${paused ? 'Paused at' : 'Sending:'} ${count(gone)} of ${count(totals.total)}`}
        </span>
        <span className="grow text-soft tabular-nums">{words.join(', ')}</span>
        <Link
          to="/campaigns/$campaignId"
          params={{ campaignId: campaign.id }}
          search={{ show: 'status' }}
          className={buttonClasses('plain', 'print:hidden')}
        >
          {paused ? 'Look at it' : 'Pause or cancel'}
        </Link>
      </div>
      <ProgressBar label="Progress" share={partOf(gone, totals.total)} resting={paused} />
      {(data?.waits_for || (data?.pause_reason ?? campaign.pause_reason)) && (
        <p className="text-soft [overflow-wrap:anywhere]">
          {paused ? (data?.pause_reason ?? campaign.pause_reason) : `Waits for: ${data?.waits_for}`}
        </p>
      )}
    </section>
  )
}
