import { lazy } from 'react'
import type { AudienceJobWire } from '../../server/send/api/subscribers-wire.ts'
import { fetchJob } from '../calls/subscribers.ts'
import { showDialog } from '../ui/dialogs.tsx'
import { createStore, type Store } from '../ui/store.ts'

const JobBar = lazy(() => import('./job-bar.tsx').then(module => ({ default: module.JobBar })))

/** Shorter ones are over before a bar could be read. */
const SHOWN_AFTER_MS = 350
const LOOK_EVERY_MS = 400

/**
 * Follows a job to its end, with a bar that stays through all screens and can stop it.
 * @param doing what it does, as in "Tagging 1,204 subscribers"
 */
export async function followJob(begun: AudienceJobWire, doing: string): Promise<AudienceJobWire> {
  const job: Store<AudienceJobWire> = createStore(begun)
  let close: (() => void) | undefined
  const timer = setTimeout(() => {
    showDialog(end => {
      close = end
      return <JobBar job={job} doing={doing} />
    })
  }, SHOWN_AFTER_MS)
  try {
    while (job.get().status === 'running') {
      await new Promise(resolve => setTimeout(resolve, LOOK_EVERY_MS / (job.get().done === 0 ? 4 : 1)))
      job.set(await fetchJob(begun.id))
    }
    return job.get()
  } finally {
    clearTimeout(timer)
    close?.()
  }
}
