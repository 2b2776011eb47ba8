import { Check } from 'lucide-react'
import { classes } from '../../ui/classes.ts'

const STEPS = ['File', 'Columns and rules', 'Dry run', 'Import']

/** Where one is on the way; the steps behind are ticked. */
export function Steps({ at }: { at: number }) {
  return (
    <ol aria-label="Steps" className="flex flex-wrap items-center gap-x-2 gap-y-1 text-small">
      {STEPS.map((name, index) => (
        <li
          key={name}
          aria-current={index === at ? 'step' : undefined}
          className={classes(
            'flex items-center gap-1.5',
            index === at ? 'font-semibold text-ink' : 'text-faint',
          )}
        >
          {index > 0 && <span aria-hidden className="mr-0.5 h-px w-4 bg-line-strong sm:w-8" />}
          <span
            aria-hidden
            className={classes(
              'flex size-5 items-center justify-center rounded-full border text-micro',
              index < at
                ? 'border-transparent bg-good-wash text-good'
                : index === at
                  ? 'border-brass-text bg-brass text-brass-on'
                  : 'border-line-strong',
            )}
          >
            {index < at ? <Check size={12} strokeWidth={3} /> : index + 1}
          </span>
          <span className={classes(index !== at && 'max-sm:sr-only')}>{name}</span>
          {index < at && <span className="sr-only"> (done)</span>}
        </li>
      ))}
    </ol>
  )
}
