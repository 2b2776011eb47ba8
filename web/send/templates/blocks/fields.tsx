import { RotateCcw } from 'lucide-react'
import { type ReactNode, useId } from 'react'
import type { Align } from '../../../../blocks/document.ts'
import { IconButton } from '../../../ui/button.tsx'
import { inputClasses } from '../../../ui/field.tsx'
import { Segments } from '../editor/segments.tsx'

export const small = 'h-8! px-2.5! text-base!'
export const labelClasses = 'text-small font-medium text-soft'

interface NumberFieldProps {
  label: string
  value: number
  min: number
  max: number
  step?: number
  onChange: (value: number) => void
}

/** Pixels. */
export function NumberField({ label, value, min, max, step = 1, onChange }: NumberFieldProps) {
  const id = useId()
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <label htmlFor={id} className={labelClasses}>
        {label}
      </label>
      <input
        id={id}
        type="number"
        inputMode="numeric"
        min={min}
        max={max}
        step={step}
        value={value}
        className={`${inputClasses} ${small} tabular-nums`}
        onChange={event => {
          const number = event.target.valueAsNumber
          if (!Number.isNaN(number)) onChange(Math.min(Math.max(Math.round(number), 0), max))
        }}
      />
    </div>
  )
}

interface ColourFieldProps {
  label: string
  value: string
  onChange: (value: string) => void
  /** What an empty one stands for; absent: it may not be empty. */
  empty?: { name: string; colour: string }
}

export function ColourField({ label, value, onChange, empty }: ColourFieldProps) {
  const id = useId()
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <label htmlFor={id} className={labelClasses}>
        {label}
      </label>
      <div className="flex items-center gap-1.5">
        <input
          type="color"
          aria-label={`${label}: choose`}
          value={value || empty?.colour || '#ffffff'}
          onChange={event => onChange(event.target.value)}
          className="h-8 w-9 shrink-0 cursor-pointer rounded-control border border-control bg-ground p-0.5"
        />
        <input
          id={id}
          // Uncontrolled, so that half a colour can be typed.
          key={value}
          defaultValue={value}
          placeholder={empty?.name}
          maxLength={7}
          spellCheck={false}
          autoComplete="off"
          className={`${inputClasses} ${small} font-mono`}
          onBlur={event => {
            const given = event.target.value.trim().toLowerCase()
            const colour = /^#?[0-9a-f]{6}$/.test(given) ? `#${given.replace('#', '')}` : given
            if (/^#[0-9a-f]{6}$/.test(colour) || (colour === '' && empty)) onChange(colour)
            else event.target.value = value
          }}
          onKeyDown={event => event.key === 'Enter' && event.currentTarget.blur()}
        />
        {empty && value !== '' && (
          <IconButton label={`${label}: as ${empty.name}`} className="size-7" onClick={() => onChange('')}>
            <RotateCcw size={13} aria-hidden />
          </IconButton>
        )}
      </div>
    </div>
  )
}

export function ChoiceField<Value extends string>({
  label,
  value,
  onChange,
  choices,
}: {
  label: string
  value: Value
  onChange: (value: Value) => void
  choices: { value: Value; label: string }[]
}) {
  return (
    <div className="flex flex-col gap-1">
      <span className={labelClasses} aria-hidden>
        {label}
      </span>
      <Segments label={label} value={value} onChange={onChange} choices={choices} className="self-start" />
    </div>
  )
}

const ALIGNS: { value: Align; label: string }[] = [
  { value: 'left', label: 'Left' },
  { value: 'center', label: 'Center' },
  { value: 'right', label: 'Right' },
]

export function AlignField({ value, onChange }: { value: Align; onChange: (value: Align) => void }) {
  return <ChoiceField label="Align" value={value} onChange={onChange} choices={ALIGNS} />
}

export function SelectLine<Value extends string>({
  label,
  value,
  onChange,
  choices,
}: {
  label: string
  value: Value
  onChange: (value: Value) => void
  choices: { value: Value; label: string }[]
}) {
  const id = useId()
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <label htmlFor={id} className={labelClasses}>
        {label}
      </label>
      <select
        id={id}
        value={value}
        className={`${inputClasses} ${small}`}
        onChange={event => onChange(event.target.value as Value)}
      >
        {choices.map(choice => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </select>
    </div>
  )
}

export function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <fieldset className="flex flex-col gap-3 border-t border-line px-4 py-4 first:border-0">
      <legend className="sr-only">{title}</legend>
      <span className="font-semibold" aria-hidden>
        {title}
      </span>
      {children}
    </fieldset>
  )
}
