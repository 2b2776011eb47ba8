import { Plus, X } from 'lucide-react'
import { type ClipboardEvent, type KeyboardEvent, useRef } from 'react'
import { Button, IconButton } from '../../ui/button.tsx'
import { inputClasses } from '../../ui/field.tsx'

interface OptionsEditorProps {
  options: string[]
  error?: string | undefined
  about: string
  onChange: (options: string[]) => void
}

/** What may be chosen, one a line: Enter goes on to the next, a paste of several lines makes several. */
export function OptionsEditor({ options, error, about, onChange }: OptionsEditorProps) {
  const list = useRef<HTMLUListElement>(null)
  const focus = (index: number) =>
    requestAnimationFrame(() => list.current?.querySelectorAll('input')[index]?.focus())
  const insert = (index: number, ...more: string[]) => {
    onChange(options.toSpliced(index, 0, ...more))
    focus(index + more.length - 1)
  }
  const pressed = (index: number) => (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Enter') {
      event.preventDefault()
      insert(index + 1, '')
    }
    if (event.key === 'Backspace' && options[index] === '' && options.length > 1) {
      event.preventDefault()
      onChange(options.toSpliced(index, 1))
      focus(Math.max(0, index - 1))
    }
  }
  const pasted = (index: number) => (event: ClipboardEvent) => {
    const lines = event.clipboardData
      .getData('text')
      .split(/\r?\n/)
      .map(line => line.trim())
    const given = lines.filter(Boolean)
    if (given.length < 2) return
    event.preventDefault()
    onChange(options.toSpliced(index, options[index] === '' ? 1 : 0, ...given))
  }
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1.5 font-medium">Options</legend>
      <ul ref={list} className="flex flex-col gap-1.5">
        {options.map((option, index) => (
          <li key={index} className="flex items-center gap-1">
            <input
              aria-label={`Option ${index + 1}`}
              className={inputClasses}
              autoComplete="off"
              maxLength={255}
              value={option}
              onChange={event => onChange(options.with(index, event.target.value))}
              onKeyDown={pressed(index)}
              onPaste={pasted(index)}
            />
            <IconButton
              label={`Remove option ${index + 1}`}
              disabled={options.length === 1}
              onClick={() => onChange(options.toSpliced(index, 1))}
            >
              <X size={14} aria-hidden />
            </IconButton>
          </li>
        ))}
      </ul>
      <Button look="quiet" className="self-start px-2" onClick={() => insert(options.length, '')}>
        <Plus size={14} aria-hidden />
        Add option
      </Button>
      <p className={error ? 'text-danger' : 'text-soft'}>{error ?? about}</p>
    </fieldset>
  )
}
