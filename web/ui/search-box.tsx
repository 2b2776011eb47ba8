import { Search, X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { IconButton } from './button.tsx'
import { Kbd } from './kbd.tsx'

const PAUSE_MS = 180

interface SearchBoxProps {
  label: string
  placeholder?: string
  value: string
  onSearch: (text: string) => void
  /** Down or Enter: on to what was found. */
  onLeave: () => void
}

/** The one search of a screen. */
export const SEARCH_ID = 'search'

export function SearchBox({ label, placeholder = 'Search', value, onSearch, onLeave }: SearchBoxProps) {
  const [text, setText] = useState(value)
  const field = useRef<HTMLInputElement>(null)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const asked = useRef(value)

  // The address may change without us: back, forward, another inbox.
  useEffect(() => {
    if (value === asked.current) return
    asked.current = value
    clearTimeout(timer.current)
    setText(value)
  }, [value])
  useEffect(() => () => clearTimeout(timer.current), [])

  const search = (next: string, pause = PAUSE_MS) => {
    setText(next)
    clearTimeout(timer.current)
    timer.current = setTimeout(() => {
      asked.current = next.trim()
      onSearch(next.trim())
    }, pause)
  }

  return (
    <div className="relative min-w-0 grow">
      <Search
        size={15}
        className="pointer-events-none absolute top-1/2 left-2.5 -translate-y-1/2 text-faint"
        aria-hidden
      />
      <input
        ref={field}
        id={SEARCH_ID}
        type="text"
        role="searchbox"
        aria-label={label}
        placeholder={placeholder}
        autoComplete="off"
        spellCheck={false}
        enterKeyHint="search"
        value={text}
        onChange={event => search(event.target.value)}
        onKeyDown={event => {
          if (event.key === 'Escape') {
            event.preventDefault()
            if (text) search('', 0)
            else onLeave()
          }
          if (event.key === 'Enter') search(text, 0)
          if (event.key === 'Enter' || event.key === 'ArrowDown') {
            event.preventDefault()
            onLeave()
          }
        }}
        className="peer h-8 w-full rounded-control border border-transparent bg-hover pr-8 pl-8 placeholder:text-faint hover:border-line-strong focus-visible:border-transparent focus-visible:bg-ground focus-visible:outline-offset-0"
      />
      <span className="absolute top-1/2 right-1.5 -translate-y-1/2 peer-focus:[&_kbd]:hidden">
        {text ? (
          <IconButton
            label="Clear search"
            className="size-6"
            onClick={() => {
              search('', 0)
              field.current?.focus()
            }}
          >
            <X size={14} aria-hidden />
          </IconButton>
        ) : (
          <span className="pointer-coarse:hidden" aria-hidden>
            <Kbd>/</Kbd>
          </span>
        )}
      </span>
    </div>
  )
}
