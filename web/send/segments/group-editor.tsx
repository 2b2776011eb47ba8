import { ListPlus, Plus, X } from 'lucide-react'
import { Fragment } from 'react'
import { Button, IconButton } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { inputClasses } from '../../ui/field.tsx'
import type { Builder } from './builder.ts'
import { ConditionEditor } from './condition-editor.tsx'
import { DEEPEST, type DraftGroup, isGroup } from './draft.ts'

interface GroupEditorProps {
  group: DraftGroup
  /** The whole is 1. */
  depth: number
  builder: Builder
}

const MATCHES = { all: 'all of these', any: 'any of these' } as const

/** Conditions joined by "and" or by "or", and groups of such among them. */
export function GroupEditor({ group, depth, builder }: GroupEditorProps) {
  const whole = depth === 1
  const { match, not, parts } = group
  const choice = `${not ? 'not ' : ''}${match}`
  const change = (changes: Partial<DraftGroup>) => builder.change(group.id, part => ({ ...part, ...changes }))
  const first = builder.questions.groups[1]?.subjects[0]
  return (
    <div
      role="group"
      aria-label={whole ? 'Whom it holds' : 'Group'}
      className={classes('flex flex-col gap-2', !whole && 'rounded-card border border-line bg-sunk p-2.5')}
    >
      <div className="flex items-center gap-2">
        <div className="flex min-w-0 grow flex-wrap items-center gap-2">
          <span className={whole ? 'font-medium' : ''}>{whole ? 'People who match' : 'Match'}</span>
          <select
            aria-label={whole ? 'How conditions are joined' : 'How conditions of the group are joined'}
            className={classes(inputClasses, 'w-auto!')}
            value={choice}
            onChange={event => {
              const [, negated, next] = /^(not )?(all|any)$/.exec(event.target.value) ?? []
              change({ not: negated !== undefined, match: next === 'any' ? 'any' : 'all' })
            }}
          >
            <option value="all">{MATCHES.all}</option>
            <option value="any">{MATCHES.any}</option>
            <option value="not any">none of these</option>
            <option value="not all">not {MATCHES.all}</option>
          </select>
        </div>
        {!whole && (
          <IconButton
            label="Remove the group"
            className="hover:text-danger"
            onClick={() => builder.remove(group.id)}
          >
            <X size={15} aria-hidden />
          </IconButton>
        )}
      </div>
      {parts.map((part, index) => (
        <Fragment key={part.id}>
          {index > 0 && (
            <div className="pl-3 text-small font-medium text-faint" aria-hidden>
              {match === 'all' ? 'and' : 'or'}
            </div>
          )}
          {isGroup(part) ? (
            <GroupEditor group={part} depth={depth + 1} builder={builder} />
          ) : (
            <ConditionEditor condition={part} builder={builder} />
          )}
        </Fragment>
      ))}
      <div className="flex flex-wrap gap-2 pt-1">
        <Button
          data-part={`add-${group.id}`}
          disabled={builder.full || !first}
          onClick={() => first && builder.add(group.id, first)}
        >
          <Plus size={14} aria-hidden />
          Add condition
        </Button>
        {depth < DEEPEST && (
          <Button look="quiet" disabled={builder.full} onClick={() => builder.addGroup(group.id)}>
            <ListPlus size={14} aria-hidden />
            Add group
          </Button>
        )}
      </div>
    </div>
  )
}
