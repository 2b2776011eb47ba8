import type { CampaignStatus } from '../../calls/campaigns.ts'
import { classes } from '../../ui/classes.ts'

const STATUS_NAMES: Record<CampaignStatus, string> = {
  draft: 'Draft',
  queued: 'Queued',
  freezing: 'Sending',
  sending: 'Sending',
  paused: 'Paused',
  sent: 'Sent',
  cancelled: 'Cancelled',
}

const LOOKS: Record<CampaignStatus, string> = {
  draft: 'bg-hover text-soft',
  queued: 'bg-brass-wash text-brass-text',
  freezing: 'bg-brass-wash text-brass-text',
  sending: 'bg-brass-wash text-brass-text',
  paused: 'bg-danger-wash text-danger',
  sent: 'bg-good-wash text-good',
  cancelled: 'bg-hover text-soft',
}

export function CampaignBadge({
  status,
  scheduled = false,
}: {
  status: CampaignStatus
  scheduled?: boolean
}) {
  return (
    <span
      className={classes(
        'inline-flex h-5 shrink-0 items-center rounded-full px-2 text-small font-medium',
        LOOKS[status],
      )}
    >
      {status === 'queued' && scheduled ? 'Scheduled' : STATUS_NAMES[status]}
    </span>
  )
}
