import { useId, useState } from 'react'
import { inputClasses } from '../../../ui/field.tsx'
import { count } from '../../../ui/size.ts'

export interface Choice {
  id: number
  name: string
  /** Undefined: not counted yet. */
  count: number | undefined
}

interface ChoiceListProps {
  label: string
  choices: readonly Choice[]
  chosen: readonly number[]
  onChange: (ids: number[]) => void
}

/** From so many on they are looked for by name. */
const MANY = 8

/** Several of what may be many, with how many people each holds. */
export function ChoiceList({ label, choices, chosen, onChange }: ChoiceListProps) {
  const id = useId()
  const [words, setWords] = useState('')
  const wanted = words.trim().toLowerCase()
  const shown = choices.filter(({ name }) => name.toLowerCase().includes(wanted))
  const has = new Set(chosen)
  if (choices.length === 0) return null
  return (
    <fieldset className="flex min-w-0 flex-col gap-1.5">
      <legend className="mb-1.5 flex items-baseline gap-2 font-medium">
        {label}
        {chosen.length > 0 && (
          <span className="text-small font-normal text-soft">{count(chosen.length)} chosen</span>
        )}
      </legend>
      {choices.length >= MANY && (
        <input
          id={id}
          type="search"
          aria-label={`Find ${label.toLowerCase()}`}
          placeholder={`Find ${label.toLowerCase()}`}
          autoComplete="off"
          value={words}
          onChange={event => setWords(event.target.value)}
          className={`${inputClasses} h-8! px-2.5! text-base!`}
        />
      )}
      <div className="max-h-44 overflow-y-auto rounded-control border border-line p-1">
        {shown.map(choice => (
          <label
            key={choice.id}
            className="flex min-h-8 cursor-pointer items-center gap-2.5 rounded-tight px-2 hover:bg-hover pointer-coarse:min-h-11"
          >
            <input
              type="checkbox"
              checked={has.has(choice.id)}
              onChange={event =>
                onChange(
                  event.target.checked ? [...chosen, choice.id] : chosen.filter(other => other !== choice.id),
                )
              }
              className="size-4 shrink-0"
            />
            <span dir="auto" className="min-w-0 grow truncate text-left" title={choice.name}>
              {choice.name}
            </span>
            <span className="shrink-0 text-small text-faint tabular-nums">
              {choice.count === undefined ? '…' : count(choice.count)}
            </span>
          </label>
        ))}
        {shown.length === 0 && <p className="px-2 py-1.5 text-soft">Nothing found.</p>}
      </div>
    </fieldset>
  )
}
