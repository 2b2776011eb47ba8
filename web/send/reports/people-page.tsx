import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { SearchX, Users } from 'lucide-react'
import { type ReactNode, useRef } from 'react'
import type { DeliveryWire } from '../../calls/deliveries.ts'
import { isMoving, reportQuery, type ReportWire } from '../../calls/reports.ts'
import { Button } from '../../ui/button.tsx'
import { SEARCH_ID, SearchBox } from '../../ui/search-box.tsx'
import { useShortcuts } from '../../ui/shortcuts.ts'
import { count, counted } from '../../ui/size.ts'
import { State } from '../../ui/state.tsx'
import { readableTime } from '../../ui/time.ts'
import { reasonInWords } from '../delivery-badge.tsx'
import { duration } from '../duration.ts'
import { ListBreathing, ListFailed } from '../list-failed.tsx'
import { DeliveryList } from '../messages/delivery-list.tsx'
import { PEOPLE_LISTS } from './people-lists.ts'
import { usePeople } from './use-people.ts'

const FROM = '/frame/campaigns/$campaignId/report/$list' as const

/** The people behind one number of a report. */
export function PeoplePage() {
  const { campaignId, list } = useParams({ from: FROM })
  const { search = '' } = useSearch({ from: FROM })
  const navigate = useNavigate({ from: '/campaigns/$campaignId/report/$list' })
  const report = useQuery(reportQuery(campaignId)).data
  const kind = PEOPLE_LISTS.find(one => one.list === list) ?? PEOPLE_LISTS[0]
  const query = usePeople({
    campaign_id: campaignId,
    status: kind.status,
    search,
    refetchInterval: isMoving(report?.campaign.status) && 5_000,
  })
  const { rows } = query
  const summary = report && summed(kind.list, report)
  const area = useRef<HTMLDivElement>(null)
  useShortcuts({ '/': () => document.getElementById(SEARCH_ID)?.focus() })

  return (
    <section aria-label={kind.title} className="flex min-h-0 grow flex-col">
      <div className="flex shrink-0 flex-wrap items-center gap-x-4 gap-y-1.5 border-b border-line px-3 py-2 lg:px-7">
        <div role="search" className="flex min-w-52 grow basis-52">
          <SearchBox
            label={`Search ${kind.title.toLowerCase()}`}
            placeholder="Address"
            value={search}
            onSearch={text =>
              void navigate({ search: text ? { search: text } : {}, replace: search !== '' && text !== '' })
            }
            onLeave={() => area.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus()}
          />
        </div>
        {summary && <span className="pl-1 text-small text-soft tabular-nums">{summary}</span>}
      </div>
      <div ref={area} className="flex min-h-0 grow flex-col">
        {query.isPending ? (
          <div className="p-4 lg:px-8">
            <ListBreathing />
          </div>
        ) : query.isError && rows.length === 0 ? (
          <div className="p-4 lg:px-8">
            <ListFailed what="The list" error={query.error as Error} onRetry={() => void query.refetch()} />
          </div>
        ) : rows.length > 0 ? (
          <DeliveryList
            key={`${list} ${search}`}
            label={kind.title}
            query={query}
            rows={rows}
            about={ABOUT[kind.list]}
            at={AT[kind.list]}
          />
        ) : search ? (
          <State
            picture={<SearchX size={32} strokeWidth={1.5} aria-hidden />}
            title="Nobody found"
            actions={<Button onClick={() => void navigate({ search: {} })}>Show all</Button>}
          >
            Nobody in this list has an address like that.
          </State>
        ) : (
          <State picture={<Users size={32} strokeWidth={1.5} aria-hidden />} title="Nobody here">
            {kind.nobody}
          </State>
        )}
      </div>
    </section>
  )
}

type List = (typeof PEOPLE_LISTS)[number]['list']

function summed(
  list: List,
  { totals, average_seconds_to_open, average_seconds_to_click }: ReportWire,
): string {
  if (list === 'opens')
    return `${counted(totals.opened, 'person', 'people')}, ${count(totals.opens)} times${after(average_seconds_to_open)}`
  if (list === 'clicks')
    return `${counted(totals.clicked, 'person', 'people')}, ${count(totals.clicks)} times${after(average_seconds_to_click)}`
  return ''
}

function after(seconds: number | null): string {
  return seconds === null ? '' : ` · after ${duration(seconds)} on average`
}

const AT: Record<List, (delivery: DeliveryWire) => string | null> = {
  recipients: ({ sent_at }) => sent_at,
  opens: ({ opened_at }) => opened_at,
  clicks: ({ clicked_at }) => clicked_at,
  bounces: ({ bounced_at }) => bounced_at,
  unsubscribes: ({ unsubscribed_at }) => unsubscribed_at,
}

const ABOUT: Record<List, (delivery: DeliveryWire) => ReactNode> = {
  recipients: wentOn,
  opens: ({ open_count, clicked_at }) =>
    `Opened ${times(open_count)}${clicked_at === null ? '' : ' · clicked'}`,
  clicks: ({ click_count, open_count }) => `Clicked ${times(click_count)} · opened ${times(open_count)}`,
  bounces: ({ reason }) => reasonInWords(reason) ?? 'The server refused it for good.',
  unsubscribes: ({ opened_at }) => (opened_at === null ? 'Without opening it' : 'After opening it'),
}

function wentOn(delivery: DeliveryWire): string {
  const { delivered_at, open_count, click_count, reason, status } = delivery
  if (status !== 'sent' && status !== 'delivered' && reason) return reasonInWords(reason) ?? ''
  const steps = [
    delivered_at && `Delivered ${readableTime(delivered_at)}`,
    open_count > 0 && `opened ${times(open_count)}`,
    click_count > 0 && `clicked ${times(click_count)}`,
  ].filter(Boolean)
  return steps.join(' · ') || delivery.subject
}

function times(many: number): string {
  return many === 1 ? 'once' : many === 2 ? 'twice' : `${count(many)} times`
}
