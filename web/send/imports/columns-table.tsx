import { ArrowRight } from 'lucide-react'
import { lazy } from 'react'
import type { ImportPreviewWire, ImportTarget } from '../../../server/send/api/imports-wire.ts'
import type { FieldWire } from '../../calls/fields.ts'
import { classes } from '../../ui/classes.ts'
import { showDialog } from '../../ui/dialogs.tsx'
import { inputClasses } from '../../ui/field.tsx'
import { NEW_KINDS, newFieldIn, TARGETS } from './targets.ts'

const NewFieldDialog = lazy(() =>
  import('./new-field-dialog.tsx').then(module => ({ default: module.NewFieldDialog })),
)

interface ColumnsTableProps {
  columns: ImportPreviewWire['columns']
  mapping: readonly ImportTarget[]
  fields: readonly FieldWire[]
  onChange: (index: number, to: ImportTarget) => void
}

/** Each column of the file, some of what is in it, and what it becomes. */
export function ColumnsTable({ columns, mapping, fields, onChange }: ColumnsTableProps) {
  return (
    <ul aria-label="Columns" className="rounded-card border border-line">
      {columns.map(({ index, name, samples }, at) => {
        const to = mapping[at] ?? 'ignore'
        const made = newFieldIn(to)
        const title = name || `Column ${index + 1}`
        return (
          <li
            key={index}
            className="flex flex-wrap items-center gap-x-3 gap-y-1.5 border-b border-line px-4 py-2.5 last:border-0"
          >
            <div className="min-w-0 grow basis-48">
              <div
                dir="auto"
                className={classes('truncate text-left font-medium', to === 'ignore' && 'text-faint')}
              >
                {title}
              </div>
              <div className="truncate text-small text-faint" title={samples.join('\n')}>
                {samples.filter(Boolean).slice(0, 3).join(' · ') || 'empty in the first rows'}
              </div>
            </div>
            <ArrowRight size={15} className="shrink-0 text-faint max-sm:hidden" aria-hidden />
            <select
              aria-label={`${title} becomes`}
              className={classes(inputClasses, 'grow basis-44 sm:max-w-52', to === 'ignore' && 'text-faint')}
              value={to}
              onChange={event => {
                const value = event.target.value as ImportTarget | 'new'
                if (value !== 'new') return onChange(at, value)
                showDialog(close => (
                  <NewFieldDialog
                    label={name}
                    onClose={close}
                    onMade={(kind, label) => onChange(at, `new_field:${kind}:${label}`)}
                  />
                ))
              }}
            >
              {TARGETS.map(([value, text]) => (
                <option key={value} value={value}>
                  {text}
                </option>
              ))}
              <optgroup label="Fields">
                {fields.map(field => (
                  <option key={field.id} value={`field:${field.key}`}>
                    {field.label}
                  </option>
                ))}
                {made && (
                  <option value={to}>
                    {made.label} (new,{' '}
                    {NEW_KINDS[made.kind as keyof typeof NEW_KINDS]?.toLowerCase() ?? made.kind})
                  </option>
                )}
                <option value="new">A new field …</option>
              </optgroup>
            </select>
          </li>
        )
      })}
    </ul>
  )
}
