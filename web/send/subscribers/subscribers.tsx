import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { type MouseEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { SelectionWire, SubscriberFilterWire } from '../../../server/send/api/subscribers-wire.ts'
import { audienceQuery } from '../../calls/audience.ts'
import { mayChange, useSession } from '../../calls/session.ts'
import { countQuery, rowsOf, subscribersQuery } from '../../calls/subscribers.ts'
import { useDocumentTitle } from '../../ui/document-title.ts'
import {
  everything,
  extended,
  isEmpty,
  nothing,
  remaining,
  type Selection,
  toggled,
} from '../../ui/selection.ts'
import { BulkBar } from './bulk-bar.tsx'
import { FilterBar } from './filter-bar.tsx'
import type { ListSearch } from './list-search.ts'
import { EmptyAudience, ListFailed, ListLoading, NobodyFound } from './list-states.tsx'
import { SubscriberList } from './subscriber-list.tsx'
import { SubscribersHeader } from './subscribers-header.tsx'
import { useSubscriberKeys } from './use-subscriber-keys.ts'

/** Where somebody stood in the list before they opened one of it. */
let stood: { key: string; top: number; active: number | null } = { key: '', top: 0, active: null }

/** Everybody of the workspace, or those that a filter finds. */
export function Subscribers() {
  useDocumentTitle('Subscribers')
  const search = useSearch({ from: '/frame/subscribers' })
  const navigate = useNavigate({ from: '/subscribers' })
  const change = mayChange(useSession().workspace?.role)
  const filter = useMemo(() => filterOf(search), [search])
  const order = search.order ?? 'newest'
  const key = JSON.stringify([filter, order])
  const filtered = Object.keys(filter).length > 0

  const query = useInfiniteQuery({
    ...subscribersQuery(filter, order),
    // While a search runs the list stays, dimmed.
    placeholderData: previous => previous,
  })
  const rows = rowsOf(query.data)
  const audience = useQuery(audienceQuery)
  const given = query.isPlaceholderData ? undefined : query.data?.pages[0]?.total
  const counting = useQuery({ ...countQuery(filter), enabled: given === null })
  const whole = query.data && !query.hasNextPage && !query.isPlaceholderData ? rows.length : undefined
  const total = given ?? whole ?? counting.data

  const [selection, setSelection] = useState<Selection>(nothing)
  const [active, setActive] = useState<number | null>(stood.key === key ? stood.active : null)
  const area = useRef<HTMLDivElement>(null)
  useEffect(() => setSelection(nothing), [key])
  useEffect(() => {
    if (query.isPlaceholderData) return
    setSelection(current => {
      if (isEmpty(current)) return current
      const there = new Set(rows.map(row => row.id))
      return remaining(current, id => !there.has(id))
    })
  }, [rows, query.isPlaceholderData])
  useEffect(() => {
    stood = { key, top: stood.key === key ? stood.top : 0, active }
  }, [key, active])

  const setFilter = useCallback(
    (changes: { [Name in keyof ListSearch]?: ListSearch[Name] | undefined }, replace = false) =>
      void navigate({
        search: previous => withoutUndefined({ ...previous, ...changes }),
        replace,
      }),
    [navigate],
  )
  const ids = () => rows.map(row => row.id)
  const open = useCallback(
    (id: number) => void navigate({ to: '/subscribers/$subscriberId', params: { subscriberId: id } }),
    [navigate],
  )
  const focusList = () => area.current?.querySelector<HTMLElement>('[role="listbox"]')?.focus()
  const chosenCount = selection.every ? (total ?? 0) : selection.ids.size
  const chosen: SelectionWire = selection.every ? filter : { ids: [...selection.ids] }
  const clear = () => setSelection(nothing)

  const latest = useRef({ rows, open })
  useEffect(() => {
    latest.current = { rows, open }
  })
  const toggle = useCallback((id: number, event: MouseEvent) => {
    const all = latest.current.rows.map(row => row.id)
    setSelection(current => (event.shiftKey ? extended(current, id, all) : toggled(current, id, all)))
    setActive(id)
  }, [])
  const press = useCallback(
    (id: number, event: MouseEvent) => {
      if (event.button === 1) return void window.open(`/subscribers/${id}`)
      if (change && (event.shiftKey || event.ctrlKey || event.metaKey)) return toggle(id, event)
      setActive(id)
      open(id)
    },
    [change, toggle, open],
  )

  useSubscriberKeys({ rows, active, selection, change, setActive, setSelection, open, focusList })

  const none = query.data && rows.length === 0 && !query.isPlaceholderData
  return (
    <section aria-label="Subscribers" className="flex min-w-0 grow flex-col bg-ground">
      <SubscribersHeader total={filtered ? audience.data?.counts.total : total} change={change} />
      {isEmpty(selection) ? (
        !(none && !filtered) && (
          <FilterBar
            search={search}
            counts={audience.data?.counts}
            found={filtered ? total : undefined}
            onChange={setFilter}
            onLeaveSearch={focusList}
          />
        )
      ) : (
        <BulkBar
          chosen={chosen}
          count={chosenCount}
          every={selection.every}
          total={!selection.every && selection.ids.size === rows.length ? total : undefined}
          onEvery={() => setSelection(everything(ids(), true))}
          onClear={clear}
        />
      )}
      <div ref={area} className="flex min-h-0 grow flex-col">
        {query.isPending ? (
          <ListLoading />
        ) : query.isError && rows.length === 0 ? (
          <ListFailed error={query.error} onRetry={() => void query.refetch()} />
        ) : none ? (
          filtered ? (
            <NobodyFound onClear={() => setFilter(NO_FILTER)} />
          ) : (
            <EmptyAudience change={change} />
          )
        ) : (
          <SubscriberList
            key={key}
            query={query}
            rows={rows}
            total={total ?? -1}
            active={active}
            selection={selection}
            choosable={change}
            startAt={stood.key === key ? stood.top : 0}
            onScrolled={top => {
              stood.top = top
            }}
            onAll={() =>
              setSelection(
                selection.every || selection.ids.size === rows.length ? nothing : everything(ids(), false),
              )
            }
            onPress={press}
            onToggle={toggle}
            onFocus={() => active === null && setActive(rows[0]?.id ?? null)}
          />
        )}
      </div>
    </section>
  )
}

const NO_FILTER = { search: undefined, status: undefined, tag: undefined, segment: undefined }

function filterOf({ search, status, tag, segment }: ListSearch): SubscriberFilterWire {
  return {
    ...(search && { search }),
    ...(status && { status }),
    ...(tag && { tag_id: tag }),
    ...(segment && { segment_id: segment }),
  }
}

function withoutUndefined(search: { [Name in keyof ListSearch]?: ListSearch[Name] | undefined }): ListSearch {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined))
}
