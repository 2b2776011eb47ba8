import { Button } from '../ui/button.tsx'

interface ListFailedProps {
  /** As in "The tags". */
  what: string
  error: Error
  onRetry: () => void
}

/** In place of a list that could not be had. */
export function ListFailed({ what, error, onRetry }: ListFailedProps) {
  return (
    <div
      role="alert"
      className="flex flex-wrap items-center gap-3 rounded-card border border-line p-4 text-soft"
    >
      <span>
        {what} could not be loaded. {error.message}
      </span>
      <Button onClick={onRetry}>Try again</Button>
    </div>
  )
}

export function ListBreathing() {
  return (
    <div aria-busy="true" className="flex animate-breathe flex-col gap-5 rounded-card border border-line p-4">
      {[45, 30, 55, 40].map(width => (
        <div key={width} className="h-3.5 rounded-tight bg-line" style={{ width: `${width}%` }} />
      ))}
    </div>
  )
}
