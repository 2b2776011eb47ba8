import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { RotateCw } from 'lucide-react'
import { useState } from 'react'
import type { OutgoingSummary } from '../../../server/catch/api/wire.ts'
import { outgoingQuery, retryForward } from '../../calls/forwarding.ts'
import { Section } from '../../frame/page.tsx'
import { Button } from '../../ui/button.tsx'
import { exactTime, readableTime } from '../../ui/time.ts'
import { toastFailure } from '../../ui/toasts.tsx'
import { OutgoingState } from './outgoing-state.tsx'

export function HistorySection({ inboxId, mayChange }: { inboxId: number; mayChange: boolean }) {
  const query = useInfiniteQuery(outgoingQuery(inboxId))
  const entries = query.data?.pages.flatMap(page => page.outgoing) ?? []
  return (
    <Section
      title="History"
      about="Each copy, for 14 days. What a mail server puts off is tried again for two days."
    >
      {query.isError && !query.data && (
        <div role="alert" className="flex flex-wrap items-center gap-3 text-soft">
          The history could not be loaded. {query.error.message}
          <Button onClick={() => void query.refetch()}>Try again</Button>
        </div>
      )}
      {query.data && entries.length === 0 && <p className="text-soft">Nothing was forwarded yet.</p>}
      {entries.length > 0 && (
        <ul aria-label="History" className="rounded-card border border-line">
          {entries.map(entry => (
            <Entry key={entry.id} inboxId={inboxId} entry={entry} mayChange={mayChange} />
          ))}
        </ul>
      )}
      {query.hasNextPage && (
        <Button
          className="self-start"
          busy={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          Show older
        </Button>
      )}
    </Section>
  )
}

interface EntryProps {
  inboxId: number
  entry: OutgoingSummary
  mayChange: boolean
}

function Entry({ inboxId, entry, mayChange }: EntryProps) {
  const [busy, setBusy] = useState(false)
  const retry = () => {
    setBusy(true)
    retryForward(inboxId, entry.id)
      .catch(error => toastFailure('Not sent again.', error))
      .finally(() => setBusy(false))
  }
  const subject = entry.subject || '(no subject)'
  return (
    <li className="flex flex-col gap-1 border-b border-line px-4 py-2.5 last:border-0">
      <div className="flex flex-wrap items-baseline gap-x-3">
        <span className="min-w-0 grow basis-48 truncate font-medium" dir="auto" title={subject}>
          {entry.message_id === null ? (
            subject
          ) : (
            <Link
              to="/inboxes/$inboxId/messages/$messageId"
              params={{ inboxId, messageId: entry.message_id }}
              className="underline-offset-2 hover:underline"
            >
              {subject}
            </Link>
          )}
        </span>
        <time
          dateTime={entry.created_at}
          title={exactTime(entry.created_at)}
          className="text-small text-faint"
        >
          {readableTime(entry.created_at)}
        </time>
      </div>
      <div className="text-soft [overflow-wrap:anywhere]">
        {entry.kind === 'rule' ? 'By rule to ' : 'By hand to '}
        {entry.to}
      </div>
      <OutgoingState entry={entry} />
      {mayChange && entry.may_retry && (
        <Button className="mt-1 self-start" busy={busy} onClick={retry}>
          <RotateCw size={14} aria-hidden />
          Send again
        </Button>
      )}
    </li>
  )
}
