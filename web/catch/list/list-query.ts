import { infiniteQueryOptions } from '@tanstack/react-query'
import { fetchMessages, type ListFilter } from '../../calls/messages.ts'
import { noteInbox } from '../../calls/projects.ts'
import { queryClient } from '../../calls/query-client.ts'
import { PAGE_SIZE, type Pages, pageOf } from './pages.ts'

export const listQuery = (inboxId: number, filter: ListFilter) =>
  infiniteQueryOptions({
    queryKey: ['messages', inboxId, filter.search, filter.unread] as const,
    initialPageParam: null as number | null,
    queryFn: async ({ pageParam, signal }) => {
      const before = pageParam === null ? {} : { before: pageParam }
      const answer = await fetchMessages(inboxId, filter, { ...before, limit: PAGE_SIZE }, signal)
      noteInbox(inboxId, answer.inbox)
      return pageOf(answer)
    },
    getNextPageParam: last => (last.has_more ? last.lowest : undefined),
    // Comparing a thousand pages deeply on every arrival would cost more than drawing them.
    structuralSharing: false,
  })

/** Changes every loaded list of an inbox, whatever its filter. */
export function changeLists(inboxId: number, change: (pages: Pages) => Pages): void {
  queryClient.setQueriesData<Pages>({ queryKey: ['messages', inboxId] }, pages => pages && change(pages))
}

/** After a change that may or may not have happened: what is shown is held against the server again. */
export function doubtLists(inboxId: number): void {
  changeLists(inboxId, pages => ({ ...pages, pages: pages.pages.map(page => ({ ...page, version: -1 })) }))
}
