import { ChevronRight, TriangleAlert } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { MessageDetail, MessageSummary, Person } from '../../../server/catch/api/wire.ts'
import { classes } from '../../ui/classes.ts'
import { counted, readableSize } from '../../ui/size.ts'
import { exactTime, readableTime } from '../../ui/time.ts'
import { EnvelopeDetails } from './envelope-details.tsx'

interface MessageHeaderProps {
  message: MessageSummary
  /** Comes a moment later than the rest. */
  detail: MessageDetail | undefined
}

export function MessageHeader({ message, detail }: MessageHeaderProps) {
  const [open, setOpen] = useState(false)
  const notes = detail?.notes ?? []
  return (
    <header className="max-h-[45dvh] shrink-0 overflow-y-auto px-4 pb-3 lg:px-6">
      <h2
        dir="auto"
        tabIndex={-1}
        className={classes(
          'line-clamp-3 text-title font-semibold [overflow-wrap:anywhere] outline-none',
          !message.subject && 'text-faint italic',
        )}
      >
        {message.subject || '(no subject)'}
      </h2>
      <dl className="mt-2 grid grid-cols-[auto_1fr] gap-x-3 gap-y-0.5">
        <Line label="From">
          <People people={[message.from]} />
        </Line>
        <Line label="To">
          <People people={message.to} />
        </Line>
        {detail && detail.cc.length > 0 && (
          <Line label="Cc">
            <People people={detail.cc} />
          </Line>
        )}
        {detail && detail.bcc.length > 0 && (
          <Line label="Bcc">
            <People people={detail.bcc.map(email => ({ name: '', email }))} />
          </Line>
        )}
      </dl>
      <div className="mt-1.5 flex flex-wrap items-center gap-x-3 gap-y-1 text-small text-faint">
        <button
          type="button"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
          className="reach -ml-1 inline-flex h-6 items-center gap-1 rounded-tight pr-1.5 font-medium text-soft hover:text-ink"
        >
          <ChevronRight
            size={14}
            className={classes('transition-transform duration-100', open && 'rotate-90')}
            aria-hidden
          />
          Details
        </button>
        <time dateTime={message.created_at} title={exactTime(message.created_at)} className="tabular-nums">
          {readableTime(message.created_at)}
        </time>
        <span className="tabular-nums">{readableSize(message.size)}</span>
        {notes.length > 0 && (
          <button
            type="button"
            onClick={() => setOpen(!open)}
            className="reach inline-flex h-6 items-center gap-1.5 rounded-full bg-brass-wash px-2.5 font-medium text-brass-text hover:brightness-97"
          >
            <TriangleAlert size={12} aria-hidden />
            {counted(notes.length, 'oddity', 'oddities')}
          </button>
        )}
      </div>
      {open && detail && <EnvelopeDetails detail={detail} />}
    </header>
  )
}

export function Line({ label, children }: { label: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-faint">{label}</dt>
      <dd className="min-w-0 [overflow-wrap:anywhere]">{children}</dd>
    </>
  )
}

const SHOWN = 8

function People({ people }: { people: readonly Person[] }) {
  const [all, setAll] = useState(false)
  if (people.length === 0) return <span className="text-faint italic">nobody</span>
  const shown = all ? people : people.slice(0, SHOWN)
  return (
    <>
      {shown.map((person, index) => (
        <span key={`${index} ${person.email}`}>
          {index > 0 && ', '}
          {person.name && <bdi className="font-medium">{person.name}</bdi>}{' '}
          <bdi className="text-soft">
            {person.name && person.email
              ? `<${person.email}>`
              : person.email || (person.name ? '' : '(empty)')}
          </bdi>
        </span>
      ))}
      {shown.length < people.length && (
        <button type="button" className="ml-1 font-medium text-brass-text" onClick={() => setAll(true)}>
          and {people.length - shown.length} more
        </button>
      )}
    </>
  )
}
