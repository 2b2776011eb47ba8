import { Check, Minus } from 'lucide-react'
import { classes } from '../../ui/classes.ts'

/** The look of a box that is ticked, half ticked or empty. */
export function CheckMark({ state }: { state: 'all' | 'some' | 'none' }) {
  return (
    <span
      className={classes(
        'flex size-4 items-center justify-center rounded-tight border',
        state === 'none' ? 'border-control bg-ground' : 'border-brass-text bg-brass text-brass-on',
      )}
    >
      {state === 'all' && <Check size={12} strokeWidth={3} aria-hidden />}
      {state === 'some' && <Minus size={12} strokeWidth={3} aria-hidden />}
    </span>
  )
}
