import { useQuery } from '@tanstack/react-query'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { deliveredCampaignsQuery } from '../../calls/deliveries.ts'
import { Button } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { SearchBox } from '../../ui/search-box.tsx'
import { DELIVERY_NAMES } from '../delivery-badge.tsx'
import { type MessageSearch, STATUSES } from './message-search.ts'

export type Narrowing = { [Name in keyof MessageSearch]?: MessageSearch[Name] | undefined }

interface MessageFiltersProps {
  asked: MessageSearch
  onChange: (changes: Narrowing) => void
  onLeaveSearch: () => void
}

/** What the list is narrowed to. Drafts have one status. */
export function MessageFilters({ asked, onChange, onLeaveSearch }: MessageFiltersProps) {
  const { drafts = false, search = '', status, campaign } = asked
  const filtered = Boolean(search || status || campaign)
  return (
    <div
      role="search"
      className="flex shrink-0 flex-wrap items-center gap-2 border-b border-line px-3 py-2 lg:px-7"
    >
      <div className="flex min-w-56 grow basis-60 max-sm:basis-full">
        <SearchBox
          label="Search messages"
          placeholder="Recipient or subject"
          value={search}
          onSearch={text => onChange({ search: text || undefined })}
          onLeave={onLeaveSearch}
        />
      </div>
      <div className="flex flex-wrap items-center gap-1.5 max-sm:w-full">
        {!drafts && (
          <Choice
            label="Status"
            value={status ?? ''}
            onChange={value => onChange({ status: STATUSES.find(one => one === value) })}
          >
            <option value="">Any status</option>
            {STATUSES.map(one => (
              <option key={one} value={one}>
                {one === 'sent' ? 'Sent, not delivered' : DELIVERY_NAMES[one]}
              </option>
            ))}
          </Choice>
        )}
        <CampaignChoice value={campaign} onChange={value => onChange({ campaign: value })} />
        {filtered && (
          <Button
            look="quiet"
            className="px-2"
            onClick={() => onChange({ search: undefined, status: undefined, campaign: undefined })}
          >
            <X size={14} aria-hidden />
            Clear
          </Button>
        )}
      </div>
    </div>
  )
}

interface ChoiceProps {
  label: string
  value: string
  onChange: (value: string) => void
  children: ReactNode
}

function Choice({ label, value, onChange, children }: ChoiceProps) {
  return (
    <select
      aria-label={label}
      value={value}
      onChange={event => onChange(event.target.value)}
      className={classes(
        'reach h-8 min-w-0 truncate rounded-control border px-1.5 max-sm:grow max-sm:basis-[40%] sm:max-w-52',
        value
          ? 'border-brass-line bg-chosen font-medium text-brass-text'
          : 'border-line-strong bg-ground text-soft',
      )}
    >
      {children}
    </select>
  )
}

function CampaignChoice({
  value,
  onChange,
}: {
  value: number | undefined
  onChange: (campaign: number | undefined) => void
}) {
  const campaigns = useQuery(deliveredCampaignsQuery).data ?? []
  const known = campaigns.some(({ id }) => id === value)
  return (
    <Choice
      label="Campaign"
      value={String(value ?? '')}
      onChange={chosen => onChange(Number(chosen) || undefined)}
    >
      <option value="">Any campaign</option>
      {value !== undefined && !known && <option value={value}>One campaign</option>}
      {campaigns.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </Choice>
  )
}
