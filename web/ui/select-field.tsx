import { type ComponentProps, type ReactNode, useId } from 'react'
import { classes } from './classes.ts'
import { inputClasses } from './field.tsx'

interface SelectFieldProps extends ComponentProps<'select'> {
  label: string
  hint?: ReactNode
  error?: string | undefined
}

/** One of several, with the machine's own list. */
export function SelectField({ label, hint, error, className, children, ...rest }: SelectFieldProps) {
  const id = useId()
  return (
    <div className={classes('flex flex-col gap-1.5', className)}>
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      <select
        id={id}
        className={inputClasses}
        aria-invalid={error ? true : undefined}
        aria-describedby={error || hint ? `${id}-about` : undefined}
        {...rest}
      >
        {children}
      </select>
      {(error || hint) && (
        <p id={`${id}-about`} className={error ? 'text-danger' : 'text-soft'}>
          {error ?? hint}
        </p>
      )}
    </div>
  )
}
