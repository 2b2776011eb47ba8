import { CirclePause, Play } from 'lucide-react'
import type { Campaign } from '../../calls/campaigns.ts'
import { Button } from '../../ui/button.tsx'
import { readableTime } from '../../ui/time.ts'
import { isOverdue } from './progress.ts'

interface PausedNoticeProps {
  campaign: Campaign
  reason: string | null
  change: boolean
  busy: boolean
  onResume: () => void
}

/** Why it stands still, and the question what now. */
export function PausedNotice({ campaign, reason, change, busy, onResume }: PausedNoticeProps) {
  const { paused_at, scheduled_at } = campaign
  const overdue = isOverdue(campaign)
  return (
    <section
      aria-label="Paused"
      className="flex flex-col gap-3 rounded-card border border-danger bg-danger-wash px-4 py-3.5"
    >
      <div className="flex items-start gap-3">
        <CirclePause size={18} className="mt-0.5 shrink-0 text-danger" aria-hidden />
        <div className="flex min-w-0 flex-col gap-0.5">
          <h2 className="text-body font-semibold">
            {overdue
              ? `It was due ${scheduled_at ? readableTime(scheduled_at) : 'before'}. Send it now?`
              : reason
                ? 'It has paused by itself'
                : 'Somebody paused it'}
          </h2>
          <p className="[overflow-wrap:anywhere]">
            {overdue
              ? 'Nothing was running then. What was right to say then may be wrong now.'
              : (reason ?? 'Nothing leaves. Resumed, it goes on where it stopped.')}
          </p>
          {paused_at && <p className="text-small text-soft">Since {readableTime(paused_at)}</p>}
        </div>
      </div>
      {change && (
        <div className="flex gap-2 pl-7.5">
          <Button look="primary" busy={busy} onClick={onResume}>
            <Play size={15} aria-hidden />
            {overdue ? 'Send now' : 'Resume'}
          </Button>
        </div>
      )}
    </section>
  )
}
