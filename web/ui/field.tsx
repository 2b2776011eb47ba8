import { type ComponentProps, type ReactNode, useId } from 'react'
import { classes } from './classes.ts'

export const inputClasses =
  'h-9 w-full min-w-0 rounded-control border border-control bg-ground px-3 text-body text-ink placeholder:text-faint focus-visible:outline-offset-0 aria-invalid:border-danger disabled:opacity-60'

interface FieldProps extends ComponentProps<'input'> {
  label: string
  /** For the ear only: the words around it say the same to the eye. */
  labelHidden?: boolean
  hint?: ReactNode
  error?: string | undefined
}

export function Field({ label, labelHidden = false, hint, error, className, ...rest }: FieldProps) {
  const id = useId()
  return (
    <div className={classes('flex flex-col gap-1.5', className)}>
      <label htmlFor={id} className={labelHidden ? 'sr-only' : 'font-medium'}>
        {label}
      </label>
      <input
        id={id}
        className={inputClasses}
        aria-invalid={error ? true : undefined}
        aria-describedby={error || hint ? `${id}-about` : undefined}
        {...rest}
      />
      {(error || hint) && (
        <p id={`${id}-about`} className={error ? 'text-danger' : 'text-soft'}>
          {error ?? hint}
        </p>
      )}
    </div>
  )
}

/** What went wrong with a whole form; read out as it appears. */
export function FormError({ children }: { children: ReactNode }) {
  return (
    <div
      role="alert"
      className={children ? 'rounded-control bg-danger-wash px-3 py-2 text-danger' : 'hidden'}
    >
      {children}
    </div>
  )
}
