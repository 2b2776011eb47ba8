import { Bold, Italic, Link2, List } from 'lucide-react'
import { type ReactNode, useId, useRef } from 'react'
import type { TemplateLanguage } from '../../../calls/templates.ts'
import { IconButton, iconButtonClasses } from '../../../ui/button.tsx'
import { classes } from '../../../ui/classes.ts'
import { inputClasses } from '../../../ui/field.tsx'
import { MergeTagMenu } from '../editor/merge-tag-menu.tsx'
import { labelClasses, small } from './fields.tsx'

interface FieldProps {
  label: string
  hint?: ReactNode
  value: string
  onChange: (value: string) => void
  placeholder?: string
  language?: TemplateLanguage
}

/** One line; with a language, merge tags can be put in. */
export function LineField({ label, hint, value, onChange, placeholder, language }: FieldProps) {
  const id = useId()
  const field = useRef<HTMLInputElement>(null)
  return (
    <div className="flex flex-col gap-1">
      <div className="flex items-end justify-between gap-2">
        <label htmlFor={id} className={labelClasses}>
          {label}
        </label>
        {language && (
          <MergeTagMenu
            language={language}
            className={classes(iconButtonClasses, 'size-6')}
            onInsert={tag => onChange(insertedInto(field.current, tag))}
          />
        )}
      </div>
      <input
        ref={field}
        id={id}
        value={value}
        placeholder={placeholder}
        autoComplete="off"
        aria-describedby={hint ? `${id}-hint` : undefined}
        className={`${inputClasses} ${small}`}
        onChange={event => onChange(event.target.value)}
      />
      {hint && (
        <p id={`${id}-hint`} className="text-small text-pretty text-soft">
          {hint}
        </p>
      )}
    </div>
  )
}

type Area = HTMLTextAreaElement | HTMLInputElement | null

function insertedInto(field: Area, text: string): string {
  const value = field?.value ?? ''
  const from = field?.selectionStart ?? value.length
  const to = field?.selectionEnd ?? value.length
  // After the menu has given the focus back.
  requestAnimationFrame(() => {
    field?.focus()
    field?.setSelectionRange(from + text.length, from + text.length)
  })
  return value.slice(0, from) + text + value.slice(to)
}

interface TextFieldProps extends FieldProps {
  /** Whether bold, links and lists are understood there. */
  markup?: boolean
  mono?: boolean
}

/** Several lines, with what they can hold at hand: nobody has to know the marks. */
export function TextField({
  label,
  hint,
  value,
  onChange,
  language,
  markup = false,
  mono = false,
}: TextFieldProps) {
  const id = useId()
  const field = useRef<HTMLTextAreaElement>(null)
  const around = (mark: string, sample: string) => {
    const area = field.current
    if (!area) return
    const [from, to] = [area.selectionStart, area.selectionEnd]
    const inside = value.slice(from, to) || sample
    onChange(value.slice(0, from) + mark + inside + mark + value.slice(to))
    choose(area, from + mark.length, from + mark.length + inside.length)
  }
  const link = () => {
    const area = field.current
    if (!area) return
    const [from, to] = [area.selectionStart, area.selectionEnd]
    const inside = value.slice(from, to) || 'a link'
    onChange(`${value.slice(0, from)}[${inside}](https://)${value.slice(to)}`)
    const address = from + inside.length + 3
    choose(area, address, address + 'https://'.length)
  }
  const list = () => {
    const area = field.current
    if (!area) return
    const from = value.lastIndexOf('\n', area.selectionStart - 1) + 1
    const lines = value.slice(from, Math.max(area.selectionEnd, from))
    const marked = lines
      .split('\n')
      .map(line => (line.startsWith('- ') ? line : `- ${line}`))
      .join('\n')
    onChange(value.slice(0, from) + marked + value.slice(Math.max(area.selectionEnd, from)))
    choose(area, from + marked.length, from + marked.length)
  }
  return (
    <div className="flex flex-col gap-1">
      <div className="flex items-end justify-between gap-2">
        <label htmlFor={id} className={labelClasses}>
          {label}
        </label>
        <span className="flex">
          {markup && (
            <>
              <IconButton label="Bold" keys="Ctrl+B" className="size-6" onClick={() => around('**', 'bold')}>
                <Bold size={14} aria-hidden />
              </IconButton>
              <IconButton
                label="Italic"
                keys="Ctrl+I"
                className="size-6"
                onClick={() => around('*', 'italic')}
              >
                <Italic size={14} aria-hidden />
              </IconButton>
              <IconButton label="Link" keys="Ctrl+K" className="size-6" onClick={link}>
                <Link2 size={14} aria-hidden />
              </IconButton>
              <IconButton label="List" className="size-6" onClick={list}>
                <List size={14} aria-hidden />
              </IconButton>
            </>
          )}
          {language && (
            <MergeTagMenu
              language={language}
              className={classes(iconButtonClasses, 'size-6')}
              onInsert={tag => onChange(insertedInto(field.current, tag))}
            />
          )}
        </span>
      </div>
      <textarea
        ref={field}
        id={id}
        value={value}
        rows={mono ? 10 : 5}
        spellCheck={!mono}
        aria-describedby={hint ? `${id}-hint` : undefined}
        className={classes(
          inputClasses,
          'h-auto! max-h-96 min-h-24 resize-y px-2.5! py-2 text-base! [field-sizing:content]',
          mono && 'font-mono text-small!',
        )}
        onChange={event => onChange(event.target.value)}
        onKeyDown={event => {
          if (!markup || !(event.ctrlKey || event.metaKey)) return
          const deed = { b: () => around('**', 'bold'), i: () => around('*', 'italic'), k: link }[event.key]
          if (!deed) return
          event.preventDefault()
          deed()
        }}
      />
      {hint && (
        <p id={`${id}-hint`} className="text-small text-pretty text-soft">
          {hint}
        </p>
      )}
    </div>
  )
}

function choose(area: HTMLTextAreaElement, from: number, to: number): void {
  requestAnimationFrame(() => {
    area.focus()
    area.setSelectionRange(from, to)
  })
}
