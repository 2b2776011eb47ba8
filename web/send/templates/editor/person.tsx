import { useQuery } from '@tanstack/react-query'
import { UserRound } from 'lucide-react'
import { Popover } from 'radix-ui'
import { useState } from 'react'
import type { SubscriberPage, SubscriberWire } from '../../../../server/send/api/subscribers-wire.ts'
import { call } from '../../../calls/http.ts'
import { inputClasses } from '../../../ui/field.tsx'
import { createStore } from '../../../ui/store.ts'

interface Person {
  id: number
  name: string
}

// Kept while one goes from template to template.
export const previewPerson = createStore<Person | null>(null)

const MOST = 8

/** As whom the preview is shown: somebody made up, or anybody of the audience. */
export function PersonPicker() {
  const chosen = previewPerson.use()
  const [open, setOpen] = useState(false)
  const choose = (person: Person | null) => {
    previewPerson.set(person)
    setOpen(false)
  }
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger
        title="Preview as"
        className="reach inline-flex h-7 max-w-48 min-w-0 items-center gap-1.5 rounded-control px-2 text-soft hover:bg-hover hover:text-ink aria-expanded:bg-hover"
      >
        <UserRound size={14} className="shrink-0" aria-hidden />
        <span className="sr-only">Preview as</span>
        <span dir="auto" className="truncate">
          {chosen?.name ?? 'Sample person'}
        </span>
      </Popover.Trigger>
      <Popover.Content
        align="end"
        sideOffset={6}
        collisionPadding={8}
        aria-label="Preview as"
        className="z-40 w-72 max-w-[calc(100vw-1rem)] animate-rise rounded-card border border-line-strong bg-raised p-2 shadow-menu"
      >
        <People onChoose={choose} />
      </Popover.Content>
    </Popover.Root>
  )
}

function People({ onChoose }: { onChoose: (person: Person | null) => void }) {
  const [words, setWords] = useState('')
  const found = useQuery({
    queryKey: ['preview people', words],
    queryFn: async ({ signal }) => {
      const query = new URLSearchParams({
        limit: String(MOST),
        ...(words.trim() && { search: words.trim() }),
      })
      return (await call<SubscriberPage>(`/api/posthorn/subscribers?${query}`, { signal })).subscribers
    },
    placeholderData: before => before,
    staleTime: 0,
  })
  return (
    <div className="flex flex-col gap-2">
      <input
        type="search"
        aria-label="Find a subscriber"
        placeholder="Find by name or address"
        autoComplete="off"
        className={`${inputClasses} h-8!`}
        value={words}
        onChange={event => setWords(event.target.value)}
      />
      <ul aria-label="People" className="flex max-h-72 flex-col overflow-y-auto">
        {!words.trim() && (
          <Row name="Sample person" about="Somebody made up" onChoose={() => onChoose(null)} />
        )}
        {found.data?.map(person => (
          <Row
            key={person.id}
            name={nameOf(person)}
            about={person.email}
            onChoose={() => onChoose({ id: person.id, name: nameOf(person) })}
          />
        ))}
        {found.data?.length === 0 && (
          <li className="px-2.5 py-2 text-soft">
            {words.trim() ? 'Nobody found.' : 'There is no subscriber yet.'}
          </li>
        )}
        {found.isError && <li className="px-2.5 py-2 text-danger">{found.error.message}</li>}
      </ul>
    </div>
  )
}

function Row({ name, about, onChoose }: { name: string; about: string; onChoose: () => void }) {
  return (
    <li>
      <button
        type="button"
        onClick={onChoose}
        className="inset-focus flex w-full min-w-0 flex-col rounded-control px-2.5 py-1.5 text-left hover:bg-hover"
      >
        <span dir="auto" className="w-full truncate font-medium">
          {name}
        </span>
        {about !== name && <span className="w-full truncate text-small text-faint">{about}</span>}
      </button>
    </li>
  )
}

function nameOf({ first_name, last_name, email }: SubscriberWire): string {
  return [first_name, last_name].filter(Boolean).join(' ') || email
}
