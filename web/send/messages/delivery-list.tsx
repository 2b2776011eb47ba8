import type { UseInfiniteQueryResult } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useEffect, useRef } from 'react'
import type { DeliveryWire } from '../../calls/deliveries.ts'
import { Button } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { exactTime, shortTime, useNow } from '../../ui/time.ts'
import { useRowsInView } from '../../ui/use-rows-in-view.ts'
import { DeliveryBadge } from '../delivery-badge.tsx'

/** Pixels; all rows alike. */
const ROW_HEIGHT = 56
const AHEAD = 100

export interface DeliveryListProps {
  label: string
  query: Pick<
    UseInfiniteQueryResult,
    'hasNextPage' | 'isFetchingNextPage' | 'isFetchNextPageError' | 'isPlaceholderData'
  > & { fetchNextPage: () => unknown }
  rows: readonly DeliveryWire[]
  /** The second line of a row. */
  about: (delivery: DeliveryWire) => ReactNode
  /** The moment that counts here. */
  at: (delivery: DeliveryWire) => string | null
  /** Before a row, and behind it. */
  before?: (delivery: DeliveryWire) => ReactNode
  behind?: (delivery: DeliveryWire) => ReactNode
  /** Where the list is a part of a page it cannot have the rest of the screen. */
  className?: string
}

/** Mails to people, each leading to what became of it. */
export function DeliveryList({
  label,
  query,
  rows,
  about,
  at,
  before,
  behind,
  className,
}: DeliveryListProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const now = useNow()
  const { first, last } = useRowsInView(scroller, rows.length, ROW_HEIGHT)
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = query
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && !isFetchNextPageError && last + AHEAD > rows.length)
      void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage, last, rows.length])
  return (
    <div className={classes('relative min-h-0 grow', className)}>
      <div
        ref={scroller}
        tabIndex={0}
        role="group"
        aria-label={label}
        className={classes(
          'inset-focus absolute inset-0 overflow-y-auto overscroll-contain [contain:strict]',
          query.isPlaceholderData && 'opacity-60',
        )}
      >
        <ul className="relative" style={{ height: rows.length * ROW_HEIGHT }} aria-label={label}>
          {rows.slice(first, last + 1).map((delivery, index) => {
            const moment = at(delivery)
            return (
              <li
                key={delivery.id}
                aria-posinset={first + index + 1}
                aria-setsize={hasNextPage ? -1 : rows.length}
                style={{ transform: `translateY(${(first + index) * ROW_HEIGHT}px)`, height: ROW_HEIGHT }}
                className="absolute inset-x-0 top-0 flex items-center gap-3 border-b border-line pr-3 pl-4 hover:bg-hover lg:pr-6 lg:pl-8"
              >
                {before?.(delivery)}
                <div className="flex min-w-0 grow flex-col">
                  <div className="flex min-w-0 items-center gap-2.5">
                    <Link
                      to="/messages/$messageId"
                      params={{ messageId: delivery.id }}
                      title={delivery.email}
                      className="min-w-0 truncate font-medium outline-offset-0 before:absolute before:inset-0"
                    >
                      <bdi>{delivery.email}</bdi>
                    </Link>
                    <DeliveryBadge delivery={delivery} />
                  </div>
                  <div className="truncate text-small text-faint">{about(delivery)}</div>
                </div>
                {moment && (
                  <time
                    dateTime={moment}
                    title={exactTime(moment)}
                    className="shrink-0 text-small text-faint tabular-nums"
                  >
                    {shortTime(moment, now)}
                  </time>
                )}
                {behind?.(delivery)}
              </li>
            )
          })}
        </ul>
      </div>
      {isFetchNextPageError && (
        <div
          role="alert"
          className="absolute inset-x-3 bottom-3 mx-auto flex max-w-sm items-center gap-3 rounded-card border border-line-strong bg-raised px-3 py-2 shadow-menu"
        >
          <span className="grow">More could not be loaded.</span>
          <Button onClick={() => void fetchNextPage()}>Try again</Button>
        </div>
      )}
    </div>
  )
}
