import { CircleAlert, X } from 'lucide-react'
import { IconButton } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { inputClasses } from '../../ui/field.tsx'
import type { Builder } from './builder.ts'
import { conditionOf, type DraftCondition, newCondition } from './draft.ts'
import { ValueInput } from './value-input.tsx'

/** One question about a person. */
export function ConditionEditor({ condition, builder }: { condition: DraftCondition; builder: Builder }) {
  const { questions, tags, asked } = builder
  const subject = questions.subject(condition.subject)
  const test = subject?.tests.find(one => one.is === condition.is)
  const change = (changes: Partial<DraftCondition>) =>
    builder.change(condition.id, part => ({ ...part, ...changes }))
  const unfinished = asked && subject !== undefined && !conditionOf(condition, questions)
  const name = subject?.label ?? 'condition'

  const ask = (id: string) => {
    const next = questions.subject(id)
    if (!next) return
    const fresh = { ...newCondition(next), id: condition.id }
    // What was typed stays where the new subject is asked in the same way.
    const same = next.tests.find(one => one.is === condition.is && one.wants === test?.wants)
    change(same && !next.choices ? { ...condition, subject: id } : fresh)
  }
  return (
    <div
      role="group"
      aria-label={name}
      className={classes(
        'flex items-start gap-2 rounded-card border bg-raised p-2 pl-2.5',
        unfinished ? 'border-danger' : 'border-line',
      )}
    >
      <div className="flex min-w-0 grow flex-wrap items-center gap-2">
        <select
          aria-label="About"
          data-part={condition.id}
          className={classes(inputClasses, 'w-auto! max-w-full font-medium')}
          value={condition.subject}
          onChange={event => ask(event.target.value)}
        >
          {!subject && <option value={condition.subject}>A field that is gone</option>}
          {questions.groups.map(({ heading, subjects }) => (
            <optgroup key={heading} label={heading}>
              {subjects.map(({ id, label }) => (
                <option key={id} value={id}>
                  {label}
                </option>
              ))}
            </optgroup>
          ))}
        </select>
        {subject && (
          <select
            aria-label={`Test of ${name}`}
            className={classes(inputClasses, 'w-auto! max-w-full')}
            value={condition.is}
            onChange={event => change({ is: event.target.value })}
          >
            {subject.tests.map(({ is, label }) => (
              <option key={is} value={is}>
                {label}
              </option>
            ))}
          </select>
        )}
        {subject && test && (
          <ValueInput
            wants={test.wants}
            condition={condition}
            subject={subject}
            tags={tags}
            onChange={change}
          />
        )}
        {!subject && (
          <span className="flex items-center gap-1.5 text-danger">
            <CircleAlert size={14} className="shrink-0" aria-hidden />
            It matches nobody any more.
          </span>
        )}
        {unfinished && <span className="text-danger">Not finished yet.</span>}
      </div>
      <IconButton
        label={`Remove ${name}`}
        className="mt-1 hover:text-danger"
        onClick={() => builder.remove(condition.id)}
      >
        <X size={15} aria-hidden />
      </IconButton>
    </div>
  )
}
