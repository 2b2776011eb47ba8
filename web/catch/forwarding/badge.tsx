import type { ReactNode } from 'react'
import { classes } from '../../ui/classes.ts'

const TONES = {
  good: 'bg-good-wash text-good',
  waiting: 'bg-brass-wash text-brass-text',
  bad: 'bg-danger-wash text-danger',
}

/** How something stands, in a word or two. */
export function Badge({ tone, children }: { tone: keyof typeof TONES; children: ReactNode }) {
  return (
    <span
      className={classes(
        'inline-flex h-5.5 shrink-0 items-center rounded-full px-2.5 text-small font-medium',
        TONES[tone],
      )}
    >
      {children}
    </span>
  )
}
