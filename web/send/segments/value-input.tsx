import { inputClasses } from '../../ui/field.tsx'
import { classes } from '../../ui/classes.ts'
import { TagPicker } from '../tag-picker.tsx'
import type { DraftCondition } from './draft.ts'
import type { Subject, Wants } from './questions.ts'

interface ValueInputProps {
  wants: Wants
  condition: DraftCondition
  subject: Subject
  tags: ReadonlyMap<number, string>
  onChange: (changes: Partial<DraftCondition>) => void
}

/** What a test is compared with. */
export function ValueInput({ wants, condition, subject, tags, onChange }: ValueInputProps) {
  const { text, to, list, tagIds, is } = condition
  const what = `Value of ${subject.label}`
  const typed = {
    'aria-label': what,
    value: text,
    onChange: (event: { target: { value: string } }) => onChange({ text: event.target.value }),
  }
  switch (wants) {
    case 'nothing':
      return null
    case 'text':
      return <input {...typed} maxLength={1000} autoComplete="off" className={classes(inputClasses, WIDE)} />
    case 'texts':
      return (
        <input
          {...typed}
          maxLength={1000}
          autoComplete="off"
          placeholder="one, another, a third"
          className={classes(inputClasses, WIDE)}
        />
      )
    case 'number':
      return <input {...typed} type="number" step="any" className={classes(inputClasses, SHORT)} />
    case 'numbers':
      return <Range type="number" what={what} from={text} to={to} onChange={onChange} />
    case 'date':
      return <input {...typed} type="date" className={classes(inputClasses, DAY)} />
    case 'dates':
      return <Range type="date" what={what} from={text} to={to} onChange={onChange} />
    case 'days':
      return (
        <span className="inline-flex items-center gap-2">
          <input {...typed} type="number" min={0} max={36_500} className={classes(inputClasses, FEW)} />
          {is === 'more_than_days_ago' ? 'days ago' : 'days'}
        </span>
      )
    case 'choice':
      return (
        <select {...typed} className={classes(inputClasses, 'w-auto! max-w-full')}>
          <option value="">Choose …</option>
          {[...new Set([...(subject.choices?.map(({ value }) => value) ?? []), ...(text ? [text] : [])])].map(
            value => (
              <option key={value} value={value}>
                {subject.choices?.find(choice => choice.value === value)?.label ?? value}
              </option>
            ),
          )}
        </select>
      )
    case 'choices':
      return (
        <Choices
          what={what}
          subject={subject}
          chosen={list}
          onChange={values => onChange({ list: values })}
        />
      )
    case 'tags':
      return (
        <div className="min-w-40 grow basis-44">
          <TagPicker
            label={what}
            labelHidden
            creates={false}
            chosen={tagIds.map(id => ({ id, name: tags.get(id) ?? 'A deleted tag' }))}
            onChange={chosen => onChange({ tagIds: chosen.map(({ id }) => id) })}
          />
        </div>
      )
    case 'span':
      return <SpanInput condition={condition} onChange={onChange} />
  }
}

const WIDE = 'w-auto! min-w-40 grow basis-48'
const SHORT = 'w-28!'
const FEW = 'w-20!'
const DAY = 'w-40!'

function Range({
  type,
  what,
  from,
  to,
  onChange,
}: {
  type: 'number' | 'date'
  what: string
  from: string
  to: string
  onChange: (changes: Partial<DraftCondition>) => void
}) {
  const shape = { type, className: classes(inputClasses, type === 'date' ? DAY : SHORT) }
  return (
    <span className="inline-flex flex-wrap items-center gap-2">
      <input
        {...shape}
        aria-label={`${what}, from`}
        value={from}
        onChange={event => onChange({ text: event.target.value })}
      />
      and
      <input
        {...shape}
        aria-label={`${what}, to`}
        value={to}
        onChange={event => onChange({ to: event.target.value })}
      />
    </span>
  )
}

function Choices({
  what,
  subject,
  chosen,
  onChange,
}: {
  what: string
  subject: Subject
  chosen: string[]
  onChange: (chosen: string[]) => void
}) {
  const known = subject.choices ?? []
  // What is no longer offered can still be taken away.
  const gone = chosen.filter(value => !known.some(choice => choice.value === value))
  return (
    <span role="group" aria-label={what} className="inline-flex flex-wrap items-center gap-1.5">
      {[...known, ...gone.map(value => ({ value, label: value }))].map(({ value, label }) => {
        const on = chosen.includes(value)
        return (
          <button
            key={value}
            type="button"
            aria-pressed={on}
            onClick={() => onChange(on ? chosen.filter(one => one !== value) : [...chosen, value])}
            className={classes(
              'reach inline-flex h-8 items-center rounded-control border px-2.5 transition-colors duration-100',
              on
                ? 'border-brass-line bg-chosen font-medium text-brass-text'
                : 'border-control bg-ground text-soft hover:bg-hover hover:text-ink',
            )}
          >
            {label}
          </button>
        )
      })}
      {known.length === 0 && gone.length === 0 && (
        <span className="text-soft">This field has no options yet.</span>
      )}
    </span>
  )
}

function SpanInput({
  condition: { span, text },
  onChange,
}: {
  condition: DraftCondition
  onChange: (changes: Partial<DraftCondition>) => void
}) {
  return (
    <span className="inline-flex flex-wrap items-center gap-2">
      {span !== 'ever' && (
        <>
          the last
          <input
            type="number"
            min={1}
            max={span === 'last' ? 100 : 36_500}
            aria-label="How many"
            className={classes(inputClasses, FEW)}
            value={text}
            onChange={event => onChange({ text: event.target.value })}
          />
        </>
      )}
      <select
        aria-label="Of which campaigns"
        className={classes(inputClasses, 'w-auto!')}
        value={span}
        onChange={event => onChange({ span: event.target.value as DraftCondition['span'] })}
      >
        <option value="last">campaigns</option>
        <option value="days">days’ campaigns</option>
        <option value="ever">all campaigns ever</option>
      </select>
    </span>
  )
}
