import type { LucideIcon } from 'lucide-react'
import { classes } from '../../../ui/classes.ts'

interface SegmentsProps<Value extends string> {
  label: string
  value: Value
  onChange: (value: Value) => void
  choices: { value: Value; label: string; icon?: LucideIcon }[]
  iconsOnly?: boolean
  className?: string
}

/** One of a few, all in sight. */
export function Segments<Value extends string>({
  label,
  value,
  onChange,
  choices,
  iconsOnly = false,
  className,
}: SegmentsProps<Value>) {
  return (
    <div
      role="group"
      aria-label={label}
      className={classes('flex shrink-0 gap-0.5 rounded-control bg-hover p-0.5', className)}
    >
      {choices.map(({ value: one, label: name, icon: Icon }) => (
        <button
          key={one}
          type="button"
          aria-pressed={value === one}
          onClick={() => onChange(one)}
          title={Icon ? `${label}: ${name}` : undefined}
          className={classes(
            'reach inline-flex h-6.5 items-center gap-1.5 rounded-[5px] px-2 text-small font-medium',
            value === one ? 'bg-raised text-ink shadow-rise' : 'text-soft hover:text-ink',
          )}
        >
          {Icon && <Icon size={14} aria-hidden />}
          <span className={Icon && iconsOnly ? 'sr-only' : undefined}>{name}</span>
        </button>
      ))}
    </div>
  )
}
