import type { ReactNode } from 'react'
import { classes } from './classes.ts'

interface StateProps {
  /** A picture of what belongs here. */
  picture?: ReactNode
  title: string
  children?: ReactNode
  actions?: ReactNode
  className?: string
  /** Read out as it appears. */
  urgent?: boolean
  /** It is all there is on the screen, so its title is the title of the page. */
  whole?: boolean
}

/** What a place shows when it has nothing else to show: empty, not found, failed. */
export function State({
  picture,
  title,
  children,
  actions,
  className,
  urgent = false,
  whole = false,
}: StateProps) {
  const Heading = whole ? 'h1' : 'h2'
  return (
    <div
      role={urgent ? 'alert' : undefined}
      className={classes(
        'm-auto flex max-w-96 animate-fade flex-col items-center gap-3 p-6 text-center',
        className,
      )}
    >
      {picture && <div className="mb-1 text-faint">{picture}</div>}
      <Heading className="text-lead font-semibold">{title}</Heading>
      {children && <div className="text-body text-pretty text-soft">{children}</div>}
      {actions && <div className="mt-2 flex flex-wrap items-center justify-center gap-2">{actions}</div>}
    </div>
  )
}
