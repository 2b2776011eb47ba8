import { type ReactNode, useId } from 'react'
import { Button } from '../../../ui/button.tsx'

interface CheckSectionProps {
  title: string
  /** In a few words, beside the title. */
  verdict?: ReactNode
  children?: ReactNode
}

export function CheckSection({ title, verdict, children }: CheckSectionProps) {
  const heading = useId()
  return (
    <section aria-labelledby={heading} className="border-b border-line py-5 last:border-0">
      <div className="mb-2 flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <h2 id={heading} className="text-lead font-semibold">
          {title}
        </h2>
        {verdict && <span className="text-body text-soft tabular-nums">{verdict}</span>}
      </div>
      {children}
    </section>
  )
}

export function Checking() {
  return (
    <p role="status" className="animate-breathe text-body text-faint">
      Checking…
    </p>
  )
}

export function NotChecked({
  reason,
  onRetry,
  busy,
}: {
  reason: string
  onRetry: () => void
  busy: boolean
}) {
  return (
    <div role="alert" className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <p className="text-body text-soft">Not checked: {reason}</p>
      <Button busy={busy} onClick={onRetry}>
        Try again
      </Button>
    </div>
  )
}
