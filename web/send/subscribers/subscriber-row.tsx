import { type MouseEvent, memo } from 'react'
import type { SubscriberWire } from '../../../server/send/api/subscribers-wire.ts'
import { classes } from '../../ui/classes.ts'
import { exactTime, shortTime, useNow } from '../../ui/time.ts'
import { personName } from '../person-name.ts'
import { StatusBadge } from '../status.tsx'
import { TagChip } from '../tag-chip.tsx'
import { CheckMark } from './check-mark.tsx'

/** Pixels; every row is as high as the next, so that a hundred thousand need no measuring. */
export const ROW_HEIGHT = 56

export const COLUMNS =
  'grid grid-cols-[2.75rem_minmax(0,1fr)_auto] pr-4 md:grid-cols-[2.75rem_minmax(0,3fr)_minmax(0,2fr)_7.5rem_5.5rem] md:gap-x-3'

export const rowId = (id: number) => `subscriber-${id}`
const TAGS_SHOWN = 3

interface RowProps {
  subscriber: SubscriberWire
  top: number
  /** 1-based, and how many there are; -1 when nobody knows. */
  place: number
  of: number
  active: boolean
  chosen: boolean
  choosable: boolean
  onPress: (id: number, event: MouseEvent) => void
  onToggle: (id: number, event: MouseEvent) => void
}

export const SubscriberRow = memo(function SubscriberRow(props: RowProps) {
  const { subscriber, active, chosen, choosable } = props
  const { id, email, tags, status, created_at } = subscriber
  const name = personName(subscriber)
  const now = useNow()
  return (
    <div
      role="option"
      id={rowId(id)}
      aria-selected={chosen}
      aria-posinset={props.place}
      aria-setsize={props.of}
      onClick={event => props.onPress(id, event)}
      onAuxClick={event => event.button === 1 && props.onPress(id, event)}
      style={{ transform: `translateY(${props.top}px)`, height: ROW_HEIGHT }}
      className={classes(
        COLUMNS,
        'absolute inset-x-0 top-0 items-center border-b border-line select-none lg:px-4',
        chosen ? 'bg-chosen' : active ? 'bg-hover' : 'hover:bg-hover',
        active &&
          'group-focus-visible/list:outline-2 group-focus-visible/list:-outline-offset-2 group-focus-visible/list:outline-brass-text',
      )}
    >
      {/* The keyboard has its own way to choose (x); this is the one for pointers. */}
      <span
        className="flex h-full items-center justify-center"
        onClick={event => {
          if (!choosable) return
          event.stopPropagation()
          props.onToggle(id, event)
        }}
      >
        {choosable && <CheckMark state={chosen ? 'all' : 'none'} />}
      </span>
      <span className="flex min-w-0 flex-col">
        <bdi className="truncate text-left text-body font-medium">{email}</bdi>
        <span className="flex h-4.5 min-w-0 items-center gap-2 text-small text-soft">
          <span dir="auto" className={classes('truncate text-left', !name && 'text-faint')}>
            {name || 'No name'}
          </span>
          {tags.length > 0 && (
            <span className="truncate text-faint md:hidden" aria-hidden>
              {tags.map(tag => tag.name).join(', ')}
            </span>
          )}
        </span>
      </span>
      <span className="flex min-w-0 gap-1 overflow-hidden max-md:sr-only">
        {tags.slice(0, TAGS_SHOWN).map(tag => (
          <TagChip key={tag.id} name={tag.name} />
        ))}
        {tags.length > TAGS_SHOWN && (
          <span
            className="self-center pl-0.5 text-small text-faint tabular-nums"
            title={tags
              .slice(TAGS_SHOWN)
              .map(tag => tag.name)
              .join(', ')}
          >
            +{tags.length - TAGS_SHOWN}
          </span>
        )}
      </span>
      <span className="flex pl-2 md:pl-0">
        <StatusBadge status={status} />
      </span>
      <time
        dateTime={created_at}
        title={exactTime(created_at)}
        className="text-right text-small text-faint tabular-nums max-md:hidden"
      >
        {shortTime(created_at, now)}
      </time>
    </div>
  )
})

export function SkeletonRow({ top }: { top: number }) {
  return (
    <div
      role="presentation"
      className="absolute inset-x-0 top-0 flex animate-breathe flex-col justify-center gap-2.5 border-b border-line pr-4 pl-11 lg:pl-15"
      style={{ transform: `translateY(${top}px)`, height: ROW_HEIGHT }}
    >
      <div className="h-3 w-56 max-w-3/5 rounded-tight bg-line" />
      <div className="h-2.5 w-32 max-w-2/5 rounded-tight bg-line" />
    </div>
  )
}
