import { useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import { createTag, tagsQuery } from '../calls/tags.ts'
import { classes } from '../ui/classes.ts'
import { inputClasses } from '../ui/field.tsx'
import { count } from '../ui/size.ts'
import { toastFailure } from '../ui/toasts.tsx'
import { TagChip } from './tag-chip.tsx'

/** A tag, as it is chosen. */
export interface PickedTag {
  id: number
  name: string
}

interface TagPickerProps {
  label: string
  /** For the ear only. */
  labelHidden?: boolean
  chosen: readonly PickedTag[]
  onChange: (chosen: PickedTag[]) => void
  /** Tags that do not exist yet can be made here. */
  creates?: boolean
  placeholder?: string
  hint?: string
}

const MOST_SHOWN = 50

/** Several tags, found by their names. */
export function TagPicker({
  label,
  labelHidden = false,
  chosen,
  onChange,
  creates = true,
  placeholder = 'Add a tag',
  hint,
}: TagPickerProps) {
  const id = useId()
  const tags = useQuery(tagsQuery).data ?? []
  const [text, setText] = useState('')
  const [open, setOpen] = useState(false)
  const [at, setAt] = useState(0)
  const list = useRef<HTMLUListElement>(null)

  const wanted = text.trim().toLowerCase()
  const has = new Set(chosen.map(tag => tag.id))
  const found = tags
    .filter(tag => !has.has(tag.id) && tag.name.toLowerCase().includes(wanted))
    .slice(0, MOST_SHOWN)
  const known = tags.some(tag => tag.name.toLowerCase() === wanted)
  const makes = creates && wanted !== '' && !known
  const last = found.length - 1 + (makes ? 1 : 0)

  useEffect(() => setAt(0), [text, open])
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' })
  }, [at])

  const pick = async (index: number) => {
    const tag = found[index]
    setText('')
    if (tag) return onChange([...chosen, { id: tag.id, name: tag.name }])
    if (!makes) return
    try {
      const made = await createTag(text.trim())
      onChange([...chosen, { id: made.id, name: made.name }])
    } catch (error) {
      setText(text)
      toastFailure('The tag was not made.', error)
    }
  }

  const pressed = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      if (!open) return setOpen(true)
      setAt(Math.min(last, Math.max(0, at + (event.key === 'ArrowDown' ? 1 : -1))))
    }
    // Enter chooses here and does not send the form around it.
    if (event.key === 'Enter' && (open || wanted)) {
      event.preventDefault()
      if (last >= 0) void pick(at)
    }
    if (event.key === 'Escape' && open) {
      event.preventDefault()
      event.stopPropagation()
      setOpen(false)
    }
    if (event.key === 'Backspace' && text === '' && chosen.length > 0) onChange(chosen.slice(0, -1))
  }

  const shown = open && last >= 0
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className={labelHidden ? 'sr-only' : 'font-medium'}>
        {label}
      </label>
      {chosen.length > 0 && (
        <div className="flex flex-wrap gap-1.5">
          {chosen.map(tag => (
            <TagChip
              key={tag.id}
              name={tag.name}
              onRemove={() => onChange(chosen.filter(other => other.id !== tag.id))}
            />
          ))}
        </div>
      )}
      <div className="relative">
        <input
          id={id}
          role="combobox"
          aria-expanded={shown}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={shown ? `${id}-${at}` : undefined}
          aria-describedby={hint ? `${id}-about` : undefined}
          autoComplete="off"
          maxLength={255}
          className={inputClasses}
          placeholder={placeholder}
          value={text}
          onChange={event => {
            setText(event.target.value)
            setOpen(true)
          }}
          onFocus={() => setOpen(true)}
          onBlur={() => setOpen(false)}
          onKeyDown={pressed}
        />
        <ul
          ref={list}
          id={`${id}-list`}
          role="listbox"
          aria-label={label}
          hidden={!shown}
          className="absolute inset-x-0 top-full z-40 mt-1 max-h-56 overflow-y-auto rounded-card border border-line-strong bg-raised p-1 shadow-menu"
        >
          {shown &&
            Array.from({ length: last + 1 }, (_, index) => {
              const tag = found[index]
              return (
                <li
                  key={tag?.id ?? 'new'}
                  id={`${id}-${index}`}
                  role="option"
                  aria-selected={index === at}
                  // Before the field loses the focus, and the list goes with it.
                  onPointerDown={event => event.preventDefault()}
                  onClick={() => void pick(index)}
                  className={classes(
                    'flex min-h-8 items-center gap-2 rounded-tight px-2 pointer-coarse:min-h-11',
                    index === at ? 'bg-hover' : 'hover:bg-hover',
                  )}
                >
                  {tag ? (
                    <>
                      <span dir="auto" className="min-w-0 grow truncate text-left">
                        {tag.name}
                      </span>
                      <span className="text-small text-faint tabular-nums">
                        {count(tag.subscribers_count)}
                      </span>
                    </>
                  ) : (
                    <>
                      <Plus size={14} className="shrink-0 text-brass-text" aria-hidden />
                      <span className="truncate">Make the tag “{text.trim()}”</span>
                    </>
                  )}
                </li>
              )
            })}
        </ul>
      </div>
      {hint && (
        <p id={`${id}-about`} className="text-soft">
          {hint}
        </p>
      )}
    </div>
  )
}
