import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { CircleHelp, MailQuestion } from 'lucide-react'
import { ambiguousQuery } from '../../calls/deliveries.ts'
import { buttonClasses } from '../../ui/button.tsx'
import { count } from '../../ui/size.ts'

/** Over the list of everything: that there are some which wait for a decision. */
export function AmbiguousNotice() {
  const page = useQuery(ambiguousQuery).data
  if (!page || page.deliveries.length === 0) return null
  const { length } = page.deliveries
  return (
    <div
      role="note"
      className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-1.5 border-b border-brass-line bg-brass-wash px-4 py-2 lg:px-8"
    >
      <MailQuestion size={16} className="shrink-0 text-brass-text" aria-hidden />
      <span className="min-w-48 grow">
        Of{' '}
        <b className="font-semibold">
          {count(length)}
          {page.next_cursor && ' and more'} {length === 1 ? 'message' : 'messages'}
        </b>{' '}
        nobody knows whether they arrived. They wait for you to decide.
      </span>
      <Link to="/messages" search={{ status: 'ambiguous' }} className={buttonClasses()}>
        Show them
      </Link>
    </div>
  )
}

/** Over the list of those alone. */
export function WhatAmbiguousIs() {
  return (
    <p className="flex shrink-0 items-start gap-2.5 border-b border-line px-4 py-2.5 text-pretty text-soft lg:px-8">
      <CircleHelp size={15} className="mt-0.5 shrink-0 text-brass-text" aria-hidden />
      <span className="max-w-[90ch]">
        The mail was handed over, and the connection broke before the other server said that it had it. It may
        have arrived or not. Sent again it could arrive twice, so nothing is done until somebody decides; the
        Message-ID finds it in the other server’s log.
      </span>
    </p>
  )
}
