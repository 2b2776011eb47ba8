import { Link, type LinkProps } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Button, buttonClasses } from '../ui/button.tsx'
import { Mark } from '../ui/mark.tsx'

/** A form by itself, for people who are not inside yet. */
export function OutsidePage({
  title,
  about,
  children,
}: {
  title: string
  about: ReactNode
  children?: ReactNode
}) {
  return (
    <main className="flex h-full overflow-y-auto bg-sunk">
      <div className="m-auto flex w-full max-w-104 flex-col gap-6 p-4 sm:p-6">
        <div className="flex items-center gap-2.5 text-lead font-semibold tracking-tight">
          <Mark size={26} className="text-brass-mark" />
          Posthorn
        </div>
        <div className="flex flex-col gap-6 rounded-sheet border border-line bg-raised p-6 shadow-rise sm:p-7">
          <div className="flex flex-col gap-1.5">
            <h1 className="text-title font-semibold">{title}</h1>
            <div className="text-body text-pretty text-soft">{about}</div>
          </div>
          {children}
        </div>
      </div>
    </main>
  )
}

/** What the address leads to cannot be had; `onRetry` where it may be had later. */
export function OutsideRefusal({
  title,
  about,
  onRetry,
}: {
  title: string
  about: ReactNode
  onRetry?: () => void
}) {
  return (
    <OutsidePage title={title} about={<p role="alert">{about}</p>}>
      <div className="flex flex-col gap-3">
        {onRetry && (
          <Button look="primary" className="h-10" onClick={onRetry}>
            Try again
          </Button>
        )}
        <Link to="/" className={buttonClasses('plain', 'h-10')}>
          Go to the inboxes
        </Link>
      </div>
    </OutsidePage>
  )
}

/** The other way, under a form. */
export function OutsideLink({ children, ...to }: { children: ReactNode } & Pick<LinkProps, 'to' | 'search'>) {
  return (
    <Link {...to} className="self-center py-1 text-soft underline-offset-2 hover:text-ink hover:underline">
      {children}
    </Link>
  )
}
