import { ArrowUp } from 'lucide-react'
import { type MouseEvent, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { classes } from '../../ui/classes.ts'
import { counted } from '../../ui/size.ts'
import { MessageRow, ROW_HEIGHT, rowId } from './message-row.tsx'
import { isChosen, isEmpty, type Selection } from '../../ui/selection.ts'
import type { Messages } from './use-messages.ts'
import { useRowsInView } from '../../ui/use-rows-in-view.ts'

interface MessageListProps {
  label: string
  messages: Messages
  /** How many there are in all; -1 when a filter leaves that unknown. */
  total: number
  active: number | null
  open: number | null
  selection: Selection
  /** Whether there is anything one may do with chosen messages. */
  choosable: boolean
  onPress: (id: number, event: MouseEvent) => void
  onToggle: (id: number, event: MouseEvent) => void
  onNear: (id: number) => void
  onFocus: () => void
}

/** Rows ahead of the last one in view at which older messages are asked for. */
const AHEAD = 60
/** Shown while those are on their way. */
const SKELETONS = 3

export function MessageList({
  label,
  messages,
  total,
  active,
  open,
  selection,
  choosable,
  ...on
}: MessageListProps) {
  const { query, rows, look, overflowed, restart } = messages
  const scroller = useRef<HTMLDivElement>(null)
  const count = rows.length + (query.hasNextPage ? SKELETONS : 0)
  const { first, last, reveal } = useRowsInView(scroller, count, ROW_HEIGHT)

  useEffect(() => look({ first, last }), [look, first, last])

  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = query
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && !isFetchNextPageError && last + AHEAD > rows.length)
      void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage, last, rows.length])

  const { arrived, unseen, atTop } = useArrivals(rows, scroller, query.isPlaceholderData)
  const toTop = useCallback(() => {
    if (overflowed) restart()
    scroller.current?.scrollTo({ top: 0 })
  }, [overflowed, restart])

  useEffect(() => {
    const index = active === null ? -1 : rows.findIndex(row => row.id === active)
    if (index !== -1) reveal(index)
    // Only when the keyboard moves on; rows that come and go must not pull the list along.
  }, [active])

  const activeIndex = active === null ? -1 : rows.findIndex(row => row.id === active)
  const shown = Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => first + at)
  // The active row is pointed to by its id, so it is there even when it is scrolled out of sight.
  if (activeIndex !== -1 && (activeIndex < first || activeIndex > last)) shown.push(activeIndex)

  return (
    <div className="relative min-h-0 grow">
      <div
        ref={scroller}
        role="listbox"
        tabIndex={0}
        aria-label={label}
        aria-multiselectable={choosable}
        aria-busy={query.isPlaceholderData || undefined}
        aria-activedescendant={activeIndex === -1 ? undefined : rowId(rows[activeIndex]?.id ?? 0)}
        onFocus={on.onFocus}
        className={classes(
          'group/list absolute inset-0 overflow-y-auto overscroll-contain outline-none [contain:strict]',
          query.isPlaceholderData && 'opacity-60',
        )}
      >
        <div role="presentation" className="relative" style={{ height: count * ROW_HEIGHT }}>
          {shown.map(index => {
            const message = rows[index]
            const top = index * ROW_HEIGHT
            if (!message) return <SkeletonRow key={`more ${index}`} top={top} />
            return (
              <MessageRow
                key={message.id}
                message={message}
                top={top}
                place={index + 1}
                of={total}
                active={message.id === active}
                open={message.id === open}
                chosen={isChosen(selection, message.id)}
                choosable={choosable}
                choosing={!isEmpty(selection)}
                arrived={arrived.has(message.id)}
                onPress={on.onPress}
                onToggle={on.onToggle}
                onNear={on.onNear}
              />
            )
          })}
        </div>
      </div>
      {(unseen > 0 || overflowed) && !atTop && (
        <button
          type="button"
          onClick={toTop}
          className="reach absolute top-3 left-1/2 flex h-8 -translate-x-1/2 animate-rise items-center gap-1.5 rounded-full bg-brass px-3.5 font-medium text-brass-on shadow-menu hover:bg-brass-hover"
        >
          <ArrowUp size={14} aria-hidden />
          {overflowed ? 'Many new' : `${unseen} new`}
        </button>
      )}
      <span role="status" aria-live="polite" className="sr-only">
        {arrived.size > 0 ? counted(arrived.size, 'new message') : ''}
      </span>
    </div>
  )
}

/**
 * Keeps what somebody reads in its place while mail comes in above it, and remembers what came: `arrived` for a
 * moment, `unseen` until the list is scrolled to its top.
 */
function useArrivals(
  rows: Messages['rows'],
  scroller: { current: HTMLDivElement | null },
  isPlaceholder: boolean,
) {
  const [arrived, setArrived] = useState<ReadonlySet<number>>(new Set())
  const [atTop, setAtTop] = useState(true)
  const seen = useRef<number | null>(null)
  const anchor = useRef<{ id: number; offset: number } | null>(null)
  const top = rows[0]?.id ?? 0

  useLayoutEffect(() => {
    const element = scroller.current
    if (!element || !anchor.current) return
    const { id, offset } = anchor.current
    const index = rows.findIndex(row => row.id === id)
    if (index === -1) return
    const wanted = index * ROW_HEIGHT + offset
    if (Math.abs(wanted - element.scrollTop) >= ROW_HEIGHT) element.scrollTop = wanted
  }, [rows, scroller])

  // After the effect above, and in the same turn: between them a scroll event would read the new place by the old rows,
  // and the next mail would pull the list to another one.
  useLayoutEffect(() => {
    const element = scroller.current
    if (!element) return
    const scrolled = () => {
      const index = Math.floor(element.scrollTop / ROW_HEIGHT)
      const row = rows[index]
      const isTop = element.scrollTop < ROW_HEIGHT / 2
      anchor.current = isTop || !row ? null : { id: row.id, offset: element.scrollTop - index * ROW_HEIGHT }
      if (isTop) seen.current = top
      setAtTop(isTop)
    }
    scrolled()
    element.addEventListener('scroll', scrolled, { passive: true })
    return () => element.removeEventListener('scroll', scrolled)
  }, [rows, top, scroller])

  const known = useRef<number | null>(null)
  useEffect(() => {
    if (isPlaceholder) return
    const before = known.current
    known.current = Math.max(before ?? 0, top)
    if (before === null || top <= before) return
    const fresh = new Set(rows.slice(0, 50).flatMap(row => (row.id > before ? [row.id] : [])))
    setArrived(fresh)
    const timer = setTimeout(() => setArrived(new Set()), 1700)
    return () => clearTimeout(timer)
  }, [rows, top, isPlaceholder])

  const limit = seen.current
  let unseen = 0
  if (limit !== null && !atTop) while ((rows[unseen]?.id ?? 0) > limit) unseen++
  return { arrived, unseen, atTop }
}

export function SkeletonRow({ top }: { top: number }) {
  return (
    <div
      role="presentation"
      className="absolute inset-x-0 top-0 flex flex-col justify-center gap-2.5 border-b border-line pr-4 pl-9"
      style={{ transform: `translateY(${top}px)`, height: ROW_HEIGHT }}
    >
      <div className="flex animate-breathe gap-3">
        <div className="h-3 w-3/5 rounded-tight bg-line" />
        <div className="ml-auto h-3 w-10 rounded-tight bg-line" />
      </div>
      <div className="h-2.5 w-2/5 animate-breathe rounded-tight bg-line" />
      <div className="h-2.5 w-4/5 animate-breathe rounded-tight bg-line" />
    </div>
  )
}
