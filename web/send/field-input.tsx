import { useId } from 'react'
import type { FieldValue } from '../../server/send/api/subscribers-wire.ts'
import type { FieldWire } from '../calls/fields.ts'
import { Field } from '../ui/field.tsx'
import { SelectField } from '../ui/select-field.tsx'

interface FieldInputProps {
  field: FieldWire
  /** Null: not set. */
  value: FieldValue | null
  error?: string | undefined
  onChange: (value: FieldValue | null) => void
}

/** The value of a custom field, by its kind. */
export function FieldInput({ field, value, error, onChange }: FieldInputProps) {
  const { label, kind, options } = field
  if (kind === 'many_of')
    return (
      <ManyOf field={field} value={Array.isArray(value) ? value : []} error={error} onChange={onChange} />
    )
  if (kind === 'one_of') {
    // What is no option any more stays with those who have it.
    const odd = typeof value === 'string' && value !== '' && !options.includes(value)
    return (
      <SelectField
        label={label}
        error={error}
        value={String(value ?? '')}
        onChange={event => onChange(event.target.value || null)}
      >
        <option value="">Not set</option>
        {odd && <option value={value}>{value} (no longer offered)</option>}
        {options.map(option => (
          <option key={option}>{option}</option>
        ))}
      </SelectField>
    )
  }
  if (kind === 'boolean')
    return (
      <SelectField
        label={label}
        error={error}
        value={value === null ? '' : String(value)}
        onChange={event => onChange(event.target.value === '' ? null : event.target.value === 'true')}
      >
        <option value="">Not set</option>
        <option value="true">Yes</option>
        <option value="false">No</option>
      </SelectField>
    )
  return (
    <Field
      label={label}
      type={kind === 'date' ? 'date' : kind === 'number' ? 'number' : 'text'}
      step={kind === 'number' ? 'any' : undefined}
      error={error}
      value={String(value ?? '')}
      onChange={({ target }) => {
        if (target.value === '') onChange(null)
        else onChange(kind === 'number' ? target.valueAsNumber : target.value)
      }}
    />
  )
}

interface ManyOfProps {
  field: FieldWire
  value: string[]
  error?: string | undefined
  onChange: (value: FieldValue | null) => void
}

function ManyOf({ field: { label, options }, value, error, onChange }: ManyOfProps) {
  const id = useId()
  const all = [...options, ...value.filter(one => !options.includes(one))]
  return (
    <fieldset className="flex flex-col gap-1.5" aria-describedby={error ? id : undefined}>
      <legend className="mb-1.5 font-medium">{label}</legend>
      <div className="flex flex-wrap gap-x-4 gap-y-1.5">
        {all.map(option => (
          <label key={option} className="reach flex items-center gap-2">
            <input
              type="checkbox"
              className="size-4"
              checked={value.includes(option)}
              onChange={({ target }) => {
                const next = all.filter(one => (one === option ? target.checked : value.includes(one)))
                onChange(next.length > 0 ? next : null)
              }}
            />
            {option}
          </label>
        ))}
      </div>
      {error && (
        <p id={id} className="text-danger">
          {error}
        </p>
      )}
    </fieldset>
  )
}
