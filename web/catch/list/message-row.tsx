import { Check, Paperclip } from 'lucide-react'
import { type MouseEvent, memo } from 'react'
import type { MessageSummary, Person } from '../../../server/catch/api/wire.ts'
import { classes } from '../../ui/classes.ts'
import { readableSize } from '../../ui/size.ts'
import { exactTime, shortTime, useNow } from '../../ui/time.ts'

/** Pixels; every row is as high as the next, so that a hundred thousand need no measuring. */
export const ROW_HEIGHT = 78

export const rowId = (id: number) => `message-${id}`

interface RowProps {
  message: MessageSummary
  top: number
  /** 1-based, and how many there are; -1 when nobody knows. */
  place: number
  of: number
  active: boolean
  open: boolean
  chosen: boolean
  choosable: boolean
  /** Something is chosen, so every row shows its box. */
  choosing: boolean
  arrived: boolean
  onPress: (id: number, event: MouseEvent) => void
  onToggle: (id: number, event: MouseEvent) => void
  onNear: (id: number) => void
}

export const MessageRow = memo(function MessageRow(props: RowProps) {
  const { message, active, open, chosen, choosable, choosing } = props
  const unread = !message.is_read
  const now = useNow()
  return (
    <div
      role="option"
      id={rowId(message.id)}
      aria-selected={chosen}
      aria-current={open || undefined}
      aria-posinset={props.place}
      aria-setsize={props.of}
      onClick={event => props.onPress(message.id, event)}
      onAuxClick={event => event.button === 1 && props.onPress(message.id, event)}
      onPointerEnter={() => props.onNear(message.id)}
      style={{ transform: `translateY(${props.top}px)`, height: ROW_HEIGHT }}
      className={classes(
        'group/row absolute inset-x-0 top-0 flex border-b border-line pr-4 select-none',
        open || chosen ? 'bg-chosen' : active ? 'bg-hover' : 'hover:bg-hover',
        props.arrived && 'animate-arrive',
        active &&
          'group-focus-visible/list:outline-2 group-focus-visible/list:-outline-offset-2 group-focus-visible/list:outline-brass-text',
      )}
    >
      {open && <span className="absolute inset-y-0 left-0 w-[3px] bg-brass" />}
      {/* The keyboard has its own way to choose (x); this is the one for pointers. */}
      <span
        className="flex w-9 shrink-0 justify-center pt-[13px]"
        onClick={event => {
          if (!choosable) return
          event.stopPropagation()
          props.onToggle(message.id, event)
        }}
      >
        {choosable && (
          <span
            className={classes(
              'size-4 items-center justify-center rounded-tight border',
              chosen ? 'flex border-brass-text bg-brass text-brass-on' : 'border-control bg-ground',
              !chosen && (choosing ? 'flex' : 'hidden group-hover/row:flex'),
            )}
          >
            {chosen && <Check size={12} strokeWidth={3} aria-hidden />}
          </span>
        )}
        {unread && !chosen && !choosing && (
          <span
            className={classes(
              'mt-1 size-2 rounded-full bg-brass ring-1 ring-brass-text/50',
              choosable && 'group-hover/row:hidden',
            )}
          />
        )}
      </span>
      <span className="flex min-w-0 grow flex-col justify-center gap-px">
        <span className="flex items-baseline gap-3">
          <span
            dir="auto"
            className={classes(
              'min-w-0 grow truncate text-left text-body',
              unread ? 'font-semibold text-ink' : 'text-ink',
              !message.subject && 'text-faint italic',
            )}
          >
            {unread && <span className="sr-only">Unread: </span>}
            {message.subject || '(no subject)'}
          </span>
          <time
            dateTime={message.created_at}
            title={exactTime(message.created_at)}
            className={classes('shrink-0 text-small tabular-nums', unread ? 'text-brass-text' : 'text-faint')}
          >
            {shortTime(message.created_at, now)}
          </time>
        </span>
        <span className="flex h-4.5 items-center gap-3 text-small">
          <span className="min-w-0 grow truncate text-soft">
            <bdi>{nameOf(message.from) || 'no sender'}</bdi>
            <span className="text-faint"> to </span>
            <bdi>{recipients(message.to)}</bdi>
          </span>
          <span className="flex shrink-0 items-center gap-1 text-faint tabular-nums">
            {message.attachments_count > 0 && (
              <>
                <Paperclip size={12} aria-hidden />
                <span className="sr-only">{message.attachments_count} attached, </span>
              </>
            )}
            {readableSize(message.size)}
          </span>
        </span>
        <span dir="auto" className="truncate text-left text-small text-faint">
          {message.snippet || '\u00a0'}
        </span>
      </span>
    </div>
  )
})

function nameOf(person: Person): string {
  return person.name || person.email
}

function recipients(to: Person[]): string {
  const [first] = to
  if (!first) return 'nobody named'
  return to.length === 1 ? first.email : `${first.email} and ${to.length - 1} more`
}
