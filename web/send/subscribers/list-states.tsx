import { Link } from '@tanstack/react-router'
import { FileUp, type LucideIcon, SearchX, TextCursorInput, UserPlus, Users } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from '../../ui/button.tsx'
import { State } from '../../ui/state.tsx'
import { addSubscriber } from './add-subscriber.tsx'
import { ROW_HEIGHT, SkeletonRow } from './subscriber-row.tsx'

export function ListLoading() {
  return (
    <div className="relative min-h-0 grow overflow-hidden" aria-busy="true">
      <span className="sr-only" role="status">
        Loading subscribers
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
      title="The subscribers could not be loaded"
      actions={<Button onClick={onRetry}>Try again</Button>}
    >
      {error.message}
    </State>
  )
}

export function NobodyFound({ onClear }: { onClear: () => void }) {
  return (
    <State
      picture={<SearchX size={32} strokeWidth={1.5} aria-hidden />}
      title="Nobody found"
      actions={<Button onClick={onClear}>Show everybody</Button>}
    >
      Names and addresses are searched by what they contain, from three letters on.
    </State>
  )
}

export function EmptyAudience({ change }: { change: boolean }) {
  if (!change)
    return (
      <State picture={<Users size={36} strokeWidth={1.5} aria-hidden />} title="No subscribers yet">
        The admins of this workspace can add and import them.
      </State>
    )
  return (
    <div className="m-auto flex w-full max-w-4xl animate-fade flex-col items-center gap-2 overflow-y-auto p-6 text-center">
      <Users size={36} strokeWidth={1.5} className="text-brass-mark" aria-hidden />
      <h2 className="text-lead font-semibold">No subscribers yet</h2>
      <p className="text-body text-soft">The people you write to. There are three ways to get them here.</p>
      <ul className="mt-5 grid w-full gap-3 text-left md:grid-cols-3">
        <Way
          icon={UserPlus}
          title="Add one"
          about="Type an address and a name, for a first look around."
          action={<button type="button" className={WAY} onClick={addSubscriber} aria-label="Add one" />}
        />
        <Way
          icon={FileUp}
          title="Import a file"
          about="A CSV of any size, or what listmonk, SendPortal, Mailchimp or Mailcoach export."
          action={<Link to="/imports/new" className={WAY} aria-label="Import a file" />}
        />
        <Way
          icon={TextCursorInput}
          title="Let them sign up"
          about="A form for your site, with a confirmation mail, and a page of its own."
          action={<Link to="/forms" className={WAY} aria-label="Let them sign up" />}
        />
      </ul>
    </div>
  )
}

/** The whole card is the target. */
const WAY = 'absolute inset-0 rounded-card'

interface WayProps {
  icon: LucideIcon
  title: string
  about: string
  action: ReactNode
}

function Way({ icon: Icon, title, about, action }: WayProps) {
  return (
    <li className="relative flex flex-col gap-1 rounded-card border border-line bg-raised p-4 shadow-rise hover:border-line-strong">
      <Icon size={18} className="mb-1 text-brass-text" aria-hidden />
      <span className="font-semibold text-ink">{title}</span>
      <span className="text-base text-soft">{about}</span>
      {action}
    </li>
  )
}
