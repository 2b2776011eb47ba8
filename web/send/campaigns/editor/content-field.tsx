import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useId, useRef, useState } from 'react'
import { type RenderError, type Template, templatesQuery } from '../../../calls/templates.ts'
import { iconButtonClasses } from '../../../ui/button.tsx'
import { classes } from '../../../ui/classes.ts'
import { inputClasses } from '../../../ui/field.tsx'
import { type CodeDeeds, CodeEditor } from '../../templates/code/code-editor.tsx'
import { MergeTagMenu } from '../../templates/editor/merge-tag-menu.tsx'
import { Segments } from '../../templates/editor/segments.tsx'
import type { UsedCopy } from '../use-working-copy.ts'
import { RichText, type TextDeeds } from './rich-text.tsx'
import { isSimple } from './simple-html.ts'

interface ContentFieldProps {
  copy: UsedCopy
  /** Undefined: none, or it is not there yet. */
  template: Template | undefined
  problems: readonly RenderError[]
}

/** The words of the campaign, and the template around them. */
export function ContentField({ copy, template, problems }: ContentFieldProps) {
  const { fields, faults, change } = copy
  const id = useId()
  const content = fields.content ?? ''
  const language = template?.language ?? 'tags'
  const simple = isSimple(content)
  const [asked, setAsked] = useState<'text' | 'html'>(simple ? 'text' : 'html')
  const mode = simple ? asked : 'html'
  const code = useRef<CodeDeeds>(null)
  const text = useRef<TextDeeds>(null)
  const set = (next: string) => change({ content: next })
  const insert = (tag: string) => (mode === 'html' ? code.current?.insert(tag) : text.current?.insert(tag))
  const leavesNoPlace = template && !/\{\{\s*content\s*\}\}/i.test(template.content)

  const tail = (
    <>
      <MergeTagMenu language={language} onInsert={insert} className={iconButtonClasses} />
      <Segments
        label="Written as"
        value={mode}
        onChange={setAsked}
        choices={[
          { value: 'text', label: 'Text' },
          { value: 'html', label: 'HTML' },
        ]}
        className="ml-auto"
      />
    </>
  )
  return (
    <section aria-labelledby={`${id}-title`} className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <h2 id={`${id}-title`} className="text-body font-semibold">
          Content
        </h2>
        <TemplateChoice value={fields.template_id} onChange={template_id => change({ template_id })} />
      </div>
      {faults.template_id && <p className="text-danger">{faults.template_id}</p>}
      <div
        className={classes(
          'flex flex-col overflow-hidden rounded-card border bg-ground',
          faults.content ? 'border-danger' : 'border-control',
        )}
      >
        {mode === 'text' ? (
          <RichText value={content} onChange={set} label="Content of the mail" deeds={text}>
            {tail}
          </RichText>
        ) : (
          <>
            <div className="flex shrink-0 flex-wrap items-center gap-0.5 border-b border-line px-2 py-1">
              {tail}
            </div>
            <div className="flex h-96 resize-y flex-col overflow-hidden">
              <CodeEditor
                kind="html"
                value={content}
                onChange={set}
                label="Content of the mail, as HTML"
                // Lines are those of the template where there is one.
                problems={template ? [] : problems}
                deeds={code}
              />
            </div>
          </>
        )}
      </div>
      {faults.content && <p className="text-danger">{faults.content}</p>}
      {!simple && (
        <p className="text-soft">There are tables, styles or conditions in it, which only HTML can hold.</p>
      )}
      {leavesNoPlace && content && (
        <p className="text-soft">
          The template “{template.name}” has no place for it: nobody will read these words. Put{' '}
          {'{{content}}'} into the template.
        </p>
      )}
    </section>
  )
}

function TemplateChoice({
  value,
  onChange,
}: {
  value: number | null
  onChange: (id: number | null) => void
}) {
  const id = useId()
  const templates = useQuery(templatesQuery).data
  const known = templates?.some(template => template.id === value)
  return (
    <div className="ml-auto flex min-w-0 items-center gap-2 max-sm:ml-0 max-sm:w-full">
      <label htmlFor={id} className="shrink-0 text-soft">
        Template
      </label>
      <select
        id={id}
        value={value ?? ''}
        onChange={event => onChange(Number(event.target.value) || null)}
        className={`${inputClasses} h-8! max-w-64 px-2! text-base!`}
      >
        <option value="">None</option>
        {value !== null && !known && <option value={value}>{templates ? 'A deleted one' : '…'}</option>}
        {templates?.map(template => (
          <option key={template.id} value={template.id}>
            {template.name}
          </option>
        ))}
      </select>
      {value !== null && known ? (
        <Link
          to="/templates/$templateId/edit"
          params={{ templateId: value }}
          className="shrink-0 rounded-tight underline"
        >
          Edit it
        </Link>
      ) : (
        <Link to="/templates" className="shrink-0 rounded-tight underline">
          Templates
        </Link>
      )}
    </div>
  )
}
