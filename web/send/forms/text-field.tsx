import { useId } from 'react'
import { classes } from '../../ui/classes.ts'

interface TextFieldProps {
  label: string
  value: string
  onChange: (value: string) => void
  hint?: string
  error?: string | undefined
  placeholder?: string
  rows?: number
  mono?: boolean
}

/** Several lines of text. */
export function TextField({
  label,
  value,
  onChange,
  hint,
  error,
  placeholder,
  rows = 3,
  mono,
}: TextFieldProps) {
  const id = useId()
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      <textarea
        id={id}
        rows={rows}
        maxLength={4000}
        placeholder={placeholder}
        spellCheck={mono ? false : undefined}
        className={classes(
          'field-sizing-content min-h-16 w-full min-w-0 rounded-control border border-control bg-ground px-3 py-2 text-body text-ink placeholder:text-faint focus-visible:outline-offset-0 aria-invalid:border-danger',
          mono && 'font-mono text-small',
        )}
        aria-invalid={error ? true : undefined}
        aria-describedby={error || hint ? `${id}-about` : undefined}
        value={value}
        onChange={event => onChange(event.target.value)}
      />
      {(error || hint) && (
        <p id={`${id}-about`} className={error ? 'text-danger' : 'text-soft'}>
          {error ?? hint}
        </p>
      )}
    </div>
  )
}
