import type { UseInfiniteQueryResult } from '@tanstack/react-query'
import { type MouseEvent, useEffect, useLayoutEffect, useRef } from 'react'
import type { SubscriberWire } from '../../../server/send/api/subscribers-wire.ts'
import { Button } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { isChosen, isEmpty, type Selection } from '../../ui/selection.ts'
import { useRowsInView } from '../../ui/use-rows-in-view.ts'
import { CheckMark } from './check-mark.tsx'
import { COLUMNS, ROW_HEIGHT, rowId, SkeletonRow, SubscriberRow } from './subscriber-row.tsx'

interface SubscriberListProps {
  query: UseInfiniteQueryResult
  rows: readonly SubscriberWire[]
  /** -1: not known. */
  total: number
  active: number | null
  selection: Selection
  choosable: boolean
  /** Where to begin, in pixels. */
  startAt: number
  onScrolled: (top: number) => void
  onAll: () => void
  onPress: (id: number, event: MouseEvent) => void
  onToggle: (id: number, event: MouseEvent) => void
  onFocus: () => void
}

/** Rows ahead of the last one in view at which more are asked for. */
const AHEAD = 150
const SKELETONS = 4

export function SubscriberList(props: SubscriberListProps) {
  const { query, rows, total, active, selection, choosable, startAt } = props
  const scroller = useRef<HTMLDivElement>(null)
  const count = rows.length + (query.hasNextPage ? SKELETONS : 0)
  const { first, last, reveal } = useRowsInView(scroller, count, ROW_HEIGHT)

  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = query
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && !isFetchNextPageError && last + AHEAD > rows.length)
      void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage, last, rows.length])

  useLayoutEffect(() => {
    if (scroller.current) scroller.current.scrollTop = startAt
    // Only as it appears.
  }, [])
  const activeIndex = active === null ? -1 : rows.findIndex(row => row.id === active)
  const moved = useRef(false)
  useEffect(() => {
    if (moved.current && activeIndex !== -1) reveal(activeIndex)
    moved.current = true
    // Only when the keyboard moves on.
  }, [active])

  const shown = Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => first + at)
  // The active row is pointed to by its id, so it is there even when it is scrolled out of sight.
  if (activeIndex !== -1 && (activeIndex < first || activeIndex > last)) shown.push(activeIndex)
  const all = selection.every || (rows.length > 0 && selection.ids.size === rows.length)

  return (
    <div className="flex min-h-0 grow flex-col">
      <div
        className={classes(
          COLUMNS,
          'h-8 shrink-0 items-center border-b border-line bg-sunk text-small text-faint max-md:hidden lg:px-4',
        )}
      >
        {choosable ? (
          <button
            type="button"
            aria-pressed={all}
            aria-label="Select all that are loaded"
            title="Select all"
            onClick={props.onAll}
            className="flex size-8 items-center justify-center justify-self-center rounded-tight"
          >
            <CheckMark state={all ? 'all' : isEmpty(selection) ? 'none' : 'some'} />
          </button>
        ) : (
          <span />
        )}
        <span>Person</span>
        <span>Tags</span>
        <span>Status</span>
        <span className="text-right">Added</span>
      </div>
      <div className="relative min-h-0 grow">
        <div
          ref={scroller}
          role="listbox"
          tabIndex={0}
          aria-label="Subscribers"
          aria-multiselectable={choosable}
          aria-busy={query.isPlaceholderData || undefined}
          aria-activedescendant={activeIndex === -1 ? undefined : rowId(rows[activeIndex]?.id ?? 0)}
          onFocus={props.onFocus}
          onScroll={event => props.onScrolled(event.currentTarget.scrollTop)}
          className={classes(
            'group/list absolute inset-0 overflow-y-auto overscroll-contain outline-none [contain:strict]',
            query.isPlaceholderData && 'opacity-60',
          )}
        >
          <div role="presentation" className="relative" style={{ height: count * ROW_HEIGHT }}>
            {shown.map(index => {
              const subscriber = rows[index]
              const top = index * ROW_HEIGHT
              if (!subscriber) return <SkeletonRow key={`more ${index}`} top={top} />
              return (
                <SubscriberRow
                  key={subscriber.id}
                  subscriber={subscriber}
                  top={top}
                  place={index + 1}
                  of={total}
                  active={subscriber.id === active}
                  chosen={isChosen(selection, subscriber.id)}
                  choosable={choosable}
                  onPress={props.onPress}
                  onToggle={props.onToggle}
                />
              )
            })}
          </div>
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
    </div>
  )
}
