import { classes } from '../ui/classes.ts'

interface ProgressBarProps {
  label: string
  /** From 0 to 1. */
  share: number
  /** It stands still. */
  resting?: boolean
}

export function ProgressBar({ label, share, resting = false }: ProgressBarProps) {
  const percent = Math.min(100, Math.max(0, share * 100))
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.floor(percent)}
      className="h-2 overflow-hidden rounded-full border border-line bg-hover"
    >
      <div
        className={classes(
          'h-full rounded-full transition-[width] duration-300',
          resting ? 'bg-control' : 'bg-brass',
        )}
        style={{ width: `${percent}%` }}
      />
    </div>
  )
}
