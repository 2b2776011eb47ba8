import type { OutgoingSummary } from '../../../server/catch/api/wire.ts'
import { counted } from '../../ui/size.ts'
import { readableTime } from '../../ui/time.ts'
import { Badge } from './badge.tsx'

/** How a copy stands, and what the relay said last. */
export function OutgoingState({ entry }: { entry: OutgoingSummary }) {
  const { status, attempts, reply, next_attempt_at } = entry
  return (
    <div className="flex flex-wrap items-center gap-x-2.5 gap-y-1 text-small">
      {status === 'sent' && <Badge tone="good">Sent</Badge>}
      {status === 'failed' && <Badge tone="bad">Failed</Badge>}
      {status === 'sending' && <Badge tone="waiting">On its way</Badge>}
      {status === 'queued' && <Badge tone="waiting">{attempts > 0 ? 'Put off' : 'Queued'}</Badge>}
      <span className="min-w-0 grow text-soft [overflow-wrap:anywhere]">
        {reply && <code className="font-mono">{reply}</code>}
        {status === 'queued' && attempts > 0 && next_attempt_at && (
          <span className="block">
            After {counted(attempts, 'attempt')}; the next at {readableTime(next_attempt_at)}.
          </span>
        )}
        {status === 'failed' && attempts > 1 && (
          <span className="block">After {counted(attempts, 'attempt')}.</span>
        )}
      </span>
    </div>
  )
}
