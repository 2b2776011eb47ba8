import { Link } from '@tanstack/react-router'
import { CheckCheck, SearchX } from 'lucide-react'
import { Button, buttonClasses } from '../../ui/button.tsx'
import { Mark } from '../../ui/mark.tsx'
import { State } from '../../ui/state.tsx'
import { SkeletonRow } from './message-list.tsx'
import { ROW_HEIGHT } from './message-row.tsx'

export function ListLoading() {
  return (
    <div className="relative min-h-0 grow overflow-hidden" aria-busy="true">
      <span className="sr-only" role="status">
        Loading messages
      </span>
      {Array.from({ length: 14 }, (_, index) => (
        <SkeletonRow key={index} top={index * ROW_HEIGHT} />
      ))}
    </div>
  )
}

export function ListFailed({ error, onRetry }: { error: Error; onRetry: () => void }) {
  return (
    <State
      urgent
      title="The messages could not be loaded"
      actions={<Button onClick={onRetry}>Try again</Button>}
    >
      {error.message} Nothing is lost: they will be here when the server answers again.
    </State>
  )
}

export function EmptyInbox({ inboxId }: { inboxId: number }) {
  return (
    <State
      picture={<Mark size={44} className="text-brass" />}
      title="Waiting for the first message"
      actions={
        <Link to="/inboxes/$inboxId/setup" params={{ inboxId }} className={buttonClasses('primary')}>
          Send to this inbox
        </Link>
      }
    >
      Point your app’s mail settings here. Whatever it sends shows up in this list the moment it is caught,
      and goes no further.
    </State>
  )
}

export function NothingFound({
  search,
  unread,
  onClear,
}: {
  search: string
  unread: boolean
  onClear: () => void
}) {
  if (!search)
    return (
      <State
        picture={<CheckCheck size={32} strokeWidth={1.5} aria-hidden />}
        title="All read"
        actions={<Button onClick={onClear}>Show all messages</Button>}
      >
        There is no unread message in this inbox.
      </State>
    )
  return (
    <State
      picture={<SearchX size={32} strokeWidth={1.5} aria-hidden />}
      title="Nothing found"
      actions={<Button onClick={onClear}>{unread ? 'Clear search and filter' : 'Clear search'}</Button>}
    >
      No {unread ? 'unread ' : ''}message has{' '}
      <span dir="auto" className="font-medium text-ink [overflow-wrap:anywhere]">
        “{search}”
      </span>{' '}
      in its subject, people or text.
    </State>
  )
}
