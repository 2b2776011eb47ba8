import { ArrowDown, ArrowUp, X } from 'lucide-react'
import type { AskedField } from '../../../server/send/api/forms-wire.ts'
import type { FieldWire } from '../../calls/fields.ts'
import { IconButton } from '../../ui/button.tsx'
import { inputClasses } from '../../ui/field.tsx'
import { SelectField } from '../../ui/select-field.tsx'

interface AskEditorProps {
  ask: readonly AskedField[]
  fields: readonly FieldWire[]
  error: string | undefined
  onChange: (ask: AskedField[]) => void
}

/** What a form asks for besides the address, in order. */
export function AskEditor({ ask, fields, error, onChange }: AskEditorProps) {
  const names = new Map([
    ['first_name', 'First name'],
    ['last_name', 'Last name'],
    ...fields.map(({ key, label }) => [`field:${key}`, label] as const),
  ])
  const left = [...names].filter(([key]) => !ask.some(asked => asked.key === key))
  const change = (key: string, changes: Partial<AskedField>) =>
    onChange(ask.map(asked => (asked.key === key ? { ...asked, ...changes } : asked)))
  const move = (at: number, to: number) => {
    const moved = ask[at]
    if (moved) onChange(ask.filter(asked => asked !== moved).toSpliced(to, 0, moved))
  }
  return (
    <>
      {ask.length > 0 && (
        <ul aria-label="Questions" className="rounded-card border border-line">
          {ask.map(({ key, label, required }, at) => {
            const name = names.get(key) ?? key
            return (
              <li
                key={key}
                className="flex flex-wrap items-center gap-x-3 gap-y-2 border-b border-line py-2 pr-2 pl-3 last:border-0"
              >
                <span className="w-28 truncate font-medium">{name}</span>
                <input
                  aria-label={`Label of ${name}`}
                  placeholder={name}
                  maxLength={255}
                  autoComplete="off"
                  className={`${inputClasses} basis-36 grow`}
                  value={label}
                  onChange={event => change(key, { label: event.target.value })}
                />
                <label className="reach inline-flex min-h-8 items-center gap-2">
                  <input
                    type="checkbox"
                    className="size-4 accent-brass"
                    checked={required}
                    onChange={() => change(key, { required: !required })}
                  />
                  Required
                </label>
                <span className="ml-auto flex">
                  <IconButton label={`Move ${name} up`} disabled={at === 0} onClick={() => move(at, at - 1)}>
                    <ArrowUp size={15} aria-hidden />
                  </IconButton>
                  <IconButton
                    label={`Move ${name} down`}
                    disabled={at === ask.length - 1}
                    onClick={() => move(at, at + 1)}
                  >
                    <ArrowDown size={15} aria-hidden />
                  </IconButton>
                  <IconButton
                    label={`Do not ask for ${name}`}
                    onClick={() => onChange(ask.filter(asked => asked.key !== key))}
                  >
                    <X size={15} aria-hidden />
                  </IconButton>
                </span>
              </li>
            )
          })}
        </ul>
      )}
      {left.length > 0 && (
        <SelectField
          label="Ask for more"
          className="max-w-xs"
          error={error}
          value=""
          onChange={({ target }) => {
            if (target.value) onChange([...ask, { key: target.value, label: '', required: false }])
          }}
        >
          <option value="">Choose a field …</option>
          {left.map(([key, name]) => (
            <option key={key} value={key}>
              {name}
            </option>
          ))}
        </SelectField>
      )}
    </>
  )
}
