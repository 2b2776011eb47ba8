import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { inboxIn, projectsQuery } from '../../calls/projects.ts'
import { Kbd } from '../../ui/kbd.tsx'
import { Mark } from '../../ui/mark.tsx'
import { State } from '../../ui/state.tsx'

const FirstSettings = lazy(() =>
  import('../send/first-settings.tsx').then(module => ({ default: module.FirstSettings })),
)

/** Beside a list of which no message is open. */
export function NoMessage() {
  const { inboxId } = useParams({ from: '/frame/inboxes/$inboxId/list' })
  const inbox = useQuery({ ...projectsQuery, select: projects => inboxIn(projects, inboxId) }).data
  if (inbox?.emails_count === 0)
    return (
      <Suspense fallback={null}>
        <FirstSettings inboxId={inboxId} />
      </Suspense>
    )
  return (
    <State picture={<Mark size={40} className="text-line-strong" />} title="No message open">
      <p className="flex flex-wrap items-center justify-center gap-1.5">
        <Kbd>j</Kbd> <Kbd>k</Kbd> move along the list, <Kbd>Enter</Kbd> opens, <Kbd>?</Kbd> shows all keys.
      </p>
    </State>
  )
}
