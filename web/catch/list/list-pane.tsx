import { useNavigate } from '@tanstack/react-router'
import { lazy, type MouseEvent, Suspense, useCallback, useEffect, useRef, useState } from 'react'
import type { InboxSummary } from '../../../server/catch/api/wire.ts'
import { type ListFilter, messageQuery } from '../../calls/messages.ts'
import { queryClient } from '../../calls/query-client.ts'
import { confirmed } from '../../ui/dialogs.tsx'
import { count, counted } from '../../ui/size.ts'
import { cleanInbox } from '../clean-inbox.ts'
import { useInboxPlace } from '../inbox-place.ts'
import { preloadMessageView } from '../message/load.ts'
import { type Concerned, deleteMessages, knownMessage, setRead } from './deeds.ts'
import { ListHeader } from './list-header.tsx'
import { EmptyInbox, ListFailed, ListLoading, NothingFound } from './list-states.tsx'
import { MessageList } from './message-list.tsx'
import {
  everything,
  extended,
  isEmpty,
  nothing,
  remaining,
  type Selection,
  toggled,
} from '../../ui/selection.ts'
import { useListKeys } from './use-list-keys.ts'
import type { Messages } from './use-messages.ts'

const InactiveNotice = lazy(() =>
  import('./inactive-notice.tsx').then(module => ({ default: module.InactiveNotice })),
)

interface ListPaneProps {
  inbox: InboxSummary | undefined
  filter: ListFilter
  messages: Messages
  open: number | null
}

/** How long a pointer rests on a row before its message is fetched. */
const NEAR_MS = 60

export function ListPane({ inbox, filter, messages, open }: ListPaneProps) {
  const { inboxId, mayChange, ...place } = useInboxPlace()
  const navigate = useNavigate()
  const { query, rows } = messages
  const [selection, setSelection] = useState<Selection>(nothing)
  const [active, setActive] = useState<number | null>(open)
  const listArea = useRef<HTMLDivElement>(null)
  const filtered = filter.search !== '' || filter.unread

  // Another list, another selection; the open message is where the keyboard stands.
  useEffect(() => setSelection(nothing), [inboxId, filter])
  useEffect(() => setActive(open), [inboxId, open])

  const ids = () => rows.map(row => row.id)
  const chosen: Concerned = selection.every ? 'every' : [...selection.ids]
  const chosenCount = selection.every ? (inbox?.emails_count ?? 0) : selection.ids.size

  const setFilter = (change: Partial<ListFilter>) => {
    const next = { ...filter, ...change }
    void navigate({
      to: '.',
      search: previous => {
        const { search: _search, unread: _unread, ...rest } = previous as Record<string, unknown>
        return {
          ...rest,
          ...(next.search && { search: next.search }),
          ...(next.unread && { unread: true as const }),
        }
      },
      // Letters typed into one search are one step of the history.
      replace: change.search !== undefined && filter.search !== '' && change.search !== '',
    })
  }

  const removeChosen = async () => {
    if (isEmpty(selection)) {
      const one = open ?? active
      if (one === null) return
      if (one === open) return place.remove(one)
      const { newer, older } = place.neighbours(one)
      setActive(older ?? newer ?? null)
      return deleteMessages(inboxId, [one])
    }
    const sure =
      chosenCount <= 20 ||
      (await confirmed({
        title: `Delete ${counted(chosenCount, 'message')}?`,
        text: 'They are deleted for good.',
        action: `Delete ${count(chosenCount)}`,
        danger: true,
      }))
    if (!sure) return
    setSelection(nothing)
    if (open !== null && (chosen === 'every' || chosen.includes(open))) place.close()
    await deleteMessages(inboxId, chosen)
  }

  const mark = (isRead: boolean) => {
    void setRead(inboxId, chosen, isRead)
    setSelection(nothing)
  }

  const clean = async () => {
    if (inbox && (await cleanInbox(inbox)) && open !== null) place.close()
  }

  const toggle = useCallback(
    (id: number, event: MouseEvent) => {
      const all = rows.map(row => row.id)
      setSelection(current => (event.shiftKey ? extended(current, id, all) : toggled(current, id, all)))
      setActive(id)
    },
    [rows],
  )
  const latest = useRef({ onToggle: toggle, onOpen: place.open, id: inboxId, may: mayChange })
  useEffect(() => {
    latest.current = { onToggle: toggle, onOpen: place.open, id: inboxId, may: mayChange }
  })
  const press = useCallback((id: number, event: MouseEvent) => {
    const { onToggle, onOpen, id: ofInbox, may } = latest.current
    if (event.button === 1) return void window.open(`/inboxes/${ofInbox}/messages/${id}`)
    if (may && (event.shiftKey || event.ctrlKey || event.metaKey)) return onToggle(id, event)
    setActive(id)
    setSelection(current => (isEmpty(current) ? { ...nothing, anchor: id } : nothing))
    onOpen(id)
  }, [])

  const nearTimer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const near = useCallback(
    (id: number) => {
      clearTimeout(nearTimer.current)
      nearTimer.current = setTimeout(() => {
        // It may have been deleted in these few milliseconds.
        if (!knownMessage(inboxId, id)) return
        preloadMessageView()
        void queryClient.prefetchQuery(messageQuery(inboxId, id))
      }, NEAR_MS)
    },
    [inboxId],
  )
  useEffect(() => {
    if (active !== null) near(active)
  }, [active, near])

  const focusList = () => listArea.current?.querySelector<HTMLElement>('[role="listbox"]')?.focus()
  const chooseAll = () => setSelection(everything(ids(), !filtered))
  const clear = () => setSelection(nothing)

  useListKeys({
    rows,
    active,
    open,
    selection,
    setActive,
    setSelection,
    chooseAll,
    focusList,
    remove: removeChosen,
    place: { inboxId, mayChange, ...place },
  })

  // What was deleted, here or elsewhere, is no longer chosen.
  useEffect(() => {
    if (query.isPlaceholderData) return
    const there = new Set(rows.map(row => row.id))
    setSelection(current => remaining(current, id => !there.has(id)))
  }, [rows, query.isPlaceholderData])

  const clearFilter = () => setFilter({ search: '', unread: false })
  return (
    <>
      <ListHeader
        inbox={inbox}
        inboxId={inboxId}
        search={filter.search}
        unread={filter.unread}
        chosen={chosenCount}
        onSearch={search => setFilter({ search })}
        onUnread={unread => setFilter({ unread })}
        onLeaveSearch={focusList}
        onChooseAll={chooseAll}
        onReadAll={() => void setRead(inboxId, 'every', true)}
        onClean={() => void clean()}
        onChosen={{
          read: () => mark(true),
          unread: () => mark(false),
          delete: () => void removeChosen(),
          clear,
        }}
      />
      {inbox && inbox.status !== 'active' && (
        <Suspense fallback={null}>
          <InactiveNotice inboxId={inboxId} />
        </Suspense>
      )}
      <div ref={listArea} className="flex min-h-0 grow flex-col">
        {query.isPending ? (
          <ListLoading />
        ) : query.isError && rows.length === 0 ? (
          <ListFailed error={query.error} onRetry={() => void query.refetch()} />
        ) : rows.length > 0 ? (
          <MessageList
            key={`${inboxId} ${filter.search} ${filter.unread}`}
            label={`Messages in ${inbox?.name ?? 'this inbox'}`}
            messages={messages}
            total={filtered ? (query.hasNextPage ? -1 : rows.length) : (inbox?.emails_count ?? -1)}
            active={active}
            open={open}
            selection={selection}
            choosable={mayChange === true}
            onPress={press}
            onToggle={toggle}
            onNear={near}
            onFocus={() => setActive(current => current ?? rows[0]?.id ?? null)}
          />
        ) : filtered ? (
          <NothingFound search={filter.search} unread={filter.unread} onClear={clearFilter} />
        ) : (
          // One that is switched off waits for nothing.
          inbox?.status === 'active' && <EmptyInbox inboxId={inboxId} />
        )}
      </div>
    </>
  )
}
