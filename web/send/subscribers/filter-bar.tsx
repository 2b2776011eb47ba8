import { useQuery } from '@tanstack/react-query'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import type { AudienceWire } from '../../../server/send/api/subscribers-wire.ts'
import { segmentsQuery } from '../../calls/segments.ts'
import { tagsQuery } from '../../calls/tags.ts'
import { Button } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { SearchBox } from '../../ui/search-box.tsx'
import { count, counted } from '../../ui/size.ts'
import { STATUS_NAMES } from '../status.tsx'
import { type ListSearch, ORDERS, STATUSES } from './list-search.ts'

const ORDER_NAMES = { newest: 'Newest first', oldest: 'Oldest first', email: 'By address', name: 'By name' }

interface FilterBarProps {
  search: ListSearch
  counts: AudienceWire['counts'] | undefined
  /** How many are found; undefined: not known, or nothing was looked for. */
  found: number | undefined
  onChange: (
    changes: { [Name in keyof ListSearch]?: ListSearch[Name] | undefined },
    replace?: boolean,
  ) => void
  onLeaveSearch: () => void
}

export function FilterBar({ search, counts, found, onChange, onLeaveSearch }: FilterBarProps) {
  const tags = useQuery(tagsQuery).data ?? []
  const segments = useQuery(segmentsQuery).data ?? []
  const filtered = Boolean(search.search || search.status || search.tag || search.segment)
  return (
    <div
      role="search"
      className="flex shrink-0 flex-wrap items-center gap-2 border-b border-line px-3 py-2 lg:px-7"
    >
      <div className="flex min-w-56 grow basis-60 max-sm:basis-full">
        <SearchBox
          label="Search subscribers"
          placeholder="Name or address"
          value={search.search ?? ''}
          // Letters typed into one search are one step of the history.
          onSearch={text => onChange({ search: text || undefined }, Boolean(search.search && text))}
          onLeave={onLeaveSearch}
        />
      </div>
      <div className="flex flex-wrap items-center gap-1.5 max-sm:w-full">
        <Choice
          label="Status"
          set={Boolean(search.status)}
          value={search.status ?? ''}
          onChange={value => onChange({ status: STATUSES.find(one => one === value) })}
        >
          <option value="">Any status</option>
          {STATUSES.map(status => (
            <option key={status} value={status}>
              {STATUS_NAMES[status]}
              {counts && ` (${count(counts[status])})`}
            </option>
          ))}
        </Choice>
        <Choice
          label="Tag"
          set={Boolean(search.tag)}
          value={String(search.tag ?? '')}
          onChange={value => onChange({ tag: Number(value) || undefined })}
        >
          <option value="">Any tag</option>
          {tags.map(tag => (
            <option key={tag.id} value={tag.id}>
              {tag.name}
            </option>
          ))}
        </Choice>
        {(segments.length > 0 || search.segment) && (
          <Choice
            label="Segment"
            set={Boolean(search.segment)}
            value={String(search.segment ?? '')}
            onChange={value => onChange({ segment: Number(value) || undefined })}
          >
            <option value="">Any segment</option>
            {segments.map(segment => (
              <option key={segment.id} value={segment.id}>
                {segment.name}
              </option>
            ))}
          </Choice>
        )}
        <Choice
          label="Order"
          set={false}
          value={search.order ?? 'newest'}
          onChange={value => {
            const order = ORDERS.find(one => one === value)
            onChange({ order: order === 'newest' ? undefined : order })
          }}
        >
          {ORDERS.map(order => (
            <option key={order} value={order}>
              {ORDER_NAMES[order]}
            </option>
          ))}
        </Choice>
      </div>
      {filtered && (
        <div className="flex items-center gap-2 max-sm:w-full max-sm:justify-between">
          <span role="status" className="pl-1 text-small text-soft tabular-nums">
            {found === undefined ? 'Counting …' : `${counted(found, 'person', 'people')} found`}
          </span>
          <Button
            look="quiet"
            className="px-2"
            onClick={() =>
              onChange({ search: undefined, status: undefined, tag: undefined, segment: undefined })
            }
          >
            <X size={14} aria-hidden />
            Clear
          </Button>
        </div>
      )}
    </div>
  )
}

interface ChoiceProps {
  label: string
  set: boolean
  value: string
  onChange: (value: string) => void
  children: ReactNode
}

function Choice({ label, set, value, onChange, children }: ChoiceProps) {
  return (
    <select
      aria-label={label}
      value={value}
      onChange={event => onChange(event.target.value)}
      className={classes(
        'reach h-8 min-w-0 truncate rounded-control border px-1.5 max-sm:grow max-sm:basis-[30%] sm:max-w-44',
        set
          ? 'border-brass-line bg-chosen font-medium text-brass-text'
          : 'border-line-strong bg-ground text-soft',
      )}
    >
      {children}
    </select>
  )
}
