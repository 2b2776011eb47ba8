import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'
import type { MessageSummary } from '../../../server/catch/api/wire.ts'
import { fetchMessages, type ListFilter } from '../../calls/messages.ts'
import { inboxIn, noteInbox, projectsQuery } from '../../calls/projects.ts'
import { queryClient } from '../../calls/query-client.ts'
import { listQuery } from './list-query.ts'
import {
  newestId,
  PAGE_SIZE,
  type Pages,
  rowsOf,
  upperBound,
  withArrived,
  withChecked,
  withNewest,
} from './pages.ts'

/** Between two looks at the server while mail keeps coming; the first look is at once. */
const BREATH_MS = 250
const MOST_ARRIVALS = 200

/** The rows in view, by index; `last` is included. */
export interface View {
  first: number
  last: number
}

/**
 * The messages of an inbox that match the filter: loaded as far as somebody scrolled, and kept as the server has
 * them where somebody looks.
 */
export function useMessages(inboxId: number, filter: ListFilter) {
  const options = listQuery(inboxId, filter)
  const query = useInfiniteQuery({
    ...options,
    // While a search runs the list stays, dimmed; another inbox begins with an empty one.
    placeholderData: (previous, previousQuery) =>
      previousQuery?.queryKey[1] === inboxId ? previous : undefined,
  })
  const view = useRef<View>({ first: 0, last: 0 })
  const [overflowed, setOverflowed] = useState(false)
  const version = useQuery({ ...projectsQuery, select: projects => inboxIn(projects, inboxId)?.version }).data
  const key = options.queryKey.join('\n')
  const refresh = useRefresh(inboxId, filter, view, setOverflowed)

  useEffect(() => setOverflowed(false), [key])
  const { data, isPlaceholderData } = query
  useEffect(() => {
    if (data && !isPlaceholderData && version !== undefined) refresh(version)
  }, [data, isPlaceholderData, version, refresh])

  const look = useCallback(
    (next: View) => {
      view.current = next
      if (version !== undefined) refresh(version)
    },
    [refresh, version],
  )
  const restart = useCallback(() => {
    setOverflowed(false)
    view.current = { first: 0, last: 0 }
    void queryClient.resetQueries({ queryKey: options.queryKey, exact: true })
  }, [key])

  return { query, rows: rowsOf(query.data as Pages | undefined), look, overflowed, restart }
}

export type Messages = ReturnType<typeof useMessages>

/** How to bring the rows in view up to a version of the inbox: one look at a time, the last wish wins. */
function useRefresh(
  inboxId: number,
  filter: ListFilter,
  view: { current: View },
  onOverflow: (overflowed: boolean) => void,
): (version: number) => void {
  const { search, unread } = filter
  const refresher = useRef<(version: number) => void>(() => {})

  useEffect(() => {
    let wanted = 0
    let arrivalsAt = 0
    let running = false
    const stop = new AbortController()

    const work = async () => {
      running = true
      while (!stop.signal.aborted) {
        const found = await once().catch(() => false)
        if (!found) break
        await new Promise(resolve => setTimeout(resolve, BREATH_MS))
      }
      running = false
    }

    /** Answers whether there was something to do. */
    const once = async (): Promise<boolean> => {
      const options = listQuery(inboxId, { search, unread })
      const pages = queryClient.getQueryData<Pages>(options.queryKey)
      if (!pages || queryClient.isFetching({ queryKey: options.queryKey, exact: true })) return false
      // In a list of unread messages the ones read a moment ago stay until the list is left.
      const keep = unread ? (message: MessageSummary) => message.is_read : undefined
      const set = (change: (pages: Pages) => Pages) =>
        queryClient.setQueryData<Pages>(options.queryKey, current => current && change(current))

      const stale = pagesInView(pages, view.current).filter(
        index => (pages.pages[index]?.version ?? 0) < wanted,
      )
      if (stale.includes(0)) {
        const answer = await fetchMessages(inboxId, { search, unread }, { limit: PAGE_SIZE }, stop.signal)
        noteInbox(inboxId, answer.inbox)
        arrivalsAt = answer.inbox.version
        set(current => withNewest(current, answer, keep))
        return true
      }
      const [index] = stale
      const page = index === undefined ? undefined : pages.pages[index]
      if (index !== undefined && page) {
        const before = upperBound(pages, index)
        const range = { ...(before === undefined ? {} : { before }), limit: MOST_ARRIVALS }
        const answer = await fetchMessages(inboxId, { search, unread }, range, stop.signal)
        set(current => withChecked(current, page, answer, keep))
        return true
      }
      if ((pages.pages[0]?.version ?? 0) < wanted && arrivalsAt < wanted) {
        const range = { after: newestId(pages), limit: MOST_ARRIVALS }
        const answer = await fetchMessages(inboxId, { search, unread }, range, stop.signal)
        arrivalsAt = answer.inbox.version
        noteInbox(inboxId, answer.inbox)
        if (answer.has_more) onOverflow(true)
        else set(current => withArrived(current, answer.messages))
        return true
      }
      return false
    }

    refresher.current = version => {
      wanted = version
      if (!running) void work()
    }
    return () => stop.abort()
  }, [inboxId, search, unread, view, onOverflow])

  return useCallback(version => refresher.current(version), [])
}

/** Indexes of the pages that hold the rows in view. */
function pagesInView(pages: Pages, { first, last }: View): number[] {
  const found: number[] = []
  let from = 0
  pages.pages.forEach((page, index) => {
    const to = from + page.messages.length
    // An empty page counts where it stands: the list may have been emptied.
    if (from <= last && (to > first || to === from)) found.push(index)
    from = to
  })
  return found
}
