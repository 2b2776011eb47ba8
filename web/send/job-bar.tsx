import { useState } from 'react'
import type { AudienceJobWire } from '../../server/send/api/subscribers-wire.ts'
import { cancelJob } from '../calls/subscribers.ts'
import { Button } from '../ui/button.tsx'
import { count } from '../ui/size.ts'
import type { Store } from '../ui/store.ts'
import { toastFailure } from '../ui/toasts.tsx'
import { ProgressBar } from './progress-bar.tsx'

/** A job under way, over whatever screen is shown. */
export function JobBar({ job, doing }: { job: Store<AudienceJobWire>; doing: string }) {
  const { id, done, total } = job.use()
  const [stopping, setStopping] = useState(false)
  const stop = () => {
    setStopping(true)
    cancelJob(id).catch(error => {
      setStopping(false)
      toastFailure('Not stopped.', error)
    })
  }
  return (
    <aside
      aria-label={doing}
      className="fixed inset-x-3 bottom-4 z-40 mx-auto flex max-w-md animate-rise items-center gap-3 rounded-card border border-line-strong bg-raised py-2.5 pr-2.5 pl-4 shadow-menu"
    >
      <div className="flex min-w-0 grow flex-col gap-1.5">
        <div className="flex items-baseline gap-3">
          <span className="min-w-0 grow truncate font-medium">{doing}</span>
          <span className="shrink-0 text-small text-soft tabular-nums">
            {count(done)} of {count(total)}
          </span>
        </div>
        <ProgressBar label={doing} share={total > 0 ? done / total : 0} />
      </div>
      <Button busy={stopping} onClick={stop}>
        {stopping ? 'Stopping …' : 'Stop'}
      </Button>
    </aside>
  )
}
