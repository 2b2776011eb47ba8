import type { UseInfiniteQueryResult } from '@tanstack/react-query'
import { AtSign, Globe, Trash2 } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { removeSuppression, type SuppressionWire } from '../../calls/suppressions.ts'
import { IconButton } from '../../ui/button.tsx'
import { confirmed } from '../../ui/dialogs.tsx'
import { exactTime, readableDay } from '../../ui/time.ts'
import { toast, toastFailure } from '../../ui/toasts.tsx'
import { useRowsInView } from '../../ui/use-rows-in-view.ts'

const REASONS: Record<SuppressionWire['reason'], string> = {
  hard_bounce: 'Hard bounce',
  complaint: 'Complaint',
  manual: 'By hand',
  import: 'Import',
}
/** Pixels; all rows alike. */
const ROW_HEIGHT = 56
const AHEAD = 60

interface SuppressionListProps {
  query: UseInfiniteQueryResult
  rows: SuppressionWire[]
  change: boolean
}

export function SuppressionList({ query, rows, change }: SuppressionListProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const { first, last } = useRowsInView(scroller, rows.length, ROW_HEIGHT)
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = query
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && !isFetchNextPageError && last + AHEAD > rows.length)
      void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage, last, rows.length])
  return (
    <div
      ref={scroller}
      tabIndex={0}
      role="group"
      aria-label="Suppressed addresses and domains"
      className="inset-focus min-h-0 grow overflow-y-auto [contain:strict]"
    >
      <ul className="relative" style={{ height: rows.length * ROW_HEIGHT }} aria-label="Suppressions">
        {rows.slice(first, last + 1).map((row, at) => (
          <Row
            key={row.id}
            row={row}
            top={(first + at) * ROW_HEIGHT}
            place={first + at + 1}
            of={hasNextPage ? -1 : rows.length}
            change={change}
          />
        ))}
      </ul>
    </div>
  )
}

interface RowProps {
  row: SuppressionWire
  top: number
  place: number
  of: number
  change: boolean
}

function Row({ row, top, place, of, change }: RowProps) {
  const { kind, value, reason, evidence, user, created_at: at } = row
  const Icon = kind === 'domain' ? Globe : AtSign
  return (
    <li
      aria-posinset={place}
      aria-setsize={of}
      style={{ transform: `translateY(${top}px)`, height: ROW_HEIGHT }}
      className="absolute inset-x-0 top-0 flex items-center gap-3 border-b border-line pr-3 pl-4 lg:pr-6 lg:pl-8"
    >
      <Icon size={15} className="shrink-0 text-faint" aria-label={kind === 'domain' ? 'Domain' : 'Address'} />
      <div className="min-w-0 grow">
        <div className="truncate font-medium" title={value}>
          <bdi>{value}</bdi>
        </div>
        <div className="truncate text-small text-faint" title={evidence}>
          {REASONS[reason]}
          {user && <> · {user.name}</>}
          {evidence && <> · {evidence}</>}
        </div>
      </div>
      <time dateTime={at} title={exactTime(at)} className="shrink-0 text-small text-faint max-sm:hidden">
        {readableDay(at)}
      </time>
      {change && (
        <IconButton label={`Remove ${value}`} className="hover:text-danger" onClick={() => void remove(row)}>
          <Trash2 size={14} aria-hidden />
        </IconButton>
      )}
    </li>
  )
}

async function remove({ id, kind, value, reason }: SuppressionWire): Promise<void> {
  const why =
    reason === 'complaint'
      ? ' It is here because somebody reported a mail as spam.'
      : reason === 'hard_bounce'
        ? ' It is here because its mail server refused for good.'
        : ''
  const sure = await confirmed({
    title: `Take ${value} off the list?`,
    text: `${kind === 'domain' ? 'Subscribers at this domain' : 'A subscriber with this address'} can get campaigns again, as their status says.${why}`,
    action: 'Take off the list',
    danger: reason === 'complaint' || reason === 'hard_bounce',
  })
  if (!sure) return
  await removeSuppression(id).then(
    () => toast(`${value} is off the list.`),
    error => toastFailure('Not removed.', error),
  )
}
