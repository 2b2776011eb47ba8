import { Bold, Italic, Link2, List, RotateCcw } from 'lucide-react'
import { type ReactNode, useId, useRef } from 'react'
import type { Align } from '../../../../blocks/document.ts'
import type { TemplateLanguage } from '../../../calls/templates.ts'
import { IconButton, iconButtonClasses } from '../../../ui/button.tsx'
import { classes } from '../../../ui/classes.ts'
import { inputClasses } from '../../../ui/field.tsx'
import { MergeTagMenu } from '../editor/merge-tag-menu.tsx'
import { Segments } from '../editor/segments.tsx'

const small = 'h-8! px-2.5! text-base!'
const labelClasses = 'text-small font-medium text-soft'

interface FieldProps {
  label: string
  hint?: ReactNode
  value: string
  onChange: (value: string) => void
  placeholder?: string
  language?: TemplateLanguage
  type?: 'text' | 'url'
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
