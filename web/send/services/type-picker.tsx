import type { ServiceTypeWire } from '../../calls/email-services.ts'
import { classes } from '../../ui/classes.ts'
import { lookOf } from './service-types.ts'

interface TypePickerProps {
  types: readonly ServiceTypeWire[]
  chosen: number | undefined
  onChoose: (type: ServiceTypeWire) => void
}

/** What kind of way out it is to be. */
export function TypePicker({ types, chosen, onChoose }: TypePickerProps) {
  return (
    <fieldset>
      <legend className="mb-3 text-body font-semibold">What kind?</legend>
      <div className="grid gap-2.5 sm:grid-cols-2 lg:grid-cols-3">
        {types.map(type => {
          const look = lookOf(type.id, type.name)
          return (
            <label
              key={type.id}
              className={classes(
                'flex cursor-pointer items-start gap-3 rounded-card border p-3 has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-brass-text',
                type.id === chosen ? 'border-brass-text bg-chosen' : 'border-line hover:border-line-strong',
              )}
            >
              <input
                type="radio"
                name="type"
                className="sr-only"
                checked={type.id === chosen}
                onChange={() => onChoose(type)}
              />
              <look.icon size={17} className="mt-0.5 shrink-0 text-brass-text" aria-hidden />
              <span className="flex min-w-0 flex-col">
                <span className="font-medium">{look.name}</span>
                <span className="text-small text-soft">{look.about}</span>
              </span>
            </label>
          )
        })}
      </div>
    </fieldset>
  )
}
